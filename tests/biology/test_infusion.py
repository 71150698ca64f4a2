"""NAD+ by vein: captured at first, then breaking through, from places that fill and never from a clock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nadflux.simulation import Run, simulate

MAN = "man, 42 y, 80 kg"
HOURS = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 24.0, 168.0)


def _typical(plan: str, times: Sequence[float] = HOURS) -> Run:
    return simulate(MAN, plan, n=1, times=times, uncertainty=False, spread=False)


def _fold(run: Run, name: str) -> np.ndarray:
    """Ratio to the start, shape (time,)."""
    column = [q.id for q in run.quantities].index(name)
    return run.values[0, :, column] / run.values[0, 0, column]


@pytest.fixture(scope="module")
def grant() -> Run:
    return _typical("NAD+ 716 mg IV over 6 h once")


def test_plasma_nad_waits_two_hours_and_then_rises(grant: Run) -> None:
    fold = _fold(grant, "plasma_nad")  # 10.3389/fnagi.2019.00257
    assert fold[2] < 1.5
    assert 2.5 <= fold[4] <= 6.0


def test_urine_shows_nad_and_not_nicotinamide(grant: Run) -> None:
    assert _fold(grant, "urine_nad")[4] > 2.5
    assert 0.8 <= _fold(grant, "urine_nam")[4] <= 1.2  # within the band of a null
    assert _fold(grant, "urine_mna")[4] > 1.0


def test_adp_ribose_follows_nad(grant: Run) -> None:
    assert _fold(grant, "plasma_adpr")[4] == pytest.approx(_fold(grant, "plasma_nad")[4], rel=0.2)


def test_what_is_captured_is_given_back(grant: Run) -> None:
    late = _fold(grant, "plasma_nad")[-1]
    assert 1.0 <= late < 0.6 * _fold(grant, "plasma_nad")[4]


def test_breakthrough_follows_the_amount_and_not_the_hour() -> None:
    double = _typical("NAD+ 1432 mg IV over 6 h once")
    slow = _typical("NAD+ 358 mg IV over 6 h once")
    assert _fold(double, "plasma_nad")[1] > 1.3
    assert _fold(double, "plasma_nad")[2] > 1.7
    assert _fold(slow, "plasma_nad")[4] < 2.0


def test_the_moiety_is_kept_under_infusion(grant: Run) -> None:
    assert grant.record["balance"]["NAD"] < 1e-9
