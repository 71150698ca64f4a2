"""Areas under concentrations: linear where they rise, logarithmic where they fall."""

from __future__ import annotations

import numpy as np


def area_linear_up_log_down(hours: np.ndarray, values: np.ndarray) -> float:
    """Return the area under a course by the linear-up log-down trapezoidal rule.

    Between two values the course is a straight line where it rises, stays or touches 0, and an exponential where it
    falls, as elimination is (Purves RD 1992, J Pharmacokinet Biopharm 20:211).

    Parameters
    ----------
    hours : ndarray, shape (time,), h
    values : ndarray, shape (time,), any unit, none negative

    Returns
    -------
    float
        In that unit times hours.

    Examples
    --------
    >>> import numpy as np
    >>> hours = np.array([0.0, 1.0, 5.0])
    >>> round(area_linear_up_log_down(hours, np.exp(-hours)), 9), round(float(1.0 - np.exp(-5.0)), 9)
    (0.993262053, 0.993262053)
    """
    first, second, step = values[:-1], values[1:], np.diff(hours)
    falls = (second < first) & (second > 0)
    straight = 0.5 * (first + second) * step
    with np.errstate(divide="ignore", invalid="ignore"):
        curved = (first - second) * step / np.log(first / second)
    return float(np.where(falls, curved, straight).sum())


def value_at(hours: np.ndarray, values: np.ndarray, hour: float) -> float:
    """Return the value at an hour between two samples, by the same rule; NaN outside of them.

    Parameters
    ----------
    hours : ndarray, shape (time,), h
    values : ndarray, shape (time,), any unit, none negative
    hour : float, h
    """
    if not (hours.size and hours[0] <= hour <= hours[-1]):
        return float("nan")
    after = int(np.searchsorted(hours, hour))
    if hours[after] == hour:
        return float(values[after])
    share = (hour - hours[after - 1]) / (hours[after] - hours[after - 1])
    first, second = float(values[after - 1]), float(values[after])
    if 0 < second < first:
        return float(first * (second / first) ** share)
    return float(first + share * (second - first))
