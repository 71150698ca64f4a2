"""`nadflux cell`: one organ cell in a dish; autophagy as three fluxes, levels and markers kept apart."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.faces.labels import NOT_ADVICE

if TYPE_CHECKING:
    from nadflux.inference.cell_sensitivity import CellSensitivity
    from nadflux.simulation.experiments.experiment import CellRun

DRAWS = 64
_DEFAULT = ("fed", "starved 4 h")
_SHOWN = (
    "J_init", "J_seq", "J_deg", "proteolysis", "mitophagy",
    "LC3_II", "p62", "autophagosomes", "lysosomes_free", "lysosome_pH", "NAD", "ATP",
    "pAMPK", "mTORC1", "pS6K", "pULK1_S757", "pULK1_S555", "TFEB", "SIRT1",
    "energy_charge", "membrane_potential",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("cell")(cell)


def cell(
    organ: Annotated[str, typer.Option(help="Cells: liver, muscle, heart, immune_cells or fibroblast.")] = "liver",
    condition: Annotated[
        list[str] | None,
        typer.Option(help='State or treatment, e.g. fed, "starved 4 h", "rapamycin 100 nM for 4 h".'),
    ] = None,
    species: Annotated[str, typer.Option(help="Whose numbers: human, mouse or rat.")] = "human",
    ampk: Annotated[str, typer.Option(help="Contested link AMPK to ULK1: inhibits or activates.")] = "inhibits",
    decides: Annotated[
        bool, typer.Option("--decides", help="Instead: which inputs decide initiation and which completion (Sobol).")
    ] = False,
    base: Annotated[int, typer.Option(help="Base samples of --decides, a power of two.")] = 512,
    draws: Annotated[
        int, typer.Option(help="Draws of the tables' uncertain numbers for the interval; 0 for none.", min=0)
    ] = DRAWS,
    seed: Annotated[int, typer.Option(help="Random numbers of the draws and of --decides.", min=0)] = 1,
    plot: Annotated[Path | None, typer.Option(help="With --decides: write a figure (.png, .svg, .pdf).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> int:
    """Simulate a cell under conditions and print fluxes, levels, markers and indices, each as what it is.

    The cell of the tables' typical values, with the 90 % interval over draws of what is uncertain in them, and the
    tier of the weakest number behind each row. Research model, not medical advice.
    """
    from nadflux.errors import PlanError

    if decides:
        _decides(organ, species, base, seed, as_json, plot)
        return 0
    if plot is not None:
        raise PlanError("--plot draws what --decides finds; add --decides, or leave --plot out")
    from nadflux.simulation.evidence_tier import tiers_of
    from nadflux.simulation.experiments.cell_experiment import CellStep, prepare_cell, simulate_cell
    from nadflux.studies.experiments.assay_design import read_condition

    records: dict[str, list[dict[str, Any]]] = {}
    failures: set[int] = set()
    switches = {"AMPK_ULK1": ampk}
    tiers = tiers_of(prepare_cell(organ, species, tuple(switches.items())).body)
    for text in condition or _DEFAULT:
        one = read_condition(text)
        hours = max(one.hours, 1.0)
        steps = [CellStep(hours - one.hours, name, value) for name, value in one.settings]
        asked: dict[str, Any] = {"species": species, "steps": steps, "times": [0.0, hours], "switches": switches}
        run = simulate_cell(organ, **asked)
        drawn = simulate_cell(organ, n=draws, seed=seed, uncertain=True, **asked) if draws else None
        if drawn is not None:
            failures.add(len(drawn.failures))
        records[text] = [
            {
                "id": name,
                "label": run.observables[name].label,
                "kind": run.observables[name].kind,
                "unit": run.observables[name].unit,
                "tier": tiers[name],
                "value": float(run[name][0, -1]),
                "interval": _interval(drawn, name),
            }
            for name in _SHOWN
        ]
    if as_json:
        from nadflux.simulation.summary import INTERVAL

        record = {
            "organ": organ, "species": species, "AMPK_ULK1": ampk, "interval": INTERVAL if draws else None,
            "draws": draws, "seed": seed, "conditions": records, "notes": _notes(draws, max(failures, default=0)),
        }  # fmt: skip
        sys.stdout.write(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _print(organ, species, records, _notes(draws, max(failures, default=0)))
    return 0


def _interval(drawn: CellRun | None, name: str) -> list[float] | None:
    """Bounds of a quantity at the end over draws; None where none were taken or a bound is no number."""
    if drawn is None:
        return None
    import numpy as np

    from nadflux.simulation.summary import INTERVAL, middle_and_bounds

    values = drawn[name][:, -1]
    _, low, high = middle_and_bounds(values[np.isfinite(values)], INTERVAL)
    return [low, high] if np.isfinite([low, high]).all() else None


def _notes(draws: int, failed: int) -> list[str]:
    from nadflux.simulation.summary import INTERVAL

    over = f"the {INTERVAL:.0%} interval is over {draws} draws of the tables' uncertain numbers"
    return [
        f"figures are of the cell of the tables' typical values; {over if draws else 'no draws, so no interval'}",
        *([f"{failed} of the draws could not be simulated to the end and are left out"] if failed else []),
        "tier: the weakest number behind the quantity; what the model leaves out is not in the interval",
        NOT_ADVICE,
    ]


def _print(organ: str, species: str, records: dict[str, list[dict[str, Any]]], notes: list[str]) -> None:
    from rich.table import Table

    from nadflux.faces.cli._interval import console as wide
    from nadflux.faces.cli._interval import written
    from nadflux.faces.labels import GLYPHS, readable_unit

    console = wide()
    console.print(f"{organ} ({species}), one cell in a medium", style="bold", markup=False, highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for header in ("", "kind", "quantity", "unit"):
        table.add_column(header)
    for text in records:
        table.add_column(text, justify="right")
    table.add_column("tier")
    for row in zip(*records.values(), strict=True):
        first = row[0]
        values = [written((one["value"], *(one["interval"] or (one["value"],) * 2)), 3) for one in row]
        unit = readable_unit(first["unit"])
        table.add_row(GLYPHS[first["kind"]], first["kind"], first["label"], unit, *values, first["tier"])
    console.print(table)
    for note in ("a level or a marker is no flux; the word flux means J_deg", *notes):
        console.print(f"· {note}", style="dim", markup=False, highlight=False, soft_wrap=True)


def _decides(organ: str, species: str, base: int, seed: int, as_json: bool, plot: Path | None) -> None:
    from nadflux.faces.plot.paths import check_figure_path, save_figure
    from nadflux.inference.cell_sensitivity import cell_sensitivity

    if plot is not None:
        check_figure_path(str(plot))
    found = cell_sensitivity(organ, species=species, base=base, seed=seed)
    if plot is not None:
        from nadflux.faces.plot.indices import draw_indices, shares_of

        panels = [
            (f"{output} after {found.hours:g} h", shares_of(indices, [found.says[name] for name in indices.names]))
            for output, indices in found.indices.items()
        ]
        save_figure(draw_indices(panels), plot)
    if as_json:
        sys.stdout.write(json.dumps(_record(found), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 120)
    for output, indices in found.indices.items():
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title=f"{output} after {found.hours:g} h")
        for header in ("input", "first order", "total", "known to 0.1"):
            table.add_column(header, justify="left" if header == "input" else "right")
        for k in indices.ranked():
            table.add_row(
                found.says[indices.names[k]],
                f"{indices.first[k]:.2f} ± {indices.first_error[k]:.2f}",
                f"{indices.total[k]:.2f} ± {indices.total_error[k]:.2f}",
                "yes" if indices.converged[k] else "no",
            )
        console.print(table)
        console.print(f"{indices.runs} cells, {indices.failed} dropped, 95 % bootstrap intervals\n", style="dim")


def _record(found: CellSensitivity) -> dict[str, Any]:
    return {
        "organ": found.cell,
        "species": found.species,
        "hours": found.hours,
        "outputs": {
            output: {
                "runs": indices.runs,
                "failed": indices.failed,
                "inputs": [
                    {
                        "input": indices.names[k],
                        "says": found.says[indices.names[k]],
                        "first": float(indices.first[k]),
                        "first_error": float(indices.first_error[k]),
                        "total": float(indices.total[k]),
                        "total_error": float(indices.total_error[k]),
                        "converged": bool(indices.converged[k]),
                    }
                    for k in indices.ranked()
                ],
            }
            for output, indices in found.indices.items()
        },
    }
