"""Food with a dose: how long it stays, beside the meals of lived days, and what contradicts them."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError
from nadflux.plans import parse_plan
from nadflux.plans.day.food_with_dose import FED
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.schedule import Schedule, schedule

LASTS = shipped_lifestyle().number("meal", "fed", "h")


def of(sentence: str) -> Schedule:
    return schedule(parse_plan(sentence))


def fed(sentence: str) -> list[tuple[float, float]]:
    """Steps of food in the stomach from time 0 on."""
    return [(e.time_h, e.value) for e in of(sentence).events if e.target == FED and e.time_h >= 0]


def test_food_stays_as_long_as_a_meal() -> None:
    assert fed("NR 500 mg oral twice daily with food for 1 d") == [
        (0.0, 1.0), (LASTS, 0.0), (12.0, 1.0), (12.0 + LASTS, 0.0),
    ]  # fmt: skip
    assert any("food with a dose" in str(note) for note in of("NR 500 mg oral daily with food for 1 d").notes)


@pytest.mark.parametrize("words", ["", " fasted"])
def test_what_is_not_said_is_fasted_where_days_are_not_lived(words: str) -> None:
    assert fed(f"NR 500 mg oral daily{words} for 2 d") == []
    with_food = of("NR 500 mg oral daily with food for 2 d")
    assert [d.time_h for d in with_food.doses] == [d.time_h for d in of("NR 500 mg oral daily for 2 d").doses]


def test_food_of_doses_close_together_is_one_stretch() -> None:
    assert fed("NR 500 mg oral every 1 h with food for 3 h") == [(0.0, 1.0), (2.0 + LASTS, 0.0)]


def test_a_dose_with_food_takes_the_meal_it_falls_into() -> None:
    meals = "meals at 8:00, 13:00 and 19:00 for 1 d"
    assert fed(f"{meals} + NR 500 mg oral twice daily with food for 1 d") == fed(meals)
    assert not any("food with a dose" in str(note) for note in of(f"{meals} + NR 500 mg oral daily with food").notes)


def test_a_dose_with_food_between_meals_brings_its_own() -> None:
    meals = "meals at 8:00, 13:00 and 19:00 for 1 d"
    dose = "NR 500 mg oral daily with food at 16:00 for 1 d"
    assert fed(f"{meals} + {dose}") == sorted([*fed(meals), (8.0, 1.0), (8.0 + LASTS, 0.0)])
    early = "NR 500 mg oral daily with food at 12:00 for 1 d"
    assert (4.0, 1.0) in fed(f"{meals} + {early}") and (5.0, 1.0) not in fed(f"{meals} + {early}")


def test_usual_life_beside_the_plan_has_no_food_of_doses() -> None:
    planned = of("sleep 7 h for 1 d + NR 500 mg oral daily with food at 16:00 for 1 d")
    assert (8.0, 1.0) not in [(e.time_h, e.value) for e in planned.counterfactual if e.target == FED]


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("three meals a day for 1 d + NR 500 mg oral daily fasted", "at 08:00 on day 0 falls within 2 h after a meal"),
        ("fast 36 h + NR 500 mg oral daily with food for 2 d", "at 08:00 on day 1 lies within a fast"),
    ],
)
def test_contradictions_are_refused(sentence: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        of(sentence)


def test_a_fasted_dose_between_meals_and_in_a_fast() -> None:
    meals = "meals at 8:00, 13:00 and 19:00 for 1 d"
    assert fed(f"{meals} + NR 500 mg oral daily fasted at 6:30") == fed(meals)
    of("fast 36 h + NR 500 mg oral daily fasted at 6:30 for 2 d")
