from __future__ import annotations

import numpy as np
import pytest

from nadflux.inference.diagnose import effective_samples, shrinkage


def _autoregressive(correlation: float, length: int, chains: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    values = [rng.standard_normal(chains)]
    for _ in range(length - 1):
        step = np.sqrt(1.0 - correlation**2) * rng.standard_normal(chains)
        values.append(correlation * values[-1] + step)
    return np.array(values)[:, :, None]


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_effective_samples_of_a_known_chain(correlation: float) -> None:
    length, chains = 60, 400
    exact = length * chains * (1 - correlation) / (1 + correlation)
    samples = _autoregressive(correlation, length, chains).reshape(-1, 1)
    assert effective_samples(samples, np.tile(np.arange(chains), length))[0] == pytest.approx(exact, rel=0.2)


@pytest.mark.parametrize("correlation", [0.5, 0.9])
def test_a_few_sweeps_of_many_chains_are_enough_to_tell(correlation: float) -> None:
    length, chains = 5, 640
    lags = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    exact = length**2 * chains / (correlation**lags).sum()
    samples = _autoregressive(correlation, length, chains).reshape(-1, 1)
    assert effective_samples(samples, np.tile(np.arange(chains), length))[0] == pytest.approx(exact, rel=0.15)


def test_chains_that_stand_still_count_once_each() -> None:
    still = np.repeat(np.random.default_rng(0).standard_normal((1, 50, 1)), 20, axis=0).reshape(-1, 1)
    assert effective_samples(still, np.tile(np.arange(50), 20))[0] == pytest.approx(50, rel=0.03)


def test_copies_count_until_they_have_moved_apart() -> None:
    """Twenty copies of each of 200 draws, moved so that their correlation with them is r: n / (1 + 19 r^2)."""
    rng = np.random.default_rng(1)
    origins = np.repeat(np.arange(200), 20)
    for kept in (1.0, 0.5, 0.0):
        start = rng.standard_normal((200, 40))[origins]
        moved = kept * start + np.sqrt(1.0 - kept**2) * rng.standard_normal(start.shape)
        found = effective_samples(moved, origins)
        assert found.mean() == pytest.approx(4000 / (1 + 19 * kept**2), rel=0.1)


def test_weights_count_as_the_spread_of_the_weighted_mean() -> None:
    """The true number, from 400 repeats of a weighted mean of independent draws, is the number counted in one."""
    rng = np.random.default_rng(2)
    draws = rng.standard_normal((400, 1000))
    logs = 0.8 * draws
    weights = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
    means = (weights * draws).sum(axis=1)
    spread = (weights * draws**2).sum(axis=1) - means**2
    counted = [effective_samples(one[:, None], np.arange(1000), w)[0] for one, w in zip(draws, weights, strict=True)]
    assert np.mean(counted) == pytest.approx(spread.mean() / means.var(ddof=1), rel=0.2)


def test_one_origin_tells_nothing() -> None:
    assert np.isnan(effective_samples(np.zeros((3, 2)), np.zeros(3, dtype=np.int64))).all()


def test_shrinkage_is_zero_for_the_prior_and_near_one_for_a_point() -> None:
    scores = np.random.default_rng(0).standard_normal((4000, 2)) * np.array([1.0, 0.1])
    np.testing.assert_allclose(shrinkage(scores), [0.0, 0.99], atol=0.06)
