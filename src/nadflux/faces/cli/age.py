"""`nadflux age`: a life in years, and the same people in other ways of living."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nadflux.faces.cli._options import AGAIN, listed
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("age")(age)


def age(
    person: Annotated[str, typer.Argument(help="Who, and how they live: 'woman, trained', 'man, smoker, sleeps 6 h'.")],
    begin: Annotated[float, typer.Option("--from", help="Age, years, at which they begin to live so.")] = 25.0,
    end: Annotated[float, typer.Option("--to", help="Age, years, of the end.")] = 90.0,
    compare: Annotated[
        list[str] | None,
        typer.Option("--compare", help="Another way of living of the same people: 'sedentary'. May be repeated."),
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option("--hold", help=f"States that stand still from --from on: inflammation, NAD, all; {AGAIN}"),
    ] = None,
    people: Annotated[int, typer.Option("-n", "--people", help="People to draw.", min=1)] = 64,
    seed: Annotated[int, typer.Option(help="Same seed, same people.", min=0)] = 0,
    outputs: Annotated[
        list[str] | None, typer.Option("--outputs", help=f"Quantities of the table and the figure; {AGAIN}")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all quantities at every decade as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure of fan charts (.png, .svg, .pdf).")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
) -> int:
    """Simulate slow states over decades: DNA damage, senescent cells, inflammation, NAD+, and the hazard of death.

    Everybody is the reference at 20 years and lives as the reference until --from. Twins of every way of living share
    their draws. Cohort model for research: hazard ratios, never years of life. Not medical advice.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.faces.documents.life import life_document, print_life, quantities_of
    from nadflux.faces.documents.terminal import print_json
    from nadflux.faces.plot.paths import check_figure_path
    from nadflux.studies.life.lives import live_side_by_side

    if plot is not None:
        check_figure_path(str(plot))
    chosen, held = listed(outputs, "--outputs"), listed(hold, "--hold")
    with progress("lives", people) as update:
        lives = live_side_by_side(
            person, tuple(compare or ()), begin=begin, end=end, people=people, seed=seed, hold=held, threads=threads,
            progress=update,
        )  # fmt: skip
    names = quantities_of(lives, chosen)

    def draw() -> None:
        from nadflux.faces.plot.life import write_life

        write_life(lives, names, str(plot))
        say(f"figure written to {plot}")

    deliver(
        draw if plot is not None else None,
        lambda: print_json(life_document(lives)) if as_json else print_life(lives, names),
    )
    return 0
