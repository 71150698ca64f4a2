"""What holds of every plan: it reads back from its words and YAML, and gives what it says."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nadflux.errors import PlanError
from nadflux.plans import (
    Amount,
    Frequency,
    Overfeeding,
    Phase,
    Plan,
    Regimen,
    Restriction,
    format_plan,
    from_yaml,
    parse_plan,
    to_yaml,
)
from nadflux.plans.catalogue import shipped
from nadflux.plans.events import Dose, ScheduledEvent
from nadflux.plans.habits import Habit
from nadflux.plans.habits.registry import HABITS as KINDS
from nadflux.plans.language.reader import Reader
from nadflux.plans.schedule import Schedule, schedule
from random_plans import HABITS, meals_at, plans, regimens

DAY = 24.0
FED_AS_USUAL = "stomach.fat"


@settings(max_examples=250, deadline=None)
@given(plans())
def test_sentence_object_and_yaml_are_the_same_thing(plan: Plan) -> None:
    assert parse_plan(format_plan(plan)) == plan
    assert from_yaml(to_yaml(plan)) == plan


@settings(max_examples=150, deadline=None)
@given(HABITS)
def test_one_kind_of_habit_alone_reads_each_sentence(habit: Habit) -> None:
    def reads(kind: type[Habit]) -> bool:
        return kind.read(Reader(habit.sentence()), 0) is not None

    assert [kind for kind in KINDS if reads(kind)] == [type(habit)]


@settings(max_examples=100, deadline=None)
@given(plans())
def test_what_can_be_scheduled_is_in_order_and_in_bounds(plan: Plan) -> None:
    try:
        planned = schedule(plan, days=10.0)
    except PlanError:
        return
    times = [event.time_h for event in planned.events]
    assert times == sorted(times)
    assert planned.start_h == min(times, default=0.0) or not plan.lifestyle
    assert max(times, default=0.0) <= 240.0
    for event in planned.events:
        if event.target in ("sleep.asleep", "gut_lumen.fed", "exercise.resistance", "clock.strength"):
            assert 0.0 <= event.value <= 1.0, event
        assert event.kind == "set" or event.value > 0
    assert all(span.stop_h - span.start_h >= 0 and span.stop_h <= 240.0 for span in planned.spans)


@settings(max_examples=150, deadline=None)
@given(regimens(), st.sampled_from([0.5, 3.0, 10.0, 30.0]))
def test_what_is_given_enters(regimens: tuple[Regimen, ...], days: float) -> None:
    """Doses add up to boluses and to what infusions bring before the run ends; µmol by place."""
    try:
        planned = schedule(Plan(regimens), days=days)
    except PlanError:
        return
    given_there: dict[str, float] = defaultdict(float)
    for dose in planned.doses:
        row = shipped().route(dose.compound, dose.route)
        given_there[row.target] += dose.amount * row.fraction * share_before(planned.end_h, dose)
    entered = {target: entering(planned, target) for target in given_there}
    assert entered == pytest.approx(dict(given_there), rel=1e-9)


def share_before(end_h: float, dose: Dose) -> float:
    return min(1.0, (end_h - dose.time_h) / dose.infusion_h) if dose.infusion_h else 1.0


def entering(planned: Schedule, target: str) -> float:
    """µmol that enter a place, whether at once or at a rate that holds from step to step."""
    events = [event for event in planned.events if event.target == target]
    steps = [event for event in events if event.kind == "set"]
    until = [*(step.time_h for step in steps[1:]), planned.end_h]
    at_rate = [step.value * (stop - step.time_h) for step, stop in zip(steps, until, strict=True)] if steps else []
    return math.fsum([*at_rate, *(event.value for event in events if event.kind == "add")])


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 5000), st.integers(1, 8), st.integers(1, 20), st.integers(0, 20))
def test_so_many_a_day_for_so_many_days_of_so_many_milligrams(mass: float, daily: int, days: int, start: int) -> None:
    phase = Phase(
        Amount(mass, "mg"),
        Frequency("daily", daily),
        duration=Amount(float(days), "d"),
        start=Amount(float(start), "d") if start else None,
    )
    planned = schedule(Plan((Regimen("NR chloride", "oral", (phase,)),)))
    molar_mass = shipped().compounds["NR chloride"].molar_mass
    assert len(planned.doses) == daily * days
    assert math.fsum(dose.amount for dose in planned.doses) * molar_mass == pytest.approx(mass * daily * days)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 90), st.integers(1, 20))
def test_a_diet_offers_its_niacin_each_day(mass: float, days: int) -> None:
    phase = Phase(Amount(mass, "mg"), Frequency("daily"), duration=Amount(float(days), "d"))
    planned = schedule(Plan((Regimen("diet", "food", (phase,)),)), days=days + 2.0)
    assert entering(planned, "diet.offered") == pytest.approx(mass * days * DAY)
    assert entering(planned, "diet.controlled") == pytest.approx(days * DAY)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 47).map(lambda half: half / 2), min_size=1, max_size=6, unique=True),
    st.none() | st.builds(Restriction, st.floats(1, 80)) | st.builds(Overfeeding, st.floats(1, 200)),
    st.integers(1, 6),
)
def test_the_meals_of_a_day_hold_what_is_eaten_in_it(hours: list[float], energy: Habit | None, days: int) -> None:
    habits = (meals_at(hours), *([energy] if energy is not None else []))
    planned = schedule(Plan((), lifestyle=habits), days=float(days))
    share = energy.share if isinstance(energy, Restriction | Overfeeding) else 1.0
    eaten = math.fsum(event.value for event in of_days(planned.events))
    assert eaten == pytest.approx(DAY * days * share)


def of_days(events: tuple[ScheduledEvent, ...]) -> list[ScheduledEvent]:
    return [event for event in events if event.target == FED_AS_USUAL and event.time_h >= 0]
