"""Calibration of any forward model: Kalman inversion, then a sampler on the real model.

The algorithm contains no biology: ``nadflux fit`` gives it the studies' predictions and the tables' priors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nadflux.errors import UnknownNameError
from nadflux.inference.data import Array, Data, Mask, Prior
from nadflux.inference.diagnose import data_worth, effective_samples, shrinkage
from nadflux.inference.emulator import Emulator, History
from nadflux.inference.kalman import Inversion, invert
from nadflux.inference.particles import Bridge, Budget, Logs, Sampler, Sampling
from nadflux.inference.reference import ensemble_sensitivities, fit_reference, informed_directions
from nadflux.inference.resample import systematic
from nadflux.inference.seeds import stream
from nadflux.inference.store import Forward, ForwardStore, Progress
from nadflux.inference.wander import Pace, wander

START_PARTS, START_MOVES = 10, 24
MOST_REFINEMENTS = 6
LEFT_OUT_MOVES, LEFT_OUT_SWEEPS, LEFT_OUT_PARTICLES = 3, 6, 256
ENOUGH_WHEN_LEFT_OUT, LITTLE_MOVED = 60.0, 0.5
ENOUGH_AGREEMENT = 0.2


@dataclass(frozen=True)
class LeftOut:
    """A study as predicted by a fit without it.

    Attributes
    ----------
    scores : ndarray, shape (sample, parameter)
        Samples of the posterior given all other studies, prior-standardised.
    predictions : ndarray, shape (sample, datum of this study)
        In the units of `Data.values`.
    effective : float
        Effective number of these samples.
    steps : int
        Steps of the sampler's path to them; 0 if the samples of the fit were reweighted.
    """

    scores: Array
    predictions: Array
    effective: float
    steps: int


@dataclass(frozen=True)
class Fit:
    """A calibrated ensemble.

    Attributes
    ----------
    prior, data : Prior, Data
    samples : ndarray, shape (sample, parameter)
        Posterior samples on the unconstrained scale.
    predictions : ndarray, shape (sample, datum)
        Predictions of the calibration data by the samples, on their scale; their fit is no validation.
    effective : ndarray, shape (parameter,)
        Effective number of samples.
    shrinkage : ndarray, shape (parameter,)
        1 - posterior variance / prior variance.
    worth : mapping of study to ndarray, shape (parameter,)
        Share of prior variance that each study alone would remove.
    inversion : Inversion
    sampling : Sampling
    left_out : mapping of study to LeftOut
    evaluated : int
        Members run, without those recalled from the store.
    """

    prior: Prior
    data: Data
    samples: Array
    predictions: Array
    effective: Array
    shrinkage: Array
    worth: Mapping[str, Array]
    inversion: Inversion
    sampling: Sampling
    left_out: Mapping[str, LeftOut]
    evaluated: int

    @property
    def scores(self) -> Array:
        """Prior-standardised scores of the samples, shape (sample, parameter)."""
        return self.prior.to_scores(self.samples)


def fit(
    forward: Forward,
    prior: Prior,
    data: Data,
    *,
    members: int = 200,
    iterations: int = 20,
    budget: Budget | None = None,
    seed: int = 0,
    leave_out: tuple[str, ...] = (),
    kept_up: Callable[[Fit], object] | None = None,
    inversion: Inversion | None = None,
    folder: Path | None = None,
    fingerprint: str = "",
    chunk: int = 25,
    progress: Progress | None = None,
) -> Fit:
    """Draw posterior samples from ``prior`` given ``data`` under ``forward``.

    Parameters
    ----------
    forward : callable
        Parameters (member, parameter) on the unconstrained scale to predictions (member, datum) on the
        scale of the data; a failed member is a row of NaN. Must be deterministic, and rows independent.
    prior, data : Prior, Data
    members : int
        Ensemble members and particles.
    iterations : int
        Largest number of steps of the inversion.
    budget : Budget, optional
        Moves of the sampler.
    seed : int
        The same seed gives the same bits at any number of threads, stopped and resumed or not.
    leave_out : tuple of str
        Studies to leave out in turn and predict; see ``Fit.left_out``.
    kept_up : callable, optional
        Called with the fit so far before each study is left out, since refits take longer than the fit.
    inversion : Inversion, optional
        A finished inversion, with predictions on the scale of ``data``.
    folder : path, optional
        Folder of forward runs; a call with the same arguments continues from them.
    fingerprint : str
        Hash of all that stored runs depend on besides the parameters.
    chunk : int
        Members run at once.
    progress : callable, optional
        ``progress(stage, done, of)``.

    Returns
    -------
    Fit

    Raises
    ------
    UnknownNameError
        If ``leave_out`` names a study that is not in ``data``.
    SimulationError
        If most members fail.
    """
    for study in leave_out:
        if study not in data.studies:
            raise UnknownNameError("calibration study", study, data.studies)
    budget = Budget() if budget is None else budget
    store = ForwardStore(forward, fingerprint, folder, chunk, progress)
    # One thread in linear algebra: its sums, and so the bits, depend on the number of threads.
    with threadpool_limits(1, "blas"):
        if inversion is None:
            inversion = invert(store, prior, data, members=members, iterations=iterations, seed=seed)
        basis = _basis(inversion, data)
        history = History(data)
        for visited, predicted in inversion.visited:
            history.add(visited, predicted)
        sampler = Sampler(store, prior, data, basis, history, budget, seed)
        sampling = _sample(sampler, inversion.scores, "sampler", budget.sweeps)
        flat_scores = sampling.flat_scores
        flat_predictions = sampling.predictions.reshape(len(flat_scores), -1)
        result = Fit(
            prior,
            data,
            prior.to_parameters(flat_scores),
            flat_predictions,
            effective_samples(flat_scores, sampling.flat_origins),
            shrinkage(flat_scores),
            data_worth(flat_scores, flat_predictions, data),
            inversion,
            sampling,
            {},
            store.evaluated,
        )
        # Study by study: each left-out fit is added to the result.
        for study in leave_out:
            if kept_up is not None:
                kept_up(result)
            without = _without(study, sampler, result, budget)
            result = replace(result, left_out={**result.left_out, study: without}, evaluated=store.evaluated)
        return result


def _basis(inversion: Inversion, data: Data) -> Array:
    """Return the directions that the data inform, from the slopes over all ensembles of the inversion."""
    scores = np.concatenate([scores for scores, _ in inversion.visited])
    residuals = np.concatenate([data.residuals(predictions) for _, predictions in inversion.visited])
    return informed_directions(ensemble_sensitivities(scores, residuals), max(2, len(inversion.scores) // 5))


def _sample(sampler: Sampler, scores: Array, purpose: str, sweeps: int) -> Sampling:
    """Draw samples of the posterior.

    The posterior of an emulator is sampled, the real model run on the samples and the emulator improved, until the
    two agree well enough for a bridge from one to the other.
    """
    posterior = _EmulatedPosterior(sampler, sampler.history.emulator())
    # Each attempt starts from the particles of the one before, with a better emulator.
    for attempt in range(MOST_REFINEMENTS):
        scores = posterior.draw(scores, purpose, attempt)
        predictions = sampler.evaluate(scores, f"{purpose}, emulator {attempt + 1}")
        if posterior.agreement(scores, predictions) >= ENOUGH_AGREEMENT or attempt + 1 == MOST_REFINEMENTS:
            break
        # Until the new emulator is tested, its error is that of the old one here: it must be able to fall again.
        error = posterior.emulator.error_on(scores, predictions)
        posterior = _EmulatedPosterior(sampler, sampler.history.emulator().at_least(error))
    return sampler.run(posterior.bridge(), scores, purpose, sweeps)


class _EmulatedPosterior:
    """The posterior under an emulator, with its error added to that of the data."""

    def __init__(self, sampler: Sampler, emulator: Emulator) -> None:
        self.emulator = emulator
        self._sampler = sampler
        self._widened = emulator.widened(sampler.data)

    def log_density(self, scores: Array) -> Array:
        return _log_posterior(self._widened, scores, self.emulator.predict(scores))

    def draw(self, scores: Array, purpose: str, attempt: int) -> Array:
        """Return particles (member, parameter) moved from ``scores`` to this posterior."""
        pace, sampler = Pace(), self._sampler
        # Each part starts from the particles of the one before.
        for part in range(START_PARTS):
            residuals = sampler.data.residuals(self.emulator.predict(scores))
            reference = fit_reference(scores, residuals, sampler.basis)
            rng = stream(sampler.seed, purpose, "emulator", attempt, part)
            logs = self.log_density(scores)
            scores, _, shares = wander(self.log_density, scores, logs, reference, pace, START_MOVES, rng)
            pace.adapt(shares)
        return scores

    def agreement(self, scores: Array, predictions: Array) -> float:
        """Return the effective share of the particles after weighting to the real posterior."""
        ratio = _log_posterior(self._sampler.data, scores, predictions) - self.log_density(scores)
        alive = np.isfinite(ratio)
        if not alive.any():
            return 0.0
        weights = np.exp(ratio[alive] - ratio[alive].max())
        return float(weights.sum() ** 2 / (weights**2).sum() / len(scores))

    def bridge(self) -> Bridge:
        """Return the bridge from here to the real posterior."""

        def to(observed: Data) -> Logs:
            def logs(scores: Array, predictions: Array) -> tuple[Array, Array]:
                start = self.log_density(scores)
                return start, _log_posterior(observed, scores, predictions) - start

            return logs

        data = self._sampler.data
        return Bridge(to(data), lambda current: to(current.widened(data)), data.residuals)


def _log_posterior(data: Data, scores: Array, predictions: Array) -> Array:
    return np.asarray(-0.5 * (scores**2).sum(axis=1) + data.log_likelihood(predictions).sum(axis=1))


def _without(study: str, sampler: Sampler, result: Fit, budget: Budget) -> LeftOut:
    """Return the posterior given all studies but one, with its prediction of that one.

    If the study has little influence, the samples of the fit are weighted by one over its likelihood; weights are cut
    as in Ionides 2008 (doi 10.1198/106186008X320456). Otherwise the real model carries the particles there.
    """
    mask = sampler.data.of(study)
    part = sampler.data.subset(mask)
    log_ratio = -part.log_likelihood(result.predictions[:, mask]).sum(axis=1)
    weights = _cut(log_ratio)
    share = _share(weights)
    effective = float(np.nanmin(effective_samples(result.scores, result.sampling.flat_origins, weights)))
    if effective >= ENOUGH_WHEN_LEFT_OUT and share >= LITTLE_MOVED:
        rng = stream(sampler.seed, f"without {study}")
        chosen = systematic(weights, rng)
        return LeftOut(result.scores[chosen], result.predictions[chosen][:, mask], effective, 0)
    sweeps = min(budget.sweeps, LEFT_OUT_SWEEPS)
    shorter = sampler.with_budget(Budget(min(budget.moves, LEFT_OUT_MOVES), sweeps, budget.decorrelated))
    found = shorter.run(
        _removal(sampler.data, mask),
        result.scores,
        f"without {study}",
        sweeps,
        predictions=result.predictions,
        origins=result.sampling.flat_origins,
        particles=min(LEFT_OUT_PARTICLES, len(result.sampling.scores[-1])),
    )
    return LeftOut(
        found.flat_scores,
        found.predictions.reshape(-1, len(mask))[:, mask],
        float(np.nanmin(effective_samples(found.flat_scores, found.flat_origins))),
        len(found.path),
    )


def _removal(data: Data, mask: Mask) -> Bridge:
    """Return the bridge from the posterior of all data to that of the data outside ``mask``."""

    def to(observed: Data) -> Logs:
        def logs(scores: Array, predictions: Array) -> tuple[Array, Array]:
            gone = observed.subset(mask).log_likelihood(predictions[:, mask]).sum(axis=1)
            return _log_posterior(observed, scores, predictions), -gone

        return logs

    return Bridge(
        to(data),
        lambda current: to(current.widened(data)),
        lambda predictions: data.subset(~mask).residuals(predictions[:, ~mask]),
    )


def _cut(log_ratio: Array) -> Array:
    """Return normalised weights (sample,), none above the mean times the square root of their number."""
    finite = np.isfinite(log_ratio)
    weights = np.exp(np.where(finite, log_ratio - log_ratio[finite].max(), -np.inf))
    weights = np.minimum(weights, weights.mean() * np.sqrt(len(weights)))
    return np.asarray(weights / weights.sum())


def _share(weights: Array) -> float:
    return float(1.0 / (weights**2).sum() / len(weights))
