"""Endpoints per person: level, slope, peak, time of peak, AUC, half-life, recovery."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from nadflux.studies.published.quantities import parse_time, parse_window
from nadflux.studies.published.schema import Observation

Array = NDArray[np.float64]
_STEPS_SHORT = 240  # a day or less: 6 min at most
_STEPS_LONG_H = 0.25
_STEPS_MOST = 1440
_FIT_STEPS = 48
_FEWEST_POINTS = 8


def times_needed(row: Observation) -> Array:
    """Return the times at which a row's observables must be known.

    Returns
    -------
    ndarray, shape (time,)
        Time since the first dose, h, sorted; 0 (baseline) is included.
    """
    times = [np.zeros(1)]
    if row.at is not None:
        times.append(np.array([parse_time(row.at)]))
    if row.reference is not None and row.reference[0].isdigit():
        times.append(np.array([parse_time(row.reference)]))
    if row.window is not None:
        start, end = parse_window(row.window)
        quantity = row.figure
        if quantity in ("slope", "half-life"):
            steps = _FIT_STEPS
        elif quantity == "auc" and row.matrix.casefold() == "urine":
            steps = 1
        else:
            steps = min(_STEPS_MOST, max(_STEPS_SHORT, int(np.ceil((end - start) / _STEPS_LONG_H))))
        times.append(np.linspace(start, end, steps + 1))
    return np.unique(np.concatenate(times))


def figure(row: Observation, time: Array, values: Array, *, relative: bool = False) -> Array:
    """Return a row's quantity for each person, not yet divided by a baseline or another arm.

    Parameters
    ----------
    row : Observation
    time : array (time,)
        Time since the first dose, h, increasing; includes `times_needed`.
    values : array (..., time)
        The row's observable in its own unit.
    relative : bool
        Whether the figure is to be divided by that of the reference: nothing is then subtracted from an area.

    Returns
    -------
    array (...,)
        In the observable's unit (value, peak, mean), that unit per hour (slope) or times hour (auc), or hours
        (tmax, half-life); NaN for a person without such a figure, e.g. a half-life without a decline.
    """
    quantity = row.figure
    if quantity in ("value", "correlation"):
        assert row.at is not None
        return values[..., _index(time, parse_time(row.at))]
    assert row.window is not None
    start, end = parse_window(row.window)
    inside = slice(_index(time, start), _index(time, end) + 1)
    t, y = time[inside], values[..., inside]
    baseline = values[..., :1]
    if quantity == "peak":
        return _peak(t, y)[0]
    if quantity == "tmax":
        return _peak(t, y)[1]
    if quantity == "mean":
        return _area(t, y, 0.0) / (end - start)
    if quantity == "auc":
        return _area(t, y, baseline if row.reference == "baseline" and not relative else 0.0)
    if quantity == "half-life":
        return _half_life(t, y - baseline if row.reference == "baseline" else y)
    return _line(t, y)


def area_within(row: Observation, time: Array, values: Array) -> Array:
    """Return the area under the curve within a row's window, for each person.

    Parameters
    ----------
    row : Observation
    time : ndarray, shape (time,)
        Time since the first dose, h.
    values : ndarray, shape (..., time)
        In the observable's unit.

    Returns
    -------
    ndarray, shape (...,)
        In the observable's unit times hour.
    """
    assert row.window is not None
    start, end = parse_window(row.window)
    inside = slice(_index(time, start), _index(time, end) + 1)
    return _area(time[inside], values[..., inside], 0.0)


def recovered(row: Observation, time: Array, totals: Array, resting_rate: Array, *, above_rest: bool = False) -> Array:
    """Return the amount excreted within a row's window, for each person.

    Parameters
    ----------
    row : Observation
    time : ndarray, shape (time,)
        Time since the first dose, h.
    totals : array (..., time)
        Amount excreted since the start, in any unit.
    resting_rate : array (...,)
        Excretion per hour before the dose, in the unit of ``totals``; subtracted if the row says ``from: baseline``.
    above_rest : bool
        Subtract it in any case.

    Returns
    -------
    ndarray, shape (...,)
        In the unit of ``totals``.
    """
    assert row.window is not None
    start, end = parse_window(row.window)
    amount = totals[..., _index(time, end)] - totals[..., _index(time, start)]
    above = above_rest or row.reference == "baseline"
    return np.asarray(amount - resting_rate * (end - start) if above else amount)


def resting_figure(row: Observation, level: Array) -> Array:
    """Return what a row's figure would be if a level stayed as it is.

    Parameters
    ----------
    row : Observation
    level : ndarray, shape (...,)
        In the observable's unit.

    Returns
    -------
    ndarray, shape (...,)
        The level, or times the hours of the window for an area.
    """
    if row.figure != "auc":
        return level
    assert row.window is not None
    start, end = parse_window(row.window)
    return np.asarray(level * (end - start))


def value_at(time: Array, values: Array, at: str) -> Array:
    """Return the observable at a time in words such as ``"14 d"``.

    Parameters
    ----------
    time : ndarray, shape (time,)
        Time since the first dose, h.
    values : ndarray, shape (..., time)
        In the observable's unit.
    at : str

    Returns
    -------
    ndarray, shape (...,)
        In the observable's unit.
    """
    return np.asarray(values[..., _index(time, parse_time(at))])


def _index(time: Array, at: float) -> int:
    index = int(np.argmin(np.abs(time - at)))
    assert abs(time[index] - at) < 1e-6, f"time {at} h was not simulated"
    return index


def _peak(t: Array, y: Array) -> tuple[Array, Array]:
    """Return height and time of the highest point, by a parabola through it and its neighbours."""
    flat = y.reshape(-1, y.shape[-1])
    failed = ~np.isfinite(flat).all(axis=1)
    top = np.argmax(np.where(np.isfinite(flat), flat, -np.inf), axis=1)
    middle = np.clip(top, 1, len(t) - 2) if len(t) > 2 else top
    row = np.arange(flat.shape[0])
    height, when = flat[row, top].copy(), t[top].copy()
    if len(t) > 2:
        y0, y1, y2 = flat[row, middle - 1], flat[row, middle], flat[row, middle + 1]
        curve = y0 - 2 * y1 + y2
        inner = (top == middle) & (curve < 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            shift = np.where(inner, 0.5 * (y0 - y2) / np.where(curve == 0, 1.0, curve), 0.0)
        height += np.where(inner, -0.25 * (y0 - y2) * shift, 0.0)
        when += np.where(inner, shift * np.gradient(t)[middle], 0.0)
    height[failed], when[failed] = np.nan, np.nan
    return height.reshape(y.shape[:-1]), when.reshape(y.shape[:-1])


def _area(t: Array, y: Array, baseline: Array | float) -> Array:
    above = y - baseline
    return np.asarray((0.5 * (above[..., 1:] + above[..., :-1]) * np.diff(t)).sum(axis=-1))


def _half_life(t: Array, y: Array) -> Array:
    """Return the half-life from the slope of the logarithm after the person's peak in the window.

    NaN if too little of the window is left after the peak, or the curve does not fall or is not above zero.
    """
    flat = y.reshape(-1, y.shape[-1])
    failed = ~np.isfinite(flat).all(axis=1)
    falling = np.arange(t.size) >= np.argmax(np.where(np.isfinite(flat), flat, -np.inf), axis=1)[:, None]
    falling &= flat > 0
    count = falling.sum(axis=1)
    logs = np.log(np.where(falling, flat, 1.0))
    weights = np.maximum(count, 1)[:, None]
    centred = np.where(falling, t - (t * falling).sum(axis=1)[:, None] / weights, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (logs * centred).sum(axis=1) / (centred**2).sum(axis=1)
        half = np.where(slope < 0, np.log(2) / -slope, np.nan)
    half[failed | (count < _FEWEST_POINTS)] = np.nan
    return half.reshape(y.shape[:-1])


def _line(t: Array, y: Array) -> Array:
    """Return the least-squares slope over time; NaN if any point is missing."""
    centred = t - t.mean()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray((y * centred).sum(axis=-1) / (centred**2).sum())
