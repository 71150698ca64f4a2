"""Meals and nights of a run: those of its patterns, and those of the usual day where no pattern holds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from nadflux.errors import PlanError
from nadflux.plans.day.active_habits import ActiveHabit
from nadflux.plans.day.contribution import MealPattern, Night, SleepPattern, UsualMeal
from nadflux.plans.day.input_steps import inside
from nadflux.plans.day.usual_day import daily_meals, daily_nights, usual_meal_hours, usual_night
from nadflux.plans.lifestyle_tables import USUAL_STYLE, LifestyleTables
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H


def pattern_meals(
    active: Sequence[ActiveHabit], start_h: float, end_h: float, tables: LifestyleTables
) -> list[UsualMeal]:
    """Return the meals with the usual food, in order.

    Raises
    ------
    PlanError
        If two patterns of meals hold at once.
    """
    every = [pattern for one in active for pattern in one.brings.meal_patterns]
    said = [pattern for pattern in every if not pattern.yields]
    _one_at_a_time(said, "patterns of meals")
    moved = _moved(daily_meals(usual_meal_hours(tables), USUAL_STYLE, start_h, end_h), every)
    covered = [(pattern.start_h, pattern.stop_h) for pattern in said]
    meals = [meal for pattern in said for meal in pattern.meals]
    meals += [meal for meal in moved if not inside(meal.time_h, covered)]
    return sorted(meals, key=lambda meal: meal.time_h)


def pattern_nights(active: Sequence[ActiveHabit], start_h: float, end_h: float, tables: LifestyleTables) -> list[Night]:
    """Return the stretches of sleep, in order; raises `PlanError` if two patterns of sleep hold at once."""
    patterns = [pattern for one in active for pattern in one.brings.sleep_patterns]
    _one_at_a_time(patterns, "patterns of sleep")
    covered = [(pattern.start_h, pattern.stop_h) for pattern in patterns]
    usual = daily_nights(*usual_night(tables), start_h, end_h)
    nights = [night for night in usual if not inside(night.start_h, covered)]
    nights += [night for pattern in patterns for night in pattern.nights]
    return _without_overlap(sorted(nights, key=lambda night: night.start_h))


def _moved(usual: Sequence[UsualMeal], patterns: Sequence[MealPattern]) -> list[UsualMeal]:
    """Return the meals of the usual day, replaced where a pattern moves them."""
    result = list(usual)
    # Pattern by pattern: each replaces the meals so far within its hours.
    for pattern in (pattern for pattern in patterns if pattern.yields):
        result = [meal for meal in result if not pattern.start_h <= meal.time_h < pattern.stop_h]
        result += pattern.meals
    return result


def _without_overlap(nights: Sequence[Night]) -> list[Night]:
    """Return the nights with overlapping ones joined, as where one pattern follows another."""
    result: list[Night] = []
    # Each night joins the previous one if they overlap.
    for night in nights:
        if result and night.start_h <= result[-1].stop_h:
            result[-1] = Night(result[-1].start_h, max(result[-1].stop_h, night.stop_h))
        else:
            result.append(night)
    return result


def _one_at_a_time(patterns: Sequence[MealPattern] | Sequence[SleepPattern], what: str) -> None:
    ordered = sorted((pattern.start_h, pattern.stop_h) for pattern in patterns)
    for before, after in itertools.pairwise(ordered):
        if after[0] < before[1] - TINY:
            raise PlanError(f"two {what} hold at once on day {after[0] / DAY_H:g}; one takes the place of the other")
