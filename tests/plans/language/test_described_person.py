"""A person's usual life: read in the words of plans, held wherever the plan says nothing."""

from __future__ import annotations

import pytest

from nadflux.errors import AmbiguousError, NadfluxError, NotModelledError, PlanError, UnknownNameError
from nadflux.people import Cohort, Distribution, Person
from nadflux.plans import Exercise, Meals, Plan, Sleep, parse_plan
from nadflux.plans.language.person import at_rest, read_person, usual_habits
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.schedule import Schedule, schedule

DAY = 24.0
RUN_IN = -DAY * shipped_lifestyle().number("run-in", "habits", "d")


def of(who: str, sentence: str = "", days: float | None = None) -> Schedule:
    plan = parse_plan(sentence) if sentence else Plan(())
    return schedule(plan, days=days, usual=usual_habits(read_person(f"woman, 60 y, {who}")))


def starts(planned: Schedule, what: str) -> list[float]:
    return [span.start_h for span in planned.spans if span.what == what]


def steps(planned: Schedule, target: str) -> list[tuple[float, float]]:
    return [(e.time_h, e.value) for e in planned.events if e.target == target]


def test_habits_are_read_and_written() -> None:
    person = read_person("woman 60 y, 70 kg, trains 3 times a week, sleeps 6 h, vegetarian")
    assert (person.sex, person.age, person.weight) == ("woman", 60.0, 70.0)
    exercise, sleep, meals = usual_habits(person)
    assert isinstance(exercise, Exercise) and isinstance(sleep, Sleep) and isinstance(meals, Meals)
    assert (exercise.sort, exercise.length.to("min"), str(exercise.frequency)) == ("endurance", 45, "3 sessions/week")
    assert (sleep.length, sleep.ends, meals.style) == (6.0, 7.0, "vegetarian")
    assert read_person(str(person)) == person


@pytest.mark.parametrize(
    "words",
    [
        "16:8 eating window",
        "3 meals a day",
        "eats vegan",
        "drinks ethanol 20 g daily at 20:00",
        "works night shifts",
        "fasts 24 h weekly",
        "lifts weights 2/week",
        "sleeps 6 h irregular",
        "caloric restriction 20%",
    ],
)
def test_what_a_plan_says_a_person_may_do(words: str) -> None:
    person = read_person(f"man, 45 y, {words}")
    assert len(person.habits) == 1 and read_person(str(person)) == person
    assert of(words, days=2).start_h == RUN_IN


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        ("slepps 6 h", UnknownNameError, "did you mean 'sleep'"),
        ("juggler", UnknownNameError, "how they live like"),
        ("smoker", NotModelledError, "nobody has screened"),
        ("athlete", AmbiguousError, "trains 5 times a week' or 'woman, 60 y, lifts weights"),
        ("drinks coffee", PlanError, "without effect"),
        ("sleeps 30 h", PlanError, "between 1 and 16"),
        ("sleeps 6 h for 2 weeks", PlanError, "no start and no length"),
        ("trains", PlanError, "how often"),
        ("fasts 36 h", PlanError, "how often"),
        ("sleeps 6 h, shift work", PlanError, "two of pattern of sleep"),
        ("vegan, 16:8 eating window", PlanError, "two of pattern of meals"),
        ("NR 500 mg oral daily", UnknownNameError, "unknown word"),
        ("trains -3 times a week", NadfluxError, "-3"),
    ],
)
def test_refusals(words: str, error: type[NadfluxError], says: str) -> None:
    with pytest.raises(error, match=says):
        read_person(f"woman, 60 y, {words}")


def test_sentences_given_in_python_are_checked_when_they_are_read() -> None:
    with pytest.raises(PlanError, match="no habit"):
        usual_habits(Person("woman", 60, habits=("quarrels daily",)))
    with pytest.raises(NadfluxError, match="list of sentences"):
        Person("woman", 60, habits="sleep 6 h")  # type: ignore[arg-type]
    cohort = Cohort(10, Distribution(50, 5), habits=("sleep 6 h",))
    assert len(usual_habits(cohort)) == 1 and "sleep 6 h" in str(cohort)
    with pytest.raises(PlanError, match="at rest"):
        at_rest(cohort)


def test_without_a_plan_usual_life_is_lived() -> None:
    planned = of("sleeps 6 h, trains 3 times a week", days=7)
    assert planned.counterfactual == ()
    assert starts(planned, "sleep") == [RUN_IN + 17.0 + DAY * k for k in range(28 + 7)]
    assert [t for t in starts(planned, "endurance") if t >= 0] == [10.0, 58.0, 106.0]
    dose = 3 * 45 / 135 * 0.6 / 0.7
    assert steps(planned, "training.aerobic")[0] == (RUN_IN, pytest.approx(dose))
    assert steps(planned, "training.aerobic_level") == [(RUN_IN, pytest.approx(dose))]
    assert any("28 such days" in str(note) for note in planned.notes)


def test_bouts_and_drinks_of_usual_life_fill_the_run_in() -> None:
    planned = of("trains 3 times a week, drinks ethanol 20 g daily at 20:30, meal 600 kcal daily at 12:00", days=7)
    before = [time for time in starts(planned, "endurance") if time < 0]
    assert before == [RUN_IN + 10.0 + DAY * day for day in range(28) if day % 7 in (0, 2, 4)]
    assert starts(planned, "drink") == [RUN_IN + 12.5 + DAY * day for day in range(28 + 7)]
    assert [time for time, _ in steps(planned, "stomach.ethanol")] == starts(planned, "drink")
    assert len([time for time, _ in steps(planned, "exercise.intensity") if time < 0]) == 2 * len(before)
    assert [t for t in starts(planned, "meal") if t % DAY == 4.0] == [RUN_IN + 4.0 + DAY * day for day in range(35)]


def test_usual_life_goes_on_beside_doses() -> None:
    planned = of("sleeps 6 h", "NR 500 mg oral daily for 3 d")
    assert planned.start_h == RUN_IN
    doses = [e for e in planned.events if e.target == "gut_lumen.NR"]
    assert sorted((*planned.counterfactual, *doses), key=lambda e: (e.time_h, e.target)) == list(planned.events)


def test_the_plan_wins_while_it_holds() -> None:
    planned = of("sleeps 6 h", "sleep 8 h for 3 d from day 2", days=7)
    lengths = {s.start_h // DAY: s.stop_h - s.start_h for s in planned.spans if s.what == "sleep" and s.start_h >= 0}
    assert lengths == {0.0: 6.0, 1.0: 6.0, 2.0: 8.0, 3.0: 8.0, 4.0: 8.0, 5.0: 6.0, 6.0: 6.0}
    without = [e for e in planned.counterfactual if e.target == "sleep.asleep" and e.value == 1.0 and e.time_h >= 0]
    assert [e.time_h % DAY for e in without] == [17.0] * 7


def test_training_of_the_plan_takes_the_place_of_usual_training() -> None:
    planned = of("trains 3 times a week", "endurance 30 min at 50% VO2max daily at 10:00 for 7 d from day 7", days=21)
    bouts = [t for t in starts(planned, "endurance") if t >= 0]
    assert [t % DAY for t in bouts] == [10.0] * 3 + [2.0] * 7 + [10.0] * 3
    levels = [value for time, value in steps(planned, "training.aerobic") if time >= 0]
    assert levels == [pytest.approx(7 * 30 / 135 * 0.5 / 0.7), pytest.approx(0.6 / 0.7)]


def test_a_single_bout_only_replaces_what_it_overlaps() -> None:
    planned = of("trains 3 times a week at 18:00", "resistance 45 min at 18:00", days=7)
    assert [t for t in starts(planned, "endurance") if t >= 0] == [58.0, 106.0]
    assert starts(planned, "resistance") == [10.0]


def test_a_window_keeps_the_style_of_the_person() -> None:
    planned = of("vegetarian", "16:8 eating window for 2 d")
    plain = of("sleeps 7 h", "16:8 eating window for 2 d")
    scales = [{e.scale for e in p.events if e.target == "stomach.protein" and e.time_h >= 0} for p in (planned, plain)]
    # A style shares out energy; usual food is as at rest.
    assert scales == [{"feeding.energy"}, {"feeding.protein.rate"}]


def test_usual_drinks_and_set_meals_fall_out_in_a_fast() -> None:
    planned = of("drinks ethanol 20 g daily at 20:30, meal 600 kcal daily at 12:00", "fast 36 h from day 1", days=4)
    assert [t for t in starts(planned, "drink") if t >= 0] == [12.5, 84.5]
    assert [t for t in starts(planned, "meal") if 36.0 <= t < 72.0] == []


def test_a_usual_restriction_holds_beside_the_plan_too() -> None:
    planned = of("caloric restriction 20%", "NR 500 mg oral daily for 2 d")
    for events in (planned.events, planned.counterfactual):
        first = [(e.time_h, e.value) for e in events if e.target == "diet.offered"]
        assert first == [(RUN_IN, pytest.approx(0.8))]
