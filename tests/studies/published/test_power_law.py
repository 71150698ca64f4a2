"""The competitor recovers a law it was given and knows when there is none."""

from __future__ import annotations

import pytest

from nadflux.studies.published.power_law import NULL_BAND, fit_power_law


def test_exact_law_is_recovered() -> None:
    doses = [100.0, 300.0, 1000.0, 3000.0]
    law = fit_power_law(doses, [1 + 0.01 * d**0.6 for d in doses])
    assert law.exponent == pytest.approx(0.6)
    middle, low, high = law.interval(500.0, True)
    assert middle == pytest.approx(1 + 0.01 * 500**0.6)
    assert low < middle < high


def test_nothing_else_changes() -> None:
    law = fit_power_law([100.0, 300.0, 1000.0], [1.2, 1.5, 2.4])
    assert law.interval(500.0, False) == pytest.approx((1.0, 1 / NULL_BAND, NULL_BAND))
    assert law.interval(0.0, True)[0] == 1.0


def test_too_little_data_gives_no_law() -> None:
    assert fit_power_law([100.0, 100.0, 100.0], [1.2, 1.3, 1.4]).count == 0
    assert fit_power_law([100.0, 300.0], [1.2, 1.5]).count == 0
    assert fit_power_law([], []).interval(500.0, True)[0] == 1.0
