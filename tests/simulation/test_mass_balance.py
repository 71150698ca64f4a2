"""Properties of runs over random plans: moieties balance, levels stay above zero, what is excreted only grows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import Phase as Stage
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nadflux.plans import Amount, Frequency, Phase, Plan, Regimen, parse_plan
from nadflux.plans.catalogue import shipped
from nadflux.simulation import simulate
from nadflux.simulation.run import Run

BALANCE = 1e-6  # of what is in the body
NEGATIVE = 1e-6  # of the largest level of the person
HABITS = (
    "16:8 eating window", "fast 20 h", "three meals a day high-protein", "meal 600 kcal at 12:00", 
    "sleep 5 h irregular",
    "endurance 30 min at 60% VO2max daily", "resistance 30 min daily", "alcohol 30 g at 20:00", "glucose 75 g at 09:00",
    "caloric restriction 25%",
)  # fmt: skip
# Diet is no dose: it is eaten on every day of the plan.
WAYS = sorted(way for way, route in shipped().routes.items() if route.kind != "diet")
CLOCKS = st.sampled_from([(), (7.5,), (0.0,), (8.0, 20.0), (23.75,)])


@st.composite
def phases(draw: st.DrawFn, route: str) -> Phase:
    """One to several doses within two days, as the route takes them."""
    start = draw(st.none() | st.integers(1, 30).map(lambda hours: Amount(float(hours), "h")))
    clock = draw(CLOCKS)
    frequency = Frequency("daily", len(clock)) if clock else draw(st.sampled_from([
        Frequency("once"), Frequency("daily"), Frequency("daily", 3), Frequency("every", interval=Amount(7.0, "h")),
    ]))  # fmt: skip
    if route == "topical":
        area = Amount(float(draw(st.integers(50, 3000))), "cm²")
        return Phase(Amount(draw(st.sampled_from([0.5, 4.0])), "%"), frequency, clock, start=start, area=area)
    dose = Amount(draw(st.floats(1.0, 3000.0)), "mg")
    # the shortest gap between two doses is 7 h, or the 7.75 h across midnight
    infusion = Amount(draw(st.floats(0.25, 6.0)), "h") if route == "IV" else None
    return Phase(dose, frequency, clock, infusion=infusion, start=start)


@st.composite
def regimens(draw: st.DrawFn) -> Regimen:
    """A compound by a route of the tables."""
    compound, route = draw(st.sampled_from(WAYS))
    return Regimen(compound, route, (draw(phases(route)),))


PLANS = st.lists(regimens(), min_size=1, max_size=3).map(lambda chosen: Plan(tuple(chosen)))
QUESTION = {"plan": PLANS, "days": st.sampled_from([0.5, 1.0, 1.7, 2.0]), "seed": st.integers(0, 2**31)}
# A plan that fails is small as it is: shrinking it would take minutes.
few = settings(max_examples=20, deadline=None, derandomize=True, phases=[Stage.explicit, Stage.generate])


def _check(run: Run) -> None:
    """What holds for every run, whatever was taken."""
    # a few in a hundred people are drawn with numbers that contradict each other, and do not start
    assert {failure.state for failure in run.failures} <= {"the resting state"}
    people = np.delete(run.values, [failure.person for failure in run.failures], axis=0)
    assume(len(people))
    assert run.record["balance"]
    assert all(error <= BALANCE for error in run.record["balance"].values()), run.record["balance"]
    assert np.isfinite(people).all()
    after = run.times >= 0.0
    for k, quantity in enumerate(run.quantities):
        values = people[:, after, k]
        allowed = NEGATIVE * np.abs(values).max(axis=1, keepdims=True)
        if quantity.kind == "level":
            assert np.all(values >= -allowed), (quantity.id, values.min())
        if quantity.kind == "cumulative":
            assert np.all(values[:, 0] == 0.0), quantity.id
            assert np.all(np.diff(values, axis=1) >= -allowed), quantity.id


@few
@given(**QUESTION)
def test_nad_metabolism_alone(plan: Plan, days: float, seed: int) -> None:
    _check(simulate("woman, 62 y, 70 kg", plan, n=2, days=days, seed=seed, body="nad", research=True))


@few
@given(**QUESTION)
def test_the_whole_body_at_rest(plan: Plan, days: float, seed: int) -> None:
    _check(simulate("man, 35 y, 90 kg", plan, n=2, days=days, seed=seed, body="whole", research=True))


@settings(few, max_examples=10)
@given(habit=st.sampled_from(HABITS), **QUESTION)
def test_the_whole_body_with_a_habit(plan: Plan, days: float, seed: int, habit: str) -> None:
    lived = replace(plan, lifestyle=parse_plan(habit).lifestyle)
    run = simulate("woman, 50 y", lived, n=2, days=days, seed=seed, research=True)
    assert run.without_plan is not None
    assert np.array_equal(np.isfinite(run.without_plan.values), np.isfinite(run.values))
    _check(run)


def test_the_pool_of_the_brain_is_a_level_also_where_days_are_lived() -> None:
    run = simulate("woman, 50 y", "sleep 7 h", n=4, days=1, outputs=["brain_nad_total", "brain_nad"])
    assert run.quantity("brain_nad_total").kind == "level"
    assert np.all(run["brain_nad_total"] > run["brain_nad"])
    assert np.all(run["brain_nad"] > 0.0)
