"""Habits through the whole body: meals, fasts, work and sleep act, usual life runs beside, totals start at 0."""

from __future__ import annotations

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import SimulationError
from nadflux.plans.language.examples import Example, examples
from nadflux.simulation.judged_window import judged_window
from nadflux.simulation.summary import mean_between, summarise

WHO = "man, 45 y, 80 kg, 178 cm"
FUELS = ("plasma_glucose", "plasma_insulin", "plasma_fatty_acids", "plasma_ketone", "plasma_leucine")


def lived(plan: str, *, n: int = 1, **options: object) -> nf.Run:
    kinds = {"uncertainty": n > 1, "spread": n > 1, "outputs": FUELS}
    return nf.simulate(WHO, plan, n=n, posterior="none", **{**kinds, **options})  # type: ignore[arg-type]


def within(run: nf.Run, name: str, start: float, stop: float) -> np.ndarray:
    return run[name][0, (run.times >= start) & (run.times <= stop)]


@pytest.fixture(scope="module")
def fast() -> nf.Run:
    return lived("fast 36 h", n=3, outputs=(*FUELS, "urine_2py", "urine_2py_total", "whole_blood_nad"))


def test_a_fast_is_a_fast(fast: nf.Run) -> None:
    """The fast runs from hour 12 to hour 48; usual life goes on beside it."""
    assert fast.record["body"] == "whole" and fast.record["run_in_h"] == 24.0
    insulin, ketone = (
        fast.at(name, 47.0) / fast.without_plan.at(name, 47.0) for name in ("plasma_insulin", "plasma_ketone")
    )
    assert np.all(insulin < 0.9) and np.all(ketone > 2.0)
    before = fast.times <= 11.0  # the last stop that both have: dinner
    assert np.array_equal(fast.values[:, before], fast.counterfactual[:, before])  # type: ignore[index]
    assert not np.array_equal(fast.values, fast.counterfactual)


def test_a_fast_is_judged_before_food_comes_back(fast: nf.Run) -> None:
    assert fast.times[-1] == 72.0 and judged_window(fast) == (24.0, 48.0) and judged_window(fast).name == "day 2"
    (row,) = summarise(fast, ("plasma_ketone",))
    assert row.end[0] == pytest.approx(np.median(mean_between(fast, "plasma_ketone", 24.0, 48.0)))
    assert row.end[0] > 2.0 * row.baseline[0]


def test_totals_count_from_time_0(fast: nf.Run) -> None:
    total = fast["urine_2py_total"]
    start = int(np.searchsorted(fast.times, 0.0))
    assert fast.times[0] == -24.0 and np.all(total[:, start] == 0.0)
    assert np.all(total[:, 0] < 0) and np.all(total[:, -1] > 0)
    flux = mean_between(fast, "urine_2py", -24.0, 0.0)
    assert flux == pytest.approx(-total[:, 0], rel=1e-9)


def test_the_balance_closes(fast: nf.Run) -> None:
    assert max(fast.record["balance"].values()) < 1e-9


def test_times_that_are_asked_for_are_kept() -> None:
    run = lived("fast 24 h at 08:00", times=[12.0, 24.0], outputs=("urine_2py_total", "plasma_insulin"))
    assert list(run.times) == [12.0, 24.0]
    assert run["urine_2py_total"][0, 0] > 0


def test_meals_hold_a_usual_day_of_food() -> None:
    """Usual life at every meal: the plan of three meals a day is the control itself, to the bit."""
    run = lived("three meals a day for 2 d")
    assert np.array_equal(run.values, run.counterfactual)
    assert summarise(run, FUELS)[0].change_percent == (0.0, 0.0, 0.0)


def test_glucose_rises_after_glucose_and_leucine_after_leucine() -> None:
    tolerance = lived("glucose 75 g oral at 8:00", outputs=FUELS)
    assert within(tolerance, "plasma_glucose", 0.0, 2.0).max() > 1.2 * tolerance.at("plasma_glucose", 0.0)[0]
    assert within(tolerance, "plasma_insulin", 0.0, 2.0).max() > 2.0 * tolerance.at("plasma_insulin", 0.0)[0]
    acids = lived("leucine-rich essential amino acids 10 g at 8:00", outputs=FUELS)
    assert within(acids, "plasma_leucine", 0.0, 3.0).max() > 3.0 * acids.at("plasma_leucine", 0.0)[0]


def test_an_eating_window_moves_food_not_its_amount() -> None:
    run = lived("16:8 eating window for 3 d", n=3)
    assert np.all(run.at("plasma_insulin", 50.0) < run.without_plan.at("plasma_insulin", 50.0))
    fasted = lived("fast 20 h daily at 20:00 for 3 d", n=3)
    (window,), (less,) = (summarise(one, ["plasma_insulin"]) for one in (run, fasted))
    assert abs(window.change_percent[0]) < 10 < -less.change_percent[0]


def test_the_nad_body_refuses_habits() -> None:
    with pytest.raises(SimulationError, match="take the whole body"):
        nf.simulate(WHO, "fast 36 h", n=1, body="nad")


def test_bits_do_not_depend_on_neighbours() -> None:
    outputs = ("plasma_glucose", "liver_nad")
    many = nf.simulate("man, 45 y", "fast 24 h", n=5, seed=3, outputs=outputs)
    one = nf.simulate("man, 45 y", "fast 24 h", people=np.array([3]), seed=3, outputs=outputs)
    assert np.array_equal(many.values[3:4], one.values) and np.array_equal(many.counterfactual[3:4], one.counterfactual)  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.sentence)
def test_examples_are_simulated(example: Example) -> None:
    run = nf.simulate(WHO, example.sentence, n=1, outputs=("whole_blood_nad", "plasma_mna"))
    assert not run.failures and np.isfinite(run.values).all()
    assert max(run.record["balance"].values()) < 1e-6
