"""An event table instead of a plan, for `nadflux simulate --events`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._options import pairs
from nadflux.faces.cli._question import kept_of, named
from nadflux.faces.cli._say import say

if TYPE_CHECKING:
    from nadflux.simulation.run import Run
    from nadflux.simulation.settle import Settled

EventsOption = Annotated[
    str | None,
    typer.Option(
        "--events",
        help="Take doses from an event table of NONMEM or mrgsolve (CSV: ID, TIME, AMT, RATE, II, ADDL, EVID, CMT, and "
        "SEX, AGE, WT …) instead of --plan; each ID is a run. TIME in h from 08:00, AMT in mg, CMT like 'NR oral'.",
    ),
]
CmtOption = Annotated[
    list[str] | None,
    typer.Option("--cmt", help="What a number of CMT is, with --events: 1='NR chloride oral'. May be repeated."),
]


def simulate_table(
    path: str,
    person: str | None,
    compartments: Sequence[str] | None,
    names: Sequence[str] | None,
    asked: dict[str, Any],
    *,
    out: str | None,
    plot: str | None,
    as_json: bool,
    ids: bool,
    threads: int | None,
) -> None:
    """Simulate every ID of a table and print a table for each.

    Parameters
    ----------
    path : str
    person : str, optional
        Who they are, where the table does not say.
    compartments : sequence of str, optional
        After --cmt.
    names : sequence of str, optional
        Observables after --show.
    asked : dict
        Further fields of the scenario.
    out, plot : str, optional
        Files; the ID is added to their names where there are several.
    as_json, ids, threads
        Options of the command.

    Raises
    ------
    NadfluxError
        For a table, people or names that are not understood.
    """
    from nadflux.faces.cli._progress import progress
    from nadflux.faces.documents.summary import print_run, run_document
    from nadflux.faces.documents.terminal import print_json
    from nadflux.simulation.event_runs import settle_events
    from nadflux.simulation.simulate import simulate_settled

    places = pairs(compartments or [], "--cmt", "1='NR chloride oral'")
    found = settle_events(path, person, compartments=places, outputs=named(names), **asked)
    documents = {}
    for name, settled in found.items():
        shown = _shown(settled, names)
        settled = settled.keeping(kept_of(settled.prepared, shown, everything=False), ())
        with progress(f"ID {name}") as update:
            run = simulate_settled(settled, threads=threads, progress=update)
        _write(run, shown, name, len(found) > 1, out=out, plot=plot)
        if as_json:
            documents[name] = run_document(run, shown)
            continue
        print(f"ID {name}")
        print_run(run, shown, ids=ids)
        print()
    if as_json:
        print_json(documents)


def _shown(settled: Settled, names: Sequence[str] | None) -> tuple[str, ...]:
    from nadflux.faces.cli._question import shown_of

    return shown_of(settled, names, lived=False)


def _write(run: Run, shown: Sequence[str], name: str, several: bool, *, out: str | None, plot: str | None) -> None:
    """Write data and figure of an ID, if they are asked for."""
    if out is not None:
        place = _own(out, name, several)
        run.save(place)
        say(f"data: {place}")
    if plot is not None:
        from nadflux.faces.plot.run_figure import write_run

        place = _own(plot, name, several)
        write_run(run, shown, place)
        say(f"figure: {place}")


def _own(path: str, name: str, several: bool) -> str:
    """Return the path of an ID: ``run.csv`` becomes ``run-2.csv``."""
    if not several:
        return path
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise ValueOutOfRangeError(f"ID {name!r} cannot be a part of the name of a file; use letters and digits")
    place = Path(path)
    return str(place.with_name(f"{place.stem}-{name}{place.suffix}"))
