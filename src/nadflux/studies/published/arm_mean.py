"""The predictive distribution of an arm's mean: typical person, the trial's n, and the assay.

People are simulated in K draws of the typical values with M people each. For each draw the arm statistic
(a mean, or a ratio of means) and its per-person influence (delta method) give a log estimate and a
between-person variance. The variance of the K estimates includes the noise of having only M people, which is
subtracted by the method of moments (one-way random effects). Around each draw the mean of the trial's own n
people varies with variance/n, and assay error and laboratory scale add to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]
_QUANTILES = 256


@dataclass(frozen=True)
class Statistic:
    """An arm statistic per draw of the typical values.

    Attributes
    ----------
    centre : array (draw,)
        Natural log of the statistic (or the statistic itself where ``linear``).
    variance : array (draw,)
        Per-person variance of that estimate: divide by the number of people.
    people : array (draw,)
        Simulated people behind each estimate.
    linear : bool
        Whether the scale is linear (a slope may be negative).
    """

    centre: Array
    variance: Array
    people: Array
    linear: bool = False

    def minus(self, other: Statistic) -> Statistic:
        """Return the log ratio of two independent arms under the same typical values; variances add."""
        return Statistic(
            self.centre - other.centre,
            self.variance + other.variance,
            np.minimum(self.people, other.people),
            self.linear,
        )


def mean_statistic(values: Array, linear: bool = False) -> Statistic:
    """Return the statistic of an arithmetic mean over people.

    Parameters
    ----------
    values : ndarray, shape (draw, person)
        In the unit of the figure; people with NaN are left out.
    linear : bool
        Keep the linear scale instead of the logarithm.
    """
    people = np.sum(np.isfinite(values), axis=1).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _nanmean(values)
        if linear:
            return Statistic(mean, _nanvar(values), people, True)
        return Statistic(np.log(mean), _nanvar(values) / mean**2, people)


def ratio_statistic(values: Array, reference: Array) -> Statistic:
    """Return the statistic of the ratio of arm means of the same people at two times.

    Parameters
    ----------
    values, reference : ndarray, shape (draw, person)
        In one unit.
    """
    both = np.isfinite(values) & np.isfinite(reference)
    values, reference = np.where(both, values, np.nan), np.where(both, reference, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        top, bottom = _nanmean(values), _nanmean(reference)
        influence = values / top[:, None] - reference / bottom[:, None]
        return Statistic(np.log(top / bottom), _nanvar(influence), np.sum(both, axis=1).astype(float))


def predictive(statistic: Statistic, n: float, error_variance: float) -> Array:
    """Return samples of the arm statistic as the trial would see it, on the scale of ``statistic.centre``.

    Parameters
    ----------
    statistic : Statistic
    n : float
        People in the trial's arm.
    error_variance : float
        Variance of assay and laboratory on the same scale, already divided by n where it averages out.

    Returns
    -------
    array (sample,)
        Empty if no draw could be computed. Deterministic: the normal part is a grid of equal steps in
        probability.
    """
    centre, variance = _known(statistic)
    if centre.size == 0:
        return np.empty(0)
    step = ndtri((np.arange(_QUANTILES) + 0.5) / _QUANTILES)
    spread = np.sqrt(variance / max(n, 1.0) + error_variance)
    return np.asarray((centre[:, None] + spread[:, None] * step).ravel(), dtype=np.float64)


def components(
    statistic: Statistic, n: float, error_variances: Mapping[str, float], coverage: float = 0.9
) -> dict[str, tuple[float, float]]:
    """Return the interval from each source of spread alone, on the scale of ``statistic.centre``.

    Parameters
    ----------
    statistic : Statistic
    n : float
        People in the trial's arm.
    error_variances : mapping of str to float
        Variances added to the simulated figure, by name.
    coverage : float

    Returns
    -------
    dict
        ``parameters`` (the draws of the typical values), ``people`` (sampling of n people), and the names of
        ``error_variances``; all around the same median. Empty if no draw could be computed.
    """
    centre, variance = _known(statistic)
    if centre.size == 0:
        return {}
    tail = 50 * (1 - coverage)
    low, middle, high = np.percentile(centre, [tail, 50, 100 - tail])
    found = {"parameters": (float(low), float(high))}
    variances = {"people": float(np.mean(variance)) / max(n, 1.0), **error_variances}
    for name, value in variances.items():
        reach = float(ndtri(0.5 + coverage / 2) * np.sqrt(value))
        found[name] = (float(middle) - reach, float(middle) + reach)
    return found


def _known(statistic: Statistic) -> tuple[Array, Array]:
    """Return centre and between-person variance (draw,) of draws with both, without the noise of few people."""
    good = np.isfinite(statistic.centre) & np.isfinite(statistic.variance)
    centre, variance, people = statistic.centre[good], statistic.variance[good], statistic.people[good]
    if centre.size > 1:
        middle = float(np.mean(centre))
        total = float(np.var(centre, ddof=1))
        noise = float(np.mean(variance / np.maximum(people, 1.0)))
        kept = np.sqrt(max(0.0, total - noise) / total) if total > 0 else 0.0
        centre = middle + kept * (centre - middle)
    if variance.size:
        # The variance of one draw is imprecise with few people, so it is averaged with that of all draws.
        variance = 0.5 * (variance + np.mean(variance))
    return centre, variance


def _nanmean(values: Array) -> Array:
    count = np.sum(np.isfinite(values), axis=1)
    total = np.nansum(values, axis=1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan), dtype=np.float64)


def _nanvar(values: Array) -> Array:
    """Return the unbiased variance over people; 0 if only one is left."""
    count = np.sum(np.isfinite(values), axis=1)
    squares = np.nansum((values - _nanmean(values)[:, None]) ** 2, axis=1)
    return np.asarray(np.where(count > 0, squares / np.maximum(count - 1, 1), np.nan), dtype=np.float64)
