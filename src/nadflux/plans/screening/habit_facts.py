"""Facts of a plan that its habits make: fasts, time without food, restriction, exercise, drinks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nadflux.people.health import FactValue, shipped_facts
from nadflux.plans.day.input_steps import joined
from nadflux.plans.day.usual_day import usual_meal_hours
from nadflux.plans.habits.eating_window import EatingWindow
from nadflux.plans.habits.energy_eaten import Restriction
from nadflux.plans.habits.exercise import ENDURANCE, RESISTANCE, Exercise
from nadflux.plans.habits.fast import Fast
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.meals import Meals
from nadflux.plans.habits.nutrient import DRINK, Nutrient
from nadflux.plans.lifestyle_tables import FAST, shipped_lifestyle
from nadflux.plans.occurrences import TINY
from nadflux.plans.schedule import Schedule
from nadflux.units import DAY_H

_FOOD = ("meal", "load")
_PER_DAY = "g/day"


def facts_of_habits(habits: Sequence[Habit], planned: Schedule) -> dict[str, FactValue]:
    """Return the facts that habits make; those that none of them makes are left out.

    Parameters
    ----------
    habits : sequence of Habit
        Of the plan, and of usual life where it goes on.
    planned : Schedule
        Of the same habits.
    """
    facts = {**_without_food(habits, planned), **_restriction(habits, planned), **_drinks(habits)}
    tables = shipped_lifestyle()
    for habit in habits:
        style = habit.meal_style
        if style is not None and style in tables.styles:
            facts["carbohydrate_percent"] = 100.0 * tables.styles[style]["carbohydrate"]
        if isinstance(habit, Exercise):
            bouts = {
                "exercise": habit.length_h * 60.0,
                "intensity": 100.0 * habit.share(tables) if habit.sort == ENDURANCE else 0.0,
                "resistance": habit.length_h * 60.0 if habit.sort == RESISTANCE else 0.0,
            }
            facts |= {name: max(value, facts.get(name, 0.0)) for name, value in bouts.items()}
    return dict(facts)


def _without_food(habits: Sequence[Habit], planned: Schedule) -> dict[str, float]:
    """Return the longest fast, the hours without food of each day, and the longest time without food, h."""
    spans = joined([(span.start_h, span.stop_h) for span in planned.spans if span.what == FAST])
    fasts = [*(stop - start for start, stop in spans), *(one.length_h for one in habits if isinstance(one, Fast))]
    windows = [DAY_H - one.length for one in habits if isinstance(one, EatingWindow)]
    said = max((*fasts, *windows), default=0.0)
    skips = any(isinstance(one, Meals) for one in habits)
    if not said and not skips:
        return {}
    eaten = sorted(span.start_h for span in planned.spans if span.what in _FOOD)
    between = max((after - before for before, after in pairwise(eaten)), default=0.0)
    usual = sorted(hour for hour, _ in usual_meal_hours(shipped_lifestyle()))
    overnight = DAY_H - (usual[-1] - usual[0])
    if skips and between > overnight + TINY:
        windows.append(min(between, DAY_H))
    # A fast begins after a usual meal and ends before one: only what goes beyond the night is a meal left out.
    longest = between if between > said + overnight + TINY else said
    values = {"fast": max(fasts, default=0.0), "window": max(windows, default=0.0), "without_food": longest}
    return {name: round(value, 6) for name, value in values.items()}


def _restriction(habits: Sequence[Habit], planned: Schedule) -> dict[str, float]:
    """Return the largest restriction in %, and the days of the longest stretch of any."""
    restrictions = [habit for habit in habits if isinstance(habit, Restriction)]
    if not restrictions:
        return {}
    held = joined([habit.holds(planned.end_h, shipped_lifestyle()) for habit in restrictions])
    days = max(stop - start for start, stop in held) / DAY_H
    return {"restriction": max(habit.percent for habit in restrictions), "restriction_days": round(days, 6)}


def _drinks(habits: Sequence[Habit]) -> dict[str, float]:
    """Return the most drinks of a day, where any are drunk."""
    drinks = [
        max(phase.dose.to("g") * max(phase.frequency.per_day, 1.0) for phase in habit.phases)
        for habit in habits
        if isinstance(habit, Nutrient) and habit.name == DRINK and habit.repeats
    ]
    return {"alcohol": sum(drinks) * shipped_facts().fact("alcohol").also[_PER_DAY]} if drinks else {}
