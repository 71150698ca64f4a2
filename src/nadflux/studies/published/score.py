"""Scores of a predicted interval against a published figure.

All are taken on the logarithm of the figure, so that twice and half are equally wrong: a change of +51 %
is scored as a ratio of 1.51. The interval score is that of Gneiting & Raftery 2007 (doi
10.1198/016214506000001437), negatively oriented: width, plus 2/α times the distance from the interval.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.1


def fold_error(predicted: float, observed: float) -> float:
    """Return the fold error (≥ 1), too high or too low; NaN if either number is not above zero."""
    if not (predicted > 0 and observed > 0):
        return math.nan
    return math.exp(abs(math.log(predicted / observed)))


def interval_score(low: float, high: float, observed: float, alpha: float = ALPHA) -> float:
    """Return the interval score on the log scale; lower is better.

    Parameters
    ----------
    low, high : float
        Ends of the central (1 − alpha) interval, as ratio or level, above zero.
    observed : float
        Published figure on the same scale.
    alpha : float
        Probability outside the interval.

    Returns
    -------
    float
        In units of natural logarithm; NaN if one of the three is not above zero.
    """
    if not (low > 0 and high > 0 and observed > 0):
        return math.nan
    bottom, top, seen = math.log(low), math.log(high), math.log(observed)
    return (top - bottom) + 2 / alpha * (max(0.0, bottom - seen) + max(0.0, seen - top))


def normal_crps(mean: float, sd: float, observed: float) -> float:
    """Return the continuous ranked probability score of a normal distribution; lower is better.

    Parameters
    ----------
    mean, sd, observed : float
        Natural logarithms.
    """
    if sd <= 0:
        return abs(observed - mean)
    z = (observed - mean) / sd
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return sd * (z * math.erf(z / math.sqrt(2.0)) + 2.0 * density - 1.0 / math.sqrt(math.pi))


def sample_crps(samples: NDArray[np.float64], observed: float) -> float:
    """Return the continuous ranked probability score of samples, Gneiting & Raftery 2007 as above; lower is better.

    Parameters
    ----------
    samples : ndarray, shape (sample,)
        Natural logarithms.
    observed : float
        On the same scale.
    """
    ordered = np.sort(samples)
    count = len(ordered)
    ranks = 2.0 * np.arange(1, count + 1) - count - 1.0
    between = 2.0 * float(ranks @ ordered) / count**2
    return float(np.mean(np.abs(ordered - observed))) - 0.5 * between


def sign_of(ratio: float, band_percent: float) -> str:
    """Return ``up``, ``down``, or ``none`` within ± ``band_percent``."""
    change = 100 * (ratio - 1)
    if change > band_percent:
        return "up"
    return "down" if change < -band_percent else "none"


def bound_error(predicted: float, limit: float, bound: str) -> float:
    """Return the fold by which a prediction breaks a bound (1 if kept; NaN if the ratio is undefined)."""
    kept = predicted <= limit if bound == "at most" else predicted >= limit
    return 1.0 if kept else fold_error(predicted, limit)
