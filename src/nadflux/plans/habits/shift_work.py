"""Shift work: a roster with consecutive nights each week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nadflux.plans.day.contribution import Contribution, MealPattern, Night, SleepPattern, UsualMeal
from nadflux.plans.day.usual_day import after_start, days_of, usual_meal_hours, usual_night
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Lasting
from nadflux.plans.habits.sleep import PATTERN_OF_SLEEP
from nadflux.plans.habits.words import LASTING, read_clauses
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import USUAL_STYLE, LifestyleTables
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H

_ROW = "shift work"
_SHIFT = word_pattern(r"(?:night )?shift work|works (?:night )?shifts")


@dataclass(frozen=True)
class ShiftWork(Lasting):
    """A roster with consecutive nights each week; their sleep and meals come from the table."""

    words: ClassVar = ("shift work",)
    says: ClassVar = (("`shift work`", "nights in a row each week; they flatten the clock"),)
    subject: ClassVar = PATTERN_OF_SLEEP

    @classmethod
    def read(cls, reader: Reader, begin: int) -> ShiftWork | None:
        """Read ``shift work``."""
        return cls(**read_clauses(reader, LASTING)) if reader.take(_SHIFT) else None

    def head(self) -> str:
        """Return ``shift work``."""
        return "shift work"

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the nights and meals of the roster, and the weaker clock."""
        strength = tables.number(_ROW, "strength", "fraction")
        return Contribution(
            meal_patterns=tuple(
                MealPattern(begin, stop, _meals(begin, stop, tables), yields=True) for begin, stop in window.spans
            ),
            sleep_patterns=tuple(
                SleepPattern(begin, stop, _sleep(begin, stop, tables)) for begin, stop in window.spans
            ),
            strengths=tuple((*span, strength) for span in window.spans),
        )


def _works(day: int, first: int, tables: LifestyleTables) -> bool:
    """Return whether the night of a day of the run is worked."""
    return day >= first and (day - first) % 7 < tables.number(_ROW, "nights", "1")


def _meals(begin: float, stop: float, tables: LifestyleTables) -> tuple[UsualMeal, ...]:
    morning, noon, evening = ((after_start(hour), share) for hour, share in usual_meal_hours(tables))
    night, afternoon = (after_start(tables.number(_ROW, meal, "h")) for meal in ("night meal", "day meal"))
    days = days_of(begin, stop)
    meals: list[UsualMeal] = []
    for day in days:
        after_night = _works(day - 1, days.start, tables)
        hours = [evening, (afternoon, noon[1]) if after_night else noon]
        hours += [] if after_night else [morning]
        hours += [(night, morning[1])] if _works(day, days.start, tables) else []
        meals += [UsualMeal(DAY_H * day + hour, share, USUAL_STYLE) for hour, share in hours]
    return tuple(meal for meal in meals if begin - TINY <= meal.time_h < stop - TINY)


def _sleep(begin: float, stop: float, tables: LifestyleTables) -> tuple[Night, ...]:
    hour, length = (tables.number(_ROW, quantity, "h") for quantity in ("sleep", "slept"))
    usual_hour, usual_length = usual_night(tables)
    days = days_of(begin, stop)
    nights = []
    for day in days:
        if _works(day, days.start, tables):
            start = DAY_H * (day + 1) + after_start(hour)
            nights.append(Night(start, start + length))
        else:
            start = DAY_H * day + after_start(usual_hour)
            nights.append(Night(start, start + usual_length))
    return tuple(night for night in nights if begin - TINY <= night.start_h < stop - TINY)
