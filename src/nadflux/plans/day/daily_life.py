"""Daily life in a run: habits turned into events of the model and the timeline that figures show."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

from nadflux.notes import Note
from nadflux.plans.day.active_habits import active_habits
from nadflux.plans.day.beyond_data import beyond_data
from nadflux.plans.day.circadian_clock import circadian_clock
from nadflux.plans.day.contribution import InputSpan, Stretch
from nadflux.plans.day.food_with_dose import Taken, food_in_stomach
from nadflux.plans.day.input_spans import inputs_of_habits, switched_on
from nadflux.plans.day.meals_eaten import meals_eaten
from nadflux.plans.day.patterns import pattern_nights
from nadflux.plans.day.sleep_lost import sleep_lost
from nadflux.plans.events import DayPart, ScheduledEvent, Span
from nadflux.plans.habits.habit import Habit
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H

FEEDING, ASLEEP = "feeding.constant", "sleep.asleep"


@dataclass(frozen=True)
class DailyLife:
    """Events, spans and notes of habits from the run-in to the end of a run.

    Attributes
    ----------
    start_h : float
        Start of the run-in, before time 0.
    events : tuple of ScheduledEvent
    spans : tuple of Span
        For figures and the record.
    fasts : tuple of (start, stop)
        Hours without food, and so without niacin.
    energy : tuple of (start, stop, share)
        Hours in which less or more than the usual food, and its niacin, is eaten, as a share of it.
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
    """Return the events, spans and notes of habits.

    Parameters
    ----------
    habits : sequence of Habit
        Habits of the plan; empty for usual days throughout.
    end_h : float
        End of the run, h.
    tables : LifestyleTables, optional
        The shipped ones by default.
    taken : sequence of Taken
        Doses for which the plan says *with food* or *fasted*.
    usual : sequence of Habit
        Habits of the person's usual life: they hold from the run-in on, unless one of ``habits`` replaces them.

    Raises
    ------
    PlanError
        For habits that exclude each other, such as two patterns of meals or a set meal within a fast, and for doses
        that contradict the meals.
    """
    tables = tables or shipped_lifestyle()
    start_h = -DAY_H * math.ceil(tables.number("run-in", "habits" if usual else "duration", "d"))
    active = active_habits(habits, usual, start_h, end_h, tables)
    nights = pattern_nights(active, start_h, end_h, tables)
    food = meals_eaten(active, nights, start_h, end_h, tables)
    asleep = [InputSpan(ASLEEP, night.start_h, night.stop_h, 1.0, "sleep", "sleep") for night in nights]
    parts = (
        DayPart((ScheduledEvent(start_h, FEEDING, "set", 0.0),)),
        DayPart(food.events, food.spans, food.notes),
        food_in_stomach(taken, food.meal_times, food.fasts, tables),
        switched_on(asleep),
        DayPart(sleep_lost(nights, start_h, tables)),
        circadian_clock(active, start_h, end_h, tables),
        inputs_of_habits(active, start_h, nights),
        DayPart(notes=tuple(beyond_data(active, food.fasts, tables))),
    )
    whole = _joined(parts, end_h)
    return DailyLife(start_h, whole.events, whole.spans, food.fasts, food.energy, whole.notes)


def _joined(parts: Sequence[DayPart], end_h: float) -> DayPart:
    """Join all parts into one, cut at the end of the run."""
    spans = [span for part in parts for span in part.spans if span.start_h < end_h]
    return DayPart(
        tuple(event for part in parts for event in part.events if event.time_h < end_h - TINY),
        tuple(sorted(dataclasses.replace(span, stop_h=min(span.stop_h, end_h)) for span in spans)),
        tuple(note for part in parts for note in part.notes),
    )
