"""``nadflux export``: the shipped body as SBML, Antimony or a COMBINE archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import NadfluxError, PlanError, UnknownNameError

if TYPE_CHECKING:
    from nadflux.network.model import Model


STARTS = ("numbers", "formulas")


def register(app: typer.Typer) -> None:
    """Adds the command."""
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
    switch: Annotated[
        list[str] | None, typer.Option(help="Option of a contested link, as NAME=VALUE; may be repeated.")
    ] = None,
) -> None:
    """Write the body model in standard formats, with units and annotations."""
    from nadflux.files import check_place, write_text
    from nadflux.network.assemble import assemble
    from nadflux.network.numeric_rest import settled
    from nadflux.network.write_antimony import write_antimony
    from nadflux.network.write_omex import write_omex
    from nadflux.network.write_sbml import write_sbml

    if sbml is None and antimony is None and omex is None:
        raise NadfluxError("nothing to write; give --sbml FILE, --antimony FILE or --omex FILE")
    for path in (sbml, antimony, omex):
        if path is not None:
            check_place(path)
    if start not in STARTS:
        raise UnknownNameError("way to write the start", start, STARTS)
    model = assemble(body=body, switches=_switches(switch or [])).model
    if start == "numbers":
        model = settled(model)
    try:
        if sbml is not None:
            write_text(sbml, write_sbml(model))
            _say(model, sbml)
        if antimony is not None:
            write_text(antimony, write_antimony(model))
            _say(model, antimony)
        if omex is not None:
            _say(model, write_omex(model, omex, "NAD+ metabolism of a human body, organ by organ"))
    except OSError as error:
        raise NadfluxError(f"cannot write {error.filename!r}: {error.strerror}") from error


def _switches(texts: list[str]) -> dict[str, str]:
    switches = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise PlanError(f"--switch {text!r} is not NAME=VALUE")
        switches[name.strip()] = value.strip()
    return switches


def _say(model: Model, path: Path) -> None:
    typer.echo(
        f"{path}: {len(model.species)} species, {len(model.reactions)} reactions, {len(model.parameters)} parameters"
    )
