"""Occurrences of doses and habits: their times, from frequencies, times of day, durations and starts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

from nadflux.errors import PlanError
from nadflux.plans.timing import Timed
from nadflux.units import DAY_H, WEEK_H

MOST_DOSES = 200_000
TINY = 1e-9
T = TypeVar("T", bound=Timed)


def phase_times(name: str, phases: Sequence[T], end_h: float) -> list[tuple[float, T]]:
    """Return the times (h) of all phases, each after the one before or from its own start; raises `PlanError`."""
    times: list[tuple[float, T]] = []
    cursor = 0.0
    # ``cursor`` is the end of the phase before.
    for phase in phases:
        begin = cursor if phase.start is None else phase.start.to("h")
        if begin < cursor - TINY:
            raise PlanError(
                f"{name}: a phase from day {begin / 24:g} starts before the one before it ends "
                f"(day {cursor / 24:g}); join it as a regimen of its own with ' + '"
            )
        if phase.frequency.kind == "once":
            times.append((_first_hour(begin, phase), phase))
            cursor = begin + DAY_H
            continue
        stop = math.inf if phase.duration is None else begin + phase.duration.to("h")
        times += [(time, phase) for time in _repeats(begin, min(stop, end_h), phase)]
        cursor = stop
    return times


def phase_end(phases: Iterable[Timed], single_h: float) -> float:
    """Return the end of the last phase, h; infinite if open; a single last event lasts ``single_h``."""
    phases = tuple(phases)
    end = 0.0
    # Each phase begins at the end of the one before unless it has its own start.
    for phase in phases:
        begin = end if phase.start is None else phase.start.to("h")
        if phase.frequency.kind == "once":
            end = begin + (single_h if phase is phases[-1] else DAY_H)
        else:
            end = math.inf if phase.duration is None else begin + phase.duration.to("h")
    return end


def span_of(name: str, phases: Sequence[Timed], end_h: float, length_h: float = 0.0) -> tuple[float, float]:
    """Return the start and stop of phases, hours of a run that ends at ``end_h``; raises `PlanError`.

    Parameters
    ----------
    name : str
        Owner of the phases, for errors.
    phases : sequence of Timed
    end_h : float
    length_h : float
        Hours that each time takes.
    """
    begin = 0.0 if phases[0].start is None else phases[0].start.to("h")
    if phases[0].frequency.kind == "once":
        begin = phase_times(name, phases[:1], math.inf)[0][0]
    return begin, min(end_h, phase_end(phases, begin % DAY_H + length_h))


def _first_hour(begin: float, phase: Timed) -> float:
    """Return the first time (h) at or after ``begin`` at the time of day asked for."""
    if not phase.times_of_day:
        return begin
    day, hour = math.floor(begin / DAY_H) * DAY_H, phase.hours()[0]
    return day + hour if day + hour >= begin - TINY else day + DAY_H + hour


def _repeats(begin: float, stop: float, phase: Timed) -> list[float]:
    """Return the times (h) from ``begin`` to before ``stop``; times of day, if given, count from midnight."""
    frequency, hours = phase.frequency, phase.hours()
    offsets: tuple[float, ...] = (0.0,)
    if frequency.interval is not None:
        step = frequency.interval.to("h")
        begin = _first_hour(begin, phase)
    elif frequency.kind == "weekly":
        begin = _first_hour(begin, phase)
        step, offsets = (
            WEEK_H,
            tuple(DAY_H * math.floor(i * 7 / frequency.count) for i in range(frequency.count)),
        )
    elif frequency.on:
        days = tuple(DAY_H * i + hour for i in range(frequency.on) for hour in hours)
        start = math.floor(begin / DAY_H) * DAY_H if phase.times_of_day else begin
        return _series(start, stop, DAY_H * frequency.cycle, days, begin)
    elif phase.times_of_day:
        day = math.floor(begin / DAY_H) * DAY_H
        return _series(day, stop, DAY_H, hours, begin)
    else:
        step, offsets = DAY_H, hours
    return _series(begin, stop, step, offsets, begin)


def _series(origin: float, stop: float, step: float, offsets: tuple[float, ...], first: float) -> list[float]:
    count = math.ceil((stop - origin) / step) + 1
    if count * len(offsets) > MOST_DOSES:
        raise PlanError(f"this plan has more than {MOST_DOSES} doses; shorten it or give 'days'")
    every = (origin + step * i + offset for i in range(count) for offset in offsets)
    return [time for time in every if first - TINY <= time < stop - TINY]
