"""`nadflux export`: the shipped body as SBML, Antimony or a COMBINE archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.errors import NadfluxError
from nadflux.faces.cli._options import SwitchOption, pairs


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("export")(export)


def export(
    sbml: Annotated[Path | None, typer.Option(help="Write SBML Level 3 Version 2.")] = None,
    antimony: Annotated[Path | None, typer.Option(help="Write Antimony.")] = None,
    omex: Annotated[Path | None, typer.Option(help="Write a COMBINE archive with both.")] = None,
    body: Annotated[str, typer.Option(help="nad, or whole: with energy, sensing, autophagy and food.")] = "nad",
    start: Annotated[
        str,
        typer.Option(
            help="How the resting state is written: numbers load at once in any tool; formulas let capacities follow "
            "when a number is changed, but take libRoadRunner many minutes to load."
        ),
    ] = "numbers",
    switch: SwitchOption = None,
) -> None:
    """Write the body model in standard formats, with units and annotations."""
    from nadflux.network.export import OMEX, exported_model, write_model
    from nadflux.network.write_omex import ANTIMONY, SBML

    wanted = {kind: path for kind, path in ((SBML, sbml), (ANTIMONY, antimony), (OMEX, omex)) if path is not None}
    _check_targets(tuple(wanted.values()))
    model = exported_model(body, start, pairs(switch or [], "--switch", "red_cells.NA=plasma"))
    size = f"{len(model.species)} species, {len(model.reactions)} reactions, {len(model.parameters)} parameters"
    written = [write_model(model, kind, path) for kind, path in wanted.items()]
    for path in written:
        print(f"{path}: {size}")


def _check_targets(paths: tuple[Path, ...]) -> None:
    """Raise NadfluxError if there is nothing to write, or two formats have one file."""
    from nadflux.files import check_place

    if not paths:
        raise NadfluxError("nothing to write; give --sbml FILE, --antimony FILE or --omex FILE")
    for path in paths:
        check_place(path)
    if len({path.resolve() for path in paths}) < len(paths):
        raise NadfluxError("two formats are to be written to one file; give each a name of its own")
