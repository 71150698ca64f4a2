"""A run in a few lines: baseline, end, change and interval of each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.simulation.run import Quantity, Run

INTERVAL = 0.9
DAY = 24.0


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One quantity: medians over people with the central interval, in its unit; change in percent.

    The end of a level is its last value, that of a flux its mean over the last 24 hours: a flux swings between
    doses. ``persons`` counts the people with a number at both ends.
    """

    quantity: Quantity
    persons: int
    baseline: tuple[float, float, float]
    end: tuple[float, float, float]
    change_percent: tuple[float, float, float]


def summarise(run: Run, names: Sequence[str] | None = None, interval: float = INTERVAL) -> list[SummaryRow]:
    """Median, lower and upper bound of baseline, end and change of each quantity.

    Parameters
    ----------
    run : Run
    names : sequence of str, optional
        Which quantities; all by default.
    interval : float
        Share of people between the bounds (0.9: 5th to 95th percentile).
    """
    rows = []
    for name in names if names is not None else [q.id for q in run.quantities]:
        first, last = run[name][:, 0], _end(run, name)
        whole = np.isfinite(first) & np.isfinite(last)
        first, last = first[whole], last[whole]
        with np.errstate(divide="ignore", invalid="ignore"):
            change = 100.0 * (last / first - 1.0)
        rows.append(
            SummaryRow(
                run.quantity(name),
                int(whole.sum()),
                middle_and_bounds(first, interval),
                middle_and_bounds(last, interval),
                middle_and_bounds(change[np.isfinite(change)], interval),
            )
        )
    return rows


def _end(run: Run, name: str) -> np.ndarray:
    """What counts as the end of each person's course, shape (person,)."""
    values, times = run[name], run.times
    day = times >= times[-1] - DAY
    if run.quantity(name).kind != "flux" or day.sum() < 2:
        return values[:, -1]
    return np.trapezoid(values[:, day], times[day], axis=1) / (times[-1] - times[day][0])


def middle_and_bounds(values: np.ndarray, interval: float = INTERVAL) -> tuple[float, float, float]:
    """Median and the bounds of the central interval; NaN where there is no value."""
    if not len(values):
        return (np.nan, np.nan, np.nan)
    tail = (1.0 - interval) / 2.0
    median, low, high = np.quantile(values, [0.5, tail, 1.0 - tail])
    return (float(median), float(low), float(high))


def significant(value: float, digits: int = 3) -> str:
    """A number as people read it: ``digits`` significant digits, no exponent between 0.001 and 100 000."""
    if not np.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    magnitude = int(np.floor(np.log10(abs(value))))
    if magnitude < -3 or magnitude >= 5:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{max(digits - 1 - magnitude, 0)}f}"


def as_text(run: Run) -> str:
    """The table as plain text, with the notes below it."""
    header = (
        "quantity",
        "matrix",
        "unit",
        "baseline",
        "end",
        "change %",
        f"{INTERVAL:.0%} interval of change",
        "tier",
    )
    lines = [header]
    for row in summarise(run):
        change, low, high = row.change_percent
        lines.append(
            (
                row.quantity.long_name,
                row.quantity.matrix,
                row.quantity.units,
                significant(row.baseline[0]),
                significant(row.end[0]),
                f"{change:+.0f}" if np.isfinite(change) else "–",
                f"{low:+.0f} to {high:+.0f}" if np.isfinite(low) else "–",
                row.quantity.tier,
            )
        )
    widths = [max(len(line[k]) for line in lines) for k in range(len(header))]
    table = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*table, *(f"- {note}" for note in run.notes)])
