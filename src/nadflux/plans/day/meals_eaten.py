"""Food eaten in a run: usual meals and patterns without fasts and restriction, with set meals, loads and drinks."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.day.active_habits import ActiveHabit
from nadflux.plans.day.contribution import Night, Stretch, Swallowed, UsualMeal
from nadflux.plans.day.input_steps import inside, joined
from nadflux.plans.day.patterns import pattern_meals
from nadflux.plans.events import ScheduledEvent, Span
from nadflux.plans.lifestyle_tables import ENERGY, FAST, USUAL_STYLE, LifestyleTables
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H


@dataclass(frozen=True)
class FoodEaten:
    """The food of a run.

    Attributes
    ----------
    events : tuple of ScheduledEvent
    spans : tuple of Span
    notes : tuple of Note
    fasts : tuple of (start, stop)
        Hours without food.
    energy : tuple of (start, stop, share)
        Hours in which less or more than the usual food is eaten, as a share of it.
    """

    events: tuple[ScheduledEvent, ...]
    spans: tuple[Span, ...]
    notes: tuple[Note, ...]
    fasts: tuple[Stretch, ...]
    energy: tuple[tuple[float, float, float], ...]

    @property
    def meal_times(self) -> tuple[float, ...]:
        """Hours of the meals."""
        return tuple(span.start_h for span in self.spans if span.what == "meal")


def meals_eaten(
    active: Sequence[ActiveHabit], nights: Sequence[Night], start_h: float, end_h: float, tables: LifestyleTables
) -> FoodEaten:
    """Return the food of a run.

    Parameters
    ----------
    active : sequence of ActiveHabit
    nights : sequence of Night
        Stretches of sleep; meals that would fall into one wait until its end, or are eaten before it where their
        eating window closes in it.
    start_h, end_h : float
        Hours of the run.
    tables : LifestyleTables

    Raises
    ------
    PlanError
        If two patterns of meals hold at once, or a set meal falls within a fast.
    """
    said = [stretch for one in active for stretch in one.brings.fasts]
    fasts = joined(said)
    energy = tuple(span for one in active for span in one.brings.energy)
    loads = [load for one in active for load in _outside(one.brings.loads, one.usual, fasts)]
    set_meals = _set_meals(active, fasts)
    waits = tables.number(FAST, "waits", "h")
    meals = (_broken_fast(meal, fasts, waits) for meal in pattern_meals(active, start_h, end_h, tables))
    before = tables.number("eating window", "last meal", "h")
    pattern = [_awake(meal, nights, before) for meal in meals]
    usual, notes = _usual_left(pattern, fasts, loads, set_meals, tables)
    eaten = [(meal, meal.share * _share_left(meal.time_h, energy)) for meal in usual]
    return FoodEaten(
        (*_swallowed(set_meals), *_usual_food(eaten, tables), *_swallowed(loads)),
        tuple(_spans(fasts, (*set_meals, *loads), eaten)),
        (*_about_joined(said, fasts), *notes),
        tuple(fasts),
        energy,
    )


def _outside(every: Sequence[Swallowed], usual: bool, fasts: Sequence[Stretch]) -> list[Swallowed]:
    """Return the meals without those of usual life that fall into a fast."""
    return [one for one in every if not (usual and inside(one.time_h, fasts))]


def _broken_fast(meal: UsualMeal, fasts: Sequence[Stretch], waits: float) -> UsualMeal:
    """Return the meal, moved to the end of a fast that has only a few hours left: it is what breaks the fast."""
    return _put_off(meal, (stop for start, stop in fasts if start < meal.time_h < stop <= meal.time_h + waits))


def _awake(meal: UsualMeal, nights: Sequence[Night], before: float) -> UsualMeal:
    """Return the meal, moved to waking if it would fall into sleep; before sleep where its window is closed by then."""
    if meal.window is not None:
        opens, closes = meal.window
        for night in nights:
            if (
                night.start_h <= meal.time_h < night.stop_h
                and closes < night.stop_h
                and opens <= night.start_h - before
            ):
                return dataclasses.replace(meal, time_h=night.start_h - before)
    return _put_off(meal, (night.stop_h for night in nights if night.start_h <= meal.time_h < night.stop_h))


def _put_off(meal: UsualMeal, until: Iterator[float]) -> UsualMeal:
    """Return the meal at the first of some times, or at its own where there is none."""
    return dataclasses.replace(meal, time_h=next(until, meal.time_h))


def _set_meals(active: Sequence[ActiveHabit], fasts: Sequence[Stretch]) -> list[Swallowed]:
    """Return the set meals in order; in a fast, those of usual life are dropped and those of a plan refused."""
    meals = [meal for one in active for meal in _outside(one.brings.set_meals, one.usual, fasts)]
    meals.sort(key=lambda meal: meal.time_h)
    for meal in meals:
        if inside(meal.time_h, fasts):
            raise PlanError(f"a meal of day {meal.time_h / DAY_H:.3g} lies within a fast; move one of them")
    return meals


def _usual_left(
    usual: Sequence[UsualMeal],
    fasts: Sequence[Stretch],
    loads: Sequence[Swallowed],
    set_meals: Sequence[Swallowed],
    tables: LifestyleTables,
) -> tuple[list[UsualMeal], list[Note]]:
    """Return the usual meals outside fasts, not soon after loads and not replaced, with notes on those dropped."""
    free = tables.number("load", "free", "h")
    tests = [(load.time_h, load.time_h + free) for load in loads if load.alone]
    outside = [meal for meal in usual if not inside(meal.time_h, fasts)]
    apart = [meal for meal in outside if not inside(meal.time_h, tests)]
    left = _not_replaced(apart, set_meals)
    counts = (len(usual) - len(outside), len(outside) - len(apart), len(apart) - len(left))
    return left, list(_about_left_out(*counts, free))


def _not_replaced(meals: Sequence[UsualMeal], set_meals: Sequence[Swallowed]) -> list[UsualMeal]:
    """Return the usual meals that remain when each set meal replaces the nearest one left of its day."""
    left = list(meals)
    # Set meal by set meal: each removes one usual meal of its day.
    for one in set_meals:
        same_day = [meal for meal in left if _day(meal.time_h) == _day(one.time_h)]
        if same_day:
            left.remove(min(same_day, key=lambda meal: abs(meal.time_h - one.time_h)))
    return left


def _day(time: float) -> int:
    return math.floor((time + TINY) / DAY_H)


def _share_left(time: float, energy: Sequence[tuple[float, float, float]]) -> float:
    return math.prod(share for start, stop, share in energy if start <= time < stop)


def _swallowed(every: Sequence[Swallowed]) -> Iterator[ScheduledEvent]:
    for one in every:
        for target, amount in one.amounts.items():
            yield ScheduledEvent(one.time_h, target, "add", amount)


def _usual_food(eaten: Sequence[tuple[UsualMeal, float]], tables: LifestyleTables) -> Iterator[ScheduledEvent]:
    for meal, share in eaten:
        yield from _usual_meal(meal, share, tables)


def _usual_meal(meal: UsualMeal, share: float, tables: LifestyleTables) -> Iterator[ScheduledEvent]:
    """Yield events for a share of the food of a usual day, which is the resting intake of the model over 24 h."""
    if meal.style == USUAL_STYLE:
        for target, rate in tables.intake.items():
            if target != ENERGY:
                yield ScheduledEvent(meal.time_h, target, "add", DAY_H * share, rate)
        return
    for target, amount in tables.amounts(tables.grams(1.0, meal.style)).items():
        yield ScheduledEvent(meal.time_h, target, "add", DAY_H * share * amount, tables.intake[ENERGY])


def _spans(
    fasts: Sequence[Stretch], swallowed: Sequence[Swallowed], eaten: Sequence[tuple[UsualMeal, float]]
) -> Iterator[Span]:
    for start, stop in fasts:
        yield Span(start, stop, "fast", "fast")
    for one in swallowed:
        yield Span(one.time_h, one.time_h, one.what, one.label)
    for meal, share in eaten:
        yield Span(meal.time_h, meal.time_h, "meal", f"{100 * share:.3g} % of a usual day")


def _about_joined(said: Sequence[Stretch], fasts: Sequence[Stretch]) -> Iterator[Note]:
    if len(fasts) < len(said):
        longest = max(stop - start for start, stop in fasts)
        text = f"fasts that overlap or touch count as one; the longest of them lasts {longest:g} h"
        yield Note(NoteCode.FASTS_JOINED, text)


def _about_left_out(fasted: int, tested: int, replaced: int, free: float) -> Iterator[Note]:
    """Yield a note on usual meals dropped: in fasts, within ``free`` hours after loads, replaced by set meals."""
    if fasted:
        text = f"fast: {_meals(fasted)} left out, and the niacin of the food with it"
        yield Note(NoteCode.MEALS_FASTED, text)
    if tested:
        yield Note(NoteCode.MEALS_AFTER_LOAD, f"{_meals(tested)} left out, within {free:g} h after a load")
    if replaced:
        text = f"{_meals(replaced)} left out: a set meal takes the place of the nearest of its day"
        yield Note(NoteCode.MEALS_REPLACED, text)


def _meals(count: int) -> str:
    return f"{count} usual meal{'s are' if count > 1 else ' is'}"
