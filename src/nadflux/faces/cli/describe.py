"""`nadflux describe`: the contents of the model, with unit, tier and source."""

from __future__ import annotations

from typing import Annotated

import typer

from nadflux.faces.cli._options import PosteriorOption, SwitchOption, pairs
from nadflux.faces.cli._say import say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def describe(
        name: Annotated[
            str | None,
            typer.Argument(help="One name (liver.NAMPT.Km), a beginning (liver, liver.NAMPT) or a pattern (*.Km)."),
        ] = None,
        switch: SwitchOption = None,
        posterior: PosteriorOption = "shipped",
        body: Annotated[
            str | None,
            typer.Option(help="nad, or whole: with energy, sensing, autophagy, food; if left out, where NAME is."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    ) -> None:
        """List observables, states and parameters of the model, or describe one of them in full."""
        from nadflux.faces.documents.entries import describe_document, print_description
        from nadflux.faces.documents.terminal import print_json
        from nadflux.simulation.describe import describe as look

        found = look(
            name, body=body, switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"), posterior=posterior
        )
        if found.elsewhere:
            say("(of the whole body)")
        if as_json:
            print_json(describe_document(found))
        else:
            print_description(found, name)
