"""Peak, tmax, AUC and half-life of a curve whose answers are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nadflux.studies.published.endpoint import figure, recovered, times_needed
from nadflux.studies.published.schema import Observation

KA, KE = 1.5, 0.25


def _row(**fields: Any) -> Observation:
    given: dict[str, Any] = {
        "arm": "a", "observable": "NAM", "matrix": "plasma", "tier": "read", "value": 1.0, "unit": "µM",
        **fields,
    }  # fmt: skip
    return Observation.model_validate(given)


def _bateman(time: np.ndarray) -> np.ndarray:
    return KA / (KA - KE) * (np.exp(-KE * time) - np.exp(-KA * time))


TMAX = np.log(KA / KE) / (KA - KE)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "peak", "window": "0 h to 12 h"}, float(_bateman(np.array(TMAX)))),
        ({"kind": "tmax", "window": "0 h to 12 h", "unit": "h"}, TMAX),
        ({"kind": "half-life", "window": "12 h to 24 h", "unit": "h"}, np.log(2) / KE),
        ({"kind": "auc", "window": "0 h to 72 h", "unit": "µM*h"}, 1 / KE),
        ({"kind": "value", "at": "2 h"}, float(_bateman(np.array(2.0)))),
    ],
)
def test_known_curve(fields: dict[str, Any], expected: float) -> None:
    row = _row(**fields)
    time = times_needed(row)
    values = np.broadcast_to(_bateman(time), (3, 2, time.size))
    assert figure(row, time, values) == pytest.approx(np.full((3, 2), expected), rel=2e-3)


def test_a_rising_curve_has_no_half_life() -> None:
    row = _row(kind="half-life", window="0 h to 4 h", unit="h")
    time = times_needed(row)
    assert np.isnan(figure(row, time, np.exp(time)[None])).all()


def test_half_life_above_baseline() -> None:
    row = _row(kind="half-life", window="1 h to 9 h", unit="h", **{"from": "baseline"})
    time = times_needed(row)
    values = np.where(time > 0, 10.0 + np.exp(-0.1 * time), 10.0)
    assert figure(row, time, values[None]) == pytest.approx(np.log(2) / 0.1, rel=1e-6)


def test_half_life_counts_from_the_peak() -> None:
    row = _row(kind="half-life", window="0 h to 24 h", unit="h")
    time = times_needed(row)
    values = np.where(time < 6, time, 6 * np.exp(-0.2 * (time - 6)))
    assert figure(row, time, values[None]) == pytest.approx(np.log(2) / 0.2, rel=1e-6)


def test_a_peak_at_the_edge_is_not_extrapolated() -> None:
    row = _row(kind="peak", window="0 h to 4 h")
    time = times_needed(row)
    assert figure(row, time, (10 - time)[None]) == pytest.approx(10.0)


def test_a_failed_person_gives_nan() -> None:
    row = _row(kind="peak", window="0 h to 4 h")
    time = times_needed(row)
    values = np.where(time > 2, np.nan, time)
    assert np.isnan(figure(row, time, values[None])).all()


def test_recovery_takes_the_resting_rate_off() -> None:
    row = _row(kind="auc", matrix="urine", window="0 h to 10 h", unit="% of dose", **{"from": "baseline"})
    time = times_needed(row)
    totals = 3.0 * time + np.where(time > 0, 100.0, 0.0)
    assert recovered(row, time, totals[None], np.array([3.0])) == pytest.approx(100.0)
