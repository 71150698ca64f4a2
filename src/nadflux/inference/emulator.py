"""An emulator of the forward model, which proposes moves; the real model decides on each of them.

Each datum depends noticeably on few parameters, which differ between data. Its regression is linear in all scores
and curved in the few that move it most (squares, products, and cubes of the first ones).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_solve, solve_triangular

from nadflux.inference.data import Array, Data

Residuals = Callable[[Array], Array]
"""Predictions (member, datum) to standardised residuals of the data at the end of the path."""

MOST_CURVED, MOST_CUBIC = 24, 6
MEMBERS_PER_FEATURE, WEIGHT_PER_FEATURE = 3, 8  # for a feature to be affordable; effective, where there are more
MEMBERS_FOR_ERROR = 1000
MOST_MEMBERS = 6000
RIDGE = 3e-4
Z_OF_MEDIAN = 0.6745  # median size of a standard normal number
BOUND = 3.0  # scores beyond it are clipped to it, in curved features only


@dataclass(frozen=True)
class Emulator:
    """Regression of predictions on prior-standardised scores.

    Attributes
    ----------
    chosen : ndarray of int, shape (datum, curved parameter)
        The parameters in which each datum is curved, the most important first.
    plain : ndarray, shape (1 + parameter, datum)
        Intercept and slopes.
    curved : ndarray, shape (datum, feature)
        Coefficients of squares, products and cubes.
    error : ndarray, shape (datum,)
        Root mean square error near the data, in the units of `Data.values`.
    """

    chosen: np.ndarray
    plain: Array
    curved: Array
    error: Array

    def predict(self, scores: Array) -> Array:
        """Return the predictions of the emulator.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised, no unit.

        Returns
        -------
        ndarray, shape (member, datum)
            In the units of `Data.values`.
        """
        found = self.plain[0] + scores @ self.plain[1:]
        for k, (names, coefficients) in enumerate(zip(self.chosen, self.curved, strict=True)):
            found[:, k] += _curved(scores[:, names]) @ coefficients
        return np.asarray(found, dtype=np.float64)

    def error_on(self, scores: Array, predictions: Array) -> Array:
        """Return the error on new members, shape (datum,), in the units of `Data.values`; a few outliers do not count.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised scores of members outside the fit.
        predictions : ndarray, shape (member, datum)
            By the real model, in the units of `Data.values`.
        """
        alive = np.isfinite(predictions).all(axis=1)
        if not alive.any():
            return self.error
        left = np.abs(self.predict(scores[alive]) - predictions[alive])
        return np.asarray(np.median(left, axis=0) / Z_OF_MEDIAN)

    def at_least(self, error: Array) -> Emulator:
        """Return the emulator with an error of at least ``error``.

        Parameters
        ----------
        error : ndarray, shape (datum,)
            In the units of `Data.values`.
        """
        return replace(self, error=np.maximum(self.error, error))

    def widened(self, data: Data) -> Data:
        """Return the data with the emulator's error added, so that proposals are too wide rather than too narrow."""
        return replace(data, sd=np.sqrt(data.sd**2 + self.error**2))


class History:
    """All members run so far, from which emulators are fitted.

    Parameters
    ----------
    data : Data
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._scores: list[Array] = []
        self._predictions: list[Array] = []

    def add(self, scores: Array, predictions: Array) -> None:
        """Add members with their predictions; failed ones are skipped.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised, no unit.
        predictions : ndarray, shape (member, datum)
            In the units of `Data.values`; NaN for a failed member.
        """
        alive = np.isfinite(predictions).all(axis=1)
        self._scores.append(scores[alive])
        self._predictions.append(predictions[alive])

    def emulator(self, residuals: Residuals | None = None) -> Emulator:
        """Fit an emulator to all members so far; those that fit the data weigh most.

        Parameters
        ----------
        residuals : callable, optional
            From predictions (member, datum) to standardised residuals; those of all data by default.
        """
        residuals = residuals or self._data.residuals
        scores, predictions = np.concatenate(self._scores), np.concatenate(self._predictions)
        misfit = 0.5 * (residuals(predictions) ** 2).sum(axis=1)
        nearest = np.sort(np.argsort(misfit, kind="stable")[:MOST_MEMBERS])
        scores, predictions, misfit = scores[nearest], predictions[nearest], misfit[nearest]
        curved = _affordable(*scores.shape)
        features = 1 + scores.shape[1] + _curved(np.zeros((1, curved))).shape[1]
        weights = _weights(misfit, min(WEIGHT_PER_FEATURE * features, 0.6 * len(scores)))
        plain = np.concatenate([np.ones((len(scores), 1)), scores], axis=1)
        slopes = _regress(plain, predictions, weights)[0][1:]
        chosen = np.argsort(-np.abs(slopes.T), axis=1, kind="stable")[:, :curved]
        found = [
            _regress(np.concatenate([plain, _curved(scores[:, names])], axis=1), predictions[:, k : k + 1], weights)
            for k, names in enumerate(chosen)
        ]
        coefficients = np.concatenate([c for c, _ in found], axis=1)
        error = np.concatenate([e for _, e in found])
        return Emulator(chosen, coefficients[: plain.shape[1]], coefficients[plain.shape[1] :].T.copy(), error)


def _regress(features: Array, predictions: Array, weights: Array) -> tuple[Array, Array]:
    """Return coefficients (feature, datum) of weighted ridge regression and the root mean square error (datum,)."""
    weighted = features * weights[:, None]
    gram = features.T @ weighted
    ridge = RIDGE * weights.sum() * np.ones(len(gram))
    ridge[0] = 0.0
    root = np.linalg.cholesky(gram + np.diag(ridge))
    coefficients = cho_solve((root, True), weighted.T @ predictions, check_finite=False)
    # Leverages give a leave-one-out error; some of the members are enough for it.
    some = slice(None, None, max(1, len(features) // MEMBERS_FOR_ERROR))
    features, predictions, weights = features[some], predictions[some], weights[some]
    leverage = weights * (solve_triangular(root, features.T, lower=True, check_finite=False) ** 2).sum(axis=0)
    left = (predictions - features @ coefficients) / np.maximum(1.0 - leverage, 0.1)[:, None]
    return np.asarray(coefficients), np.sqrt((weights[:, None] * left**2).sum(axis=0) / weights.sum())


def _weights(misfit: Array, wanted: float) -> Array:
    """Return weights (member,) that fall with the misfit and leave the wanted effective number of members."""
    excess = misfit - misfit.min()
    low, high = 0.0, 1.0
    # Bisection for the steepest fall that leaves enough members.
    for _ in range(50):
        middle = 0.5 * (low + high)
        weights = np.exp(-middle * excess)
        if weights.sum() ** 2 / (weights**2).sum() >= wanted:
            low = middle
        else:
            high = middle
    return np.asarray(np.exp(-low * excess))


def _affordable(members: int, parameters: int) -> int:
    """Return the number of curved parameters that so many members can resolve."""
    spare = members / MEMBERS_PER_FEATURE - 1 - parameters
    wanted = int(np.clip((np.sqrt(8.0 * max(spare, 0.0) + 1.0) - 1.0) / 2.0, 2, MOST_CURVED))
    return min(wanted, parameters)


def _curved(scores: Array) -> Array:
    """Return squares and products of the scores (member, parameter), and cubic terms of the first ones."""
    within = np.clip(scores, -BOUND, BOUND)
    first, second = np.triu_indices(within.shape[1])
    leading = within[:, :MOST_CUBIC]
    squared, single = np.indices((leading.shape[1], leading.shape[1])).reshape(2, -1)
    return np.concatenate([within[:, first] * within[:, second], leading[:, squared] ** 2 * leading[:, single]], axis=1)
