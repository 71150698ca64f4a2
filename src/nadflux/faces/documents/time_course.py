"""Time course of an SBML or Antimony model, as a table of some rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from nadflux.faces.documents.layout import GAP
from nadflux.faces.labels import readable_unit
from nadflux.sbml.time_course import TimeCourse

SHOWN_ROWS = 11
SHOWN_WIDTH = 110
NEARLY_NOTHING = "~0"
_NAMED = 8  # quantities without a unit


def course_text(course: TimeCourse, width: int = SHOWN_WIDTH, every: bool = False) -> str:
    """Return some rows of a time course, and as many quantities as a line holds, with a note on the rest.

    Parameters
    ----------
    width : int
        Letters of a line; at most `SHOWN_WIDTH` are used.
    every : bool
        Whether to show all times.
    """
    count = len(course.times)
    rows = np.unique(np.linspace(0, count - 1, count if every else min(SHOWN_ROWS, count)).astype(int))
    columns = [
        [unit_label("time", course.time_unit), *(f"{course.times[i]:g}" for i in rows)],
        *([label, *(_number(course, i, j) for i in rows)] for j, label in enumerate(course_labels(course))),
    ]
    widths = [max(map(len, column)) for column in columns]
    shown = _fitting(widths, min(width, SHOWN_WIDTH))
    lines = [
        (" " * GAP).join(cell.rjust(room) for cell, room in zip(row, widths[:shown], strict=True))
        for row in zip(*columns[:shown], strict=True)
    ]
    below = any(cell == NEARLY_NOTHING for column in columns[:shown] for cell in column)
    said = (
        [f"{NEARLY_NOTHING}: below zero by less than the tolerance of the run, so nothing is left of it"]
        if below
        else []
    )
    return "\n".join([*lines, *_left_out(course, len(rows), shown - 1), *said, *_without_unit(course)])


def course_labels(course: TimeCourse) -> list[str]:
    """Return names with their units as people write them; files keep the letters of ASCII."""
    return [unit_label(name, unit) for name, unit in zip(course.names, course.units, strict=True)]


def unit_label(name: str, unit: str) -> str:
    """Return ``name (unit)``; the bare name if the model declares no unit."""
    written = "1" if unit == "dimensionless" else readable_unit(unit)
    return f"{name} ({written})" if unit else name


def readable_number(value: float, noise: float) -> str:
    """Return a value in six digits; ``~0`` if it is below zero by less than ``noise``, so that nothing is left."""
    return NEARLY_NOTHING if -noise <= value < 0.0 else f"{value:.6g}"


def _number(course: TimeCourse, row: int, column: int) -> str:
    """Return a value in six digits; a species below zero by less than the tolerance of the run is nearly nothing."""
    return readable_number(course.values[row, column], course.noise[column] if len(course.noise) else 0.0)


def _fitting(widths: Sequence[int], width: int) -> int:
    """Return the number of columns that a line holds: at least two, time and one quantity."""
    fits = sum(total <= width for total in accumulate(one + GAP for one in widths))
    return max(fits, min(2, len(widths)))


def _left_out(course: TimeCourse, times: int, quantities: int) -> list[str]:
    if times == len(course.times) and quantities == len(course.names):
        return []
    return [
        f"shown: {times} of {len(course.times)} times, {quantities} of {len(course.names)} quantities (all with --out)"
    ]


def _without_unit(course: TimeCourse) -> list[str]:
    """Return a note on the quantities for which the model declares no unit."""
    without = [name for name, unit in zip(course.names, course.units, strict=True) if not unit]
    if not without:
        return []
    if len(without) == len(course.names):
        return ["the model declares no unit for any quantity"]
    others = " and others" if len(without) > _NAMED else ""
    return [f"the model declares no unit for {', '.join(without[:_NAMED])}{others}"]
