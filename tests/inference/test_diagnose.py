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
    length, chains = 60, 100
    exact = length * chains * (1 - correlation) / (1 + correlation)
    assert effective_samples(_autoregressive(correlation, length, chains))[0] == pytest.approx(exact, rel=0.2)


def test_chains_that_stand_still_count_once_each_at_most() -> None:
    still = np.repeat(np.random.default_rng(0).standard_normal((1, 50, 1)), 20, axis=0)
    assert 20 < effective_samples(still)[0] <= 50


def test_too_short_to_tell() -> None:
    assert np.isnan(effective_samples(np.zeros((3, 10, 2)))).all()


def test_shrinkage_is_zero_for_the_prior_and_near_one_for_a_point() -> None:
    scores = np.random.default_rng(0).standard_normal((4000, 2)) * np.array([1.0, 0.1])
    np.testing.assert_allclose(shrinkage(scores), [0.0, 0.99], atol=0.06)
