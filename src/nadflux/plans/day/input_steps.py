"""When habits happen, and inputs that are on for a while: what the parts of a lived day share."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from nadflux.plans.events import Lived, ScheduledEvent, Span
from nadflux.plans.lifestyle import Exercise, Fast, SetMeal
from nadflux.plans.lifestyle_tables import LifestyleTables
from nadflux.plans.occurrences import DAY_H, TINY


def at_usual_hour(habit: Fast | SetMeal | Exercise, tables: LifestyleTables) -> Fast | SetMeal | Exercise:
    """The habit with the hour of the table where it says none and keeps a time of day."""
    interval = habit.frequency.interval
    keeps = interval is None or not interval.to("h") % DAY_H
    if (
        habit.clock
        or isinstance(habit, SetMeal)
        or (habit.frequency.count > 1 and habit.frequency.kind == "daily")
        or not keeps
    ):
        return habit
    what = ("fast", "start") if isinstance(habit, Fast) else (habit.sort, "time")
    return dataclasses.replace(habit, clock=(tables.number(*what, "h") % DAY_H,))


def switch(result: Lived, target: str, spans: Sequence[tuple[float, float, float]], what: str) -> None:
    """An input that is on during spans and 0 between; spans that touch are joined by their common edge."""
    result.events += steps(target, spans)
    labels = {"sleep": "sleep", "resistance": "resistance exercise"}
    result.spans += [
        Span(start, stop, what, labels.get(what, f"{100 * value:g} % VO2max")) for start, stop, value in spans
    ]


def steps(target: str, spans: Sequence[tuple[float, float, float]]) -> list[ScheduledEvent]:
    """Steps of an input that is the sum of what its spans give, exactly 0 between them."""
    edges = sorted({edge for start, stop, _ in spans for edge in (start, stop)})
    return [ScheduledEvent(edge, target, "set", math.fsum(v for a, b, v in spans if a <= edge < b)) for edge in edges]


def inside(time: float, spans: Sequence[tuple[float, float]]) -> bool:
    """Whether a time lies within one of the spans."""
    return any(start - TINY <= time < stop - TINY for start, stop in spans)


def joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans in order; those that overlap or touch are one."""
    result: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], stop))
        else:
            result.append((start, stop))
    return result
