"""Repetition of events: whether the days of a life are the same over and over."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from nadflux.plans.events import ScheduledEvent
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H

PERIODS = (DAY_H, 2.0 * DAY_H)
"""Hours after which a life may repeat: every day, or every other day. A week is not among them: to find the one that
repeats takes more than the run-in of a life with habits (`benchmarks/RESULTS.md`)."""
_DIGITS = 6  # of an hour, to which two times are the same

_Happening = tuple[float, str, str, float, str]


def period_of(events: Sequence[ScheduledEvent], start_h: float) -> float | None:
    """Return the hours after which a life before time 0 repeats; None where it does not, or too little of it is there.

    What happens at the very start, such as training that people bring along, belongs to no period: the first one is
    not looked at, and two more must be the same.

    Parameters
    ----------
    events : sequence of ScheduledEvent
    start_h : float
        Start of that life, before time 0, h.
    """
    for period in PERIODS:
        whole = math.floor(-start_h / period + TINY)
        if whole >= 3 and repeats(events, period, -period * (whole - 1), 0.0):
            return period
    return None


def repeats(events: Sequence[ScheduledEvent], period: float, start_h: float, end_h: float) -> bool:
    """Tell whether events between two times are those of the last period before time 0 again.

    Parameters
    ----------
    events : sequence of ScheduledEvent
    period : float, h
    start_h, end_h : float
        Whole periods before time 0, h, and any time after ``start_h``.
    """
    by_period: dict[int, list[_Happening]] = defaultdict(list)
    for event in events:
        if -period - TINY <= event.time_h < 0.0 - TINY or start_h - TINY <= event.time_h < end_h - TINY:
            number = math.floor(event.time_h / period + TINY)
            phase = max(0.0, round(event.time_h - number * period, _DIGITS))
            by_period[number].append((phase, event.target, event.kind, event.value, event.scale))
    usual = sorted(by_period[-1])
    numbers = range(math.floor(start_h / period + TINY), math.ceil(end_h / period - TINY))
    # Period by period; the last may end early.
    for number in numbers:
        left = end_h - number * period
        if sorted(by_period[number]) != [one for one in usual if one[0] < left - TINY]:
            return False
    return True
