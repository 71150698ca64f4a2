"""Diagnostics of a fit: effective samples, shrinkage, and the worth of each study."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nadflux.inference.data import Array, Data, Origins
from nadflux.inference.reference import ensemble_sensitivities


def effective_samples(samples: Array, origins: Origins, weights: Array | None = None) -> Array:
    """Return the effective number of samples per parameter.

    Samples of one origin (a particle of the sampler's start, with all its copies and their moves) are one group; only
    groups are independent. The variance of a mean is that of the sums over groups, as in Lee & Whiteley 2018
    (doi 10.1093/biomet/asy028). It therefore counts copies made by resampling, and the correlation between sweeps, by
    as much as the moves have left of them. Its own error is about the square root of 2/groups.

    Parameters
    ----------
    samples : ndarray, shape (sample, parameter)
        In any unit.
    origins : ndarray of int, shape (sample,)
        Group of each sample.
    weights : ndarray, shape (sample,), optional
        Normalised weights, no unit; equal by default.

    Returns
    -------
    ndarray, shape (parameter,)
        Number of independent draws whose mean would have the same variance, no unit; at most the number of samples.
        NaN for fewer than two groups.
    """
    count = len(samples)
    weights = np.full(count, 1.0 / count) if weights is None else weights
    names, group = np.unique(origins, return_inverse=True)
    if len(names) < 2:
        return np.full(samples.shape[1], np.nan)
    centred = samples - weights @ samples
    sums = np.zeros((len(names), samples.shape[1]))
    np.add.at(sums, group, weights[:, None] * centred)
    share = np.bincount(group, weights)
    # The sums add up to zero, so their squares are too small by the effective share of one group.
    variance = (sums**2).sum(axis=0) / (1.0 - (share**2).sum())
    spread = weights @ centred**2
    found = np.divide(spread, variance, out=np.full(len(spread), float(count)), where=variance > 0)
    return np.asarray(np.minimum(found, float(count)))


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
