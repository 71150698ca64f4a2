"""Scores against values worked by hand."""

from __future__ import annotations

import math

import pytest

from nadflux.studies.published.score import bound_error, fold_error, interval_score, sign_of


def test_fold_error_is_symmetric() -> None:
    assert fold_error(2.0, 1.0) == pytest.approx(2.0)
    assert fold_error(1.0, 2.0) == pytest.approx(2.0)
    assert math.isnan(fold_error(0.0, 2.0))


def test_interval_score_inside_is_the_width() -> None:
    assert interval_score(1.0, math.e, 2.0) == pytest.approx(1.0)


@pytest.mark.parametrize("observed", [math.e**2, math.e**-1])
def test_interval_score_outside_adds_twenty_times_the_miss(observed: float) -> None:
    assert interval_score(1.0, math.e, observed) == pytest.approx(1.0 + 20.0)


def test_interval_score_is_proper() -> None:
    """For a standard normal logarithm the true 90 % interval scores best among wider and narrower ones."""
    import numpy as np
    from scipy.special import ndtri

    logs = ndtri((np.arange(2000) + 0.5) / 2000)

    def expected(z: float) -> float:
        scores = [interval_score(math.exp(-z), math.exp(z), math.exp(x)) for x in logs]
        return float(np.mean(scores))

    best = expected(1.645)
    assert best < expected(1.3) and best < expected(2.0)


def test_sign_uses_its_band() -> None:
    assert [sign_of(r, 20) for r in (1.21, 1.19, 0.81, 0.79)] == ["up", "none", "none", "down"]


def test_bound_is_kept_or_broken() -> None:
    assert bound_error(1.0, 2.0, "at most") == 1.0
    assert bound_error(4.0, 2.0, "at most") == pytest.approx(2.0)
    assert bound_error(1.0, 2.0, "at least") == pytest.approx(2.0)
