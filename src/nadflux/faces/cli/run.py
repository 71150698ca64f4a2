"""``nadflux run``: simulates an SBML or Antimony file."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.faces.cli._options import AGAIN, listed

if TYPE_CHECKING:
    from nadflux.sbml.time_course import TimeCourse

MOST_POINTS = 10_000_000
SHOWN_ROWS = 11
SHOWN_WIDTH = 110


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("run")(run)


def run(
    model: Annotated[Path, typer.Argument(help="SBML (.xml) or Antimony (.ant) file", show_default=False)],
    end: Annotated[float, typer.Option(help="Last time, in the model's own time unit.")] = 100.0,
    points: Annotated[int, typer.Option(help="Output times, evenly spaced, start and end included.")] = 101,
    start: Annotated[float, typer.Option(help="First time, at which the initial state holds.")] = 0.0,
    rtol: Annotated[float, typer.Option(help="Relative tolerance of the integration.")] = 1e-6,
    select: Annotated[
        list[str] | None,
        typer.Option(help=f"S (as in formulas), [S] (concentration), amount(S); {AGAIN}"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write all values to a .csv or .parquet file.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a figure (.png, .svg or .pdf).")] = None,
    moieties: Annotated[bool, typer.Option("--moieties", help="Print the conserved moieties.")] = False,
) -> None:
    """Simulate any supported SBML or Antimony file, events included."""
    import numpy as np

    from nadflux.files import check_place
    from nadflux.network.read_model import read_model
    from nadflux.sbml.simulate import run_model

    for name, value in (("--start", start), ("--end", end)):
        if not math.isfinite(value):
            raise ValueOutOfRangeError(f"{name} is {value}; give a finite time")
    if not end > start:
        raise ValueOutOfRangeError(f"--end is {end:g}, not after --start {start:g}; give a later end")
    if not 2 <= points <= MOST_POINTS:
        raise ValueOutOfRangeError(f"--points is {points}; give 2 (start and end) to {MOST_POINTS}")
    for file, endings in ((out, (".csv", ".parquet")), (plot, (".png", ".svg", ".pdf"))):
        if file is not None and file.suffix.lower() not in endings:
            raise NadfluxError(f"cannot write {file.name!r}: end the name in {' or '.join(endings)}")
        if file is not None:
            check_place(file)
    network = read_model(model)
    if moieties:
        from nadflux.network.moieties import moiety_report

        typer.echo(moiety_report(network))
    wanted = list(listed(select, "--select")) if select is not None else None
    with _progress() as progress:
        times = np.linspace(start, end, points)
        course = run_model(network, times, select=wanted, rtol=rtol, progress=progress)
    typer.echo(_table(course))
    if out is not None:
        typer.echo(f"values written to {course.write(out)}")
    if plot is not None:
        typer.echo(f"figure written to {_figure(course, plot, network.name or network.id)}")


@contextmanager
def _progress() -> Iterator[Callable[[float], object] | None]:
    """A bar on standard error that vanishes when done; nothing where nobody watches."""
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulating", total=1.0)
        yield lambda fraction: bar.update(task, completed=fraction)


def _table(course: TimeCourse) -> str:
    """Some rows and columns of the result, saying what is left out."""
    import numpy as np

    rows = np.unique(np.linspace(0, len(course.times) - 1, min(SHOWN_ROWS, len(course.times))).astype(int))
    columns = [[_label("time", course.time_unit), *(f"{course.times[i]:g}" for i in rows)]]
    for j, label in enumerate(_labels(course)):
        columns.append([label, *(f"{course.values[i, j]:.6g}" for i in rows)])
    widths = [max(len(cell) for cell in column) for column in columns]
    fits = sum(total <= SHOWN_WIDTH for total in accumulate(width + 2 for width in widths))
    shown = max(fits, min(2, len(columns)))
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths[:shown], strict=True))
        for row in zip(*columns[:shown], strict=True)
    ]
    names = course.names[: shown - 1]
    if len(rows) < len(course.times) or len(names) < len(course.names):
        lines.append(
            f"shown: {len(rows)} of {len(course.times)} times, {len(names)} of {len(course.names)} quantities"
            " (all with --out)"
        )
    without = [name for name, unit in zip(course.names, course.units, strict=True) if not unit]
    if without:
        whose = "any quantity" if len(without) == len(course.names) else f"{', '.join(without[:8])}"
        lines.append(
            f"the model declares no unit for {whose}{' and others' if 8 < len(without) < len(course.names) else ''}"
        )
    return "\n".join(lines)


def _labels(course: TimeCourse) -> list[str]:
    """Names with their units as people write them; files keep the letters of ASCII."""
    return [_label(name, unit) for name, unit in zip(course.names, course.units, strict=True)]


def _label(name: str, unit: str) -> str:
    from nadflux.faces.labels import readable_unit

    written = "1" if unit == "dimensionless" else readable_unit(unit)
    return f"{name} ({written})" if unit else name


def _figure(course: TimeCourse, path: Path, title: str) -> Path:
    from matplotlib.figure import Figure

    from nadflux.faces.plot.paths import save_figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    for i, label in enumerate(_labels(course)):
        axes.plot(course.times, course.values[:, i], label=label, linewidth=1.2)
    axes.set_xlabel(_label("time", course.time_unit) if course.time_unit else "time (unit of the model)")
    axes.set_ylabel("value (unit of the model)")
    axes.set_title(title)
    if 0 < len(course.names) <= 20:
        axes.legend(fontsize="small", frameon=False)
    save_figure(figure, path, dpi=150)
    return path
