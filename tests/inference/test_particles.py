"""The sampler against posteriors that are known otherwise, with tolerances that a wrong posterior fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nadflux.inference.data import Array, Data, Prior
from nadflux.inference.diagnose import effective_samples
from nadflux.inference.emulator import History
from nadflux.inference.particles import Bridge, Budget, Logs, Sampler, Sampling
from nadflux.inference.store import ForwardStore

Forward = Callable[[Array], Array]
PARTICLES, SWEEPS = 200, 5
LINEAR = np.array([[1.0, 0.5], [-0.3, 0.8], [0.6, 0.6]])
CURVED = Data(("a", "b"), ("S", "T"), np.array([1.2, 0.4]), np.array([0.4, 0.4]), ("value", "value"))


def _line(parameters: Array) -> Array:
    return np.asarray(parameters @ LINEAR.T)


def _banana(parameters: Array) -> Array:
    x, y = parameters.T
    return np.stack([y + 0.8 * x**2, np.sin(2.0 * x) + 0.3 * y], axis=1)


def _two_modes(parameters: Array) -> Array:
    x, y = parameters.T
    return np.stack([np.abs(x) + 0.05 * y, 0.4 * np.tanh(3.0 * x) + 0.2 * y], axis=1)


def _sample(forward: Forward, data: Data, seed: int, particles: int = PARTICLES) -> Sampling:
    """Carry draws of the prior to the posterior."""
    prior, history = Prior.standard(["x", "y"]), History(data)
    store = ForwardStore(forward)
    scores = np.random.default_rng(seed).standard_normal((particles, 2))
    history.add(scores, store.run(scores))

    def to(observed: Data) -> Logs:
        def logs(points: Array, predictions: Array) -> tuple[Array, Array]:
            return -0.5 * (points**2).sum(axis=1), observed.log_likelihood(predictions).sum(axis=1)

        return logs

    bridge = Bridge(to(data), lambda emulator: to(emulator.widened(data)), data.residuals)
    sampler = Sampler(store, prior, data, np.eye(2), history, Budget(3, SWEEPS), seed)
    return sampler.run(bridge, scores, "test", SWEEPS)


def _by_grid(forward: Forward, data: Data) -> tuple[Array, Array, float]:
    """Mean and standard deviation of x and y, and the mass left of zero."""
    grid = np.linspace(-5.0, 5.0, 501)
    points = np.stack([axis.ravel() for axis in np.meshgrid(grid, grid, indexing="ij")], axis=1)
    logs = data.log_likelihood(forward(points)).sum(axis=1) - 0.5 * (points**2).sum(axis=1)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    mean = weights @ points
    return mean, np.sqrt(weights @ points**2 - mean**2), float(weights[points[:, 0] < 0].sum())


def _errors(found: Sampling, forward: Forward, data: Data) -> Array:
    """Return errors of means, standard deviations and the mass left of zero, in standard errors by the count."""
    mean, sd, left = _by_grid(forward, data)
    samples, origins = found.flat_scores, found.flat_origins
    effective = effective_samples(samples, origins)
    squares = ((samples - mean) / sd) ** 2
    of_squares = squares.std(axis=0) / np.sqrt(effective_samples(squares, origins))
    below = (samples[:, :1] < 0.0).astype(np.float64)
    of_mass = np.sqrt(left * (1.0 - left) / effective_samples(below, origins)[0]) if below.any() else np.inf
    return np.concatenate(
        [
            (samples.mean(axis=0) - mean) / sd * np.sqrt(effective),
            (squares.mean(axis=0) - 1.0) / of_squares,
            [(below.mean() - left) / of_mass],
        ]
    )


@pytest.mark.parametrize("forward", [_line, _banana, _two_modes])
def test_mean_sd_and_mass_are_those_of_a_grid(forward: Forward) -> None:
    data = CURVED if forward is not _line else _line_data(np.array([0.8, -0.5]), np.random.default_rng(3))
    found = _sample(forward, data, seed=2)
    assert np.abs(_errors(found, forward, data)).max() < 4.0
    # The same samples are no draws of a posterior whose data err half as much again.
    wrong = replace(data, sd=1.5 * data.sd)
    assert np.abs(_errors(found, forward, wrong)).max() > 4.0


@pytest.mark.slow
def test_the_count_is_the_true_number_of_effective_samples() -> None:
    """Over repeats, means spread around the truth as the count says: mean square of their standard errors is 1."""
    mean, sd, _ = _by_grid(_banana, CURVED)
    squares = []
    for seed in range(16):
        found = _sample(_banana, CURVED, seed, particles=80)
        effective = effective_samples(found.flat_scores, found.flat_origins)
        squares.append((found.flat_scores.mean(axis=0) - mean) ** 2 / sd**2 * effective)
    assert 0.4 < np.mean(squares) < 1.8


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform() -> None:
    """Simulation-based calibration (Talts et al. 2018, arXiv 1804.06788) with data drawn from the prior's truths."""
    right, wrong = [], []
    for seed in range(40):
        rng = np.random.default_rng(1000 + seed)
        truth = rng.standard_normal(2)
        data = _line_data(truth, rng)
        found = _sample(_line, data, seed, particles=60).flat_scores
        right.append((found < truth).mean(axis=0))
        # A sampler with samples too close together by a third.
        mean = found.mean(axis=0)
        wrong.append((mean + (found - mean) / 1.5 < truth).mean(axis=0))
    assert _unevenness(np.array(right)) < 3.0
    assert _unevenness(np.array(wrong)) > 3.0


def _line_data(truth: Array, rng: np.random.Generator) -> Data:
    values = _line(truth[None, :])[0] + 0.5 * rng.standard_normal(3)
    return Data(("a", "b", "c"), ("S", "S", "T"), values, np.full(3, 0.5), ("value",) * 3)


def _unevenness(ranks: Array) -> float:
    """Return how far mean and spread of ranks in [0, 1] are from uniform, in standard errors."""
    centred = ranks.ravel() - 0.5
    count = centred.size
    of_mean = centred.mean() * np.sqrt(12.0 * count)
    of_spread = (12.0 * (centred**2).mean() - 1.0) / np.sqrt(0.8 / count)
    return float(max(abs(of_mean), abs(of_spread)))
