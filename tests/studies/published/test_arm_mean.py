"""The interval of an arm mean recovers variances that are known."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.studies.published.arm_mean import mean_statistic, predictive, ratio_statistic


def _people(typical_sd: float, person_sd: float, draws: int = 400, people: int = 8) -> np.ndarray:
    random = np.random.default_rng(7)
    typical = random.normal(0.0, typical_sd, (draws, 1))
    return np.exp(typical + random.normal(0.0, person_sd, (draws, people)))


def _log_sd(samples: np.ndarray) -> float:
    low, high = np.percentile(samples, [5, 95])
    return float(high - low) / (2 * 1.645)


@pytest.mark.parametrize("n", [1, 30])
def test_spread_is_typical_plus_person_over_n(n: int) -> None:
    samples = predictive(mean_statistic(_people(0.2, 0.3)), n, 0.0)
    assert _log_sd(samples) == pytest.approx(np.sqrt(0.2**2 + 0.3**2 / n), rel=0.12)


def test_noise_of_few_simulated_people_is_taken_off() -> None:
    """With no typical spread at all, eight people per draw must not look like uncertainty."""
    samples = predictive(mean_statistic(_people(0.0, 0.3)), 10_000, 0.0)
    assert _log_sd(samples) < 0.07  # 0.11 without


def test_assay_error_adds() -> None:
    values = np.ones((20, 4))
    assert _log_sd(predictive(mean_statistic(values), 10, 0.01)) == pytest.approx(0.1, rel=0.02)


def test_ratio_of_the_same_people_cancels_their_level() -> None:
    level = _people(0.0, 0.8)
    statistic = ratio_statistic(2.0 * level, level)
    assert statistic.centre == pytest.approx(np.log(2.0))
    assert statistic.variance == pytest.approx(0.0, abs=1e-20)


def test_independent_arms_add_their_variances() -> None:
    a, b = mean_statistic(_people(0.0, 0.3)), mean_statistic(_people(0.0, 0.4))
    assert np.mean(a.minus(b).variance) == pytest.approx(np.mean(a.variance) + np.mean(b.variance))


def test_failed_people_are_left_out_and_an_empty_arm_is_empty() -> None:
    values = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    statistic = mean_statistic(values)
    assert statistic.centre[0] == pytest.approx(np.log(2.0))
    assert predictive(statistic, 5, 0.0).size > 0
    assert predictive(mean_statistic(np.full((3, 2), np.nan)), 5, 0.0).size == 0


def test_a_slope_may_be_negative() -> None:
    samples = predictive(mean_statistic(np.full((4, 3), -2.0), linear=True), 3, 0.0)
    assert np.median(samples) == pytest.approx(-2.0)
