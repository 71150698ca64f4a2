"""Scores of a predicted interval against a published figure.

All are taken on the logarithm of the figure, so that twice and half are equally wrong: a change of +51 %
is scored as a ratio of 1.51. The interval score is that of Gneiting & Raftery 2007 (doi
10.1198/016214506000001437), negatively oriented: width, plus 2/α times the distance from the interval.
"""

from __future__ import annotations

import math

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
