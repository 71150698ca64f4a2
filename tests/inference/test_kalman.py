from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nadflux.errors import SimulationError, ValueOutOfRangeError
from nadflux.inference.data import Array, Prior
from nadflux.inference.kalman import invert, kalman_step, tapered_covariance
from nadflux.inference.store import ForwardStore

Make = Callable[..., Any]


def test_approaches_the_exact_posterior_of_a_linear_problem(linear_problem: Make) -> None:
    problem = linear_problem(4, 9, seed=3)
    end = invert(ForwardStore(problem.forward), problem.prior, problem.data, members=400, seed=1)
    samples = problem.prior.to_parameters(end.scores)
    sd = np.sqrt(np.diag(problem.covariance))
    assert np.abs((samples.mean(axis=0) - problem.mean) / sd).max() < 0.6
    np.testing.assert_allclose(samples.std(axis=0) / sd, 1.0, atol=0.25)


def test_temperature_ends_at_one_and_rises(linear_problem: Make) -> None:
    problem = linear_problem(4, 9, seed=3)
    end = invert(ForwardStore(problem.forward), problem.prior, problem.data, members=100, iterations=3, seed=1)
    assert end.temperatures[-1] == 1.0
    assert len(end.temperatures) <= 3
    assert (np.diff((0.0, *end.temperatures)) > 0).all()
    assert end.misfits[0] > end.misfits[-1]


def test_failed_members_are_redrawn_and_do_not_pull(one_datum: Make) -> None:
    data = one_datum(1.0, 0.5)

    def failing(parameters: Array) -> Array:
        predictions = parameters[:, :1].copy()
        predictions[parameters[:, 0] < -1.0] = np.nan
        return predictions

    end = invert(ForwardStore(failing), Prior.standard(["x"]), data, members=300, seed=2)
    assert end.failed > 10
    assert np.isfinite(end.scores).all()
    assert end.scores.mean() == pytest.approx(0.8, abs=0.15)


def test_mass_failure_is_refused(one_datum: Make) -> None:
    data = one_datum(1.0, 0.5)
    with pytest.raises(SimulationError, match="of 50 members failed"):
        invert(ForwardStore(lambda p: np.full((len(p), 1), np.nan)), Prior.standard(["x"]), data, members=50)


def test_too_few_members_are_refused(one_datum: Make) -> None:
    with pytest.raises(ValueOutOfRangeError, match="5 members"):
        invert(ForwardStore(lambda p: p), Prior.standard(["x"]), one_datum(1.0, 0.5), members=5)


def test_chance_correlations_are_removed_and_real_ones_kept() -> None:
    rng = np.random.default_rng(0)
    left = rng.standard_normal((200, 30))
    right = left[:, :1] + 0.3 * rng.standard_normal((200, 1))
    covariance = tapered_covariance(left - left.mean(axis=0), right - right.mean(axis=0))[:, 0]
    assert covariance[0] == pytest.approx(1.0, abs=0.2)
    assert np.abs(covariance[1:]).max() < 0.1
    assert (covariance[1:] == 0.0).sum() >= 26


def test_a_step_towards_a_bound_that_holds_leaves_the_mean() -> None:
    scores = np.random.default_rng(0).standard_normal((500, 2))
    residuals = np.zeros((500, 1))
    np.testing.assert_allclose(kalman_step(scores, residuals, 1.0, np.random.default_rng(1)), scores)
