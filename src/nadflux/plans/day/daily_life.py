"""From habits to what happens when: events of the model, and the timeline that figures show."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nadflux.notes import Note, NoteCode
from nadflux.plans.day.active_habits import active_habits
from nadflux.plans.day.circadian_clock import circadian_clock
from nadflux.plans.day.contribution import InputSpan, Stretch
from nadflux.plans.day.food_with_dose import Taken, food_in_stomach
from nadflux.plans.day.input_spans import inputs_of_habits, switched_on
from nadflux.plans.day.meals_eaten import meals_eaten
from nadflux.plans.day.patterns import pattern_nights
from nadflux.plans.dose_limits import BEYOND
from nadflux.plans.events import DayPart, ScheduledEvent, Span
from nadflux.plans.habits.habit import Habit, Size
from nadflux.plans.lifestyle_tables import FAST, STUDIED, USUAL_MEALS, LifestyleTables, shipped_lifestyle
from nadflux.plans.occurrences import DAY_H, TINY
from nadflux.plans.timing import clock_text

FEEDING, ASLEEP = "feeding.constant", "sleep.asleep"
_SLACK = 1.0 + 1e-9


@dataclass(frozen=True)
class DailyLife:
    """All that habits come to from the run-in to the end of a run.

    Attributes
    ----------
    start_h : float
        Start of the run-in, before time 0.
    events : tuple of ScheduledEvent
    spans : tuple of Span
        For figures and the record.
    fasts : tuple of (start, stop)
        Hours in which nothing is eaten, and hence no niacin.
    energy : tuple of (start, stop, share)
        Hours in which another share of the usual food is eaten, and of its niacin.
    notes : tuple of Note
    """

    start_h: float = 0.0
    events: tuple[ScheduledEvent, ...] = ()
    spans: tuple[Span, ...] = ()
    fasts: tuple[Stretch, ...] = ()
    energy: tuple[tuple[float, float, float], ...] = ()
    notes: tuple[Note, ...] = ()


def daily_life(
    habits: Sequence[Habit],
    end_h: float,
    tables: LifestyleTables | None = None,
    taken: Sequence[Taken] = (),
    usual: Sequence[Habit] = (),
) -> DailyLife:
    """Return what habits come to.

    Parameters
    ----------
    habits : sequence of Habit
        None for usual days throughout.
    end_h : float
        End of the run.
    tables : LifestyleTables, optional
        The shipped ones by default.
    taken : sequence of Taken
        Doses that are said to be taken with food or fasted.
    usual : sequence of Habit
        How the person lives anyway: they hold from the run-in on, wherever none of ``habits`` takes their place.

    Raises
    ------
    PlanError
        For habits that cannot hold together, such as two patterns of meals or a set meal within a fast, and for doses
        that contradict the meals.
    """
    tables = tables or shipped_lifestyle()
    start_h = -DAY_H * math.ceil(tables.number("run-in", "habits" if usual else "duration", "d"))
    active = active_habits(habits, usual, start_h, end_h, tables)
    nights = pattern_nights(active, start_h, end_h, tables)
    food = meals_eaten(active, nights, start_h, end_h, tables)
    asleep = [InputSpan(ASLEEP, night.start_h, night.stop_h, 1.0, "sleep", "sleep") for night in nights]
    parts = (
        DayPart((ScheduledEvent(start_h, FEEDING, "set", 0.0),), notes=(_about_usual_day(tables, start_h, usual),)),
        DayPart(food.events, food.spans, food.notes),
        food_in_stomach(taken, food.meal_times, food.fasts, tables),
        switched_on(asleep),
        circadian_clock(active, start_h, end_h, tables),
        inputs_of_habits(active, start_h),
        DayPart(notes=tuple(_beyond_data((*habits, *usual), food.fasts, tables))),
    )
    whole = _joined(parts, end_h)
    return DailyLife(start_h, whole.events, whole.spans, food.fasts, food.energy, whole.notes)


def _joined(parts: Sequence[DayPart], end_h: float) -> DayPart:
    """All parts as one, cut where the run ends."""
    spans = [span for part in parts for span in part.spans if span.start_h < end_h]
    return DayPart(
        tuple(event for part in parts for event in part.events if event.time_h < end_h - TINY),
        tuple(sorted(dataclasses.replace(span, stop_h=min(span.stop_h, end_h)) for span in spans)),
        tuple(note for part in parts for note in part.notes),
    )


def _beyond_data(habits: Sequence[Habit], fasts: Sequence[Stretch], tables: LifestyleTables) -> Iterator[Note]:
    """Habits beyond anything in the collected data: simulated, and said."""
    sizes = [size for size in (habit.size for habit in habits) if size is not None]
    yield from _beyond_when_joined([size.value for size in sizes if size.what == FAST], fasts, tables)
    for size in sizes:
        yield from _beyond_size(size, tables)


def _beyond_when_joined(said: Sequence[float], fasts: Sequence[Stretch], tables: LifestyleTables) -> Iterator[Note]:
    """Fasts (h) none of which is beyond the longest studied, but which are so when joined."""
    longest = max((stop - start for start, stop in fasts), default=0.0)
    studied = tables.number(FAST, STUDIED, "h") if (FAST, STUDIED) in tables.figures else math.inf
    if said and longest > studied * _SLACK >= max(said):
        text = f"{BEYOND}: fasts joined to {longest:g} h; the longest in the collected data is {studied:g} h"
        yield Note(NoteCode.FAST_BEYOND, text, FAST)


def _beyond_size(size: Size, tables: LifestyleTables) -> Iterator[Note]:
    limit = tables.figures.get((size.what, STUDIED))
    if limit is None:
        yield Note(NoteCode.NO_HABIT_SIZE, f"{BEYOND}: no size of {size.what} is in the collected data", size.what)
    elif size.value > tables.number(size.what, STUDIED, size.unit) * _SLACK:
        known = f"{limit.value:g} {limit.unit} ({limit.source})"
        text = f"{BEYOND}: {size.said}; the largest in the collected data is {known}"
        yield Note(NoteCode.HABIT_BEYOND, text, size.what)


def _about_usual_day(tables: LifestyleTables, start_h: float, usual: Sequence[Habit]) -> Note:
    meals = tuple(tables.number(meal, "time", "h") for meal in USUAL_MEALS)
    night = "-".join(clock_text((tables.number("sleep", edge, "h"),)) for edge in ("start", "end"))
    days = -start_h / DAY_H
    if usual:
        said = " + ".join(habit.sentence() for habit in usual)
        text = (
            f"usual life is {said}; the rest is the usual day; {days:g} such days are "
            "run before time 0, and what takes longer to build up is not at its end"
        )
        return Note(NoteCode.USUAL_LIFE, text)
    text = (
        f"what the plan does not say is the usual day: meals at {clock_text(meals)}, sleep {night}, no exercise; "
        f"{days:g} such days are run before time 0"
    )
    return Note(NoteCode.USUAL_DAY, text)
