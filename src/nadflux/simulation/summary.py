"""A run in a few lines: baseline, end, change and interval of each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.kinds import Reading, reading
from nadflux.simulation.run import Quantity, Run
from nadflux.units import DAY_H as DAY
from nadflux.units import WEEK_H as WEEK
from nadflux.units import factor

INTERVAL = 0.9
Figures = tuple[float, float, float]  # median and the bounds of the central interval
FEWEST = 20  # people; below, percentiles say nothing that lowest and highest do not
_AT_END = 1e-6  # of the length of a run: a peak within is one at its end
_AT_START = 1e-6  # of a value: what does not rise above its start by more is highest there
SHORT = 4 * DAY  # up to here a run is looked at as one course, beyond by its days


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One quantity: medians over people with the central interval, in its unit; change in percent.

    Without lifestyle the baseline is the value at the start, the end of a level its last value, and that of a flux its
    mean over the last 24 hours: a flux swings between doses. With lifestyle everything swings: the end is the mean over
    the last 24 hours, the baseline that of the same people in usual life. ``persons`` counts the people with a number
    at both ends.
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
        first, last = baseline(run, name), final(run, name)
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


def ranges(run: Run, names: Sequence[str], interval: float = INTERVAL) -> dict[str, tuple[Figures, Figures]]:
    """Lowest and highest value of each quantity: medians over people with the central interval.

    Within the last day, or since time 0 where the run lasts four days at most.
    """
    start, end = last_day(run)
    short = run.times[-1] <= SHORT
    today = (run.times >= (0.0 if short else start) - 1e-9) & (run.times <= (run.times[-1] if short else end) + 1e-9)
    result = {}
    for name in names:
        values = run[name][:, today]
        values = values[np.isfinite(values).all(axis=1)]
        low, high = (values.min(axis=1), values.max(axis=1)) if len(values) else (values[:, 0], values[:, 0])
        result[name] = middle_and_bounds(low, interval), middle_and_bounds(high, interval)
    return result


@dataclass(frozen=True, slots=True)
class Peak:
    """Peak of a quantity over people, of those who reached it before the run ended.

    Attributes
    ----------
    value, time : tuple of float
        Median and bounds, in the unit of the quantity and in h.
    late : int
        People whose largest value is that at the end: their peak is still to come.
    known : int
        People with a number.
    end_h : float
    """

    value: Figures
    time: Figures
    late: int
    known: int
    end_h: float

    @property
    def mostly_late(self) -> bool:
        """True where the peak of the median person is still to come."""
        return 2 * self.late >= self.known > 0


def peak_of(run: Run, name: str) -> Peak | None:
    """Peak and its time; None where no peak was asked for."""
    if name not in run.peaks:
        return None
    peaks, end = run.peaks[name], float(run.times[-1])
    if run.times[0] == 0 and len(peaks) == run.persons:
        falls = peaks[:, 0] <= run[name][:, 0] * (1.0 + _AT_START)
        peaks = np.column_stack([peaks[:, 0], np.where(falls, 0.0, peaks[:, 1])])
    known = peaks[np.isfinite(peaks).all(axis=1)]
    reached = known[known[:, 1] < end * (1.0 - _AT_END)]
    value, time = (middle_and_bounds(reached[:, column]) for column in range(2))
    return Peak(value, time, len(known) - len(reached), len(known), end)


def compared(run: Run) -> tuple[str, str]:
    """Heads of the two columns that a change is between."""
    end = name_of_last_day(run)
    return ("baseline", end) if not run.lived else (f"usual life, {end}", f"plan, {end}")


def drift(run: Run, name: str) -> Figures | None:
    """Return the drift of usual life itself, in percent, over the days of `days_of_drift`; None where there are none.

    The change that a plan makes is against usual life at the same time, so it holds none of this.
    """
    days = days_of_drift(run)
    if days is None:
        return None
    usual = run.without_plan
    first, last = (mean_between(usual, name, DAY * (day - 1.0), DAY * day) for day in days)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = 100.0 * (last / first - 1.0)
    return middle_and_bounds(moved[np.isfinite(moved)])


def days_of_drift(run: Run) -> tuple[float, float] | None:
    """The day that counts as the end, and an early one to hold it against: of the same weekday, from a week on."""
    start, end = last_day(run)
    if not run.lived or start < DAY:
        return None
    return (start % WEEK if start >= WEEK else 0.0) / DAY + 1.0, end / DAY


def mean_between(run: Run, name: str, start: float, stop: float) -> np.ndarray:
    """Mean of a quantity between two times (h), shape (person,), from stored values (trapezoids) or its total."""
    if stop <= start:
        return run.at(name, stop)
    total = np.stack([np.interp([start, stop], run.times, person) for person in _total(run, name)])
    return np.asarray((total[:, 1] - total[:, 0]) / (stop - start))


def median_reading(run: Run, name: str, time: float) -> Reading:
    """Median over people of a quantity about a time (h): a flux as its mean over the day before, where stored."""
    quantity = run.quantity(name)
    if quantity.kind == "flux" and time - DAY >= run.times[0] - 1e-9 and run.times[0] < 0:
        values = mean_between(run, name, time - DAY, time)
    else:
        values = run.at(name, time)
    return reading(quantity.kind, name, float(np.nanmedian(values)), quantity.units)


def baseline(run: Run, name: str) -> np.ndarray:
    """Return the reference of each person's course, shape (person,); see `SummaryRow`."""
    if run.lived:
        return mean_between(run.without_plan, name, *last_day(run))
    return run[name][:, 0]


def last_day(run: Run) -> tuple[float, float]:
    """Hours of the day that counts as the end: the last of the run (all of a shorter one) or of a fast that ends it."""
    end = float(run.record.get("judged_h", run.times[-1]))
    return max(float(run.times[0]), 0.0, end - DAY), end


def name_of_last_day(run: Run) -> str:
    """``day 56``, or ``hours 4 to 28`` where it is no day of the run."""
    start, end = last_day(run)
    return f"day {end / DAY:g}" if not end % DAY else f"hours {start:g} to {end:g}"


def final(run: Run, name: str) -> np.ndarray:
    """Return the end of each person's course, shape (person,)."""
    if run.lived:
        return mean_between(run, name, *last_day(run))
    if run.quantity(name).kind != "flux" or len(run.times) < 2:
        return run[name][:, -1]
    return daily_mean(run, name)[:, -1]


def daily_mean(run: Run, name: str) -> np.ndarray:
    """Mean of a flux over the 24 hours before each time, shape (person, time), in its unit.

    Before 24 h it is the mean since the start, at the start the flux itself. The mean comes from the quadrature
    state where the run has one (``urine_mna_total`` for ``urine_mna``): a stored grid misses what happens
    between its times. Without one it is the trapezoidal mean of the stored values.
    """
    values, times = run[name], run.times
    total = _total(run, name)
    before = np.maximum(times - DAY, times[0])
    width = times - before
    earlier = np.stack([np.interp(before, times, person) for person in total])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (total - earlier) / width
    return np.where(width > 0, mean, values)


def _total(run: Run, name: str) -> np.ndarray:
    """Integral of a flux since the start, shape (person, time), in its unit times hours."""
    values, times = run[name], run.times
    integral = next((quantity.id for quantity in run.quantities if quantity.integral_of == name), None)
    if integral is not None:
        return run[integral] * factor(f"{run.quantity(integral).units}/h", run.quantity(name).units)
    pieces = 0.5 * (values[:, 1:] + values[:, :-1]) * np.diff(times)
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(pieces, axis=1)], axis=1)


def middle_and_bounds(values: np.ndarray, interval: float = INTERVAL) -> tuple[float, float, float]:
    """Return the median and the bounds of the central interval, of few values lowest and highest.

    Parameters
    ----------
    values : ndarray, shape (person,)
        NaN is returned where there is none.
    interval : float
        Share of people between the bounds.
    """
    if not len(values):
        return (np.nan, np.nan, np.nan)
    tail = tail_of(len(values), interval)
    median, low, high = np.quantile(values, [0.5, tail, 1.0 - tail])
    return (float(median), float(low), float(high))


def tail_of(people: int, interval: float = INTERVAL) -> float:
    """Share of people beyond either bound: none where they are fewer than 20, as nobody can then be left out."""
    return (1.0 - interval) / 2.0 if people >= FEWEST else 0.0


def bounds_in_words(people: int) -> str:
    """Return the words for bounds over so many people: ``90 % interval of 64 people`` or ``range of 8 people``."""
    if people == 1:
        return "one person"
    return f"{100 * INTERVAL:.0f} % interval of {people} people" if people >= FEWEST else f"range of {people} people"


def bounds_in_short(people: int) -> str:
    """The same for the head of a column: ``90%`` or ``range``."""
    return f"{INTERVAL:.0%}" if people >= FEWEST else "range"


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
    """The table as plain text, with the notes below it; with lifestyle the last day against usual life."""
    lived = run.lived
    first, last = ("usual life", "last day") if lived else ("baseline", "end")
    over = f"{bounds_in_words(run.persons - len(run.failures))}, change"
    lines = [("quantity", "matrix", "kind", "unit", first, last, "change %", over, "tier")]
    for row in summarise(run):
        quantity, (change, low, high) = row.quantity, row.change_percent
        lines.append(
            (
                quantity.long_name,
                quantity.matrix,
                quantity.kind,
                quantity.units,
                significant(row.baseline[0]),
                significant(row.end[0]),
                f"{change:+.0f}" if np.isfinite(change) else "–",
                f"{low:+.0f} to {high:+.0f}" if np.isfinite(low) else "–",
                quantity.tier,
            )
        )
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*table, *(f"- {note}" for note in run.notes)])
