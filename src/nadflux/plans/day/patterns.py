"""The day as lived: usual meals and sleep, and what habits put in their place."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from nadflux.errors import PlanError
from nadflux.plans.lifestyle import USUAL, EatingWindow, Habit, Lasting, Meals, ShiftWork, Sleep
from nadflux.plans.lifestyle_tables import USUAL_MEALS, LifestyleTables
from nadflux.plans.occurrences import DAY_H, TINY
from nadflux.plans.timing import CLOCK_AT_START

Stretch = tuple[float, float]
Holding = tuple[Habit, Sequence[Stretch]]
_EVENING = (USUAL_MEALS[-1],)


@dataclass(frozen=True, slots=True)
class Eaten:
    """A meal of a pattern: hours, share of what is eaten in a usual day, and style."""

    time_h: float
    share: float
    style: str


@dataclass(frozen=True, slots=True)
class Slept:
    """One stretch of sleep, hours."""

    start_h: float
    stop_h: float


def span_of(habit: Lasting, end_h: float) -> Stretch:
    """Hours from which to which a lasting habit holds."""
    begin = 0.0 if habit.start is None else habit.start.to("h")
    return begin, min(end_h, math.inf if habit.duration is None else begin + habit.duration.to("h"))


def after_start(hour: float) -> float:
    """Hours from the start of a day of the run (08:00) to an hour of the day."""
    return (hour - CLOCK_AT_START) % DAY_H


def meals_of(held: Sequence[Holding], start_h: float, end_h: float, tables: LifestyleTables) -> list[Eaten]:
    """Meals of the patterns, of shift work and, where neither says, of the usual day, in order.

    Raises
    ------
    PlanError
        Where two patterns hold at once.
    """
    patterns = [(begin, stop, h) for h, spans in held if isinstance(h, Meals | EatingWindow) for begin, stop in spans]
    _one_at_a_time(patterns, "patterns of meals")
    result = [
        meal
        for begin, stop, habit in patterns
        for meal in _daily(_hours_and_shares(habit, tables), habit.style, begin, stop)
    ]
    usual = _daily(_usual(tables), USUAL, start_h, end_h)
    for begin, stop in (span for h, spans in held if isinstance(h, ShiftWork) for span in spans):
        usual = [meal for meal in usual if not begin <= meal.time_h < stop]
        usual += _shift_meals(begin, stop, tables)
    covered = [(begin, stop) for begin, stop, _ in patterns]
    result += [m for m in usual if not any(begin - TINY <= m.time_h < stop - TINY for begin, stop in covered)]
    return sorted(result, key=lambda meal: meal.time_h)


def nights_of(held: Sequence[Holding], start_h: float, end_h: float, tables: LifestyleTables) -> list[Slept]:
    """Stretches of sleep, in order; raises `PlanError` where two patterns of sleep hold at once."""
    patterns: list[tuple[float, float, Habit]] = [
        (begin, stop, h) for h, spans in held if isinstance(h, Sleep | ShiftWork) for begin, stop in spans
    ]
    _one_at_a_time(patterns, "patterns of sleep")
    usual = Sleep(tables.number("sleep", "start", "h"), tables.number("sleep", "end", "h"))
    nights = [n for n in _nights(usual, start_h, end_h, 0.0) if not _within(n.start_h, patterns)]
    for begin, stop, habit in patterns:
        if isinstance(habit, Sleep):
            shift = tables.number("irregular sleep", "shift", "h") if habit.irregular else 0.0
            nights += _nights(habit, begin, stop, shift)
        else:
            nights += _shift_sleep(begin, stop, usual, tables)
    return _without_overlap(sorted(nights, key=lambda night: night.start_h))


def _without_overlap(nights: Sequence[Slept]) -> list[Slept]:
    """Nights that overlap, where one pattern follows another, as one."""
    result: list[Slept] = []
    for night in nights:
        if result and night.start_h <= result[-1].stop_h:
            result[-1] = Slept(result[-1].start_h, max(result[-1].stop_h, night.stop_h))
        else:
            result.append(night)
    return result


def _usual(tables: LifestyleTables) -> list[tuple[float, float]]:
    """Hours after the start of a day and shares of the usual meals."""
    return [
        (after_start(tables.number(meal, "time", "h")), tables.number(meal, "share", "fraction"))
        for meal in USUAL_MEALS
    ]


def _hours_and_shares(habit: Meals | EatingWindow, tables: LifestyleTables) -> list[tuple[float, float]]:
    usual = [(tables.number(m, "time", "h"), tables.number(m, "share", "fraction")) for m in USUAL_MEALS]
    first, last = usual[0][0], usual[-1][0]
    if isinstance(habit, EatingWindow):
        length = habit.length - tables.number("eating window", "last meal", "h")
        hours = [habit.opens + (hour - first) / (last - first) * length for hour, _ in usual]
        shares = [share for _, share in usual]
    else:
        count = habit.count
        if habit.clock:
            hours = sorted(habit.clock)
        elif count == len(usual):
            hours = [hour for hour, _ in usual]
        elif count < len(usual):
            hours = [hour for hour, _ in usual[-count:]]
        else:
            hours = [first + (last - first) * k / (count - 1) for k in range(count)]
        shares = [share for _, share in usual] if count == len(usual) else [1.0 / count] * count
    return [(after_start(hour), share) for hour, share in zip(hours, shares, strict=True)]


def _daily(meals: Sequence[tuple[float, float]], style: str, begin: float, stop: float) -> list[Eaten]:
    days = range(math.floor(begin / DAY_H), math.ceil(stop / DAY_H))
    every = (Eaten(DAY_H * day + hour, share, style) for day in days for hour, share in meals)
    return [meal for meal in every if begin - TINY <= meal.time_h < stop - TINY]


def _works(day: int, first: float, tables: LifestyleTables) -> bool:
    """Whether the night of a day of the run is worked."""
    since = day - math.floor(first / DAY_H)
    return since >= 0 and since % 7 < tables.number("shift work", "nights", "1")


def _shift_meals(begin: float, stop: float, tables: LifestyleTables) -> list[Eaten]:
    morning, noon, evening = _usual(tables)
    night, afternoon = (after_start(tables.number("shift work", m, "h")) for m in ("night meal", "day meal"))
    meals: list[Eaten] = []
    for day in range(math.floor(begin / DAY_H), math.ceil(stop / DAY_H)):
        after_night = day > math.floor(begin / DAY_H) and _works(day - 1, begin, tables)
        hours = [evening, (afternoon, noon[1]) if after_night else noon]
        hours += [] if after_night else [morning]
        hours += [(night, morning[1])] if _works(day, begin, tables) else []
        meals += [Eaten(DAY_H * day + hour, share, USUAL) for hour, share in hours]
    return [meal for meal in meals if begin - TINY <= meal.time_h < stop - TINY]


def _shift_sleep(begin: float, stop: float, usual: Sleep, tables: LifestyleTables) -> list[Slept]:
    hour, length = (tables.number("shift work", q, "h") for q in ("sleep", "slept"))
    nights = []
    for day in range(math.floor(begin / DAY_H), math.ceil(stop / DAY_H)):
        if _works(day, begin, tables):
            start = DAY_H * (day + 1) + after_start(hour)
            nights.append(Slept(start, start + length))
        else:
            start = DAY_H * day + after_start(usual.begins)
            nights.append(Slept(start, start + usual.length))
    return [night for night in nights if begin - TINY <= night.start_h < stop - TINY]


def _nights(sleep: Sleep, begin: float, stop: float, shift: float) -> list[Slept]:
    nights = []
    for day in range(math.floor(begin / DAY_H), math.ceil(stop / DAY_H)):
        start = DAY_H * day + after_start(sleep.begins) + (shift if day % 2 else -shift)
        if begin - TINY <= start < stop - TINY:
            nights.append(Slept(start, start + sleep.length))
    return nights


def _within(time: float, patterns: Sequence[tuple[float, float, Habit]]) -> bool:
    return any(begin - TINY <= time < stop - TINY for begin, stop, _ in patterns)


def _one_at_a_time(patterns: Sequence[tuple[float, float, object]], what: str) -> None:
    ordered = sorted(patterns, key=lambda pattern: pattern[:2])
    for before, after in itertools.pairwise(ordered):
        if after[0] < before[1] - TINY:
            raise PlanError(f"two {what} hold at once on day {after[0] / DAY_H:g}; one takes the place of the other")
