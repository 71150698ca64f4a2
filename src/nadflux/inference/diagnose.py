"""Diagnostics of a fit: effective samples, shrinkage, and the worth of each study."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nadflux.inference.data import Array, Data
from nadflux.inference.reference import ensemble_sensitivities


def effective_samples(chains: Array) -> Array:
    """Return the effective number of samples per parameter.

    Parameters
    ----------
    chains : ndarray, shape (sweep, chain, parameter)
        In any unit.

    Returns
    -------
    ndarray, shape (parameter,)
        No unit: draws divided by the autocorrelation time: many-chain estimate with Geyer's initial monotone
        sequence, as in Vehtari et al. 2021 (doi 10.1214/20-BA1221) without ranks.
    """
    length, count, _ = chains.shape
    if length < 4:
        return np.full(chains.shape[2], np.nan)
    return np.array([_effective_one(chains[:, :, k]) for k in range(chains.shape[2])]).clip(max=float(length * count))


def shrinkage(scores: Array) -> Array:
    """Return 1 - posterior / prior variance of each parameter.

    Parameters
    ----------
    scores : ndarray, shape (sample, parameter)
        Prior-standardised posterior samples, no unit.

    Returns
    -------
    ndarray, shape (parameter,)
        The share of the prior variance removed.
    """
    lost: Array = 1.0 - scores.var(axis=0, ddof=1)
    return lost


def data_worth(scores: Array, predictions: Array, data: Data) -> Mapping[str, Array]:
    """Return the share of each parameter's variance that each study alone would remove.

    Linear-normal estimate from the samples' own sensitivities: with S the standardised sensitivities of a
    study's data, the prior variance falls to diag((I + S'S)^-1).

    Parameters
    ----------
    scores, predictions : ndarray, shape (sample, parameter) and (sample, datum)
        Prior-standardised scores, and predictions in the units of `Data.values`.
    data : Data

    Returns
    -------
    mapping of study to ndarray, shape (parameter,)
        The share of the prior variance removed, 0 to 1.
    """
    sensitivities = ensemble_sensitivities(scores, data.residuals(predictions))
    identity = np.eye(scores.shape[1])
    worth = {}
    for study in data.studies:
        part = sensitivities[data.of(study)]
        worth[study] = 1.0 - np.diag(np.linalg.inv(identity + part.T @ part))
    return worth


def _effective_one(chains: Array) -> float:
    length, count = chains.shape
    centred = chains - chains.mean(axis=0)
    within = float((centred**2).sum() / (count * (length - 1)))
    between = float(chains.mean(axis=0).var(ddof=1)) if count > 1 else 0.0
    pooled = within * (length - 1) / length + between
    if pooled <= 0:
        return float(length * count)
    total, last = 0.0, np.inf
    # Pair by pair, each no larger than the one before, until one is not positive (initial monotone sequence).
    for lag in range(0, length - 1, 2):
        pair = _correlation(centred, within, pooled, lag) + _correlation(centred, within, pooled, lag + 1)
        if pair <= 0:
            break
        last = min(last, pair)
        total += last
    return float(length * count / max(2.0 * total - 1.0, 1.0 / np.log10(max(length * count, 10))))


def _correlation(centred: Array, within: float, pooled: float, lag: int) -> float:
    if lag == 0:
        return 1.0
    length = len(centred)
    covariance = float((centred[: length - lag] * centred[lag:]).sum() / (length * centred.shape[1]))
    return 1.0 - (within * (length - 1) / length - covariance) / pooled
