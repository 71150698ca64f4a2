"""Weights of drawn people by how well they agree with measured values, and the choice of people by them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.inference.measured.reading import MeasuredValue
from nadflux.simulation.run import Quantity
from nadflux.simulation.summary import FEWEST, significant
from nadflux.simulation.unit_of_quantity import in_unit
from nadflux.studies.published.measurement import Measurement

_NEAR = 4.0  # standard deviations of the assay within which somebody must be


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of people who were drawn.

    Attributes
    ----------
    weights : ndarray, shape (person,), dimensionless
        They sum to 1.
    nearest : float
        Distance of the person who agrees best, in standard deviations of the assay.
    """

    weights: np.ndarray
    nearest: float

    @property
    def effective(self) -> float:
        """Effective sample size: of how many people with equal weights the weighted ones are worth (Kish 1965)."""
        return float(1.0 / np.sum(self.weights**2))

    def check(self, fewest: int, values: Sequence[MeasuredValue], drawn: Sequence[np.ndarray]) -> None:
        """Refuse weights that rest on too few people.

        Parameters
        ----------
        fewest : int
            Least effective sample size.
        values : sequence of MeasuredValue
        drawn : sequence of ndarray, shape (person,)
            The people's own values of each, in its unit.

        Raises
        ------
        ValueOutOfRangeError
            Says how many people would be needed, or that nobody is near.
        """
        said = "; ".join(
            f"{one}, drawn {significant(float(np.nanmin(own)))} to {significant(float(np.nanmax(own)))}"
            for one, own in zip(values, drawn, strict=True)
        )
        if self.nearest > _NEAR:
            raise ValueOutOfRangeError(
                f"none of {self.weights.size} people drawn is near what was measured ({said}): the nearest is "
                f"{self.nearest:.1f} standard deviations of the assay away; check value, unit and storage"
            )
        if self.effective < fewest:
            needed = math.ceil(self.weights.size * fewest / self.effective * 1.2 / 100) * 100
            raise ValueOutOfRangeError(
                f"what was measured leaves an effective sample of {self.effective:.1f} of {self.weights.size} people "
                f"drawn ({said}), fewer than {fewest}; about {needed} people would be needed (--draws {needed})"
            )


def weights_of(
    values: Sequence[MeasuredValue],
    quantities: Sequence[Quantity],
    drawn: Sequence[np.ndarray],
    measurement: Measurement,
    fewest: int = FEWEST,
) -> Weights:
    """Return the weight of each person: the likelihood of the measured values, were they theirs.

    Values are lognormal about a person's own, by ``biology/measurement/assays.csv``: the error of one measurement, the
    scale of a laboratory, which values of one matrix share, and what is lost on freezing.

    Parameters
    ----------
    values : sequence of MeasuredValue
    quantities : sequence of Quantity
        Of the run of the people drawn, one for each value.
    drawn : sequence of ndarray, shape (person,)
        The people's own values, one for each value, in the unit of its quantity; NaN for who failed.
    measurement : Measurement
    fewest : int
        Least effective sample size.

    Raises
    ------
    ValueOutOfRangeError
        Where too few people agree; says how many would be needed.
    UnitError
        For a unit that does not fit its quantity.
    UnknownNameError
        For a storage without a row for its matrix.
    """
    own = [in_unit(1.0, one.unit, quantity) for one, quantity in zip(values, quantities, strict=True)]
    kept = np.array([measurement.retained(q.matrix, one.storage) for one, q in zip(values, quantities, strict=True)])
    target = np.log([one.value * scale for one, scale in zip(values, own, strict=True)]) - np.log(kept)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.log(np.stack(drawn, axis=1)) - target
    inverse = np.linalg.inv(covariance(values, quantities, measurement))
    distance = np.einsum("pi,ij,pj->p", apart, inverse, apart)
    distance = np.where(np.isfinite(distance), distance, np.inf)
    nearest = float(distance.min())
    if not math.isfinite(nearest):
        raise ValueOutOfRangeError("nobody who was drawn has these values; check what was measured")
    raw = np.exp(-0.5 * (distance - nearest))
    found = Weights(raw / raw.sum(), math.sqrt(nearest))
    shown = [values_ / scale for values_, scale in zip(drawn, own, strict=True)]
    found.check(fewest, values, shown)
    return found


def covariance(values: Sequence[MeasuredValue], quantities: Sequence[Quantity], measurement: Measurement) -> np.ndarray:
    """Return the covariance of the logarithms of measured values about a person's own, shape (value, value)."""
    found = np.zeros((len(values), len(values)))
    for i, (one, first) in enumerate(zip(values, quantities, strict=True)):
        found[i, i] = measurement.repeat_sd(first.matrix) ** 2 + measurement.retained_sd(first.matrix, one.storage) ** 2
        for j, second in enumerate(quantities):
            if first.matrix == second.matrix:
                found[i, j] += measurement.laboratory_sd(first.matrix) ** 2
    return found


def chosen_by_weight(weights: np.ndarray, count: int) -> np.ndarray:
    """Return positions of people chosen by their weights, shape (count,), in order; the same every time.

    Systematic resampling (Kitagawa 1996, J Comput Graph Stat 5:1) with the middle of each step instead of a random
    place in it: whoever has weight w is chosen w · count times, rounded up or down.

    Parameters
    ----------
    weights : ndarray, shape (person,), dimensionless
    count : int

    Examples
    --------
    >>> chosen_by_weight(np.array([0.5, 0.0, 0.25, 0.25]), 4).tolist()
    [0, 0, 2, 3]
    """
    steps = (np.arange(count) + 0.5) / count
    return np.searchsorted(np.cumsum(weights) / weights.sum(), steps)
