"""`nadflux run`: an SBML or Antimony file, or one in an archive, over time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.faces.cli._options import AGAIN, listed, pairs
from nadflux.faces.cli._progress import progress
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say

if TYPE_CHECKING:
    import numpy as np

    from nadflux.models.model import Model

MOST_POINTS = 10_000_000


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("run")(run)


def run(
    model: Annotated[
        Path,
        typer.Argument(help="SBML (.xml, .xml.gz), Antimony (.ant) or COMBINE archive (.omex)", show_default=False),
    ],
    end: Annotated[float, typer.Option(help="Last time, in the model's own time unit.")] = 100.0,
    points: Annotated[int, typer.Option(help="Output times, evenly spaced, start and end included.")] = 101,
    start: Annotated[float, typer.Option(help="First time, at which the initial state holds.")] = 0.0,
    at: Annotated[
        list[str] | None, typer.Option("--at", help=f"Times to show instead, in the model's time unit: 0,6,24; {AGAIN}")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help='Change a number of the model: k=2, S="3 uM", [S]=3, J.k=0.1. May be repeated.'),
    ] = None,
    dose: Annotated[
        list[str] | None,
        typer.Option(help="Give doses into a species, 'drug: 100 mg every 12 h for 3 days'. May be repeated."),
    ] = None,
    molar_mass: Annotated[
        float | None, typer.Option(help="Of what is dosed, g/mol, where dose and model differ.")
    ] = None,
    time_unit: Annotated[str | None, typer.Option(help="Of a model that declares none, for doses: h.")] = None,
    steady_state: Annotated[
        bool, typer.Option("--steady-state", help="Show the steady state that is reached, instead of a time course.")
    ] = False,
    experiments: Annotated[
        bool,
        typer.Option("--experiments", help="Run the SED-ML of the archive (or .sedml file): its reports and plots."),
    ] = False,
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
    """Simulate any supported SBML or Antimony model, events included; nothing of the file is changed."""
    from nadflux.faces.documents.terminal import console
    from nadflux.faces.documents.time_course import course_text
    from nadflux.models.model import Model

    _check_times(start, end, points)
    _check_targets(out, plot)
    if experiments:
        _run_experiments(model, rtol, out)
        return
    times = _times(start, end, points, at)
    changed = _changed(Model.load(model), set_ or [], dose or [], molar_mass, time_unit)
    network = changed.network
    wanted = list(listed(select, "--select")) if select is not None else None
    if steady_state:
        print(changed.steady_state())
        return
    with progress("simulating") as update:
        course = changed.simulate(times, select=wanted, rtol=rtol, seed=seed, progress=update)

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
        print(course_text(course, console().width, every=at is not None))
        for note in course.notes:
            print(f"note: {note}")

    deliver(write, draw, show)


def _run_experiments(file: Path, rtol: float, out: Path | None) -> None:
    """Print the reports and plots of an archive or SED-ML file, and write the first report."""
    from nadflux.files import replacing
    from nadflux.models.sedml import run_experiments

    with progress("simulating") as update:
        tables = run_experiments(file, rtol=rtol, progress=update)
    for table in tables:
        print(table)
    if out is not None and tables:
        with replacing(out) as part:
            if out.suffix.lower() == ".csv":
                tables[0].table.to_csv(part, index=False)
            else:
                tables[0].table.to_parquet(part, index=False)
        say(f"{tables[0].name or tables[0].id} written to {out}")


def _changed(
    model: Model, numbers: list[str], doses: list[str], molar_mass: float | None, time_unit: str | None
) -> Model:
    """Return the model with the numbers and doses of the command."""
    model = model.set(pairs(numbers, "--set", "k=2"))
    # Dose by dose: each is added to those before it.
    for said in doses:
        species, colon, sentence = said.partition(":")
        if not (colon and species.strip() and sentence.strip()):
            raise ValueOutOfRangeError(
                f"--dose {said!r} is not SPECIES: SENTENCE; write e.g. --dose 'drug: 100 mg every 12 h for 3 days'"
            )
        model = model.doses(species.strip(), sentence.strip(), molar_mass=molar_mass, time_unit=time_unit)
    return model


def _times(start: float, end: float, points: int, at: list[str] | None) -> np.ndarray:
    """Return the times of the run, shape (time,), in the time unit of the model."""
    import numpy as np

    if at is None:
        return np.linspace(start, end, points)
    found = [start]
    for word in listed(at, "--at"):
        try:
            found.append(float(word))
        except ValueError:
            raise ValueOutOfRangeError(
                f"--at {word!r} is no number; give times in the time unit of the model, e.g. --at 0,6,24"
            ) from None
    times = np.unique(np.array(found))
    if not np.all(np.isfinite(times)) or times[0] < start:
        raise ValueOutOfRangeError(
            f"--at gives times before --start {start:g} or not finite; give times from {start:g}"
        )
    return times


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
