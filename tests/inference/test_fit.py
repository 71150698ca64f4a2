from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from nadflux.errors import UnknownNameError
from nadflux.inference.data import Array, Data, Prior
from nadflux.inference.fit import Fit, fit
from nadflux.inference.particles import Budget

Make = Callable[..., Any]


def test_recovers_the_exact_posterior_of_a_linear_problem(linear_problem: Make) -> None:
    problem = linear_problem(6, 10, seed=4)
    result = fit(problem.forward, problem.prior, problem.data, members=200, seed=1)
    sd = np.sqrt(np.diag(problem.covariance))
    error = 4.0 / np.sqrt(result.effective)
    assert (np.abs(result.samples.mean(axis=0) - problem.mean) / sd < error).all()
    np.testing.assert_allclose(result.samples.std(axis=0) / sd, 1.0, atol=0.15)
    exact = problem.covariance / np.outer(sd, sd)
    np.testing.assert_allclose(np.corrcoef(result.samples.T), exact, atol=0.2)


def test_a_parameter_without_data_keeps_its_prior(linear_problem: Make) -> None:
    problem = linear_problem(30, 12, informed=6, seed=5)
    result = fit(problem.forward, problem.prior, problem.data, members=200, seed=1)
    free = slice(6, None)
    np.testing.assert_allclose(result.scores[:, free].std(axis=0), 1.0, atol=0.12)
    np.testing.assert_allclose(result.scores[:, free].mean(axis=0), 0.0, atol=0.3)
    assert np.abs(result.shrinkage[free]).max() < 0.25
    assert result.shrinkage[:6].mean() > 0.5


def test_a_sum_is_learned_and_its_parts_are_not(one_datum: Make) -> None:
    result = fit(lambda p: p.sum(axis=1, keepdims=True), Prior.standard(["a", "b"]), one_datum(1.0, 0.05), seed=3)
    total, difference = result.samples.sum(axis=1), result.samples[:, 0] - result.samples[:, 1]
    assert total.std() == pytest.approx(0.05, rel=0.15)
    assert difference.std() == pytest.approx(np.sqrt(2.0), rel=0.15)


def test_a_curved_posterior_is_sampled_where_the_kalman_step_is_only_approximate() -> None:
    def forward(parameters: Array) -> Array:
        x, y = parameters.T
        return np.stack([np.exp(0.8 * x) + 0.5 * y, y + 0.6 * x**2], axis=1)

    data = Data(("a", "b"), ("S", "T"), np.array([1.6, 0.9]), np.array([0.3, 0.25]), ("value", "value"))
    grid = np.linspace(-5, 5, 801)
    x, y = (axis.ravel() for axis in np.meshgrid(grid, grid, indexing="ij"))
    logs = data.log_likelihood(forward(np.stack([x, y], axis=1))).sum(axis=1) - 0.5 * (x**2 + y**2)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    mean = np.array([weights @ x, weights @ y])
    sd = np.sqrt([weights @ x**2 - mean[0] ** 2, weights @ y**2 - mean[1] ** 2])

    result = fit(forward, Prior.standard(["x", "y"]), data, members=300, seed=2)
    assert (np.abs(result.samples.mean(axis=0) - mean) / sd < 4.0 / np.sqrt(result.effective)).all()
    np.testing.assert_allclose(result.samples.std(axis=0) / sd, 1.0, atol=0.12)
    assert np.mean(result.samples[:, 0] < 0) == pytest.approx(weights[x < 0].sum(), abs=0.05)


def test_a_bound_cuts_and_does_not_pull(one_datum: Make) -> None:
    result = fit(lambda p: p, Prior.standard(["x"]), one_datum(0.5, 0.01, "at least"), members=300, seed=1)
    # The mean of a standard normal above 0.5 is pdf(0.5) / (1 - cdf(0.5)) = 1.141.
    assert result.samples.min() > 0.45
    assert result.samples.mean() == pytest.approx(1.141, abs=0.1)


def test_members_that_fail_never_become_samples(one_datum: Make) -> None:
    def failing(parameters: Array) -> Array:
        return np.where(parameters[:, :1] > 0.6, np.nan, parameters[:, :1])

    result = fit(failing, Prior.standard(["x", "y"]), one_datum(0.5, 1.0), members=200, seed=1)
    assert (result.samples[:, 0] <= 0.6).all()
    assert result.inversion.failed > 0
    assert np.isfinite(result.predictions).all()


def test_seed_decides_every_bit(linear_problem: Make) -> None:
    problem = linear_problem(5, 8)
    bits = [_small(problem.forward, problem, seed=7).samples.tobytes() for _ in range(2)]
    with threadpool_limits(2):
        bits.append(_small(problem.forward, problem, seed=7).samples.tobytes())
    assert bits[0] == bits[1] == bits[2]
    assert bits[0] != _small(problem.forward, problem, seed=8).samples.tobytes()


def test_chunks_do_not_change_the_result(linear_problem: Make) -> None:
    problem = linear_problem(5, 8)
    row_by_row = lambda p: np.array([[float((row * m).sum()) for m in problem.matrix] for row in p])  # noqa: E731
    whole, parts = (_small(row_by_row, problem, seed=7, chunk=size) for size in (1000, 7))
    assert whole.samples.tobytes() == parts.samples.tobytes()


def test_stopped_and_resumed_is_the_same_to_the_bit(tmp_path: Path, linear_problem: Make) -> None:
    problem = linear_problem(5, 8)
    whole = _small(problem.forward, problem, seed=7, leave_out=("Study1",))
    run_before_stop = 0

    def stopping(parameters: Array) -> Array:
        nonlocal run_before_stop
        if run_before_stop > 400:
            raise KeyboardInterrupt
        run_before_stop += len(parameters)
        return problem.forward(parameters)

    with pytest.raises(KeyboardInterrupt):
        _small(stopping, problem, seed=7, leave_out=("Study1",), folder=tmp_path)
    resumed = _small(problem.forward, problem, seed=7, leave_out=("Study1",), folder=tmp_path)
    assert resumed.evaluated == whole.evaluated - run_before_stop
    assert resumed.samples.tobytes() == whole.samples.tobytes()
    assert resumed.left_out["Study1"].predictions.tobytes() == whole.left_out["Study1"].predictions.tobytes()


def test_leaving_a_study_out_gives_the_posterior_without_it(linear_problem: Make, normal_posterior: Make) -> None:
    problem = linear_problem(4, 9, seed=6)
    result = fit(problem.forward, problem.prior, problem.data, members=300, seed=1, leave_out=("Study0",))
    mask = problem.data.of("Study0")
    mean, covariance = normal_posterior(
        problem.matrix[~mask], problem.prior, problem.data.values[~mask], problem.data.sd[~mask]
    )
    rows = problem.matrix[mask]
    sd = np.sqrt(np.diag(rows @ covariance @ rows.T))
    predicted = result.left_out["Study0"].predictions
    assert (np.abs(predicted.mean(axis=0) - rows @ mean) / sd < 0.3).all()
    np.testing.assert_allclose(predicted.std(axis=0) / sd, 1.0, atol=0.25)
    # Seen data are predicted more tightly than unseen ones.
    assert (result.predictions[:, mask].std(axis=0) < predicted.std(axis=0)).all()


def test_worth_names_the_study_that_informed() -> None:
    data = Data(("a", "b"), ("First", "Second"), np.zeros(2), np.array([0.1, 0.1]), ("value", "value"))
    result = fit(lambda p: p[:, :2], Prior.standard(["x", "y", "z"]), data, members=150, seed=1)
    assert result.worth["First"][0] > 0.9
    assert result.worth["First"][1] < 0.1
    assert result.worth["Second"][1] > 0.9
    assert max(result.worth["First"][2], result.worth["Second"][2]) < 0.1


def test_a_sampler_that_cannot_move_says_so(linear_problem: Make) -> None:
    problem = linear_problem(6, 10, seed=4)
    budget = Budget(moves=0, sweeps=4)
    stuck = fit(problem.forward, problem.prior, problem.data, members=100, seed=1, budget=budget)
    moving = fit(problem.forward, problem.prior, problem.data, members=100, seed=1)
    assert stuck.effective.max() < 0.5 * moving.effective.min()


def test_unknown_study_to_leave_out(linear_problem: Make) -> None:
    problem = linear_problem(3, 4)
    with pytest.raises(UnknownNameError, match="did you mean 'Study1'"):
        fit(problem.forward, problem.prior, problem.data, leave_out=("study1",))


def _small(forward, problem, **options) -> Fit:  # type: ignore[no-untyped-def]
    return fit(forward, problem.prior, problem.data, members=60, budget=Budget(moves=4, sweeps=4), **options)
