"""A run in a few lines: baseline, end, change and interval of each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.simulation.judged_window import AnyWindow, Window, days_of_drift, judged_window, own_usual_life
from nadflux.simulation.resolved_values import resolved
from nadflux.simulation.run import Quantity, Run
from nadflux.units import DAY_H, factor

INTERVAL = 0.9
Figures = tuple[float, float, float]  # median and the bounds of the central interval
FEWEST = 20  # people; with fewer, percentiles add nothing to lowest and highest
SHORT = 4 * DAY_H  # h; shorter runs are judged as one course, longer ones by their days


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One quantity: medians over people with the central interval, in its unit; change in percent.

    Without lifestyle the baseline is the value at the start, the end of a level its last value, and that of a flux its
    mean over the last 24 hours: a flux swings between doses. With lifestyle everything swings: the end is the mean over
    the judged window (`nadflux.simulation.judged_window`), the baseline that of the same people in usual life. Where
    people live their usual days and nothing else, these are the baseline as well. Where the integration cannot tell a
    value from 0, it is 0 (`nadflux.simulation.resolved_values`). ``persons`` counts the people with a
    number at both ends; ``window`` holds the hours of the end.
    """

    quantity: Quantity
    persons: int
    baseline: Figures
    end: Figures
    change_percent: Figures
    window: Window


def summarise(
    run: Run, names: Sequence[str] | None = None, interval: float = INTERVAL, window: AnyWindow | None = None
) -> list[SummaryRow]:
    """Return median, lower and upper bound of baseline, end and change of each quantity.

    Parameters
    ----------
    run : Run
    names : sequence of str, optional
        Which quantities; all by default.
    interval : float
        Share of people between the bounds (0.9: 5th to 95th percentile).
    window : (float, float), h, or str, optional
        Hours over which the end is a mean, or words such as ``"day 2 14:00 to 20:00"``; see
        `nadflux.simulation.judged_window.judged_window`.
    """
    rows = []
    for name in names if names is not None else [q.id for q in run.quantities]:
        hours = hours_of_end(run, name, window)
        first, last = baseline(run, name, window), final(run, name, window)
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
                hours,
            )
        )
    return rows


def ranges(
    run: Run, names: Sequence[str], interval: float = INTERVAL, window: AnyWindow | None = None
) -> dict[str, tuple[Figures, Figures]]:
    """Return the lowest and highest value of each quantity: medians over people with the central interval.

    Within the hours of `hours_of_range`.
    """
    start, end = hours_of_range(run, window)
    inside = (run.times >= start - 1e-9) & (run.times <= end + 1e-9)
    result = {}
    for name in names:
        values = resolved(run, name, run[name][:, inside])
        values = values[np.isfinite(values).all(axis=1)]
        low, high = (values.min(axis=1), values.max(axis=1)) if values.size else (values[:, 0], values[:, 0])
        result[name] = middle_and_bounds(low, interval), middle_and_bounds(high, interval)
    return result


def hours_of_range(run: Run, window: AnyWindow | None = None) -> Window:
    """Return the hours in which lowest and highest values are found.

    All of a short plan, from time 0 on; else the judged window.
    """
    if window is None and run.times[-1] <= SHORT and not own_usual_life(run):
        return Window(max(0.0, float(run.times[0])), float(run.times[-1]))
    return judged_window(run, window)


def drift(run: Run, name: str) -> Figures | None:
    """Return the drift of usual life itself, in percent, over the days of `days_of_drift`; None where there are none.

    The effect of a plan is its difference from usual life at the same time, so it contains no drift.
    """
    days = days_of_drift(run)
    if days is None:
        return None
    without = run.without_plan if run.lived else run
    first, last = (mean_between(without, name, DAY_H * (day - 1.0), DAY_H * day) for day in days)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = 100.0 * (last / first - 1.0)
    return middle_and_bounds(moved[np.isfinite(moved)])


def mean_between(run: Run, name: str, start: float, stop: float) -> np.ndarray:
    """Return the mean of a quantity between two times (h), shape (person,), in its unit.

    From the quantity's total where the run has one, else from trapezoids of the stored values.
    """
    if stop <= start:
        return run.at(name, stop)
    total = np.stack([np.interp([start, stop], run.times, person) for person in _total(run, name)])
    return np.asarray((total[:, 1] - total[:, 0]) / (stop - start))


def baseline(run: Run, name: str, window: AnyWindow | None = None) -> np.ndarray:
    """Return the reference of each person's course, shape (person,), in the quantity's unit; see `SummaryRow`."""
    if run.lived:
        without = run.without_plan
        return resolved(without, name, mean_between(without, name, *judged_window(run, window)))
    return final(run, name, window) if own_usual_life(run) else resolved(run, name, run[name][:, 0])


def final(run: Run, name: str, window: AnyWindow | None = None) -> np.ndarray:
    """Return the end of each person's course, shape (person,), in the quantity's unit."""
    start, stop = hours_of_end(run, name, window)
    last = run[name][:, -1] if start == stop == run.times[-1] else mean_between(run, name, start, stop)
    return resolved(run, name, last)


def hours_of_end(run: Run, name: str, window: AnyWindow | None = None) -> Window:
    """Return the hours of the mean that is a quantity's end: the judged window, or of a level at rest its last time."""
    hours = judged_window(run, window)
    if window is not None or run.lived or own_usual_life(run):
        return hours
    at_rest_from = max(float(run.times[0]), float(run.times[-1]) - DAY_H)
    start = at_rest_from if run.quantity(name).kind == "flux" else float(run.times[-1])
    return Window(start, float(run.times[-1]))


def daily_mean(run: Run, name: str) -> np.ndarray:
    """Return the mean of a flux over the 24 hours before each time, shape (person, time), in its unit.

    Before 24 h it is the mean since the start, at the start the flux itself. The mean comes from the quadrature
    state where the run has one (``urine_mna_total`` for ``urine_mna``): a stored grid misses what happens
    between its times. Without one it is the trapezoidal mean of the stored values.
    """
    values, times = run[name], run.times
    total = _total(run, name)
    before = np.maximum(times - DAY_H, times[0])
    width = times - before
    earlier = np.stack([np.interp(before, times, person) for person in total])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (total - earlier) / width
    return np.where(width > 0, mean, values)


def _total(run: Run, name: str) -> np.ndarray:
    """Return the integral of a flux since the start, shape (person, time), in its unit times hours."""
    values, times = run[name], run.times
    integral = next((quantity.id for quantity in run.quantities if quantity.integral_of == name), None)
    if integral is not None:
        return run[integral] * factor(f"{run.quantity(integral).units}/h", run.quantity(name).units)
    pieces = 0.5 * (values[:, 1:] + values[:, :-1]) * np.diff(times)
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(pieces, axis=1)], axis=1)


def middle_and_bounds(values: np.ndarray, interval: float = INTERVAL) -> tuple[float, float, float]:
    """Return the median and the bounds of the central interval, or of few values the lowest and highest.

    Parameters
    ----------
    values : ndarray, shape (person,), in any unit
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
    """Return the share of people beyond either bound: none of fewer than 20, as nobody can then be left out."""
    return (1.0 - interval) / 2.0 if people >= FEWEST else 0.0


def bounds_in_words(people: int) -> str:
    """Return the words for bounds over so many people: ``90 % interval of 64 people`` or ``range of 8 people``."""
    if people == 1:
        return "one person"
    return f"{100 * INTERVAL:.0f} % interval of {people} people" if people >= FEWEST else f"range of {people} people"


def bounds_in_short(people: int) -> str:
    """Return the same for the head of a column: ``90%`` or ``range``."""
    return f"{INTERVAL:.0%}" if people >= FEWEST else "range"


def significant(value: float, digits: int = 3) -> str:
    """Write a number as people read it: ``digits`` significant digits, no exponent between 0.001 and 100 000."""
    if not np.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    magnitude = int(np.floor(np.log10(abs(value))))
    if magnitude < -3 or magnitude >= 5:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{max(digits - 1 - magnitude, 0)}f}"
