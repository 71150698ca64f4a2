"""Figures that a study derives from what it measured: change with age, apparent clearance, yield of tryptophan."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nadflux.plans.catalogue import shipped
from nadflux.studies.published.arm_mean import Statistic

Array = NDArray[np.float64]

AGAINST_AGE = " against age"
CLEARANCE = " apparent clearance"
PERCENT = 100.0
TRYPTOPHAN = "tryptophan per niacin equivalent"
NIACIN_METABOLITES = ("MNA", "2PY")
"""Metabolites summed in the studies that compared tryptophan with niacin in urine."""


class Dosed(Protocol):
    """Simulated people who took something."""

    def dose(self, start: float, end: float) -> float:
        """Return the µmol given to one person from ``start`` (included) to ``end`` (excluded), hours."""


def base_label(observable: str) -> tuple[str, str]:
    """Return the label of the measured quantity and the derived figure, which is empty for a plain label."""
    if observable == TRYPTOPHAN:
        return "", TRYPTOPHAN
    for words in (AGAINST_AGE, CLEARANCE):
        if observable.endswith(words):
            return observable.removesuffix(words), words
    return observable, ""


def slope_over_age(values: Array, age: Array, repeat_sd: float) -> Statistic:
    """Return the relative change per year across the people of an arm: the least-squares slope of the logarithm.

    Parameters
    ----------
    values, age : array (draw, person)
        Level at one time in any unit; age in years.
    repeat_sd : float
        Repeat error of the assay, natural log.

    Returns
    -------
    Statistic
        Linear, % per year; NaN for a draw of people of one age.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(values)
    both = np.isfinite(logs) & np.isfinite(age)
    count = both.sum(axis=1).astype(float)
    x, y = _centred(age, both, count), _centred(logs, both, count)
    squares = (x**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (x * y).sum(axis=1) / squares
        left = ((y - slope[:, None] * x) ** 2 * both).sum(axis=1) / np.maximum(count - 2.0, 1.0)
        # the variance of a slope is that of the residuals over n times the variance of age
        variance = (left + repeat_sd**2) * count / squares
    slope, variance = PERCENT * slope, PERCENT**2 * variance
    flat = ~(squares > 0) | (count < 3)
    return Statistic(np.where(flat, np.nan, slope), np.where(flat, np.nan, variance), count, linear=True)


def clearance(people: Dosed, window: tuple[float, float], area: Array) -> Array:
    """Return the apparent clearance: dose over the area under the curve.

    Parameters
    ----------
    people : Dosed
    window : (float, float)
        Start and end, h.
    area : ndarray, shape (draw, person)
        µM·h.

    Returns
    -------
    ndarray, shape (draw, person)
        L/h.
    """
    return people.dose(*window) / area


def dose_per_excreted(people: Dosed, window: tuple[float, float], excreted: Array) -> Array:
    """Return the moles given per mole excreted above rest.

    Parameters
    ----------
    people : Dosed
    window : (float, float)
        Start and end, h.
    excreted : ndarray, shape (draw, person)
        Amount above rest, µmol.

    Returns
    -------
    ndarray, shape (draw, person)
        In mol/mol; NaN if no more than at rest is excreted.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(excreted > 0, people.dose(*window) / excreted, np.nan)


def tryptophan_mass_ratio() -> float:
    """Return the molar mass of tryptophan over that of niacin."""
    compounds = shipped().compounds
    return compounds["tryptophan"].molar_mass / compounds["NA"].molar_mass


def _centred(values: Array, both: NDArray[np.bool_], count: Array) -> Array:
    mean = np.where(both, values, 0.0).sum(axis=1) / np.maximum(count, 1.0)
    return np.where(both, values - mean[:, None], 0.0)
