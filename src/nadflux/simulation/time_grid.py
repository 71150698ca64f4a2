"""The times at which results are stored."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.units import DAY_H

_STEPS = ((4.0, 0.25), (14.0, 1.0), (math.inf, 4.0))  # runs of up to so many days: hours between stored times
_LIVED_STEP = 2.0  # at most, where meals and sleep make days: fewer would miss them
_MOST_STEPS = 200  # of a run of hours, unless its hours are fewer
_LONGEST_H = 24 * 366


def stored_times(times: Sequence[float] | np.ndarray | None, end: float, start: float = 0.0) -> np.ndarray:
    """Return the times (h) to store, shape (time,): those asked for, or more of them where a run is short.

    Parameters
    ----------
    times : array (time,), h, optional
    end : float
        End of the run, h.
    start : float
        Start of usual days before time 0, h; the grid is then one of days.

    Raises
    ------
    ValueOutOfRangeError
        For times that are not finite, are negative, or decrease.
    """
    if times is not None:
        grid = np.asarray(times, dtype=float)
        if grid.ndim != 1 or not grid.size or not np.all(np.isfinite(grid)) or grid[0] < 0:
            raise ValueOutOfRangeError("times must be a list of finite hours, none negative")
        if np.any(np.diff(grid) < 0):
            raise ValueOutOfRangeError("times must be in increasing order")
        return grid
    step = next(step for days, step in _STEPS if end <= days * DAY_H)
    if start < 0:
        return _days_grid(end, start, min(step, _LIVED_STEP))
    return np.append(np.arange(0.0, end, step), end)


def solved_times(grid: np.ndarray, start: float) -> np.ndarray:
    """Return the stored times (h), shape (time,), with time 0 before them where usual days start before it.

    Totals count from time 0: what was excreted before it, in usual days, is subtracted.

    Parameters
    ----------
    grid : ndarray, shape (time,), h
    start : float
        Start of usual days, h.
    """
    return grid if start == 0 or 0.0 in grid else np.append(0.0, grid)


def increasing_times(times: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return times (h) to report, shape (time,), which must increase from 0 on.

    Parameters
    ----------
    times : array, shape (time,), h

    Raises
    ------
    ValueOutOfRangeError
        Where they are not finite, or do not increase from 0 on.
    """
    grid = np.asarray(times, dtype=float)
    if grid.ndim != 1 or grid.size == 0 or grid[0] < 0 or np.any(np.diff(grid) <= 0) or not np.isfinite(grid).all():
        raise ValueOutOfRangeError("times must be finite, 0 h or later, and increase")
    return grid


def hourly_times(hours: float) -> np.ndarray:
    """Return times (h) of a run of so many hours, shape (time,): each hour, or fewer of a long one.

    Raises
    ------
    ValueOutOfRangeError
        For a length that is not above 0 or beyond a year.
    """
    if not (isinstance(hours, int | float) and 0 < hours < _LONGEST_H):
        raise ValueOutOfRangeError(f"a tracer run of {hours} h; give a number above 0 up to a year ({_LONGEST_H} h)")
    return np.append(np.arange(0.0, hours, max(1.0, np.ceil(hours / _MOST_STEPS))), float(hours))


def _days_grid(end: float, start: float, step: float) -> np.ndarray:
    """Return times for days of meals: fine before time 0 and in the last day, every ``step`` hours between."""
    last = max(0.0, end - DAY_H)
    fine = _STEPS[0][1]
    parts = (np.arange(max(start, -DAY_H), 0.0, fine), np.arange(0.0, last, step), np.arange(last, end, fine), [end])
    return np.concatenate(parts)
