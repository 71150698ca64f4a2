"""Sequential Monte Carlo on the real model: particles carried along a path of distributions.

Del Moral, Doucet & Jasra 2006 (doi 10.1111/j.1467-9868.2006.00553.x); steps such that the effective number
of particles halves at most; moves by preconditioned Crank–Nicolson (see ``reference.py``). What comes out is
exact up to Monte Carlo error, however rough the starting distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nadflux.errors import SimulationError
from nadflux.inference.data import Array, Prior
from nadflux.inference.reference import Reference, fit_reference
from nadflux.inference.seeds import stream
from nadflux.inference.store import ForwardStore

Logs = Callable[[Array, Array], tuple[Array, Array]]
"""(scores, predictions) to (log density at the start of the path, log of end over start), each (member,)."""

Residuals = Callable[[Array], Array]
"""Predictions (member, datum) to standardised residuals of what the end of the path is fitted to."""

TARGET_ACCEPTANCE = 0.25
SHARE_KEPT = 0.5


@dataclass(frozen=True)
class Budget:
    """How many moves are made.

    Attributes
    ----------
    moves : int
        Most moves of all particles after one step along the path.
    sweeps : int
        Moves at the end whose particles are kept as samples.
    decorrelated : float
        A step's moves stop early once particles correlate with where they stood by less than this.
    """

    moves: int = 12
    sweeps: int = 10
    decorrelated: float = 0.4


@dataclass(frozen=True)
class Sampling:
    """Samples and how they came about.

    Attributes
    ----------
    scores : ndarray, shape (sweep, particle, parameter)
    predictions : ndarray, shape (sweep, particle, datum)
    path : tuple of float
        Position along the path after each step; the last is 1.
    effective : tuple of float
        Effective number of particles at each step, before resampling.
    acceptance : float
        Of the kept sweeps.
    correlation : float
        Between particles before and after the last step's moves; the smaller, the less resampling shows.
    """

    scores: Array
    predictions: Array
    path: tuple[float, ...]
    effective: tuple[float, ...]
    acceptance: float
    correlation: float


@dataclass
class _Swarm:
    scores: Array
    predictions: Array
    start: Array
    ratio: Array


def sample_path(
    store: ForwardStore,
    prior: Prior,
    scores: Array,
    predictions: Array,
    logs: Logs,
    residuals: Residuals,
    basis: Array,
    *,
    budget: Budget,
    seed: int,
    purpose: str,
) -> Sampling:
    """Carry particles from the start to the end of a path, then sample there.

    Parameters
    ----------
    store : ForwardStore
    prior : Prior
    scores, predictions : ndarray, shape (particle, parameter) and (particle, datum)
        Draws from the start of the path.
    logs : callable
        The path; between its ends the log density is start + position x ratio.
    residuals : callable
        Shapes the moves only.
    basis : ndarray, shape (parameter, direction)
        Directions along which moves follow the particles' own covariance.
    budget : Budget
    seed : int
    purpose : str
        Names the random stream and the progress line.

    Raises
    ------
    SimulationError
        If no particle has a finite density.
    """
    swarm = _Swarm(scores.copy(), predictions.copy(), *logs(scores, predictions))
    position, step = 0.0, 2.4 / np.sqrt(max(basis.shape[1], 6))
    path: list[float] = []
    effective: list[float] = []
    correlation = 0.0
    while position < 1.0:
        number = len(path)
        rng = stream(seed, purpose, number)
        weights, position_next = _next_weights(swarm, position)
        effective.append(float(1.0 / (weights**2).sum()))
        position = position_next
        path.append(position)
        reference = fit_reference(swarm.scores, residuals(swarm.predictions), basis, weights)
        _keep(swarm, _systematic(weights, rng))
        origin, correlation = swarm.scores @ basis, 1.0
        last = position >= 1.0
        for move in range(budget.moves):
            label = f"{purpose}, path {position:.3f}, move {move + 1}"
            accepted = _move(store, prior, swarm, logs, reference, position, step, rng, label)
            step = float(np.clip(step * np.exp(accepted - TARGET_ACCEPTANCE), 0.02, 0.98))
            correlation = _correlation(origin, swarm.scores @ basis)
            if correlation < (0.5 if last else 1.0) * budget.decorrelated:
                break
    reference = fit_reference(swarm.scores, residuals(swarm.predictions), basis)
    kept_scores, kept_predictions, shares = [], [], []
    for sweep in range(budget.sweeps):
        rng = stream(seed, purpose, "sweep", sweep)
        label = f"{purpose}, sweep {sweep + 1} of {budget.sweeps}"
        shares.append(_move(store, prior, swarm, logs, reference, 1.0, step, rng, label))
        kept_scores.append(swarm.scores.copy())
        kept_predictions.append(swarm.predictions.copy())
    return Sampling(
        np.array(kept_scores),
        np.array(kept_predictions),
        tuple(path),
        tuple(effective),
        float(np.mean(shares)),
        correlation,
    )


def _move(
    store: ForwardStore,
    prior: Prior,
    swarm: _Swarm,
    logs: Logs,
    reference: Reference,
    position: float,
    step: float,
    rng: np.random.Generator,
    label: str,
) -> float:
    """One Metropolis–Hastings move of every particle, in place; returns the share accepted."""
    proposed = reference.propose(swarm.scores, step, rng)
    predictions = store.run(prior.to_parameters(proposed), label)
    start, ratio = logs(proposed, predictions)
    gain = (start + position * ratio) - (swarm.start + position * swarm.ratio)
    gain = gain + reference.log_density(swarm.scores) - reference.log_density(proposed)
    accept = np.log(rng.random(len(proposed))) < np.where(np.isnan(gain), -np.inf, gain)
    swarm.scores[accept] = proposed[accept]
    swarm.predictions[accept] = predictions[accept]
    swarm.start[accept] = start[accept]
    swarm.ratio[accept] = ratio[accept]
    return float(accept.mean())


def _next_weights(swarm: _Swarm, position: float) -> tuple[Array, float]:
    """Normalised weights (particle,) and the position, as far on as keeps enough particles effective."""
    finite = np.isfinite(swarm.start) & np.isfinite(swarm.ratio)
    if not finite.any():
        raise SimulationError("no particle has a finite density: every member of the sampler's start failed")
    ratio = np.where(finite, swarm.ratio, -np.inf)
    wanted = SHARE_KEPT * finite.sum()
    rest = 1.0 - position
    if _effective(_weights(ratio, rest)) >= wanted:
        return _weights(ratio, rest), 1.0
    low, high = 0.0, rest
    for _ in range(60):
        middle = 0.5 * (low + high)
        if _effective(_weights(ratio, middle)) >= wanted:
            low = middle
        else:
            high = middle
    return _weights(ratio, high), position + high


def _weights(ratio: Array, step: float) -> Array:
    logs = np.where(np.isfinite(ratio), step * np.where(np.isfinite(ratio), ratio, 0.0), -np.inf)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def _effective(weights: Array) -> float:
    return float(1.0 / (weights**2).sum())


def _systematic(weights: Array, rng: np.random.Generator) -> Array:
    """Indices drawn with one uniform number and even spacing."""
    count = len(weights)
    edges = np.cumsum(weights)
    edges[-1] = 1.0
    return np.minimum(np.searchsorted(edges, (rng.random() + np.arange(count)) / count), count - 1)


def _keep(swarm: _Swarm, chosen: Array) -> None:
    swarm.scores, swarm.predictions = swarm.scores[chosen], swarm.predictions[chosen]
    swarm.start, swarm.ratio = swarm.start[chosen], swarm.ratio[chosen]


def _correlation(before: Array, after: Array) -> float:
    """Mean over directions of the correlation between where particles stood and where they stand."""
    left, right = before - before.mean(axis=0), after - after.mean(axis=0)
    scale = np.sqrt((left**2).sum(axis=0) * (right**2).sum(axis=0))
    together = (left * right).sum(axis=0)
    return float(np.mean(np.divide(together, scale, out=np.ones_like(together), where=scale > 0)))
