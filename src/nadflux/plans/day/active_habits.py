"""When habits hold: those of a plan from their start on, those of usual life wherever the plan says nothing."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nadflux.plans.day.input_steps import at_usual_hour, inside
from nadflux.plans.day.patterns import Stretch, span_of
from nadflux.plans.lifestyle import (
    USUAL,
    EatingWindow,
    EnergyEaten,
    Exercise,
    Fast,
    Habit,
    Lasting,
    Meals,
    Nutrient,
    SetMeal,
    ShiftWork,
    Sleep,
)
from nadflux.plans.lifestyle_tables import LifestyleTables
from nadflux.plans.occurrences import DAY_H, TINY, phase_end, phase_times
from nadflux.plans.timing import Timed


@dataclass(frozen=True)
class Held:
    """A habit and the stretches (h) in which it holds.

    Attributes
    ----------
    habit : Habit
    spans : tuple of (start, stop)
    usual : bool
        Whether it is one of the person's usual life, which goes on since before the run.
    """

    habit: Habit
    spans: tuple[Stretch, ...]
    usual: bool = False


def hold(
    habits: Sequence[Habit], usual: Sequence[Habit], start_h: float, end_h: float, tables: LifestyleTables
) -> list[Held]:
    """Habits of the plan, then those of usual life where no habit of the plan takes their place.

    A plan that says when to eat but not what keeps the person's style of meals.
    """
    style = next((h.style for h in usual if isinstance(h, Meals | EatingWindow)), USUAL)
    planned = [Held(_in_style(habit, style), (_holds(habit, end_h, tables),)) for habit in habits]
    kept = []
    for habit in usual:
        taken = [span for one in planned if subject(one.habit) == subject(habit) for span in one.spans]
        kept.append(Held(habit, tuple(_without((start_h, end_h), taken)), usual=True))
    return planned + kept


def subject(habit: Habit) -> str:
    """What a habit is about; of one subject the plan's takes the place of the person's."""
    if isinstance(habit, Exercise):
        return habit.sort
    if isinstance(habit, Nutrient):
        return habit.name
    return next(words for kinds, words in _SUBJECTS if isinstance(habit, kinds))


_SUBJECTS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((Meals, EatingWindow), "pattern of meals"),
    ((Sleep, ShiftWork), "pattern of sleep"),
    ((EnergyEaten,), "energy eaten"),
    ((Fast,), "fast"),
    ((SetMeal,), "set meal"),
)


def happens(one: Held, start_h: float, end_h: float, tables: LifestyleTables) -> list[tuple[float, Timed]]:
    """Times (h) before the end at which a habit happens, with its phase; of usual life from ``start_h`` on."""
    habit = one.habit
    if isinstance(habit, Lasting):
        return []
    origin = start_h if one.usual else 0.0
    phases: Sequence[Timed] = habit.phases if isinstance(habit, Nutrient) else [at_usual_hour(habit, tables)]
    every = ((time + origin, phase) for time, phase in phase_times(subject(habit), phases, end_h - origin))
    return [(t, phase) for t, phase in every if t < end_h - TINY and (not one.usual or inside(t, one.spans))]


def _holds(habit: Habit, end_h: float, tables: LifestyleTables) -> Stretch:
    """From when to when a habit of a plan holds."""
    if isinstance(habit, Lasting):
        return span_of(habit, end_h)
    phases: Sequence[Timed] = habit.phases if isinstance(habit, Nutrient) else [at_usual_hour(habit, tables)]
    begin = 0.0 if phases[0].start is None else phases[0].start.to("h")
    if phases[0].frequency.kind == "once":
        begin = phase_times(subject(habit), phases[:1], math.inf)[0][0]
    length = habit.length.to("h") if isinstance(habit, Fast | Exercise) else 0.0
    return begin, min(end_h, phase_end(phases, begin % DAY_H + length))


def _in_style(habit: Habit, style: str) -> Habit:
    if isinstance(habit, Meals | EatingWindow | SetMeal) and habit.style == USUAL:
        return dataclasses.replace(habit, style=style)
    return habit


def _without(whole: Stretch, taken: Iterable[Stretch]) -> Iterable[Stretch]:
    """What is left of a stretch."""
    begin, end = whole
    for start, stop in sorted(taken):
        if start > begin + TINY:
            yield begin, min(start, end)
        begin = max(begin, stop)
    if begin < end - TINY:
        yield begin, end
