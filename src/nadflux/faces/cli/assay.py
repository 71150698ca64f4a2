"""`nadflux assay`: an LC3 flux assay on the model, what it concludes, and what is true."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.labels import NOT_ADVICE

if TYPE_CHECKING:
    from nadflux.studies.experiments.assay import AssayResult, Blot, ConditionResult

DRAWS = 64
_DEFAULT = ("fed", "starved 4 h")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("assay")(assay)


def assay(
    organ: Annotated[str, typer.Option(help="Cells: liver, muscle, heart, immune_cells or fibroblast.")] = "liver",
    inhibitor: Annotated[
        str | None,
        typer.Option(help='Block, e.g. "bafilomycin 100 nM for 4 h"; without one the assay is indeterminate.'),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            help='State or treatment, e.g. fed, "starved 4 h", "rapamycin 100 nM for 4 h"; first is reference.'
        ),
    ] = None,
    species: Annotated[str, typer.Option(help="Whose numbers: human, mouse or rat.")] = "human",
    preset: Annotated[str | None, typer.Option(help="A known assay instead of the options above: pbmc.")] = None,
    replicates: Annotated[int | None, typer.Option(help="Blots per condition.")] = None,
    noise: Annotated[float | None, typer.Option(help="Coefficient of variation of a blot, e.g. 0.15.")] = None,
    draws: Annotated[
        int, typer.Option(help="Draws of the tables' uncertain numbers for the interval of the true flux.", min=0)
    ] = DRAWS,
    seed: Annotated[int, typer.Option(help="Root of the random numbers: same seed, same blots.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg, .pdf).")] = None,
) -> int:
    """Blot LC3-II and p62 with and without a block, read the pair by the rules, and compare with the true flux.

    Levels are means of replicates with their standard error; the true flux is that of the tables' typical cell with the
    90 % interval over draws of what is uncertain in them. Research model, not medical advice.
    """
    from nadflux.errors import PlanError
    from nadflux.faces.plot.paths import check_figure_path
    from nadflux.studies.experiments.assay import run_assay
    from nadflux.studies.experiments.assay_design import preset_design, read_design

    if plot is not None:
        check_figure_path(str(plot))
    if preset is not None and (inhibitor or condition):
        raise PlanError("a preset brings its own inhibitor and conditions; give either --preset or those")
    design = preset_design(preset) if preset else read_design(organ, species, tuple(condition or _DEFAULT), inhibitor)
    result = run_assay(design, replicates=replicates, cv=noise, seed=seed, draws=draws)
    if as_json:
        sys.stdout.write(json.dumps(as_record(result), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _print(result)
    if plot is not None:
        from nadflux.faces.plot.assay_bars import assay_bars

        assay_bars(result, plot)
        print(f"figure written to {plot}", file=sys.stderr)
    return 0


def as_record(result: AssayResult) -> dict[str, Any]:
    """The result as plain values; levels in µM, fluxes in %/h, times in h."""
    design = result.design
    return {
        "organ": design.cell,
        "species": design.species,
        "inhibitor": design.block.text if design.block else None,
        "replicates": result.replicates,
        "noise_cv": result.cv,
        "seed": result.seed,
        "tier": result.tier,
        "draws": len(result.conditions[0].true_draws),
        "conditions": [_condition(one) for one in result.conditions],
        "rules": dict(result.rules),
        "notes": _notes(result),
    }


def _condition(one: ConditionResult) -> dict[str, Any]:
    def blot(level: Blot | None) -> dict[str, Any] | None:
        if level is None:
            return None
        return {
            "kind": "level",
            "unit": "µM",
            "replicates": list(level.replicates),
            "mean": level.mean,
            "standard_error": level.error,
        }

    def flux(value: float, unit: str) -> dict[str, Any]:
        return {"kind": "flux", "unit": unit, "value": value}

    return {
        "condition": one.condition.text,
        "LC3_II": blot(one.lc3),
        "LC3_II_blocked": blot(one.lc3_blocked),
        "p62": blot(one.p62),
        "p62_blocked": blot(one.p62_blocked),
        "delta_LC3_II": one.difference,
        "J_readout": None if one.rate is None else {**flux(one.rate, "µM/h"), "standard_error": one.rate_error},
        "tau_h": one.tau,
        "achieved_block": one.achieved_block,
        "without_block": one.without.value if one.without else None,
        "with_block": one.with_block.value if one.with_block else None,
        "interpretation": one.means,
        "assay_flux": one.assay_flux,
        "p62_flux": one.p62_flux,
        "verdict": one.verdict,
        "rules": list(one.rules),
        "true_J_deg": {**flux(one.true_flux.value, one.true_flux.unit), "interval": one.true_interval},
        "true_J_init": flux(one.initiation.value, one.initiation.unit),
        "true_change": one.true_change.value,
        "misleads": one.misleads,
        "warnings": list(one.warnings),
    }


def _print(result: AssayResult) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import console as wide
    from nadflux.faces.cli._interval import written

    design = result.design
    console = wide()
    block = f"block: {design.block.text}" if design.block else "no block"
    console.print(
        f"{design.cell} ({design.species})  ·  {block}  ·  {result.replicates} replicates, noise {result.cv:.0%}",
        style="bold",
        markup=False,
        highlight=False,
    )
    levels = Table(
        box=None, padding=(0, 2, 0, 0), header_style="bold", title="Levels and read-out", title_justify="left"
    )
    for header in (
        "condition",
        "LC3-II −",
        "LC3-II +",
        "ΔLC3-II",
        "J read-out",
        "τ",
        "p62 −",
        "p62 +",
        "achieved block",
    ):
        levels.add_column(header, justify="left" if header == "condition" else "right")
    verdicts = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title="Verdicts", title_justify="left")
    for header in (
        "condition",
        "pair −/+",
        "reading",
        "LC3: flux",
        "p62: flux",
        "verdict on flux",
        "rules",
        "true J_deg",
        "true change",
        "tier",
        "",
    ):
        verdicts.add_column(header)
    for one in result.conditions:
        levels.add_row(
            one.condition.text,
            _blot(one.lc3),
            _blot(one.lc3_blocked),
            _number(one.difference, "µM"),
            _number(one.rate, "µM/h", one.rate_error),
            _number(one.tau, "h"),
            _blot(one.p62),
            _blot(one.p62_blocked),
            "–" if one.achieved_block is None else f"{one.achieved_block:.0%}",
        )
        pair = f"{one.without.value}/{one.with_block.value}" if one.without and one.with_block else "–"
        verdicts.add_row(
            one.condition.text,
            pair,
            one.means,
            one.assay_flux,
            one.p62_flux,
            one.verdict,
            ", ".join(one.rules) or "–",
            f"{written((one.true_flux.value, *(one.true_interval or (one.true_flux.value,) * 2)))} "
            f"{one.true_flux.unit}",
            one.true_change.value,
            result.tier,
            "[red]the assay misleads[/red]" if one.misleads else "",
        )
    console.print(levels)
    console.print()
    console.print(verdicts)
    warned = [(one.condition.text, w) for one in result.conditions for w in one.warnings]
    if warned:
        console.print("\nWarnings", style="bold")
        for name, warning in warned:
            console.print(f"  {name}: {warning}", markup=False, highlight=False, soft_wrap=True)
    for name, arms in _side_arms(result):
        console.print(f"  {name}: {arms}", markup=False, highlight=False, soft_wrap=True)
    console.print("\nRules that apply", style="bold")
    for name, rule in result.rules:
        console.print(f"  {name}: {rule}", markup=False, highlight=False, soft_wrap=True)
    console.print()
    for note in _notes(result):
        console.print(f"· {note}", style="dim", markup=False, highlight=False, soft_wrap=True)


def _notes(result: AssayResult) -> list[str]:
    """What the signs of the tables mean, what the figures carry, and what they are not."""
    draws = len(result.conditions[0].true_draws)
    over = f"with the 90 % interval over {draws} draws of their uncertain numbers"
    block = [
        "− and +: without and with the block; ΔLC3-II: LC3-II with the block minus that without, a level (µM)",
        "J read-out: ΔLC3-II over the hours of block (µM/h), the rate at which LC3-II would be cleared; no J_deg, and "
        "a lower bound unless the block is short and saturating",
        "LC3: flux by the interpretation table of the pair; p62, the second assay: flux by what builds up of it "
        "under the block; rules: those, by name, that limit the verdict",
        "τ: LC3-II without the block over the J read-out (h), the mean time that LC3-II stays",
    ]
    return [
        *(block if result.design.block else []),
        f"levels are means of {result.replicates} replicates ± standard error",
        f"true J_deg is that of the tables' typical cell, {over if draws else 'without draws and so without interval'}",
        "tier: the weakest number behind J_deg",
        NOT_ADVICE,
    ]


def _side_arms(result: AssayResult) -> list[tuple[str, str]]:
    from nadflux.studies.experiments.assay_design import assay_text

    if result.design.block is None:
        return []
    inhibitors = assay_text()["inhibitors"]
    return [
        (name, f"acts on {inhibitors[name]['site']}; {'; '.join(inhibitors[name]['side_arms'])}")
        for name, _ in result.design.block.drugs
    ]


def _number(value: float | None, unit: str, error: float | None = None) -> str:
    return "–" if value is None else f"{value:.3g}{'' if error is None else f' ± {error:.2g}'} {unit}"


def _blot(blot: Blot | None) -> str:
    return "–" if blot is None else _number(blot.mean, "µM", blot.error)
