"""The normal distribution function and its inverse."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from nadflux.people.normal import normal_probability, normal_quantile


def test_quantiles_are_those_of_the_standard_library() -> None:
    chances = np.concatenate([np.random.default_rng(1).random(20_000), 10.0 ** np.linspace(-300.0, -1.0, 500)])
    chances = np.concatenate([chances, 0.5 + np.array([0.0, -0.425, 0.425, 1e-17])])
    expected = [NormalDist().inv_cdf(p) for p in chances.tolist()]
    np.testing.assert_allclose(normal_quantile(chances), expected, rtol=2e-15, atol=0)


def test_quantiles_at_the_ends() -> None:
    assert normal_quantile(np.array([0.0, 0.5, 1.0])).tolist() == [-math.inf, 0.0, math.inf]


def test_probabilities_are_those_of_the_complementary_error_function() -> None:
    x = np.concatenate([np.linspace(-37.0, 10.0, 20_001), [0.66291, -0.66291, math.sqrt(32.0), -math.sqrt(32.0)]])
    expected = np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in x])
    # the argument divided by sqrt(2) is rounded, which exp(-x²/2) multiplies by x²
    allowed = expected * (1e-15 + 4e-16 * np.where(x < 0, x * x, 0.0))
    assert np.all(np.abs(normal_probability(x) - expected) <= allowed)
    ends = np.array([-math.inf, math.inf, 0.0, math.nan])
    np.testing.assert_array_equal(normal_probability(ends), [0.0, 1.0, 0.5, math.nan])


def test_one_undoes_the_other() -> None:
    x = np.linspace(-30.0, 4.0, 3_001)
    np.testing.assert_allclose(normal_quantile(normal_probability(x)), x, rtol=0, atol=2e-12)
