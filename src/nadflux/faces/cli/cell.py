"""`nadflux cell`: one organ cell in a dish; autophagy as three fluxes, levels and markers kept apart."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nadflux.inference.cell_sensitivity import CellSensitivity

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
    seed: Annotated[int, typer.Option(help="Random numbers of --decides.", min=0)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> int:
    """Simulate a cell under conditions and print fluxes, levels, markers and indices, each as what it is."""
    if decides:
        _decides(organ, species, base, seed, as_json)
        return 0
    from nadflux.simulation.cell import CellStep, simulate_cell
    from nadflux.studies.assay_design import read_condition

    records: dict[str, list[dict[str, Any]]] = {}
    for text in condition or _DEFAULT:
        one = read_condition(text)
        hours = max(one.hours, 1.0)
        steps = [CellStep(hours - one.hours, name, value) for name, value in one.settings]
        run = simulate_cell(organ, species=species, steps=steps, times=[0.0, hours], switches={"AMPK_ULK1": ampk})
        records[text] = [
            {
                "id": name,
                "label": run.observables[name].label,
                "kind": run.observables[name].kind,
                "unit": run.observables[name].unit,
                "value": float(run[name][0, -1]),
            }
            for name in _SHOWN
        ]
    if as_json:
        record = {"organ": organ, "species": species, "AMPK_ULK1": ampk, "conditions": records}
        sys.stdout.write(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _print(organ, species, records)
    return 0


def _print(organ: str, species: str, records: dict[str, list[dict[str, Any]]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from nadflux.faces.labels import GLYPHS

    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(f"{organ} ({species}), one cell in a medium", style="bold", markup=False, highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for header in ("", "kind", "quantity", "unit"):
        table.add_column(header)
    for text in records:
        table.add_column(text, justify="right")
    for row in zip(*records.values(), strict=True):
        first = row[0]
        values = [f"{one['value']:.3g}" for one in row]
        table.add_row(GLYPHS[first["kind"]], first["kind"], first["label"], first["unit"], *values)
    console.print(table)
    console.print("A level or a marker is no flux; the word flux means J_deg.", style="dim")


def _decides(organ: str, species: str, base: int, seed: int, as_json: bool) -> None:
    from nadflux.inference.cell_sensitivity import cell_sensitivity

    found = cell_sensitivity(organ, species=species, base=base, seed=seed)
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
