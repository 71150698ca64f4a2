"""Limits of the work of one run, checked before any of it begins."""

from __future__ import annotations

from nadflux.errors import ValueOutOfRangeError
from nadflux.units import DAY_H

MOST_PERSON_DAYS = 100_000_000
"""Days at rest or under doses, over all people: about two days of work on one core."""
LIVED = 10
"""How many such days a day with meals, sleep and work counts for; it takes at least as much longer."""
MOST_PEOPLE_IN_MEMORY = 50_000
"""People of a question that keeps all of their fluxes or label at once."""
MOST_VALUES = 10_000_000_000
"""Values that a run stores: 80 GB."""


def check_work(people: int, start_h: float, end_h: float, courses: int, times: int, quantities: int) -> None:
    """Refuse a run whose people, days and outputs, each within its bounds, are too much work together.

    Parameters
    ----------
    people : int
    start_h, end_h : float
        Of the run, h; a start below 0 is one of usual days, so that days are lived.
    courses : int
        How often each person is simulated: twice where usual life runs beside the plan.
    times, quantities : int
        What is stored of each course.

    Raises
    ------
    ValueOutOfRangeError
        Names people, days or values, the bound and the remedy.
    """
    days = (end_h - start_h) / DAY_H
    lived = start_h < 0
    work = people * days * courses * (LIVED if lived else 1)
    if work > MOST_PERSON_DAYS:
        most = MOST_PERSON_DAYS // (courses * LIVED) if lived else MOST_PERSON_DAYS
        kind = "lived days" if lived else "days"
        raise ValueOutOfRangeError(
            f"{people} people for {days:.6g} {kind} each: at most {most} such days over all people in one run; "
            "ask for fewer people (-n) or a shorter run (--days), or in Python for parts of the people with "
            "people=range(first, last)"
        )
    values = people * times * quantities * courses
    if values > MOST_VALUES:
        raise ValueOutOfRangeError(
            f"{people} people at {times} times with {quantities} observables are {values:.3g} values: at most "
            f"{MOST_VALUES:.0e} are kept; name the observables that are wanted (--show, in Python outputs), or ask for "
            "fewer people (-n) or a shorter run (--days)"
        )
