"""Times and windows of study files, in hours."""

from __future__ import annotations

import re

from nadflux.errors import StudyError, ValueOutOfRangeError
from nadflux.units import compatible, convert, parse_quantity

LONGEST_TIME_H = 50 * 8766.0
_SHORT_WEEK = re.compile(r"(?<![a-z])wks?$")
_WINDOW = re.compile(r"^\s*(?P<start>.+?)\s+(?:to|–|-)\s+(?P<end>.+?)\s*$")


def parse_time(text: str) -> float:
    """Return the hours since the first dose for a time such as ``"56 d"``.

    Raises
    ------
    StudyError
        If it is not a time with a unit.
    ValueOutOfRangeError
        If it is negative or beyond fifty years.
    """
    value, unit = parse_quantity(_SHORT_WEEK.sub("week", text))
    if not compatible(unit, "h"):
        raise StudyError(f"{text!r} is not a time; write a number and a unit such as '56 d' or '2 h'")
    hours = convert(value, unit, "h")
    if not 0.0 <= hours <= LONGEST_TIME_H:
        raise ValueOutOfRangeError(f"time {text!r} must lie between 0 and 50 years after the first dose")
    return hours


def parse_window(text: str) -> tuple[float, float]:
    """Return start and end in hours of a window such as ``"0 h to 96 h"``; raises `StudyError` for another text."""
    match = _WINDOW.match(text)
    if match is None:
        raise StudyError(f"{text!r} is not a window; write e.g. '0 h to 96 h'")
    start, end = parse_time(match["start"]), parse_time(match["end"])
    if start >= end:
        raise StudyError(f"window {text!r} is empty; its end must come after its start")
    return start, end
