"""Calibration of any forward model: Kalman inversion, then a sampler on the real model.

The algorithm knows nothing of biology: ``nadflux fit`` hands it the studies' predictions and the tables'
priors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nadflux.errors import UnknownNameError
from nadflux.inference.data import Array, Data, Prior
from nadflux.inference.diagnose import data_worth, effective_samples, shrinkage
from nadflux.inference.kalman import Inversion, invert
from nadflux.inference.particles import Budget, Logs, Sampling, sample_path
from nadflux.inference.reference import (
    FREEDOM,
    Reference,
    ensemble_sensitivities,
    gauss_newton,
    informed_directions,
)
from nadflux.inference.seeds import stream
from nadflux.inference.store import Forward, ForwardStore, Progress

REFERENCE_INFLATION = 1.15


@dataclass(frozen=True)
class LeftOut:
    """A study as predicted by a fit that never saw it.

    Attributes
    ----------
    predictions : ndarray, shape (sample, datum of this study)
    effective : float
        Fewest effective particles on the way from the full fit.
    steps : int
        Steps that the way took.
    """

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
        Of the calibration data by the samples; how well these fit is no validation.
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
        Members run (not counting those recalled from the store).
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
        """Samples (sample, parameter), prior-standardised."""
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
    folder: Path | None = None,
    fingerprint: str = "",
    chunk: int = 25,
    progress: Progress | None = None,
) -> Fit:
    """Posterior samples of ``prior`` given ``data`` under ``forward``.

    Parameters
    ----------
    forward : callable
        Parameters (member, parameter) on the unconstrained scale to predictions (member, datum) on the
        scale of the data; a failed member is a row of NaN. Must be deterministic, each row for itself.
    prior, data : Prior, Data
    members : int
        Ensemble members and particles.
    iterations : int
        Most steps of the inversion.
    budget : Budget, optional
        Moves of the sampler.
    seed : int
        The same seed gives the same bits at any number of threads, stopped and resumed or not.
    leave_out : tuple of str
        Studies to refit without and predict; see ``Fit.left_out``.
    folder : path, optional
        Where forward runs are kept; calling again with the same arguments goes on from there.
    fingerprint : str
        What the kept runs depend on besides the parameters.
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
    # One thread in linear algebra: its sums, and so the bits, would depend on the number of threads.
    with threadpool_limits(1, "blas"):
        inversion = invert(store, prior, data, members=members, iterations=iterations, seed=seed)
        basis = _basis(inversion, data)
        reference = _start(inversion, data, basis)
        scores = reference.draw(members, stream(seed, "reference"))
        predictions = store.run(prior.to_parameters(scores), "sampler, start")
        logs = _to_posterior(data, reference)
        sampling = sample_path(
            store,
            prior,
            scores,
            predictions,
            logs,
            data.residuals,
            basis,
            budget=budget,
            seed=seed,
            purpose="sampler",
        )
        flat_scores = sampling.scores.reshape(-1, len(prior.names))
        flat_predictions = sampling.predictions.reshape(len(flat_scores), -1)
        left_out = {study: _without(study, store, prior, data, sampling, basis, budget, seed) for study in leave_out}
        return Fit(
            prior,
            data,
            prior.to_parameters(flat_scores),
            flat_predictions,
            # Particles that still sit where resampling put them count once, not once per copy.
            effective_samples(sampling.scores) * (1.0 - max(sampling.correlation, 0.0) ** 2),
            shrinkage(flat_scores),
            data_worth(flat_scores, flat_predictions, data),
            inversion,
            sampling,
            left_out,
            store.evaluated,
        )


def _basis(inversion: Inversion, data: Data) -> Array:
    """Directions that the data inform, from the slopes over all ensembles of the inversion."""
    scores = np.concatenate([scores for scores, _ in inversion.visited])
    residuals = np.concatenate([data.residuals(predictions) for _, predictions in inversion.visited])
    return informed_directions(ensemble_sensitivities(scores, residuals), max(2, len(inversion.scores) // 5))


def _start(inversion: Inversion, data: Data, basis: Array) -> Reference:
    """Where the sampler starts: the last ensemble, with mean and spread corrected by its own slopes."""
    scores, predictions = inversion.visited[-1]
    residuals = data.residuals(predictions)
    mean, covariance = gauss_newton(scores @ basis, residuals)
    spread: Array = np.cov((inversion.scores @ basis).T).reshape(len(mean), len(mean))
    leaning = len(mean) / (len(mean) + len(inversion.scores))
    pooled = (1.0 - leaning) * spread + leaning * covariance
    scale = np.asarray(pooled * REFERENCE_INFLATION**2 * (FREEDOM - 2.0) / FREEDOM, dtype=np.float64)
    return Reference(basis, mean, np.asarray(np.linalg.cholesky(scale), dtype=np.float64))


def _to_posterior(data: Data, reference: Reference) -> Logs:
    """The path from the reference to the posterior."""

    def logs(scores: Array, predictions: Array) -> tuple[Array, Array]:
        start = reference.log_density(scores)
        end = -0.5 * (scores**2).sum(axis=1) + data.log_likelihood(predictions).sum(axis=1)
        return start, end - start

    return logs


def _without(
    study: str,
    store: ForwardStore,
    prior: Prior,
    data: Data,
    sampling: Sampling,
    basis: Array,
    budget: Budget,
    seed: int,
) -> LeftOut:
    """Carry the particles of the full fit to the posterior without ``study``; exact, not only re-weighted."""
    mask = data.of(study)

    def logs(scores: Array, predictions: Array) -> tuple[Array, Array]:
        each = data.log_likelihood(predictions)
        start = -0.5 * (scores**2).sum(axis=1) + each.sum(axis=1)
        return start, -each[:, mask].sum(axis=1)

    without = sample_path(
        store,
        prior,
        sampling.scores[-1],
        sampling.predictions[-1],
        logs,
        lambda predicted: data.residuals(predicted)[:, ~mask],
        basis,
        budget=Budget(budget.moves, min(budget.sweeps, 4), budget.decorrelated),
        seed=seed,
        purpose=f"without {study}",
    )
    predictions = without.predictions.reshape(-1, len(data.values))[:, mask]
    return LeftOut(predictions, min(without.effective), len(without.path))
