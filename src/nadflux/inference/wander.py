"""Moves on a cheap density, along and across the directions that data inform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nadflux.inference.data import Array
from nadflux.inference.reference import Reference

INNER_ACCEPTANCE = 0.3


@dataclass
class Pace:
    """The pace of proposals on the emulator: steps along and across the informed directions, and moves."""

    along: float = 0.4
    across: float = 0.4
    inner: float = 20.0

    def adapt(self, shares: tuple[float, float]) -> None:
        """Adapt the steps towards the wanted share of accepted moves."""
        for name, share in zip(("along", "across"), shares, strict=True):
            step = getattr(self, name) * np.exp(share - INNER_ACCEPTANCE)
            setattr(self, name, float(np.clip(step, 0.02, 0.98)))


def wander(
    log_density: Callable[[Array], Array],
    scores: Array,
    logs: Array,
    reference: Reference,
    pace: Pace,
    moves: int,
    rng: np.random.Generator,
) -> tuple[Array, Array, tuple[float, float]]:
    """Make Metropolis–Hastings moves on a cheap density, in turn along and across the informed directions.

    Parameters
    ----------
    log_density : callable
        From scores, shape (particle, parameter), to log density, shape (particle,).
    scores, logs : ndarray, shape (particle, parameter) and (particle,)
        Starting points, prior-standardised, and their log densities, no unit; not changed.
    reference, pace, moves, rng
        Distribution and size of the proposals, their number, and the random stream.

    Returns
    -------
    scores, logs : ndarray, shape (particle, parameter) and (particle,)
        End points, prior-standardised, and their log densities, no unit.
    accepted : (float, float)
        Share of moves accepted, along and across.
    """
    scores, logs = scores.copy(), logs.copy()
    density = reference.log_density(scores)
    shares = [0.0, 0.0]
    # Along, across, …, along: symmetric, so that the sequence is reversible and the real model can accept or reject
    # it as a whole. Each move starts from the particles of the one before.
    for move in range(2 * moves + 1):
        kind = move % 2
        propose, step = (reference.propose_across, pace.across) if kind else (reference.propose_along, pace.along)
        proposed = propose(scores, step, rng)
        proposed_logs, proposed_density = log_density(proposed), reference.log_density(proposed)
        gain = proposed_logs - logs + density - proposed_density
        accept = np.log(rng.random(len(scores))) < np.where(np.isnan(gain), -np.inf, gain)
        scores[accept], logs[accept] = proposed[accept], proposed_logs[accept]
        density[accept] = proposed_density[accept]
        shares[kind] += float(accept.mean())
    return scores, logs, (shares[0] / (moves + 1), shares[1] / max(moves, 1))
