"""The reference: a cheap distribution close to the posterior, with moves that leave it invariant.

Data inform few directions of the parameter space (Cui et al. 2014, doi 10.1088/0266-5611/30/11/114015). Along
these the reference is a multivariate Student t fitted to the particles; across them it is the prior, so that
noise of a small ensemble cannot narrow directions without data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from nadflux.inference.data import Array
from nadflux.inference.kalman import tapered_covariance

FREEDOM = 8.0
SMALLEST_INFORMATION = 0.05


@dataclass(frozen=True)
class Reference:
    """Student t along ``basis``, standard normal across it, in prior-standardised scores.

    Attributes
    ----------
    basis : ndarray, shape (parameter, direction)
        Orthonormal columns.
    mean : ndarray, shape (direction,)
        Prior-standardised, no unit.
    root : ndarray, shape (direction, direction)
        Lower Cholesky factor of the t distribution's scale matrix.
    """

    basis: Array
    mean: Array
    root: Array

    def draw(self, count: int, rng: np.random.Generator) -> Array:
        """Draw independent samples.

        Returns
        -------
        ndarray, shape (count, parameter)
            Prior-standardised, no unit.
        """
        across = rng.standard_normal((count, self.basis.shape[0]))
        normal = rng.standard_normal((count, len(self.mean)))
        widening = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, size=count))
        along = self.mean + (normal * widening[:, None]) @ self.root.T
        return self._across(across) + along @ self.basis.T

    def log_density(self, scores: Array) -> Array:
        """Return the log density up to a constant.

        Parameters
        ----------
        scores : ndarray, shape (member, parameter)
            Prior-standardised, no unit.

        Returns
        -------
        ndarray, shape (member,)
            Natural log, no unit.
        """
        across = self._across(scores)
        dimension = len(self.mean)
        radial = -0.5 * (FREEDOM + dimension) * np.log1p(self._distance(scores) / FREEDOM)
        density: Array = radial - 0.5 * (across**2).sum(axis=1)
        return density

    def propose_along(self, scores: Array, step: float, rng: np.random.Generator) -> Array:
        """Propose along the basis, reversibly with respect to this distribution.

        The t-preconditioned Crank–Nicolson proposal of Grumitt, Karamanis & Seljak 2024 (doi 10.1088/1361-6420/ad934b).

        Parameters
        ----------
        scores : ndarray, shape (particle, parameter)
            Prior-standardised, no unit.
        step : float
            In (0, 1]; 1 is an independent draw given the particle's scale.
        rng : Generator

        Returns
        -------
        ndarray, shape (particle, parameter)
            Prior-standardised, no unit.
        """
        count, dimension = len(scores), len(self.mean)
        keep = np.sqrt(1.0 - step**2)
        normal = rng.standard_normal((count, dimension))
        shape = 0.5 * (FREEDOM + dimension)
        rate = 0.5 * (FREEDOM + self._distance(scores))
        widening = np.sqrt(rate / rng.gamma(shape, size=count))
        before = scores @ self.basis
        along = self.mean + keep * (before - self.mean) + step * (normal * widening[:, None]) @ self.root.T
        proposed: Array = scores + (along - before) @ self.basis.T
        return proposed

    def propose_across(self, scores: Array, step: float, rng: np.random.Generator) -> Array:
        """Propose across the basis by Crank–Nicolson, reversibly with respect to the prior.

        Parameters
        ----------
        scores : ndarray, shape (particle, parameter)
            Prior-standardised, no unit.
        step : float
            In (0, 1].
        rng : Generator

        Returns
        -------
        ndarray, shape (particle, parameter)
            Prior-standardised, no unit.
        """
        keep = np.sqrt(1.0 - step**2)
        return scores + self._across((keep - 1.0) * scores + step * rng.standard_normal(scores.shape))

    def _across(self, scores: Array) -> Array:
        return scores - (scores @ self.basis) @ self.basis.T

    def _distance(self, scores: Array) -> Array:
        centred = scores @ self.basis - self.mean
        if not centred.shape[1]:
            return np.zeros(len(scores))
        distance: Array = (solve_triangular(self.root, centred.T, lower=True) ** 2).sum(axis=0)
        return distance


def fit_reference(
    scores: Array, residuals: Array, basis: Array, weights: Array | None = None, inflation: float = 1.0
) -> Reference:
    """Fit the reference to weighted particles.

    Parameters
    ----------
    scores, residuals : ndarray, shape (particle, parameter) and (particle, datum)
        Prior-standardised scores, and residuals standardised by the error of each datum.
    basis : ndarray, shape (parameter, direction)
        Orthonormal columns, no unit.
    weights : ndarray, shape (particle,), optional
        Normalised weights; equal by default.
    inflation : float
        Factor on every standard deviation.
    """
    alive = np.isfinite(residuals).all(axis=1)
    scores, residuals = scores[alive], residuals[alive]
    weights = None if weights is None else weights[alive]
    along = scores @ basis
    weights = np.full(len(scores), 1.0 / len(scores)) if weights is None else weights / weights.sum()
    effective = 1.0 / float((weights**2).sum())
    mean = weights @ along
    centred = along - mean
    covariance = (centred * weights[:, None]).T @ centred * effective / max(effective - 1.0, 1.0)
    dimension = basis.shape[1]
    # A small swarm gives a poor covariance but good slopes of the predictions, so the slopes are used.
    leaning = dimension / (dimension + effective)
    covariance = (1.0 - leaning) * covariance + leaning * gauss_newton(along, residuals)[1]
    # The scale matrix of a t is (freedom - 2)/freedom of its covariance.
    scale = covariance * inflation**2 * (FREEDOM - 2.0) / FREEDOM
    return Reference(basis, mean, np.linalg.cholesky(scale))


def gauss_newton(along: Array, residuals: Array) -> tuple[Array, Array]:
    """Return mean and covariance of the posterior if predictions were linear as in the particles' regression.

    Parameters
    ----------
    along, residuals : ndarray, shape (particle, direction) and (particle, datum)
        Prior-standardised scores along the basis, and standardised residuals.

    Returns
    -------
    mean, covariance : ndarray, shape (direction,) and (direction, direction)
        Prior-standardised, no unit; the mean is at most three standard deviations of the particles from theirs.
    """
    dimension = along.shape[1]
    mean, spread = along.mean(axis=0), np.maximum(along.std(axis=0), 1e-9)
    scaled = (along - mean) / spread
    gram = scaled.T @ scaled + 1e-3 * len(along) * np.eye(dimension)
    slopes = np.linalg.solve(gram, scaled.T @ (residuals - residuals.mean(axis=0))) / spread[:, None]
    covariance = np.linalg.inv(np.eye(dimension) + slopes @ slopes.T)
    move = -covariance @ (mean + slopes @ residuals.mean(axis=0))
    length = float(np.abs(move / spread).max(initial=0.0))
    return mean + move * min(1.0, 3.0 / max(length, 1e-12)), 0.5 * (covariance + covariance.T)


def informed_directions(sensitivities: Array, most: int) -> Array:
    """Return orthonormal directions along which the data narrow the prior noticeably.

    Parameters
    ----------
    sensitivities : ndarray, shape (datum, parameter)
        Derivatives of standardised predictions with respect to prior-standardised scores, no unit.
    most : int
        Largest number of directions; at least one is returned.

    Returns
    -------
    ndarray, shape (parameter, direction)
        Orthonormal columns, no unit.
    """
    _, singular, rows = np.linalg.svd(sensitivities, full_matrices=False)
    count = int((singular**2 > SMALLEST_INFORMATION).sum())
    return rows[: max(1, min(count, most))].T


def ensemble_sensitivities(scores: Array, residuals: Array) -> Array:
    """Return the linear sensitivities of an ensemble, tapered by their sampling error.

    With fewer than four members per parameter, the covariance is divided by each parameter's own variance; with more,
    least squares resolves correlations between parameters.

    Parameters
    ----------
    scores, residuals : ndarray, shape (member, parameter) and (member, datum)
        Prior-standardised scores and standardised residuals.

    Returns
    -------
    ndarray, shape (datum, parameter)
        Change of residual per score, no unit.
    """
    centred_scores = scores - scores.mean(axis=0)
    centred = residuals - residuals.mean(axis=0)
    members, count = scores.shape
    if members < 4 * count:
        variances = (centred_scores**2).sum(axis=0) / (members - 1)
        sensitivities: Array = (tapered_covariance(centred_scores, centred) / np.maximum(variances, 1e-12)[:, None]).T
        return sensitivities
    gram = centred_scores.T @ centred_scores
    ridge = 1e-6 * float(np.trace(gram)) / count
    inverse = np.linalg.inv(gram + ridge * np.eye(count))
    slopes = inverse @ (centred_scores.T @ centred)
    left = centred - centred_scores @ slopes
    noise = np.sqrt((left**2).sum(axis=0) / max(members - count - 1, 1))
    error = np.sqrt(np.maximum(np.diag(inverse), 0.0))[:, None] * noise[None, :]
    chance = 2.0 * np.log(max(count, 2)) * error**2
    squared = slopes**2
    taper = np.zeros_like(squared)
    np.divide(squared - chance, squared, out=taper, where=squared > chance)
    tapered: Array = (slopes * taper).T
    return tapered
