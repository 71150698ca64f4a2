"""`nadflux cell`: one organ cell in a dish; autophagy as three fluxes, levels and markers kept apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.faces.cli._options import DRAWS
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


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
        bool, typer.Option("--decides", help="Instead: find the inputs that decide initiation and completion (Sobol).")
    ] = False,
    base: Annotated[int, typer.Option(help="Base samples of --decides, a power of two.")] = 512,
    draws: Annotated[
        int, typer.Option(help="Draws of the tables' uncertain numbers for the interval; 0 for none.", min=0)
    ] = DRAWS,
    seed: Annotated[int, typer.Option(help="Random numbers of the draws and of --decides.", min=0)] = 1,
    plot: Annotated[Path | None, typer.Option(help="With --decides: write a figure (.png, .svg, .pdf).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> int:
    """Simulate a cell under conditions and print its fluxes, levels, markers and indices, each kind apart.

    The cell of the tables' typical values, with the 90 % interval over draws of the uncertain numbers in them, and the
    tier of the weakest number behind each row. Research model, not medical advice.
    """
    from nadflux.faces.documents.cell import cell_document, print_cell
    from nadflux.faces.documents.terminal import print_json
    from nadflux.studies.experiments.cell_conditions import CONDITIONS, cell_conditions

    if decides:
        _decides(organ, species, base, seed, as_json, plot)
        return 0
    _refuse_plot(plot)
    result = cell_conditions(organ, condition or CONDITIONS, species=species, ampk=ampk, draws=draws, seed=seed)
    if as_json:
        print_json(cell_document(result))
    else:
        print_cell(result)
    return 0


def _refuse_plot(plot: Path | None) -> None:
    """Raise PlanError for a figure, which only --decides has."""
    from nadflux.errors import PlanError

    if plot is not None:
        raise PlanError("--plot draws what --decides finds; add --decides, or leave --plot out")


def _decides(organ: str, species: str, base: int, seed: int, as_json: bool, plot: Path | None) -> None:
    from nadflux.faces.documents.indices import cell_sensitivity_document, print_cell_sensitivity
    from nadflux.faces.documents.terminal import print_json
    from nadflux.faces.plot.paths import check_figure_path, save_figure
    from nadflux.inference.cell_sensitivity import cell_sensitivity

    if plot is not None:
        check_figure_path(str(plot))
    found = cell_sensitivity(organ, species=species, base=base, seed=seed)

    def draw() -> None:
        from nadflux.faces.plot.indices import draw_indices, shares_of

        panels = [
            (f"{output} after {found.hours:g} h", shares_of(indices, [found.says[name] for name in indices.names]))
            for output, indices in found.indices.items()
        ]
        save_figure(draw_indices(panels), str(plot))
        say(f"figure: {plot}")

    deliver(
        draw if plot is not None else None,
        lambda: print_json(cell_sensitivity_document(found)) if as_json else print_cell_sensitivity(found),
    )
