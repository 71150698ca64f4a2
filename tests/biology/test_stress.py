"""Stress in the whole body: cortisol, sympathetic drive and T3, what drives them and what they do."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, make_bench

from nadflux.network.expression import symbols
from nadflux.simulation import simulate

STATES = ("cortisol", "sympathetic_drive", "T3")
FAST = (0.0, "feeding.constant", 0.0)
STRAIN = (0.0, "stress.psychological", 1.0)
MANAGED = (0.0, "stress.management", 1.0)
SLEEPLESS = [(0.0, "sleep.lacking", 1.0), (7.0, "sleep.lacking", 0.0)]


@pytest.fixture(scope="module")
def whole() -> Bench:
    return make_bench(name="whole")


@pytest.fixture(scope="module")
def crowd(whole: Bench) -> np.ndarray:
    return whole.possible(48, seed=17)


def test_without_a_driver_nothing_leaves_rest(whole: Bench, crowd: np.ndarray) -> None:
    quiet = [(0.0, name, 0.0) for name in ("stress.psychological", "stress.management", "sleep.lacking")]
    run = whole.run(crowd, quiet, [0.0, 24.0, 24.0 * 30])
    for name in STATES:
        assert np.max(np.abs(run[name] - 1)) < 1e-4, name
    assert np.all(run["sleep_debt"] == 0)
    alone = whole.run(crowd[:4], [MANAGED], [0.0, 24.0])
    assert np.max(np.abs(alone["cortisol"] - 1)) < 1e-6  # there is nothing to manage


def test_a_sleepless_night_raises_cortisol_and_costs_synthesis_past_mtorc1(whole: Bench) -> None:
    """Cortisol +21 %, synthesis -18 %, degradation unchanged: 10.14814/phy2.14660 (aut:L006), in view."""
    run = whole.run(whole.typical(), SLEEPLESS, [0.0, *np.arange(9.0, 18.0)])
    fold = {n: run[n][0, 1:].mean() / run[n][0, 0] for n in ("cortisol", "muscle_protein_synthesis", "muscle_mTORC1")}
    assert 1.16 < fold["cortisol"] < 1.26
    assert 0.77 < fold["muscle_protein_synthesis"] < 0.87
    assert 0.9 < fold["muscle_mTORC1"] < 1.15  # amino acids that are not built in
    liver = run["liver_protein_synthesis"][0]
    assert liver[1:].min() > 0.97 * liver[0]


def test_five_short_nights_cost_synthesis_and_leave_mtorc1_and_lc3() -> None:
    """Synthesis -19 % over five nights of 4 h, p-mTOR and LC3 unchanged: 10.1113/JP278828 (aut:L007), in view."""
    names = ["muscle_protein_synthesis", "muscle_mTORC1", "muscle_LC3_II", "sleep_debt"]
    means = {}
    for plan in ("sleep 4 h for 5 d", "three meals a day for 5 d"):
        run = simulate(
            "man, 24 y, 78 kg, 180 cm", plan, n=1, body="whole", uncertainty=False, spread=False, outputs=names
        )
        lived = run.times >= 0
        means[plan] = {n: np.trapezoid(run[n][0][lived], run.times[lived]) / 120.0 for n in names}
    short, usual = means.values()
    assert usual["sleep_debt"] == 0
    assert 0.75 < short["muscle_protein_synthesis"] / usual["muscle_protein_synthesis"] < 0.88
    assert abs(short["muscle_mTORC1"] / usual["muscle_mTORC1"] - 1) < 0.15
    assert abs(short["muscle_LC3_II"] / usual["muscle_LC3_II"] - 1) < 0.05


def test_a_fast_of_days_raises_cortisol_and_restriction_by_a_quarter_does_not(whole: Bench) -> None:
    """Production 1.8-fold on the fifth day: 10.1210/jc.81.2.692; T3 0.61 after 80 h, both in view."""
    typical = whole.typical()
    run = whole.run(typical, [FAST], [0.0, 24.0, 72.0, 80.0, 120.0])
    cortisol = run["cortisol"][0]
    assert cortisol[1] < 1.1 and 1.3 < cortisol[2] < cortisol[4] < 1.85
    assert run["T3"][0, 3] == pytest.approx(0.61, abs=0.08)
    less = whole.run(typical, [(0.0, "feeding.constant", 0.75)], [0.0, 24.0 * 28])
    assert abs(less["cortisol"][0, 1] - 1) < 0.05
    assert less["sympathetic_drive"][0, 1] < 1 < run["sympathetic_drive"][0, 4]
    assert 0.75 < less["T3"][0, 1] < 1


def test_signs_and_limits_hold_for_drawn_people(whole: Bench, crowd: np.ndarray) -> None:
    fasted = whole.run(crowd, [FAST], [0.0, 120.0], rtol=1e-4)
    strained = whole.run(crowd, [STRAIN], [0.0, 72.0], rtol=1e-4)
    managed = whole.run(crowd, [STRAIN, MANAGED], [0.0, 72.0], rtol=1e-4)
    awake = whole.run(crowd, SLEEPLESS, [0.0, 10.0], rtol=1e-4)
    for run in (fasted, strained, awake):
        assert np.all(run["cortisol"][:, 1] > 1)
        assert np.all(run["cortisol"][:, 1] < 3)
        assert np.all((run["sympathetic_drive"] > 0.5) & (run["sympathetic_drive"] < 3.5))
        assert np.all((run["T3"] > 0.2) & (run["T3"] < 1.05))
    for name in ("cortisol", "sympathetic_drive"):
        assert np.all((managed[name][:, 1] < strained[name][:, 1]) & (managed[name][:, 1] > 1)), name
    assert np.all(strained["T3"][:, 1] == pytest.approx(1.0, abs=1e-4))  # a sign of hunger, not of strain
    assert np.all(awake["muscle_protein_synthesis"][:, 1] < awake["muscle_protein_synthesis"][:, 0])


def test_sleep_lost_holds_insulin_back(whole: Bench) -> None:
    run = whole.run(whole.typical(), SLEEPLESS, [0.0, 10.0])
    assert run["plasma_insulin"][0, 1] > run["plasma_insulin"][0, 0]
    assert run["plasma_glucose"][0, 1] > run["plasma_glucose"][0, 0]


def test_a_debt_of_sleep_is_made_up_within_days(whole: Bench) -> None:
    debt = whole.run(whole.typical(), SLEEPLESS, [0.0, 7.0, 24.0 * 7])["sleep_debt"][0]
    assert 6 < debt[1] < 7 and debt[2] < 0.07 * debt[1]


def test_stress_does_not_reach_inflammation(whole: Bench) -> None:
    model = whole.body.model
    formulas = {**model.assignment_rules, **model.rate_rules, **model.initial_assignments}
    inflamed = [name for name in formulas if name.startswith("inflammation__")]
    assert inflamed
    for name in inflamed:
        assert not any(s.startswith(("stress__", "sleep__")) for s in symbols(formulas[name])), name
