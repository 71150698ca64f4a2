"""The clauses of a regimen: how often, at what time, over, for, from when and on how much skin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nadflux.errors import PlanError
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.language.wording import reworded
from nadflux.plans.phase import EITHER, FASTED, WITH_FOOD, check_area
from nadflux.plans.timing import ONCE, Amount, Frequency, check_time

_Clause = TypeVar("_Clause")

COUNTS = {
    "once": 1, "one": 1, "twice": 2, "two": 2, "thrice": 3, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8,
}  # fmt: skip
_COUNT = r"(?P<count>" + "|".join(COUNTS) + r"|\d+)"
_TIMES = r"(?:\s*(?:times|sessions?|doses?|infusions?|injections?|x|×))?"


_DAILY = word_pattern(rf"{_COUNT}{_TIMES}\s*(?:daily|a day|per day|/\s*d(?:ay)?)|daily|every day")
_WEEKLY = word_pattern(rf"{_COUNT}{_TIMES}\s*(?:weekly|a week|per week|/\s*week|/\s*wk)|weekly|every week")
_CYCLE = word_pattern(r"(?P<on>\d{1,4})\s*days?\s+on,?\s+(?:and\s+)?(?P<off>\d{1,4})\s*days?\s+off")
_OTHER_DAY = word_pattern(r"every other day|every second day|on alternate days")
_ONCE = word_pattern(r"once|(?:as )?(?:a )?single dose")
_EVERY = word_pattern(r"every|each")
_AT = word_pattern(r"at")
_CLOCK = word_pattern(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})")
_AND = word_pattern(r"and|&")
_OVER = word_pattern(r"over|infused over|during")
_FOR = word_pattern(r"for")
_UNTIL = word_pattern(r"(?:until|till|to|through)(?: on)? day\s+(?P<day>\d+(?:\.\d+)?)")
_BARE_TIME = word_pattern(r"\d+(?:\.\d+)?\s*(?:d|days?|weeks?|months?|y|years?)(?!\s+(?:on|off)\b)")
_FROM_DAY = word_pattern(r"(?:from|starting)(?: on)? day\s+(?P<day>[-+]?\d+(?:\.\d+)?)")
_FROM = word_pattern(r"(?:from|starting|after)")
_ON = word_pattern(r"on")
_AREA = word_pattern(r"(?P<value>[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf)\s*(?:cm2|cm²|cm\^2)")
_FOOD = (
    (EITHER, word_pattern(r"with or without (?:food|meals?)")),
    (WITH_FOOD, word_pattern(r"(?:taken )?(?:with (?:food|(?:a |the )?meals?)|fed)")),
    (FASTED, word_pattern(r"(?:taken )?(?:fasted|fasting|without food|on an empty stomach)")),
)
_CALLED = {"times_of_day": "time of day", "until": "end"}
_BARE_UNIT = word_pattern(r"(?P<unit>hour|month|year)")

CLAUSE_WORDS = (
    "daily", "once", "twice", "thrice", "three", "four", "every", "each", "weekly", "sessions/week", "times",
    "at", "over", "for", "from", "on", "then", "with food", "fasted",
)  # fmt: skip


def read_clause(reader: Reader, found: dict[str, Any], spans: dict[str, tuple[int, int]]) -> bool:
    """Read one clause into ``found``; return False if none comes next."""
    start = reader.position
    for name, read in (
        ("food", _food),
        ("frequency", _frequency),
        ("times_of_day", _times_of_day),
        ("infusion", _infusion),
        ("duration", _duration),
        ("until", _until),
        ("start", _start),
        ("area", _area),
    ):
        value = read(reader)
        if value is None:
            continue
        end = start + len(reader.text[start : reader.position].rstrip(" ,\t\n"))
        if name in found:
            raise reader.error(f"the {name_of(name)} is given twice; give it once", start, end)
        found[name] = value
        spans[name] = (start, end)
        return True
    return False


def name_of(field: str) -> str:
    """Return the name of a clause for errors."""
    return _CALLED.get(field, field)


def _food(reader: Reader) -> str | None:
    return next((food for food, pattern in _FOOD if reader.take(pattern)), None)


def _frequency(reader: Reader) -> Frequency | None:
    start = reader.position
    for pattern, kind in ((_DAILY, "daily"), (_WEEKLY, "weekly")):
        match = reader.take(pattern)
        if match:
            count = (match.group("count") or "1").casefold()
            on, off = _cycle(reader) or (0, 0) if kind == "daily" else (0, 0)
            return Frequency(kind, COUNTS.get(count) or int(count), on=on, off=off)
    cycle = _cycle(reader)
    if cycle is not None:
        return Frequency("daily", on=cycle[0], off=cycle[1])
    if reader.take(_OTHER_DAY):
        return Frequency("every", interval=Amount(2.0, "days"))
    if reader.take(_ONCE):
        return ONCE
    if reader.take(_EVERY):
        bare = reader.take(_BARE_UNIT)
        if bare:
            return Frequency("every", interval=Amount(1.0, bare.group("unit").casefold()))
        return Frequency("every", interval=_time(reader, "interval", start))
    return None


def _cycle(reader: Reader) -> tuple[int, int] | None:
    match = reader.take(_CYCLE)
    return None if match is None else (int(match["on"]), int(match["off"]))


def _times_of_day(reader: Reader) -> tuple[float, ...] | None:
    start = reader.position
    if not reader.take(_AT):
        return None
    hours: list[float] = []
    # Time by time, until the next word is none.
    while True:
        match = reader.take(_CLOCK)
        if match is None:
            if hours:
                break
            word = reader.word()
            raise reader.error(
                "a time of day such as 08:00 is needed after 'at'",
                reader.position,
                reader.position + len(word),
            )
        hour, minute = int(match.group("hour")), int(match.group("minute"))
        if hour > 23 or minute > 59:
            raise reader.error(f"{match.group()} is not a time of day; write 00:00 to 23:59", *match.span())
        hours.append(hour + minute / 60.0)
        reader.take(_AND)
    if len(set(hours)) != len(hours):
        raise reader.error("a time of day is named twice; name each once", start, reader.position)
    return tuple(hours)


def _infusion(reader: Reader) -> Amount | None:
    start = reader.position
    return _time(reader, "infusion time", start) if reader.take(_OVER) else None


def _duration(reader: Reader) -> Amount | None:
    start = reader.position
    if reader.take(_FOR) or _BARE_TIME.match(reader.text, start, reader.end):
        return _time(reader, "duration", start)
    return None


def _until(reader: Reader) -> Amount | None:
    match = reader.take(_UNTIL)
    return None if match is None else Amount(float(match["day"]), "d")


def _start(reader: Reader) -> Amount | None:
    start = reader.position
    match = reader.take(_FROM_DAY)
    if match:
        time = Amount(float(match.group("day")), "days")
        with reader.pointing(*match.span()):
            check_time("start", time)
        return time
    return _time(reader, "start", start) if reader.take(_FROM) else None


def _area(reader: Reader) -> Amount | None:
    start = reader.position
    if not reader.take(_ON):
        return None
    match = reader.take(_AREA)
    if match is None:
        word = reader.word()
        raise reader.error("an area such as 300 cm² is needed after 'on'", reader.position, reader.position + len(word))
    area = Amount(float(match.group("value")), "cm²")
    with reader.pointing(start, match.end()):
        check_area(area)
    return area


def _time(reader: Reader, what: str, start: int) -> Amount:
    """Read a time with its unit, checked."""
    time, begin, end = reader.amount(what)
    with reader.pointing(begin, end):
        check_time(what, time)
    return time


def frequency_from(text: str) -> Frequency:
    """Read one frequency on its own; raises `PlanError`."""
    refusal = f"{text!r} is no frequency; write e.g. 'twice daily', 'every 8 h', '3 sessions/week'"
    return _alone(text, _frequency, refusal)


def times_of_day_from(text: str) -> tuple[float, ...]:
    """Read times of day on their own; raises `PlanError`."""
    refusal = f"{text!r} is more than times of day; write e.g. '08:00', or '08:00 and 20:00'"
    return _alone(f"at {text}", _times_of_day, refusal)


def food_from(text: str) -> str:
    """Read the relation of a dose to food on its own; raises `PlanError`."""
    refusal = f"{text!r} does not say how a dose goes with food; say '{WITH_FOOD}' or '{FASTED}'"
    return _alone(text, _food, refusal)


def area_from(text: str) -> Amount:
    """Read an area on its own; raises `PlanError`."""
    return _alone(f"on {text}", _area, f"{text!r} is no area; write e.g. '300 cm²'")


def _alone(text: str, read: Callable[[Reader], _Clause | None], refusal: str) -> _Clause:
    """Read a text that is exactly one clause; raises `PlanError` with ``refusal`` otherwise."""
    reader = Reader(reworded(text))
    found = read(reader)
    if found is None or not reader.done:
        raise PlanError(refusal)
    return found
