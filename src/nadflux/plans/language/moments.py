"""Moments and windows of a run in words: ``6 h``, ``day 2 14:00``, ``day 2 08:00 to 14:00``."""

from __future__ import annotations

import re

from nadflux import units
from nadflux.errors import NadfluxError, PlanError
from nadflux.plans.timing import CLOCK_AT_START
from nadflux.units import DAY_H

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_MOMENT = re.compile(r"(?:day\s+(?P<day>\d{1,5}))?\s*(?:(?:at\s+)?" + _CLOCK + ")?", re.IGNORECASE)
_DAYS = re.compile(r"days?\s+(\d{1,5})(?:\s*(?:-|–|to)\s*(?:day\s+)?(\d{1,5}))?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+to\s+|\s*–\s*|\s*(?<![eE])-\s*", re.IGNORECASE)
_DIGITS = 9  # of hours: what a conversion of units leaves behind them is no time
_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_EXAMPLE = "write e.g. '6 h' or 'day 2 14:00' (day 1 starts at hour 0 of the run, at 08:00)"
_WINDOW_EXAMPLE = "write e.g. '6 h to 12 h', 'day 2' or 'day 2 14:00 to 20:00'"


def read_moment(text: str) -> float:
    """Return the hour of a run that words say.

    Parameters
    ----------
    text : str
        A time since the start of the plan (``6 h``, ``90 min``, ``2 d``), or a day and a time of the clock
        (``day 2 14:00``). A day lasts from 08:00 to 08:00, as in every table.

    Raises
    ------
    PlanError
        For words that say no time, or no time of the clock.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None or not text.strip():
        return _hours(text)
    day = int(match["day"] or 1)
    if day < 1:
        raise PlanError(f"{text!r}: the first day of a run is day 1; {_EXAMPLE}")
    if match["hour"] is None:
        return DAY_H * (day - 1)
    clock = int(match["hour"]) + int(match["minute"]) / 60.0
    if clock >= DAY_H or int(match["minute"]) >= 60:
        raise PlanError(f"{text!r} is not a time of day; write 00:00 to 23:59")
    return DAY_H * (day - 1) + (clock - CLOCK_AT_START) % DAY_H


def read_window(text: str) -> tuple[float, float]:
    """Return the hours of a run from which and to which words say.

    Parameters
    ----------
    text : str
        Two moments (``6 h to 12 h``, ``6-12 h``, ``day 2 14:00 to 20:00``), or days (``day 2``, ``days 3-5``).

    Raises
    ------
    PlanError
        For words that say no window, or one that ends before it starts.
    """
    days = _DAYS.fullmatch(text.strip())
    if days is not None:
        first, last = int(days[1]), int(days[2] or days[1])
        start, stop = DAY_H * (first - 1), DAY_H * last
    else:
        start, stop = _two_moments(text)
    if not 0 <= start < stop:
        raise PlanError(f"window {text!r}: hour {start:g} to hour {stop:g} has no length; {_WINDOW_EXAMPLE}")
    return start, stop


def _two_moments(text: str) -> tuple[float, float]:
    """Read two moments; the first may leave its unit, and the second its day, to the other."""
    parts = _BETWEEN.split(text.strip())
    if len(parts) != 2 or not all(parts):
        raise PlanError(f"window {text!r} does not say from when to when; {_WINDOW_EXAMPLE}")
    first, last = parts
    if _NUMBER.fullmatch(first):
        first += " " + _NUMBER.sub("", last, count=1).strip()
    start = read_moment(first)
    stop = read_moment(last)
    clock = re.fullmatch(_CLOCK, last)
    if clock is not None:
        stop += DAY_H * (start // DAY_H)
        stop += DAY_H if stop <= start else 0.0
    return start, stop


def _hours(text: str) -> float:
    try:
        value, unit = units.parse_quantity(text)
        hours = round(units.convert(value, unit, "h"), _DIGITS)
    except NadfluxError as error:
        raise PlanError(f"{text!r} is not a time: {error}; {_EXAMPLE}") from error
    if not 0 <= hours < float("inf"):
        raise PlanError(f"{text!r} is not a time of a run; {_EXAMPLE}")
    return hours
