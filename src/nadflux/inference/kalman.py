"""Ensemble Kalman inversion, tempered so that its end approximates the posterior.

Iglesias, Law & Stuart 2013 (doi 10.1088/0266-5611/29/4/045001); the step of the temperature follows the data
misfit as in Iglesias & Yang 2021 (doi 10.1088/1361-6420/abd29b); perturbed data as in Emerick & Reynolds 2013
(doi 10.1016/j.cageo.2012.03.011); the gain is tapered by the sampling error of its correlations, after Luo &
Bhakta 2020 (doi 10.1016/j.petrol.2019.106559).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from nadflux.errors import SimulationError, ValueOutOfRangeError
from nadflux.inference.data import Array, Data, Prior
from nadflux.inference.seeds import stream
from nadflux.inference.store import ForwardStore

SMALLEST_SURVIVING_SHARE = 0.5


@dataclass(frozen=True)
class Inversion:
    """The result of an inversion.

    Attributes
    ----------
    scores : ndarray, shape (member, parameter)
        The final ensemble, prior-standardised.
    temperatures : tuple of float
        The inverse temperature after each step; the last is 1.
    misfits : tuple of float
        Median over members of half the squared standardised residual, before each step.
    visited : tuple of (ndarray, ndarray)
        Scores (member, parameter) and predictions (member, datum) of each step's ensemble, without failed members.
    failed : int
        Members that failed and were redrawn, over all steps.
    """

    scores: Array
    temperatures: tuple[float, ...]
    misfits: tuple[float, ...]
    visited: tuple[tuple[Array, Array], ...]
    failed: int

    def shifted(self, by: Array) -> Inversion:
        """Return the inversion with ``by`` added to every prediction.

        Parameters
        ----------
        by : ndarray, shape (datum,)
            In the units of `Data.values`.
        """
        return replace(self, visited=tuple((scores, predictions + by) for scores, predictions in self.visited))


def invert(
    store: ForwardStore, prior: Prior, data: Data, *, members: int = 200, iterations: int = 20, seed: int = 0
) -> Inversion:
    """Move an ensemble from the prior to (approximately) the posterior.

    Parameters
    ----------
    store : ForwardStore
        The forward model on the unconstrained scale.
    prior, data : Prior, Data
    members : int
        Size of the ensemble, at least 10.
    iterations : int
        Largest number of temperature steps; the last is lengthened to reach 1.
    seed : int

    Raises
    ------
    ValueOutOfRangeError
        For fewer than 10 members or 1 iteration.
    SimulationError
        If more than half of the members of a step fail.
    """
    if members < 10:
        raise ValueOutOfRangeError(f"{members} members are too few for a covariance; give at least 10")
    if iterations < 1:
        raise ValueOutOfRangeError(f"iterations is {iterations}; give at least 1")
    scores = stream(seed, "prior ensemble").standard_normal((members, len(prior.names)))
    reached, failed = 0.0, 0
    temperatures: list[float] = []
    misfits: list[float] = []
    visited: list[tuple[Array, Array]] = []
    # Step by step from the prior (temperature 0) to the posterior (1): each moves the ensemble of the one before.
    while reached < 1.0:
        step_number = len(temperatures)
        predictions = store.run(prior.to_parameters(scores), f"inversion, step {step_number + 1}")
        alive = np.asarray(np.isfinite(predictions).all(axis=1))
        _refuse_mass_failure(alive)
        failed += int((~alive).sum())
        visited.append((scores[alive], predictions[alive]))
        residuals = data.residuals(predictions[alive])
        half_squares = 0.5 * (residuals**2).sum(axis=1)
        misfits.append(float(np.median(half_squares)))
        step = _temperature_step(half_squares, len(data.values), reached, iterations - step_number)
        rng = stream(seed, "inversion", step_number)
        moved = kalman_step(scores[alive], residuals, step, rng)
        scores = _replace_failed(scores, alive, moved, rng)
        reached = 1.0 if reached + step >= 1.0 - 1e-12 else reached + step
        temperatures.append(reached)
    return Inversion(scores, tuple(temperatures), tuple(misfits), tuple(visited), failed)


def kalman_step(scores: Array, residuals: Array, step: float, rng: np.random.Generator) -> Array:
    """Return an ensemble after one perturbed-data update.

    Parameters
    ----------
    scores : ndarray, shape (member, parameter)
        Prior-standardised, no unit.
    residuals : ndarray, shape (member, datum)
        Standardised, so that the error of each datum is 1, no unit.
    step : float
        Share of the likelihood used, in (0, 1].
    rng : Generator

    Returns
    -------
    ndarray, shape (member, parameter)
        Prior-standardised, no unit.
    """
    inflation = 1.0 / step
    centred_scores = scores - scores.mean(axis=0)
    centred = residuals - residuals.mean(axis=0)
    freedom = len(scores) - 1
    cross = centred_scores.T @ centred / freedom
    spread = centred.T @ centred / freedom + inflation * np.eye(residuals.shape[1])
    noise = rng.standard_normal(residuals.shape)
    noise -= noise.mean(axis=0)
    innovation = residuals - np.sqrt(inflation) * noise
    # The gain is tapered, not the covariance, which must stay consistent with the spread it is divided by.
    gain = cho_solve(cho_factor(spread, lower=True), cross.T).T * _taper(centred_scores, centred)
    updated: Array = scores - innovation @ gain.T
    return updated


def tapered_covariance(centred_left: Array, centred_right: Array) -> Array:
    """Return the cross-covariance of two centred samples, shrunk by its own sampling error.

    A correlation r is multiplied by max(0, 1 - (t/r)^2), where t is the largest correlation expected by
    chance among the rows: sqrt(2 ln(rows) / members).

    Parameters
    ----------
    centred_left, centred_right : ndarray, shape (member, left) and (member, right)
        In any units.

    Returns
    -------
    ndarray, shape (left, right)
        In the product of these units.
    """
    return centred_left.T @ centred_right / (len(centred_left) - 1) * _taper(centred_left, centred_right)


def _taper(centred_left: Array, centred_right: Array) -> Array:
    together = centred_left.T @ centred_right
    scale = np.sqrt(np.outer((centred_left**2).sum(axis=0), (centred_right**2).sum(axis=0)))
    squared = np.divide(together, scale, out=np.zeros_like(together), where=scale > 0) ** 2
    chance_squared = 2.0 * np.log(max(len(squared), 2)) / (len(centred_left) - 1)
    taper = np.zeros_like(squared)
    np.divide(squared - chance_squared, squared, out=taper, where=squared > chance_squared)
    return taper


def _temperature_step(half_squares: Array, data_count: int, reached: float, steps_left: int) -> float:
    remaining = 1.0 - reached
    variance = float(np.var(half_squares))
    by_mean = data_count / (2.0 * max(float(np.mean(half_squares)), 1e-300))
    by_spread = np.sqrt(data_count / (2.0 * variance)) if variance > 0 else np.inf
    step = max(by_mean, float(by_spread), remaining / max(steps_left, 1))
    return float(min(step, remaining))


def _refuse_mass_failure(alive: NDArray[np.bool_]) -> None:
    if alive.mean() < SMALLEST_SURVIVING_SHARE or alive.sum() < 10:
        raise SimulationError(
            f"{int((~alive).sum())} of {len(alive)} members failed; the priors reach where the model "
            "cannot be run. Narrow them or look at the failures with `nadflux simulate`"
        )


def _replace_failed(scores: Array, alive: NDArray[np.bool_], moved: Array, rng: np.random.Generator) -> Array:
    """Return moved survivors; each failed member is redrawn near a random survivor with the survivors' spread."""
    result = np.empty_like(scores)
    result[alive] = moved
    count = int((~alive).sum())
    if count:
        # Differences of two survivors have twice their covariance, so no matrix root is needed.
        first, second = rng.integers(len(moved), size=(2, count))
        result[~alive] = moved.mean(axis=0) + (moved[first] - moved[second]) / np.sqrt(2.0)
    return result
