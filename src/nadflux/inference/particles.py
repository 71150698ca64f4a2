"""Sequential Monte Carlo on the real model: particles follow a path of distributions.

Del Moral, Doucet & Jasra 2006 (doi 10.1111/j.1467-9868.2006.00553.x); steps such that the effective number
of particles at most halves; proposals come from an emulator and are accepted or rejected by the real model. The
result is exact up to Monte Carlo error, however rough the emulator and the starting distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nadflux.inference.data import Array, Data, Origins, Prior
from nadflux.inference.emulator import Emulator, History, Residuals
from nadflux.inference.reference import Reference, fit_reference
from nadflux.inference.resample import effective_number, next_weights, systematic
from nadflux.inference.seeds import stream
from nadflux.inference.store import ForwardStore
from nadflux.inference.wander import Pace, wander

Logs = Callable[[Array, Array], tuple[Array, Array]]
"""(scores, predictions) to (log density at the start of the path, log ratio of end to start), each (member,)."""

SHARE_KEPT, FIRST_SHARE_OF_MANY = 0.5, 0.2
LOW_ACCEPTANCE, HIGH_ACCEPTANCE = 0.2, 0.4
MOST_INNER = 100
LAST_MOVES = 2  # between the last resampling and the sweeps, to set the pace


@dataclass(frozen=True)
class Bridge:
    """A path of distributions; between its ends the log density is start + position x ratio.

    Attributes
    ----------
    logs : callable
        Log densities given the data, for the real model.
    emulated : callable
        From an emulator to log densities with its error added to that of the data, for proposals.
    residuals : callable
        Residuals that shape the proposals only.
    """

    logs: Logs
    emulated: Callable[[Emulator], Logs]
    residuals: Residuals


@dataclass(frozen=True)
class Budget:
    """The budget of moves.

    Attributes
    ----------
    moves : int
        Largest number of moves of all particles after one step along the path.
    sweeps : int
        Moves at the end whose particles are returned as samples.
    decorrelated : float
        A step's moves stop early once particles correlate with their starting points by less than this.
    """

    moves: int = 8
    sweeps: int = 10
    decorrelated: float = 0.4


@dataclass(frozen=True)
class Sampling:
    """Samples, with diagnostics of the sampler.

    Attributes
    ----------
    scores : ndarray, shape (sweep, particle, parameter)
        Prior-standardised, no unit.
    predictions : ndarray, shape (sweep, particle, datum)
        In the units of `Data.values`.
    path : tuple of float
        Position along the path after each step; the last is 1.
    effective : tuple of float
        Effective number of particles at each step, before resampling.
    acceptance : float
        Share of proposals accepted by the real model, in the final sweeps.
    origins : ndarray of int, shape (particle,)
        Particle of the sampler's start that each particle descends from, the same in all sweeps.
    correlation : float
        Correlation of particles after the last sweep with those left by the last resampling.
    emulator_error : float
        Median over data of the emulator's error over the data's, at the end; it affects acceptance, not the result.
    """

    scores: Array
    predictions: Array
    path: tuple[float, ...]
    effective: tuple[float, ...]
    acceptance: float
    origins: Origins
    correlation: float
    emulator_error: float

    @property
    def flat_scores(self) -> Array:
        """Scores of all sweeps, shape (sample, parameter), prior-standardised, no unit."""
        return self.scores.reshape(-1, self.scores.shape[2])

    @property
    def flat_origins(self) -> Origins:
        """Origin of each sample of all sweeps, shape (sample,)."""
        return np.tile(self.origins, len(self.scores))


@dataclass
class _Swarm:
    scores: Array
    predictions: Array
    start: Array
    ratio: Array
    origins: Origins


class Sampler:
    """A sampler that carries particles along paths; its runs and pace are kept for the next path.

    Parameters
    ----------
    store : ForwardStore
    prior : Prior
    data : Data
    basis : ndarray, shape (parameter, direction)
        Directions along which moves follow the particles' own covariance.
    history : History
        Earlier members, for the emulator.
    budget : Budget
    seed : int
    """

    def __init__(
        self,
        store: ForwardStore,
        prior: Prior,
        data: Data,
        basis: Array,
        history: History,
        budget: Budget,
        seed: int,
    ) -> None:
        self._store, self._prior, self._budget = store, prior, budget
        self.data, self.basis, self.history, self.seed = data, basis, history, seed
        self._pace = Pace()

    def with_budget(self, budget: Budget) -> Sampler:
        """Return a copy with the present pace and another budget."""
        other = Sampler(self._store, self._prior, self.data, self.basis, self.history, budget, self.seed)
        other._pace = replace(self._pace)
        return other

    def evaluate(self, scores: Array, stage: str) -> Array:
        """Return predictions of the real model and add them to the history.

        Parameters
        ----------
        scores : ndarray, shape (particle, parameter)
            Prior-standardised, no unit.
        stage : str
            Label of the progress line.

        Returns
        -------
        ndarray, shape (particle, datum)
            In the units of `Data.values`.
        """
        predictions = self._store.run(self._prior.to_parameters(scores), stage)
        self.history.add(scores, predictions)
        return predictions

    def run(
        self,
        bridge: Bridge,
        scores: Array,
        purpose: str,
        sweeps: int,
        *,
        predictions: Array | None = None,
        origins: Origins | None = None,
        particles: int | None = None,
    ) -> Sampling:
        """Carry particles from the start to the end of a path, then sample there.

        Parameters
        ----------
        bridge : Bridge
        scores : ndarray, shape (particle, parameter)
            Draws from the start of the path, prior-standardised, no unit.
        purpose : str
            Names the random stream and the progress line.
        sweeps : int
            Moves at the end whose particles are returned.
        predictions : ndarray, shape (particle, datum), optional
            Predictions of ``scores``, in the units of `Data.values`, if they have been run.
        origins : ndarray of int, shape (particle,), optional
            Group of each of ``scores``, if some of them are not independent.
        particles : int, optional
            Number of particles after the first step, if fewer than ``scores``; the first step may then be longer.

        Raises
        ------
        SimulationError
            If no particle has a finite density.
        """
        if predictions is None:
            predictions = self._store.run(self._prior.to_parameters(scores), f"{purpose}, start")
        origins = np.arange(len(scores)) if origins is None else origins
        swarm = _Swarm(scores.copy(), predictions.copy(), *bridge.logs(scores, predictions), origins)
        position, origin = 0.0, scores @ self.basis
        positions: list[float] = []
        effective: list[float] = []
        count = particles or len(scores)
        # Step by step along the path: weigh, resample and move the swarm of the step before.
        while position < 1.0:
            rng = stream(self.seed, purpose, len(positions))
            share = FIRST_SHARE_OF_MANY if len(swarm.scores) > count else SHARE_KEPT
            weights, position = next_weights(swarm.start, swarm.ratio, position, share)
            effective.append(effective_number(weights))
            positions.append(position)
            reference = fit_reference(swarm.scores, bridge.residuals(swarm.predictions), self.basis, weights)
            _keep(swarm, systematic(weights, rng, count))
            emulator = self.history.emulator(bridge.residuals)
            origin = swarm.scores @ self.basis
            # At the end the sweeps go on moving, and every one of them is kept.
            most = self._budget.moves if position < 1.0 else min(self._budget.moves, LAST_MOVES)
            for move in range(most):
                label = f"{purpose}, path {position:.3f}, move {move + 1}"
                self._move(swarm, bridge, emulator, reference, position, rng, label, adapt=True)
                if _correlation(origin, swarm.scores @ self.basis) < self._budget.decorrelated:
                    break
        return self._final(swarm, bridge, positions, effective, origin, purpose, sweeps)

    def _final(
        self,
        swarm: _Swarm,
        bridge: Bridge,
        positions: list[float],
        effective: list[float],
        resampled: Array,
        purpose: str,
        sweeps: int,
    ) -> Sampling:
        """Sweep with emulator and pace fixed, so that the posterior stays exactly invariant."""
        reference = fit_reference(swarm.scores, bridge.residuals(swarm.predictions), self.basis)
        emulator = self.history.emulator(bridge.residuals)
        kept_scores, kept_predictions, shares = [], [], []
        for sweep in range(sweeps):
            rng = stream(self.seed, purpose, "sweep", sweep)
            label = f"{purpose}, sweep {sweep + 1} of {sweeps}"
            shares.append(self._move(swarm, bridge, emulator, reference, 1.0, rng, label, adapt=False))
            kept_scores.append(swarm.scores.copy())
            kept_predictions.append(swarm.predictions.copy())
        return Sampling(
            np.array(kept_scores),
            np.array(kept_predictions),
            tuple(positions),
            tuple(effective),
            float(np.mean(shares)),
            swarm.origins,
            _correlation(resampled, swarm.scores @ self.basis),
            float(np.median(emulator.error / self.data.sd)),
        )

    def _move(
        self,
        swarm: _Swarm,
        bridge: Bridge,
        emulator: Emulator,
        reference: Reference,
        position: float,
        rng: np.random.Generator,
        label: str,
        adapt: bool,
    ) -> float:
        """Move every particle once, in place; return the share that the real model accepts.

        A proposal follows the emulator's version of the target; accepting it by the ratio of real to emulated
        target leaves the real one invariant (Christen & Fox 2005, doi 10.1198/106186005X76983).
        """
        logs = bridge.emulated(emulator)
        inner = max(1, round(self._pace.inner))

        def emulated(scores: Array) -> Array:
            start, ratio = logs(scores, emulator.predict(scores))
            return start + position * ratio

        before = emulated(swarm.scores)
        proposed, after, accepted = wander(emulated, swarm.scores, before, reference, self._pace, inner, rng)
        predictions = self.evaluate(proposed, label)
        start, ratio = bridge.logs(proposed, predictions)
        gain = (start + position * ratio) - (swarm.start + position * swarm.ratio) - (after - before)
        accept = np.log(rng.random(len(proposed))) < np.where(np.isnan(gain), -np.inf, gain)
        swarm.scores[accept] = proposed[accept]
        swarm.predictions[accept] = predictions[accept]
        swarm.start[accept] = start[accept]
        swarm.ratio[accept] = ratio[accept]
        share = float(accept.mean())
        if adapt:
            self._adapt(accepted, share)
        return share

    def _adapt(self, shares: tuple[float, float], share: float) -> None:
        pace = self._pace
        pace.adapt(shares)
        if share < LOW_ACCEPTANCE:
            pace.inner = max(pace.inner / 1.6, 1.0)
        elif share > HIGH_ACCEPTANCE:
            pace.inner = min(pace.inner * 1.6, MOST_INNER)


def _keep(swarm: _Swarm, chosen: Array) -> None:
    swarm.scores, swarm.predictions = swarm.scores[chosen], swarm.predictions[chosen]
    swarm.start, swarm.ratio, swarm.origins = swarm.start[chosen], swarm.ratio[chosen], swarm.origins[chosen]


def _correlation(before: Array, after: Array) -> float:
    """Return the mean over directions of the correlation between two positions of the particles."""
    left, right = before - before.mean(axis=0), after - after.mean(axis=0)
    scale = np.sqrt((left**2).sum(axis=0) * (right**2).sum(axis=0))
    together = (left * right).sum(axis=0)
    return float(np.mean(np.divide(together, scale, out=np.ones_like(together), where=scale > 0)))
