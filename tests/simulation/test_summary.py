"""Figures of a run: what counts as the end of a level and of a flux."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation import Quantity, Run, simulate
from nadflux.simulation.judged_window import days_of_drift
from nadflux.simulation.peak import peak_of
from nadflux.simulation.summary import (
    bounds_in_words,
    daily_mean,
    drift,
    middle_and_bounds,
    summarise,
)

FLUX = Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "derived")
TOTAL = Quantity("excreted", "MNA excreted", "umol", "urine", "cumulative", "derived", "urine_mna")


def swinging(step: float, with_total: bool) -> Run:
    """100 µmol/day with a swing of 50 over each 12 h, stored at coarse times."""
    times = np.arange(0.0, 240.1, step)
    turn = 2 * np.pi / 12.0
    rate = 100.0 + 50.0 * np.sin(turn * times)
    total = (100.0 * times + 50.0 / turn * (1 - np.cos(turn * times))) / 24.0
    values = np.stack([rate, total], -1)[None] if with_total else rate[None, :, None]
    return Run(values, times, (FLUX, TOTAL) if with_total else (FLUX,), {})


def test_mean_comes_from_the_quadrature_state() -> None:
    coarse = swinging(7.0, with_total=True)
    late = coarse.times >= 24.0
    assert daily_mean(coarse, "urine_mna")[0, late] == pytest.approx(100.0, rel=0.1)
    exact = swinging(4.0, with_total=True)
    assert daily_mean(exact, "urine_mna")[0, exact.times >= 24.0] == pytest.approx(100.0, rel=1e-12)
    assert daily_mean(exact, "urine_mna")[0, 0] == 100.0


def test_without_one_it_is_the_trapezoidal_mean() -> None:
    fine = swinging(0.5, with_total=False)
    assert daily_mean(fine, "urine_mna")[0, fine.times >= 24.0] == pytest.approx(100.0, abs=1e-6)


def test_end_of_a_flux_does_not_depend_on_the_stored_times() -> None:
    plan = "NR chloride 500 mg oral twice daily for 5 d"
    coarse = simulate("woman, 62 y, 70 kg", plan, n=3, seed=1, times=np.arange(0.0, 121.0, 12.0))
    fine = simulate("woman, 62 y, 70 kg", plan, n=3, seed=1, times=np.arange(0.0, 120.1, 0.25))
    for name in ("urine_mna", "urine_2py", "urine_4py"):
        (one,), (other,) = summarise(coarse, (name,)), summarise(fine, (name,))
        assert one.end == pytest.approx(other.end, rel=1e-6)
    only = simulate("woman, 62 y, 70 kg", plan, n=3, seed=1, times=np.arange(0.0, 120.1, 0.25), outputs=("urine_mna",))
    assert summarise(only)[0].end == pytest.approx(summarise(fine, ("urine_mna",))[0].end, rel=1e-3)


def test_bounds_of_few_people_are_their_range_and_called_so() -> None:
    few, many = np.arange(19.0), np.arange(20.0)
    assert middle_and_bounds(few) == (9.0, 0.0, 18.0) and bounds_in_words(19) == "range of 19 people"
    assert middle_and_bounds(many)[1:] == pytest.approx((0.95, 18.05)) and "90 % interval of 20" in bounds_in_words(20)


def test_a_peak_at_the_end_of_the_run_is_none() -> None:
    times = np.arange(0.0, 72.1, 1.0)
    peaks = np.array([[5.0, 10.0], [6.0, 12.0], [7.0, 14.0], [9.0, 72.0], [np.nan, np.nan]])
    run = Run(np.ones((5, times.size, 1)), times, (FLUX,), {}, peaks={"urine_mna": peaks})
    found = peak_of(run, "urine_mna")
    assert found is not None and not found.mostly_late
    assert (found.late, found.known, found.end_h) == (1, 4, 72.0)
    assert found.value == (6.0, 5.0, 7.0) and found.time == (12.0, 10.0, 14.0)
    late = peak_of(run.changed(peaks={"urine_mna": peaks[[0, 3, 3]]}), "urine_mna")
    assert late is not None and late.mostly_late and peak_of(run, "urine_mna") is not late


def test_what_never_rises_is_highest_at_the_start() -> None:
    """A level that only falls has its peak at time 0, not at the first step of the integration."""
    times = np.arange(0.0, 24.1, 1.0)
    values = np.stack([np.exp(-times), 1.0 + times * (12.0 - times)])[:, :, None]
    peaks = np.array([[1.0, 2e-5], [37.0, 6.0]])
    found = peak_of(Run(values, times, (FLUX,), {}, peaks={"urine_mna": peaks}), "urine_mna")
    assert found is not None and found.time == (3.0, 0.0, 6.0)


def lived(per_day: float, days: int = 15) -> Run:
    """A usual life that grows by a share of the start each day and works on every seventh."""
    times = np.arange(0.0, 24.0 * days + 0.1, 1.0)
    usual = np.ones((3, times.size, 1)) * (1.0 + per_day * times / 24.0)[:, None]
    usual = usual + 0.5 * ((times // 24.0) % 7 == 0)[:, None]
    return Run(usual, times, (FLUX,), {}, counterfactual=usual)


def test_a_usual_life_that_moves_is_told_from_one_that_has_weekdays() -> None:
    level, moving = lived(0.0), lived(0.01)
    assert days_of_drift(level) == (1.0, 15.0)
    assert drift(level, "urine_mna") == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    found = drift(moving, "urine_mna")
    assert found is not None and found[0] == pytest.approx(100 * 0.14 / 1.505, rel=0.02)
    assert drift(lived(0.01, days=1), "urine_mna") is None
    assert drift(swinging(1.0, with_total=False), "urine_mna") is None
