"""What is eaten when: usual meals and patterns, less fasts and restriction, with set meals, loads and drinks."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence

from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.day.active_habits import Held, happens
from nadflux.plans.day.input_steps import inside, joined
from nadflux.plans.day.patterns import Eaten, Slept, meals_of
from nadflux.plans.events import Lived, ScheduledEvent, Span
from nadflux.plans.lifestyle import USUAL, EnergyEaten, Fast, Nutrient, SetMeal
from nadflux.plans.lifestyle_tables import ENERGY, LifestyleTables
from nadflux.plans.occurrences import DAY_H, TINY
from nadflux.plans.plan import Phase

DRINK = "ethanol"


def eat(result: Lived, held: Sequence[Held], nights: Sequence[Slept], end_h: float, tables: LifestyleTables) -> None:
    """Add what is eaten to a lived day; raises `PlanError` for a set meal within a fast."""
    patterns = [(one.habit, one.spans) for one in held]
    meals = [_awake(meal, nights) for meal in meals_of(patterns, result.start_h, end_h, tables)]
    for one in held:
        habit = one.habit
        if isinstance(habit, Fast):
            hours = habit.length.to("h")
            result.fasts += [(t, min(t + hours, end_h)) for t, _ in happens(one, result.start_h, end_h, tables)]
        elif isinstance(habit, EnergyEaten):
            result.restrictions += [(*span, habit.share) for span in one.spans]
    _one_fast(result)
    result.spans += [Span(start, stop, "fast", "fast") for start, stop in result.fasts]
    eaten = len(meals)
    meals = [meal for meal in meals if not inside(meal.time_h, result.fasts)]
    if eaten > len(meals):
        text = f"fast: {_meals(eaten - len(meals))} left out, and the niacin of the food with it"
        result.notes.append(Note(NoteCode.MEALS_FASTED, text))
    loads = [
        (time, one.habit, phase)
        for one in held
        if isinstance(one.habit, Nutrient)
        for time, phase in happens(one, result.start_h, end_h, tables)
        if isinstance(phase, Phase) and not (one.usual and inside(time, result.fasts))
    ]
    free = tables.number("load", "free", "h")
    tested = [(time, time + free) for time, habit, _ in loads if habit.name != DRINK]
    eaten = len(meals)
    meals = [meal for meal in meals if not inside(meal.time_h, tested)]
    if eaten > len(meals):
        text = f"{_meals(eaten - len(meals))} left out, within {free:g} h after a load"
        result.notes.append(Note(NoteCode.MEALS_AFTER_LOAD, text))
    _set_meals(result, meals, held, end_h, tables)
    for meal in meals:
        share = meal.share * math.prod(left for a, b, left in result.restrictions if a <= meal.time_h < b)
        result.events += _usual_meal(meal, share, tables)
        result.spans.append(Span(meal.time_h, meal.time_h, "meal", f"{100 * share:.3g} % of a usual day"))
    for time, habit, phase in loads:
        for target, amount in tables.amounts({habit.name: phase.dose.to("g")}).items():
            result.events.append(ScheduledEvent(time, target, "add", amount))
        what = "drink" if habit.name == DRINK else "load"
        result.spans.append(Span(time, time, what, f"{habit.name} {phase.dose}"))


def _one_fast(result: Lived) -> None:
    """Fasts that overlap or touch are one, and said to be so."""
    apart = joined(result.fasts)
    if len(apart) < len(result.fasts):
        longest = max(stop - start for start, stop in apart)
        text = f"fasts that overlap or touch count as one; the longest of them lasts {longest:g} h"
        result.notes.append(Note(NoteCode.FASTS_JOINED, text))
    result.fasts[:] = apart


def _meals(count: int) -> str:
    return f"{count} usual meal{'s are' if count > 1 else ' is'}"


def _awake(meal: Eaten, nights: Sequence[Slept]) -> Eaten:
    """The meal, which waits where it would fall into sleep."""
    waking = (night.stop_h for night in nights if night.start_h <= meal.time_h < night.stop_h)
    return dataclasses.replace(meal, time_h=next(waking, meal.time_h))


def _set_meals(result: Lived, meals: list[Eaten], held: Sequence[Held], end_h: float, tables: LifestyleTables) -> None:
    """Meals whose content is said; each takes the place of the nearest usual meal of its day."""
    said = sorted(
        (
            (time, one.habit)
            for one in held
            if isinstance(one.habit, SetMeal)
            for time, _ in happens(one, result.start_h, end_h, tables)
            if not (one.usual and inside(time, result.fasts))
        ),
        key=lambda one: one[0],
    )
    replaced = 0
    for time, habit in said:
        if inside(time, result.fasts):
            raise PlanError(f"a meal of day {time / DAY_H:.3g} lies within a fast; move one of them")
        same_day = [m for m in meals if _day(m.time_h) == _day(time)]
        if same_day:
            meals.remove(min(same_day, key=lambda meal: abs(meal.time_h - time)))
            replaced += 1
        if habit.energy is not None:
            grams = tables.grams(habit.energy.to("kcal"), habit.style)
            label = f"{habit.energy}"
        else:
            grams = {name: mass.to("g") for name, mass in habit.parts.items()}
            label = ", ".join(f"{mass} {name}" for name, mass in habit.parts.items())
        for target, amount in tables.amounts(grams).items():
            result.events.append(ScheduledEvent(time, target, "add", amount))
        result.spans.append(Span(time, time, "meal", label))
    if replaced:
        text = f"{_meals(replaced)} left out: a set meal takes the place of the nearest of its day"
        result.notes.append(Note(NoteCode.MEALS_REPLACED, text))


def _day(time: float) -> int:
    return math.floor((time + TINY) / DAY_H)


def _usual_meal(meal: Eaten, share: float, tables: LifestyleTables) -> Iterator[ScheduledEvent]:
    """A share of what the person eats in a usual day: the resting intake of the model over 24 h."""
    if meal.style == USUAL:
        for target, rate in tables.intake.items():
            if target != ENERGY:
                yield ScheduledEvent(meal.time_h, target, "add", DAY_H * share, rate)
        return
    for target, amount in tables.amounts(tables.grams(1.0, meal.style)).items():
        yield ScheduledEvent(meal.time_h, target, "add", DAY_H * share * amount, tables.intake[ENERGY])
