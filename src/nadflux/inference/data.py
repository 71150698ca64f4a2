"""Prior and data of a fit: independent parameters, and data with their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from nadflux.errors import ValueOutOfRangeError

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Origins = NDArray[np.int64]
"""The independent start that each sample descends from."""
Kind = Literal["value", "at least", "at most"]

_HALF_LOG_TWO_PI = 0.5 * float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class Prior:
    """Independent normal priors on the unconstrained scale.

    Attributes
    ----------
    names : tuple of str
        Parameters, in the order of the columns of every ensemble.
    mean, sd : ndarray, shape (parameter,)
        On the unconstrained scale (a logarithm, a logit, a normal score: the caller's choice).
    """

    names: tuple[str, ...]
    mean: Array
    sd: Array

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.mean) == len(self.sd) or not self.names:
            raise ValueOutOfRangeError("a prior needs a name, mean and sd for each of one or more parameters")
        if not (np.isfinite(self.mean).all() and np.isfinite(self.sd).all() and (self.sd > 0).all()):
            raise ValueOutOfRangeError("prior means must be finite, prior sds finite and above zero")

    @classmethod
    def standard(cls, names: Sequence[str]) -> Prior:
        """Return standard-normal priors."""
        return cls(tuple(names), np.zeros(len(names)), np.ones(len(names)))

    def to_parameters(self, scores: Array) -> Array:
        """Return scores on the unconstrained scale.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised, no unit.

        Returns
        -------
        ndarray, shape (member, parameter)
            On the unconstrained scale of the prior, no unit.
        """
        return self.mean + self.sd * scores

    def to_scores(self, parameters: Array) -> Array:
        """Return prior-standardised scores of parameters.

        Parameters
        ----------
        parameters : ndarray, shape (member, parameter)
            On the unconstrained scale of the prior, no unit.

        Returns
        -------
        ndarray, shape (member, parameter)
            Prior-standardised, no unit.
        """
        return (parameters - self.mean) / self.sd


@dataclass(frozen=True)
class Data:
    """Independent data with normal errors; a bound is a datum with only one known side.

    Attributes
    ----------
    names : tuple of str
        One per datum.
    groups : tuple of str
        The study that each datum belongs to.
    values, sd : ndarray, shape (datum,)
        On the scale on which the error is normal (usually a logarithm).
    kinds : tuple of {"value", "at least", "at most"}
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    values: Array
    sd: Array
    kinds: tuple[Kind, ...]

    def __post_init__(self) -> None:
        lengths = {len(self.names), len(self.groups), len(self.values), len(self.sd), len(self.kinds)}
        if len(lengths) != 1 or not self.names:
            raise ValueOutOfRangeError(
                "data need one name, group, value, sd and kind per datum, and at least one datum"
            )
        bad = [n for n, v, s in zip(self.names, self.values, self.sd, strict=True) if not (np.isfinite(v) and s > 0)]
        if bad:
            raise ValueOutOfRangeError(f"datum {bad[0]!r} needs a finite value and an sd above zero")

    @property
    def studies(self) -> tuple[str, ...]:
        """The groups, each once, in order of appearance."""
        return tuple(dict.fromkeys(self.groups))

    def of(self, study: str) -> Mask:
        """Return a mask, shape (datum,), of the data of ``study``."""
        return np.array([group == study for group in self.groups])

    def subset(self, mask: Mask) -> Data:
        """Return the data of a mask, shape (datum,)."""
        chosen = np.flatnonzero(mask)
        return Data(
            tuple(self.names[k] for k in chosen),
            tuple(self.groups[k] for k in chosen),
            self.values[chosen],
            self.sd[chosen],
            tuple(self.kinds[k] for k in chosen),
        )

    def residuals(self, predictions: Array) -> Array:
        """Return standardised residuals: (prediction - value) / sd, zero if a bound is kept.

        Parameters
        ----------
        predictions : ndarray, shape (member, datum)
            In the units of ``values``.

        Returns
        -------
        ndarray, shape (member, datum)
            No unit.
        """
        residual = (predictions - self.values) / self.sd
        least, most = self._sides()
        residual = np.where(least, np.minimum(residual, 0.0), residual)
        return np.where(most, np.maximum(residual, 0.0), residual)

    def log_likelihood(self, predictions: Array) -> Array:
        """Return the log likelihood; minus infinity for a prediction of NaN.

        Parameters
        ----------
        predictions : ndarray, shape (member, datum)
            In the units of ``values``.

        Returns
        -------
        ndarray, shape (member, datum)
            Natural log, no unit.
        """
        residual = (predictions - self.values) / self.sd
        least, most = self._sides()
        normal = -0.5 * residual**2 - np.log(self.sd) - _HALF_LOG_TWO_PI
        one_sided = log_ndtr(np.where(most, -residual, residual))
        logs = np.where(least | most, one_sided, normal)
        return np.where(np.isfinite(predictions), logs, -np.inf)

    def _sides(self) -> tuple[Mask, Mask]:
        kinds = np.array(self.kinds)
        return kinds == "at least", kinds == "at most"
