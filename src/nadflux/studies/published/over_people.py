"""Figures over the people of an arm that are no mean: their maximum, and a correlation between two quantities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from nadflux.studies.published.arm_mean import Statistic

Array = NDArray[np.float64]

_FEWEST = 4  # people behind a correlation
_CLOSE = 0.9999999


def maximum_statistic(values: Array, n: int, repeat_variance: float) -> Statistic:
    """Return the statistic of the largest of n people, each measured once.

    People are lognormal around each draw; the largest of n is taken as normal on the logarithm, with the median and the
    central 68 % of the exact distribution.

    Parameters
    ----------
    values : ndarray, shape (draw, person)
        In the unit of the figure.
    n : int
        People in the trial's arm.
    repeat_variance : float
        Of one measurement, natural log.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(values)
    logs = np.where(np.isfinite(logs), logs, np.nan)
    count = np.isfinite(logs).sum(axis=1).astype(float)
    known = count > 1
    middle = np.where(known, np.nansum(logs, axis=1) / np.maximum(count, 1.0), np.nan)
    between = np.nansum((logs - middle[:, None]) ** 2, axis=1) / np.maximum(count - 1.0, 1.0)
    variance = np.where(known, between, np.nan) + repeat_variance
    low, centre, high = (float(ndtri(ndtr(z) ** (1.0 / n))) for z in (-1.0, 0.0, 1.0))
    spread = 0.5 * (high - low)
    # The variance is divided by n where the trial's people are sampled, and by the people simulated where their noise
    # is taken off: of a mean plus `centre` standard deviations.
    noise = (1.0 + 0.5 * centre**2) / np.maximum(count, 1.0)
    share = n * spread**2
    return Statistic(middle + np.sqrt(variance) * centre, variance * share, share / noise)


def correlation_statistic(first: Array, second: Array, reliability: float) -> Statistic:
    """Return the statistic of the correlation between two quantities over people, as Fisher's z.

    Parameters
    ----------
    first, second : ndarray, shape (draw, person)
        Natural logarithms of levels (no unit), or ages in years.
    reliability : float
        Share of the variance between people in what is measured, from 0 to 1, by which the correlation shrinks.

    Returns
    -------
    Statistic
        Linear; its variance is to be divided by n - 3. NaN for draws of fewer than four people.
    """
    both = np.isfinite(first) & np.isfinite(second)
    count = both.sum(axis=1).astype(float)
    x, y = (_centred(values, both, count) for values in (first, second))
    with np.errstate(invalid="ignore", divide="ignore"):
        r = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    z = np.arctanh(np.clip(r * reliability, -_CLOSE, _CLOSE))
    z = np.where(count >= _FEWEST, z, np.nan)
    return Statistic(z, np.where(np.isfinite(z), 1.0, np.nan), np.maximum(count - 3.0, 1.0), True)


def reliability_of(logs: Array, repeat_variance: float) -> float:
    """Return the root of the share of the variance over people that is theirs and not the assay's.

    Parameters
    ----------
    logs : ndarray, shape (draw, person)
        Natural logarithms of levels.
    repeat_variance : float
        Of one measurement, natural log.
    """
    between = float(np.nanmean(np.nanvar(logs, axis=1, ddof=1)))
    return float(np.sqrt(between / (between + repeat_variance))) if between > 0 else 0.0


def _centred(values: Array, both: NDArray[np.bool_], count: Array) -> Array:
    mean = np.where(both, values, 0.0).sum(axis=1) / np.maximum(count, 1.0)
    return np.where(both, values - mean[:, None], 0.0)
