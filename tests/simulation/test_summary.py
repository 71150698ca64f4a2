"""Figures of a run: what counts as the end of a level and of a flux."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation import Quantity, Run, simulate
from nadflux.simulation.summary import daily_mean, summarise

FLUX = Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "derived")
TOTAL = Quantity("urine_mna_total", "MNA excreted", "umol", "urine", "level", "derived")


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
