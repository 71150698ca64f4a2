"""`nadflux fluxes`: synthesis and use of NAD+ in each organ at rest, its half-life, and whole-body turnover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import SimulationError
from nadflux.faces.cli._options import SetOption, SwitchOption, pairs
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say
from nadflux.notes import NoteCode

if TYPE_CHECKING:
    from nadflux.simulation.resting_fluxes import RestingFluxes


def register(app: typer.Typer) -> None:
    """Add the command to the application."""

    @app.command()
    def fluxes(
        person: Annotated[str, typer.Argument(help='Who, e.g. "man, 40 y, 80 kg".')],
        n: Annotated[int, typer.Option("-n", "--people", help="People to draw for the interval.")] = 512,
        seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 0,
        set_: SetOption = None,
        switch: SwitchOption = None,
        plot: Annotated[str | None, typer.Option(help="Write a figure: .png, .svg or .pdf.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the tables as JSON.")] = False,
    ) -> None:
        """Print the fluxes of NAD+ at rest: synthesis by route, use by consumer, half-life, whole-body turnover.

        Fluxes are amounts per day, not levels. Medians with 90 % interval. The quantities that explain most of the
        spread of the turnover are named, because measuring them would narrow it.
        """
        from nadflux.faces.documents.fluxes import fluxes_document, print_fluxes
        from nadflux.faces.documents.terminal import print_json
        from nadflux.faces.plot.paths import check_figure_path
        from nadflux.simulation.resting_fluxes import resting_fluxes

        if plot is not None:
            check_figure_path(plot)
        result = resting_fluxes(
            person,
            n=n,
            seed=seed,
            set=pairs(set_ or [], "--set", 'liver.NAMPT.Km="0.3 µM"'),
            switches=pairs(switch or [], "--switch", "red_cells.NA=plasma"),
        )
        _refuse_nobody(result)

        def draw() -> None:
            from nadflux.faces.plot.fluxes import write_fluxes

            write_fluxes(result, str(plot))
            say(f"figure: {plot}")

        deliver(
            draw if plot is not None else None,
            lambda: print_json(fluxes_document(result)) if as_json else print_fluxes(result),
        )


def _refuse_nobody(result: RestingFluxes) -> None:
    """Raise SimulationError if nobody has a resting state."""
    from nadflux.faces.documents.fluxes import people_of

    if not people_of(result):
        why = next((note for note in result.notes if note.code == NoteCode.NO_RESTING_STATE), "")
        raise SimulationError(f"nobody has a resting state: {why}; check what was set by hand")
