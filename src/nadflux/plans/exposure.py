"""Exposure to one compound: the amount in a day, the rate in a minute, and the length of a course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nadflux.plans.events import Dose
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H


def daily_amounts(doses: Sequence[Dose]) -> list[float]:
    """Return the µmol given within the 24 hours from each dose on; doses must be sorted by time."""
    result = []
    last, running = 0, 0.0
    for dose in doses:
        # The window of 24 hours moves on: ``running`` is the amount in it, ``last`` the first dose beyond it.
        while last < len(doses) and doses[last].time_h < dose.time_h + DAY_H - TINY:
            running += doses[last].amount
            last += 1
        result.append(running)
        running -= dose.amount
    return result


def levels(doses: Sequence[Dose]) -> list[float]:
    """Return for each dose the µmol of its day: the larger of the 24 hours before and after it."""
    ahead = daily_amounts(doses)
    result = []
    first = 0
    for index, dose in enumerate(doses):
        # ``first`` moves on to the earliest dose within the 24 hours up to this one.
        while doses[first].time_h <= dose.time_h - DAY_H + TINY:
            first += 1
        result.append(max(ahead[index], ahead[first]))
    return result


def rates(doses: Sequence[Dose]) -> Iterator[float]:
    """Yield the rates of infusion, µmol/min, added where infusions overlap."""
    running: list[Dose] = []
    # From start to start: ended infusions leave ``running``, the new one joins it.
    for dose in sorted((dose for dose in doses if dose.infusion_h > 0), key=lambda dose: dose.time_h):
        running = [other for other in running if other.time_h + other.infusion_h > dose.time_h] + [dose]
        yield sum(other.amount / other.infusion_h / 60.0 for other in running)


def longest_course(times: Sequence[float], break_h: float) -> int:
    """Return the length (days) of the longest course, in which no dose is more than ``break_h`` after the one before.

    Parameters
    ----------
    times : sequence of float
        Times of the doses in order, h.
    break_h : float
    """
    longest = 0
    begin = before = times[0] if times else 0.0
    # From dose to dose: a gap longer than the break begins a new course.
    for time in times:
        if time - before > break_h + TINY:
            begin = time
        longest = max(longest, int((time - begin) / DAY_H + TINY) + 1)
        before = time
    return longest
