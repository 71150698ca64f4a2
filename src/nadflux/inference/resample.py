"""Weights of particles, and resampling by them."""

from __future__ import annotations

import numpy as np

from nadflux.errors import SimulationError
from nadflux.inference.data import Array


def next_weights(start: Array, ratio: Array, position: float, share: float) -> tuple[Array, float]:
    """Return normalised weights and the furthest position along a path that leaves enough effective particles.

    Parameters
    ----------
    start, ratio : ndarray, shape (particle,)
        Log density at the start of the path, and log ratio of its end to its start, no unit.
    position : float
        Present position, from 0 to 1.
    share : float
        Share of the particles with a finite density that stays effective.

    Returns
    -------
    weights : ndarray, shape (particle,)
        Normalised, no unit.
    position : float
        The next position.

    Raises
    ------
    SimulationError
        If no particle has a finite density.
    """
    finite = np.isfinite(start) & np.isfinite(ratio)
    if not finite.any():
        raise SimulationError("no particle has a finite density: every member of the sampler's start failed")
    ratio = np.where(finite, ratio, -np.inf)
    wanted = share * finite.sum()
    rest = 1.0 - position
    if effective_number(_weights(ratio, rest)) >= wanted:
        return _weights(ratio, rest), 1.0
    low, high = 0.0, rest
    # Bisection for the longest step that leaves enough effective particles.
    for _ in range(60):
        middle = 0.5 * (low + high)
        if effective_number(_weights(ratio, middle)) >= wanted:
            low = middle
        else:
            high = middle
    return _weights(ratio, high), position + high


def effective_number(weights: Array) -> float:
    """Return the effective number of particles.

    Parameters
    ----------
    weights : ndarray, shape (particle,)
        Normalised, no unit.
    """
    return float(1.0 / (weights**2).sum())


def systematic(weights: Array, rng: np.random.Generator, count: int | None = None) -> Array:
    """Draw indices by systematic resampling: one uniform number and even spacing.

    Parameters
    ----------
    weights : ndarray, shape (particle,)
        Normalised, no unit.
    rng : Generator
    count : int, optional
        Number of indices; that of the weights by default.

    Returns
    -------
    ndarray of int, shape (count,)
        Indices of particles.
    """
    count = count or len(weights)
    edges = np.cumsum(weights)
    edges[-1] = 1.0
    return np.minimum(np.searchsorted(edges, (rng.random() + np.arange(count)) / count), len(weights) - 1)


def _weights(ratio: Array, step: float) -> Array:
    logs = np.where(np.isfinite(ratio), step * np.where(np.isfinite(ratio), ratio, 0.0), -np.inf)
    weights = np.exp(logs - logs.max())
    normalised: Array = weights / weights.sum()
    return normalised
