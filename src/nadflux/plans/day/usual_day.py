"""Meals and nights of the usual day, and of any other day that repeats."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nadflux.plans.day.contribution import Night, UsualMeal
from nadflux.plans.lifestyle_tables import USUAL_MEALS, LifestyleTables
from nadflux.plans.occurrences import TINY
from nadflux.plans.timing import CLOCK_AT_START
from nadflux.units import DAY_H


def after_start(hour: float) -> float:
    """Return the hours from the start of a day of the run (08:00) to an hour of the day."""
    return (hour - CLOCK_AT_START) % DAY_H


def usual_meal_hours(tables: LifestyleTables) -> list[tuple[float, float]]:
    """Return the hours of the usual meals, each with its share of the food of a day."""
    return [(tables.number(m, "time", "h"), tables.number(m, "share", "fraction")) for m in USUAL_MEALS]


def usual_night(tables: LifestyleTables) -> tuple[float, float]:
    """Return the hour of the day at which usual sleep begins, and its length in hours."""
    begins = tables.number("sleep", "start", "h")
    return begins, (tables.number("sleep", "end", "h") - begins) % DAY_H


def daily_meals(meals: Sequence[tuple[float, float]], style: str, begin: float, stop: float) -> tuple[UsualMeal, ...]:
    """Return the meals of every day between two hours of the run.

    Parameters
    ----------
    meals : sequence of (hour, share)
        Hours of the day, and shares of the food of a day.
    style : str
    begin, stop : float
        Hours of the run.
    """
    after = [(after_start(hour), share) for hour, share in meals]
    every = (UsualMeal(DAY_H * day + hour, share, style) for day in days_of(begin, stop) for hour, share in after)
    return tuple(meal for meal in every if begin - TINY <= meal.time_h < stop - TINY)


def daily_nights(begins: float, length: float, begin: float, stop: float, shift: float = 0.0) -> tuple[Night, ...]:
    """Return the nights of every day between two hours of the run.

    Parameters
    ----------
    begins, length : float
        Hour of the day at which sleep begins, and hours of sleep.
    begin, stop : float
        Hours of the run.
    shift : float
        Hours by which one night begins earlier and the next later.
    """
    nights = []
    for day in days_of(begin, stop):
        start = DAY_H * day + after_start(begins) + (shift if day % 2 else -shift)
        if begin - TINY <= start < stop - TINY:
            nights.append(Night(start, start + length))
    return tuple(nights)


def days_of(begin: float, stop: float) -> range:
    """Return the days that hours of the run touch; day 0 begins at time 0."""
    return range(math.floor(begin / DAY_H), math.ceil(stop / DAY_H))
