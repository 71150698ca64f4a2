"""A quick stand-in for the forward model that proposes moves; the real model decides on every one of them.

Linear in all scores, quadratic along the informed directions, by ridge regression on members already run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nadflux.inference.data import Array, Data

MOST_QUADRATIC = 30
MEMBERS_PER_FEATURE = 2
RIDGE = 1e-3


@dataclass(frozen=True)
class Emulator:
    """Regression of predictions on prior-standardised scores.

    Attributes
    ----------
    directions : ndarray, shape (parameter, direction)
        Along which it is quadratic.
    coefficients : ndarray, shape (feature, datum)
    error : ndarray, shape (datum,)
        Root mean square of what it misses near the data.
    """

    directions: Array
    coefficients: Array
    error: Array

    def predict(self, scores: Array) -> Array:
        """Predictions (member, datum)."""
        return _features(scores, self.directions) @ self.coefficients

    def missing(self, scores: Array, predictions: Array) -> Emulator:
        """The same with the error that members not seen before show, where that is larger."""
        alive = np.isfinite(predictions).all(axis=1)
        if not alive.any():
            return self
        left = self.predict(scores[alive]) - predictions[alive]
        return replace(self, error=np.maximum(self.error, np.sqrt((left**2).mean(axis=0))))

    def at_least(self, error: Array) -> Emulator:
        """The same with an error of at least ``error`` (datum,)."""
        return replace(self, error=np.maximum(self.error, error))

    def widened(self, data: Data) -> Data:
        """The data with the emulator's own error added, so that it proposes too widely, not too narrowly."""
        return replace(data, sd=np.sqrt(data.sd**2 + self.error**2))


class History:
    """All members run so far, from which emulators are fitted.

    Parameters
    ----------
    data : Data
    basis : ndarray, shape (parameter, direction)
        Informed directions, most informed first.
    """

    def __init__(self, data: Data, basis: Array) -> None:
        self._data, self._basis = data, basis
        self._scores: list[Array] = []
        self._predictions: list[Array] = []

    def add(self, scores: Array, predictions: Array) -> None:
        """Take in members (member, parameter) with their predictions (member, datum); failed ones are skipped."""
        alive = np.isfinite(predictions).all(axis=1)
        self._scores.append(scores[alive])
        self._predictions.append(predictions[alive])

    def emulator(self) -> Emulator:
        """Fitted to everything so far; members that fit the data count most."""
        scores, predictions = np.concatenate(self._scores), np.concatenate(self._predictions)
        directions = self._basis[:, : _affordable(*scores.shape)]
        features = _features(scores, directions)
        misfit = 0.5 * (self._data.residuals(predictions) ** 2).sum(axis=1)
        weights = _weights(misfit, MEMBERS_PER_FEATURE * features.shape[1])
        weighted = features * weights[:, None]
        gram = features.T @ weighted
        ridge = RIDGE * weights.sum() * np.ones(len(gram))
        ridge[0] = 0.0
        coefficients: Array = np.linalg.solve(gram + np.diag(ridge), weighted.T @ predictions).astype(np.float64)
        left = predictions - features @ coefficients
        # The members used up by the coefficients, as in a leave-one-out error.
        leverage = np.einsum("nf,fn->n", features, np.linalg.solve(gram + np.diag(ridge), weighted.T))
        left = left / np.maximum(1.0 - leverage, 0.1)[:, None]
        error = np.asarray(np.sqrt((weights[:, None] * left**2).sum(axis=0) / weights.sum()), dtype=np.float64)
        return Emulator(directions, coefficients, error)


def _weights(misfit: Array, wanted: float) -> Array:
    """Weights (member,) that fall with the misfit as steeply as leaves the wanted effective number of members."""
    excess = misfit - misfit.min()
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        weights = np.exp(-middle * excess)
        if weights.sum() ** 2 / (weights**2).sum() >= wanted:
            low = middle
        else:
            high = middle
    return np.asarray(np.exp(-low * excess))


def _affordable(members: int, parameters: int) -> int:
    """Quadratic directions that so many members can tell apart."""
    spare = members / MEMBERS_PER_FEATURE - 1 - parameters
    return int(np.clip((np.sqrt(8.0 * max(spare, 0.0) + 1.0) - 1.0) / 2.0, 2, MOST_QUADRATIC))


def _features(scores: Array, directions: Array) -> Array:
    along = scores @ directions
    first, second = np.triu_indices(directions.shape[1])
    return np.concatenate([np.ones((len(scores), 1)), scores, along[:, first] * along[:, second]], axis=1)
