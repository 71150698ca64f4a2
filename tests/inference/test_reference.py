from __future__ import annotations

import numpy as np
import pytest

from nadflux.inference.reference import (
    FREEDOM,
    Reference,
    ensemble_sensitivities,
    fit_reference,
    gauss_newton,
    informed_directions,
)

ROOT = np.array([[0.3, 0.0], [0.1, 0.2]])
REFERENCE = Reference(np.eye(5)[:, :2], np.array([1.0, -0.5]), ROOT)


def _check(draws: np.ndarray) -> None:
    np.testing.assert_allclose(draws[:, :2].mean(axis=0), [1.0, -0.5], atol=0.03)
    expected = ROOT @ ROOT.T * FREEDOM / (FREEDOM - 2.0)
    np.testing.assert_allclose(np.cov(draws[:, :2].T), expected, atol=0.015)
    np.testing.assert_allclose(draws[:, 2:].std(axis=0), 1.0, atol=0.05)


def test_draws_have_its_mean_and_covariance() -> None:
    _check(REFERENCE.draw(20_000, np.random.default_rng(0)))


@pytest.mark.parametrize("step", [0.2, 0.7, 1.0])
def test_proposals_leave_it_unchanged(step: float) -> None:
    rng = np.random.default_rng(1)
    draws = REFERENCE.draw(20_000, rng)
    for _ in range(5):
        draws = REFERENCE.propose_across(REFERENCE.propose_along(draws, step, rng), step, rng)
    _check(draws)


def test_density_is_that_of_the_draws() -> None:
    """The mean of exp(log p - log q) under q is the ratio of their constants, the same for any shift of p."""
    rng = np.random.default_rng(2)
    draws = REFERENCE.draw(40_000, rng)
    moved = Reference(REFERENCE.basis, REFERENCE.mean + np.array([0.1, 0.05]), ROOT)
    ratio = np.exp(moved.log_density(draws) - REFERENCE.log_density(draws))
    assert ratio.mean() == pytest.approx(1.0, abs=0.02)


def test_gauss_newton_is_exact_for_a_linear_model() -> None:
    rng = np.random.default_rng(3)
    slopes = np.array([[2.0, 0.0], [1.0, 3.0], [0.0, 1.0]])
    scores = 0.5 * rng.standard_normal((200, 2)) + 0.2
    offset = np.array([0.5, -1.0, 0.2])
    mean, covariance = gauss_newton(scores, scores @ slopes.T + offset)
    exact = np.linalg.inv(np.eye(2) + slopes.T @ slopes)
    np.testing.assert_allclose(covariance, exact, rtol=0.02, atol=1e-3)
    np.testing.assert_allclose(mean, -exact @ slopes.T @ offset, atol=0.02)


def test_a_dead_particle_does_not_enter() -> None:
    rng = np.random.default_rng(4)
    scores = rng.standard_normal((100, 5))
    residuals = scores[:, :1].copy()
    residuals[3], scores[3] = np.nan, 1e6
    weights = np.full(100, 1.0)
    weights[3] = 0.0
    assert np.abs(fit_reference(scores, residuals, REFERENCE.basis, weights).mean).max() < 1.0


def test_informed_directions_are_those_the_data_see() -> None:
    rng = np.random.default_rng(5)
    scores = rng.standard_normal((400, 6))
    residuals = scores[:, [2]] * 5.0 + 0.01 * rng.standard_normal((400, 1))
    directions = informed_directions(ensemble_sensitivities(scores, residuals), 4)
    assert directions.shape == (6, 1)
    assert abs(directions[2, 0]) == pytest.approx(1.0, abs=0.01)
