"""`nadflux run`: an SBML or Antimony file over time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.faces.cli._options import AGAIN, listed
from nadflux.faces.cli._progress import progress
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say

MOST_POINTS = 10_000_000


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("run")(run)


def run(
    model: Annotated[Path, typer.Argument(help="SBML (.xml, .xml.gz) or Antimony (.ant) file", show_default=False)],
    end: Annotated[float, typer.Option(help="Last time, in the model's own time unit.")] = 100.0,
    points: Annotated[int, typer.Option(help="Output times, evenly spaced, start and end included.")] = 101,
    start: Annotated[float, typer.Option(help="First time, at which the initial state holds.")] = 0.0,
    rtol: Annotated[float, typer.Option(help="Relative tolerance of the integration.")] = 1e-6,
    select: Annotated[
        list[str] | None,
        typer.Option(help=f"S (as in formulas), [S] (concentration), amount(S); {AGAIN}"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the order of simultaneous events, where it matters.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write all values to a .csv or .parquet file.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg or .pdf).")] = None,
    moieties: Annotated[bool, typer.Option("--moieties", help="Print the conserved moieties.")] = False,
) -> None:
    """Simulate any supported SBML or Antimony file, events included."""
    import numpy as np

    from nadflux.faces.documents.terminal import console
    from nadflux.faces.documents.time_course import course_text
    from nadflux.network.read_model import read_model
    from nadflux.sbml.simulate import run_model

    _check_times(start, end, points)
    _check_targets(out, plot)
    network = read_model(model)
    wanted = list(listed(select, "--select")) if select is not None else None
    with progress("simulating") as update:
        times = np.linspace(start, end, points)
        course = run_model(network, times, select=wanted, rtol=rtol, seed=seed, progress=update)

    def write() -> None:
        if out is not None:
            say(f"values written to {course.write(out)}")

    def draw() -> None:
        from nadflux.faces.plot.model_course import write_model_course

        if plot is not None:
            say(f"figure written to {write_model_course(course, plot, network.name or network.id)}")

    def show() -> None:
        if moieties:
            from nadflux.network.moieties import moiety_report

            print(moiety_report(network))
        print(course_text(course, console().width))
        for note in course.notes:
            print(f"note: {note}")

    deliver(write, draw, show)


def _check_times(start: float, end: float, points: int) -> None:
    """Refuse times over which nothing can be simulated."""
    for name, value in (("--start", start), ("--end", end)):
        if not math.isfinite(value):
            raise ValueOutOfRangeError(f"{name} is {value}; give a finite time")
    if not end > start:
        raise ValueOutOfRangeError(f"--end is {end:g}, not after --start {start:g}; give a later end")
    if not 2 <= points <= MOST_POINTS:
        raise ValueOutOfRangeError(f"--points is {points}; give 2 (start and end) to {MOST_POINTS}")


def _check_targets(out: Path | None, plot: Path | None) -> None:
    """Refuse a file that cannot be written before anything is simulated."""
    from nadflux.files import check_place

    for file, endings in ((out, (".csv", ".parquet")), (plot, (".png", ".svg", ".pdf"))):
        if file is None:
            continue
        if file.suffix.lower() not in endings:
            raise NadfluxError(f"cannot write {file.name!r}: end the name in {' or '.join(endings)}")
        check_place(file)
