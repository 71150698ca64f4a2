"""`nadflux ranges`: every organ of people drawn from the tables, fed, fasted, at work and ill, against physiology."""

from __future__ import annotations

from typing import Annotated

import typer

LEFT = 1


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("ranges")(ranges)


def ranges(
    states: Annotated[list[str] | None, typer.Argument(help="States, e.g. fed fasted; all by default.")] = None,
    people: Annotated[int, typer.Option("-n", "--people", help="People to draw.", min=1)] = 256,
    seed: Annotated[int, typer.Option(help="Same seed, same people.", min=0)] = 0,
    full: Annotated[bool, typer.Option("--full", help="Show every limit, also those that nobody leaves.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all as JSON.")] = False,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores if left out.")] = None,
) -> int:
    """Compare energy, redox, pH and fuels of every organ with physiological limits and count who leaves them.

    States are in biology/whole/states.yaml, limits in biology/whole/ranges.csv. The exit code is 1 if anybody
    leaves a limit or could not be simulated.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.faces.documents.ranges import print_ranges, ranges_document
    from nadflux.faces.documents.terminal import print_json
    from nadflux.studies.experiments.ranges import check_ranges

    with progress("ranges") as update:
        found = check_ranges(
            tuple(states or ()), people=people, seed=seed, threads=threads,
            progress=lambda done, total, _: update(done / total),
        )  # fmt: skip
    if as_json:
        print_json(ranges_document(found))
    else:
        print_ranges(found, full)
    return LEFT if found.broken or any(found.failures.values()) else 0
