"""`nadflux assay`: an LC3 flux assay on the model, what it concludes, and what is true."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nadflux.studies.assay import AssayResult, Blot, ConditionResult

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
    seed: Annotated[int, typer.Option(help="Root of the random numbers: same seed, same blots.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg, .pdf).")] = None,
) -> int:
    """Blot LC3-II and p62 with and without a block, read the pair by the rules, and compare with the true flux."""
    from nadflux.errors import PlanError
    from nadflux.faces.plot.paths import check_figure_path
    from nadflux.studies.assay import run_assay
    from nadflux.studies.assay_design import preset_design, read_design

    if plot is not None:
        check_figure_path(str(plot))
    if preset is not None and (inhibitor or condition):
        raise PlanError("a preset brings its own inhibitor and conditions; give either --preset or those")
    design = preset_design(preset) if preset else read_design(organ, species, tuple(condition or _DEFAULT), inhibitor)
    result = run_assay(design, replicates=replicates, cv=noise, seed=seed)
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
        "conditions": [_condition(one) for one in result.conditions],
        "rules": dict(result.rules),
    }


def _condition(one: ConditionResult) -> dict[str, Any]:
    def blot(level: Blot | None) -> dict[str, Any] | None:
        if level is None:
            return None
        return {"kind": "level", "unit": "µM", "replicates": list(level.replicates), "mean": level.mean}

    def flux(value: float, unit: str) -> dict[str, Any]:
        return {"kind": "flux", "unit": unit, "value": value}

    return {
        "condition": one.condition.text,
        "LC3_II": blot(one.lc3),
        "LC3_II_blocked": blot(one.lc3_blocked),
        "p62": blot(one.p62),
        "p62_blocked": blot(one.p62_blocked),
        "delta_LC3_II": one.difference,
        "J_readout": None if one.rate is None else flux(one.rate, "µM/h"),
        "tau_h": one.tau,
        "achieved_block": one.achieved_block,
        "without_block": one.without.value if one.without else None,
        "with_block": one.with_block.value if one.with_block else None,
        "interpretation": one.means,
        "assay_flux": one.assay_flux,
        "true_J_deg": flux(one.true_flux.value, one.true_flux.unit),
        "true_J_init": flux(one.initiation.value, one.initiation.unit),
        "true_change": one.true_change.value,
        "misleads": one.misleads,
        "warnings": list(one.warnings),
    }


def _print(result: AssayResult) -> None:
    import shutil

    from rich.console import Console
    from rich.table import Table

    design = result.design
    console = Console(width=None if sys.stdout.isatty() else max(140, shutil.get_terminal_size().columns))
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
    for header in ("condition", "pair −/+", "reading", "assay: flux", "true J_deg", "true change", ""):
        verdicts.add_column(header)
    for one in result.conditions:
        levels.add_row(
            one.condition.text,
            _number(one.lc3.mean, "µM"),
            _number(_mean(one.lc3_blocked), "µM"),
            _number(one.difference, "µM"),
            _number(one.rate, "µM/h"),
            _number(one.tau, "h"),
            _number(one.p62.mean, "µM"),
            _number(_mean(one.p62_blocked), "µM"),
            "–" if one.achieved_block is None else f"{one.achieved_block:.0%}",
        )
        pair = f"{one.without.value}/{one.with_block.value}" if one.without and one.with_block else "–"
        verdicts.add_row(
            one.condition.text,
            pair,
            one.means,
            one.assay_flux,
            f"{one.true_flux.value:.3g} {one.true_flux.unit}",
            one.true_change.value,
            "[red]the assay misleads[/red]" if one.misleads else "",
        )
    console.print(levels)
    console.print()
    console.print(verdicts)
    warned = [(one.condition.text, w) for one in result.conditions for w in one.warnings]
    if warned:
        console.print("\nWarnings", style="bold")
        for name, warning in warned:
            console.print(f"  {name}: {warning}", markup=False, highlight=False)
    for name, arms in _side_arms(result):
        console.print(f"  {name}: {arms}", markup=False, highlight=False)
    console.print("\nRules that apply", style="bold")
    for name, rule in result.rules:
        console.print(f"  {name}: {rule}", markup=False, highlight=False)


def _side_arms(result: AssayResult) -> list[tuple[str, str]]:
    from nadflux.studies.assay_design import assay_text

    if result.design.block is None:
        return []
    inhibitors = assay_text()["inhibitors"]
    return [
        (name, f"acts on {inhibitors[name]['site']}; {'; '.join(inhibitors[name]['side_arms'])}")
        for name, _ in result.design.block.drugs
    ]


def _number(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.3g} {unit}"


def _mean(blot: Blot | None) -> float | None:
    return None if blot is None else blot.mean
