"""Habits beyond the collected data, by their size, the food of a day and their duration."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from nadflux.notes import Note, NoteCode
from nadflux.plans.bounds import COURSE, LEAST, ONCE, SLACK, STUDIED
from nadflux.plans.day.active_habits import ActiveHabit
from nadflux.plans.day.contribution import Stretch
from nadflux.plans.day.intake import about_intake
from nadflux.plans.dose_limits import BEYOND
from nadflux.plans.habits.habit import Size
from nadflux.plans.lifestyle_tables import FAST, LifestyleTables
from nadflux.units import DAY_H


def beyond_data(active: Sequence[ActiveHabit], fasts: Sequence[Stretch], tables: LifestyleTables) -> Iterator[Note]:
    """Yield a note for each habit beyond the collected data; such habits are still simulated.

    Parameters
    ----------
    active : sequence of ActiveHabit
    fasts : sequence of (start, stop)
        Hours without food; touching fasts are joined.
    tables : LifestyleTables

    Raises
    ------
    PlanError
        For more food or drink in a day than is possible.
    """
    sizes = list(dict.fromkeys(size for one in active for size in one.habit.sizes(tables)))
    yield from _beyond_when_joined([size.value for size in sizes if size.what == FAST], fasts, tables)
    for size in sizes:
        yield from _beyond_size(size, tables)
    yield from about_intake([s for one in active for s in (*one.brings.set_meals, *one.brings.loads)], tables)
    for one in active:
        yield from _beyond_course(one, tables)


def _beyond_when_joined(said: Sequence[float], fasts: Sequence[Stretch], tables: LifestyleTables) -> Iterator[Note]:
    """Yield a note on fasts (h) that exceed the longest studied only when joined."""
    longest = max((stop - start for start, stop in fasts), default=0.0)
    bound = tables.bounds.bound(FAST, STUDIED, ONCE)
    studied = math.inf if bound is None else bound.to("h")
    if said and longest > studied * SLACK >= max(said):
        text = f"{BEYOND}: fasts joined to {longest:g} h; the longest in the collected data is {studied:g} h"
        yield Note(NoteCode.FAST_BEYOND, text, FAST)


def _beyond_size(size: Size, tables: LifestyleTables) -> Iterator[Note]:
    bound = tables.bounds.bound(size.what, STUDIED, size.per, size.at)
    if bound is None:
        text = f"{BEYOND}: {size.said}; no size of {size.what} is in the collected data"
        anything = tables.bounds.bound(size.what, STUDIED, size.per)
        if anything is not None:
            most = max(row.at for row in tables.bounds.rows if row.what == size.what and row.kind == STUDIED)
            text = f"{BEYOND}: {size.said}; the most in the collected data is {100 * most:g} %"
        yield Note(NoteCode.NO_HABIT_SIZE if anything is None else NoteCode.HABIT_BEYOND, text, size.what)
        return
    studied = bound.to(size.unit)
    if size.value < studied / SLACK if size.per == LEAST else size.value > studied * SLACK:
        which = "least" if size.per == LEAST else "largest"
        text = f"{BEYOND}: {size.said}; the {which} in the collected data is {bound}"
        yield Note(NoteCode.HABIT_BEYOND, text, size.what)


def _beyond_course(one: ActiveHabit, tables: LifestyleTables) -> Iterator[Note]:
    """Yield a note if a habit of the plan lasts longer than studied; habits of usual life have no course."""
    if one.usual or not one.habit.repeats:
        return
    days = max((stop - start for start, stop in one.window.spans), default=0.0) / DAY_H
    for what in _courses_of(one, tables):
        bound = tables.bounds.bound(what, STUDIED, COURSE)
        if bound is not None and days > bound.to("d") * SLACK:
            text = f"{BEYOND}: {days:g} days of {what}; the longest course in the collected data is {bound}"
            yield Note(NoteCode.HABIT_COURSE_BEYOND, text, what)


def _courses_of(one: ActiveHabit, tables: LifestyleTables) -> tuple[str, ...]:
    """Return the table rows to compare a course of a habit with: its sizes, and its nutrients."""
    sizes = [size.what for size in one.habit.sizes(tables)]
    eaten = {name for load in one.brings.loads for name in load.grams}
    food = [bound.what for bound in tables.bounds.of_food(STUDIED, COURSE) if eaten & set(bound.of)]
    return tuple(dict.fromkeys((*sizes, *food)))
