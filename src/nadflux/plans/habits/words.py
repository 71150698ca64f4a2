"""Words shared by several habits: hours of the day, styles of meals, and trailing clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nadflux.plans.language.clauses import name_of, read_clause
from nadflux.plans.language.phases import HOW_MANY
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import USUAL_STYLE, shipped_lifestyle
from nadflux.plans.timing import Frequency, clock_text

LASTING = ("duration", "start")
TIMED = ("frequency", "times_of_day", "duration", "start")
_DAILY = Frequency("daily")
_CLAUSES = ("at", "for", "from")
_NUMBER = re.compile(r"[-+.\d]|nan|inf", re.IGNORECASE)
_RANGE = word_pattern(
    r"(?:(?:from|between)\s+)?(?P<h1>\d{1,2}):(?P<m1>\d{2})\s*(?:-|–|to|and)\s*(?P<h2>\d{1,2}):(?P<m2>\d{2})"
)


@dataclass(frozen=True)
class OwnClause:
    """A clause of one habit in addition to the common ones.

    Attributes
    ----------
    read : callable
        Takes the reader; returns None if the clause is not next.
    words : callable
        Returns the words it accepts, for errors.
    """

    read: Callable[[Reader], Any]
    words: Callable[[], tuple[str, ...]] = tuple


def read_clauses(reader: Reader, allowed: Iterable[str], own: Mapping[str, OwnClause] | None = None) -> dict[str, Any]:
    """Read the clauses up to the end, keyed by the field they fill.

    Parameters
    ----------
    reader : Reader
    allowed : iterable of str
        Common clauses allowed: `LASTING` or `TIMED`.
    own : mapping of str to OwnClause, optional
        Clauses of this habit alone.

    Raises
    ------
    PlanError
        For an unknown word, a clause that does not fit or a repeated one; the message points at it.
    """
    own = own or {}
    allowed = tuple(allowed)
    found: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    # Clause by clause, until nothing is left to read.
    while not reader.done:
        if not _read_own(reader, found, own) and not read_clause(reader, found, spans):
            raise reader.unknown("word", _words_of(allowed, own))
    for name, span in spans.items():
        if name not in allowed:
            if name != "frequency" or found[name] != _DAILY:
                raise reader.error(f"no {name_of(name)} fits here; leave it out", *span)
            del found[name]
    return found


def _words_of(allowed: tuple[str, ...], own: Mapping[str, OwnClause]) -> tuple[str, ...]:
    often = ("daily", "weekly") if "frequency" in allowed else ()
    return (*_CLAUSES, *often, *(word for clause in own.values() for word in clause.words()))


def _read_own(reader: Reader, found: dict[str, Any], own: Mapping[str, OwnClause]) -> bool:
    start = reader.position
    for name, clause in own.items():
        value = clause.read(reader)
        if value is not None:
            if name in found:
                raise reader.error(f"the {name} is given twice; give it once", start, reader.position)
            found[name] = value
            return True
    return False


def check_how_often(reader: Reader, found: Mapping[str, Any], begin: int) -> None:
    """Refuse a length without a frequency; raises `PlanError`."""
    if "duration" in found and "frequency" not in found:
        raise reader.error("how often? say e.g. 'daily' or '3/week'", begin, reader.end)


def number_next(reader: Reader) -> bool:
    """Return whether an amount comes next, and not a count such as ``3/week``."""
    return bool(_NUMBER.match(reader.word())) and not HOW_MANY.match(reader.text, reader.position, reader.end)


def read_hours(reader: Reader) -> tuple[float, float] | None:
    """Read two hours of the day such as ``23:00-7:00``, or return None if none come next; raises `PlanError`."""
    match = reader.take(_RANGE)
    if match is None:
        return None
    result = []
    for hour, minute in (("h1", "m1"), ("h2", "m2")):
        if int(match.group(hour)) > 24 or int(match.group(minute)) > 59:
            start, end = match.start(hour), match.end(minute)
            raise reader.error(f"{reader.text[start:end]} is not a time of day; write 00:00 to 23:59", start, end)
        result.append((int(match.group(hour)) + int(match.group(minute)) / 60.0) % 24.0)
    return result[0], result[1]


def hours_text(first: float, second: float) -> str:
    """Return two hours of the day as ``23:00-07:00``."""
    return f"{clock_text((first,))}-{clock_text((second,))}"


def read_style(reader: Reader) -> str | None:
    """Read a style of meals by any of its names, or return None if none comes next."""
    return read_name(reader, shipped_lifestyle().style_names)


def style_text(style: str) -> str:
    """Return the words for a style in a sentence; empty for the usual one."""
    return "" if style == USUAL_STYLE else f" {style}"


def read_name(reader: Reader, names: Mapping[str, str]) -> str | None:
    """Read the longest of the names that comes next as whole words; return None without moving if none does.

    Parameters
    ----------
    reader : Reader
    names : mapping of str to str
        Value to return for each name in lower case.
    """
    rest = reader.text[reader.position : reader.end]
    for name in sorted(names, key=len, reverse=True):
        if re.match(rf"{re.escape(name)}(?![\w-])", rest, re.IGNORECASE):
            reader.position += len(name)
            reader.skip()
            return names[rest[: len(name)].casefold()]
    return None


STYLE = OwnClause(read_style, lambda: tuple(shipped_lifestyle().style_names))
