"""Facts of health read in people's words, with what is denied, what is past, and values with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from nadflux.errors import ValueOutOfRangeError
from nadflux.people.health.fact_table import COUNT, ENDS_WITH_IT, Fact, FactTable, FactValue, Medicine, shipped_facts
from nadflux.people.health.manners import (
    COUNTS,
    DATED,
    DENIED,
    DOSE,
    ENDS,
    FAMILY,
    IGNORED,
    LASTS,
    LIMIT,
    LISTED_DENIAL,
    NEVER,
    NO_MEDICINES,
    NO_MORE,
    NOW,
    NUMBER,
    OR,
    OVER,
    PAST,
    PRESSURE,
    RECENT,
    RESUMES,
    RULED_OUT,
    SHARED,
    STOPPED,
)

_BETWEEN = re.compile(r"[\s,;/+&.()]+")
_COUNT = re.compile(rf"\b({'|'.join(COUNTS)})\b(?!\s+of\b)", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"\s*")
SYSTOLIC, DIASTOLIC = "systolic", "diastolic"


@dataclass
class _Reading:
    """Facts read so far, and the manner in which the next is to be taken.

    ``never`` denies what is and what was, ``now`` only what is; ``since`` tells whether a fact was read in this manner.
    """

    facts: dict[str, FactValue] = field(default_factory=dict)
    denied: bool = False
    never: bool = False
    now: bool = False
    past: bool = False
    stopped: bool = False
    since: bool = False
    last: Fact | Medicine | None = None
    general: bool = False
    understood: bool = False

    def plainly(self) -> None:
        """Take what follows as it is written."""
        self.denied = self.never = self.now = self.past = self.stopped = self.since = False


def read_facts(text: str, table: FactTable | None = None) -> dict[str, FactValue] | None:
    """Read a part of a description that says facts of health, such as ``type 2 diabetes on metformin``.

    Parameters
    ----------
    text : str
    table : FactTable, optional
        The shipped one by default.

    Returns
    -------
    dict of str to bool or float, or None
        By name of the fact, numbers in the fact's unit; empty where what is denied is one of several that a fact stands
        for; None where a word is left that is no part of a fact.

    Raises
    ------
    ValueOutOfRangeError
        For a value without its unit or out of its limits, a fact written twice with two meanings, or an illness
        of the family.
    """
    table = shipped_facts() if table is None else table
    text = _COUNT.sub(lambda match: COUNTS[match.group().casefold()], SHARED.sub(r"\1 \3 \2 ", text))
    reading, position = _Reading(), 0
    # From word to word: ``position`` is the end of what has been understood.
    while position < len(text):
        gap = _BETWEEN.match(text, position)
        if gap is not None:
            position = gap.end()
            continue
        end = _take(text, position, reading, table)
        if end is None:
            return None
        position = end
    return reading.facts if reading.facts or reading.understood else None


def denied_lists(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each list that one word denies, as in ``no cancer, gout or diabetes``."""
    for match in LISTED_DENIAL.finditer(text):
        yield match.span()


def _take(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    """Read what begins at ``start``; return its end, or None where nothing is understood."""
    for one in (_take_whole, _take_fact, _take_manner):
        end = one(text, start, reading, table)
        if end is not None:
            return end
    return None


def _take_whole(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    """Read a blood pressure, or that there are no medicines."""
    pressure = PRESSURE.match(text, start)
    if pressure is not None:
        for name, value in zip((SYSTOLIC, DIASTOLIC), pressure.groups(), strict=True):
            _set(reading, name, table.fact(name).check(float(value)), text)
        return pressure.end()
    nothing = NO_MEDICINES.match(text, start)
    if nothing is not None:
        _set(reading, COUNT, 0.0, text)
        return nothing.end()
    return None


def _take_fact(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    """Read a value, a medicine or a condition."""
    end = _take_value(text, start, reading, table)
    if end is not None:
        return end
    for pattern, named in table.patterns:
        match = None if isinstance(named, Fact) and named.number else pattern.match(text, start)
        if match is None:
            continue
        if reading.past and reading.since and not reading.denied and not _has_past(named):
            return None  # 'history of cancer, pregnant': nobody knows how far the history goes
        reading.last, reading.general = named, bool(table.denies(named, match.group()))
        if isinstance(named, Medicine):
            absent = reading.denied or reading.past or reading.stopped
            for name in table.denies(named, match.group()) if absent else named.sets:
                _set(reading, name, not absent, text)
        else:
            _set_condition(reading, named, text)
        reading.understood = reading.since = True
        if not isinstance(named, Medicine):
            return match.end()
        dose = DOSE.match(text, _BETWEEN_WORDS.match(text, match.end()).end())  # type: ignore[union-attr]
        return match.end() if dose is None or not dose.group() else dose.end()
    return None


def _take_value(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    """Read a number with its unit; raise `ValueOutOfRangeError` for one without."""
    wanting = None
    for pattern, limit, fact in _value_patterns(table):
        match = pattern.match(text, start)
        if match is not None and (match["unit"] is not None or "" in fact.also):
            _set(reading, fact.name, _value(match, fact), text)
            reading.since = True
            return match.end()
        if match is not None and fact.words[0] != "#" and wanting is None:
            wanting = match.group(), fact
        bound = None if limit is None else limit.match(text, start)
        if bound is not None:
            raise ValueOutOfRangeError(f"{bound.group()!r} is a limit and no value; write the value itself")
    if wanting is None:
        return None
    found, fact = wanting
    units = ", ".join(unit for unit in (fact.unit, *fact.also) if unit)
    raise ValueOutOfRangeError(f"{found!r} has no unit; write one of {units}")


def _has_past(named: Fact | Medicine) -> bool:
    return isinstance(named, Fact) and named.past != ENDS_WITH_IT


def _take_manner(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    """Read how facts are to be taken: denied, past, of the family, or not at all."""
    family = FAMILY.match(text, start)
    if family is not None and family.group() != text:
        raise ValueOutOfRangeError(
            f"{text.strip()!r} speaks of the family, and no fact is known for it; leave it out, or write 'high cancer "
            "risk' where a clinician has found one"
        )
    if reading.last is not None and reading.since:
        end = _take_after(text, start, reading)
        if end is not None:
            return end
    if _is_qualified(reading):
        resumed = RESUMES.match(text, start)
        if resumed is not None and reading.since and not OR.search(text, 0, start):
            reading.plainly()
            return resumed.end()
        now = NOW.match(text, start)
        if now is not None:
            reading.now = True
            if reading.since and isinstance(reading.last, Fact) and reading.last.past == reading.last.name:
                reading.facts.pop(reading.last.name, None)
            return now.end()
    for pattern in (ENDS, NEVER, STOPPED, DENIED, PAST, IGNORED):
        match = pattern.match(text, start)
        if match is not None:
            _change(reading, pattern)
            return match.end()
    return None


def _is_qualified(reading: _Reading) -> bool:
    return reading.denied or reading.past or reading.stopped


def _change(reading: _Reading, pattern: re.Pattern[str]) -> None:
    """Take what follows in the manner of a pattern."""
    if pattern is IGNORED:
        return
    if pattern is ENDS:
        reading.plainly()
        return
    kept = reading.denied and pattern in (DENIED, PAST)
    never = reading.never and kept
    reading.plainly()
    reading.denied = kept or pattern in (DENIED, NEVER)
    reading.never = never or pattern is NEVER
    reading.past = pattern is PAST
    reading.stopped = pattern is STOPPED


def _take_after(text: str, start: int, reading: _Reading) -> int | None:
    """Read what is written after a fact: that it is over, since when, or that it was ruled out."""
    fact = reading.last if isinstance(reading.last, Fact) else None
    for pattern, act in ((OVER, _over), (DATED, _dated), (LASTS, _lasts), (NO_MORE, _no_more), (RULED_OUT, _ruled_out)):
        match = pattern.match(text, start)
        if match is None:
            continue
        if fact is None:  # of a medicine, a time says nothing unless it was stopped
            absent = reading.stopped or reading.denied or reading.past
            if absent and pattern is DATED and RECENT.search(match.group()):
                for name in reading.last.sets:  # type: ignore[union-attr]
                    reading.facts.pop(name, None)  # it may still act
            return match.end() if pattern is LASTS or (absent and pattern in (DATED, OVER, NO_MORE)) else None
        return match.end() if act(reading, fact, text) else None
    return None


def _over(reading: _Reading, fact: Fact, text: str) -> bool:
    if reading.denied:
        return False
    if fact.past and reading.facts.get(fact.name) is True and fact.past != fact.name:
        del reading.facts[fact.name]
        if fact.past != ENDS_WITH_IT:
            reading.facts[fact.past] = True
    return True


def _dated(reading: _Reading, fact: Fact, text: str) -> bool:
    """Read when a condition began; raise `ValueOutOfRangeError` where it matters whether it is over."""
    if reading.denied:
        return False
    if reading.facts.get(fact.name) is not True or reading.past or reading.stopped or fact.past in ("", fact.name):
        return True
    if fact.past == ENDS_WITH_IT:
        return _over(reading, fact, text)
    raise ValueOutOfRangeError(
        f"{text.strip()!r}: is it over? Write 'past {fact.said.removeprefix('active ')}' or '{fact.said}'"
    )


def _lasts(reading: _Reading, fact: Fact, text: str) -> bool:
    if reading.past and fact.past:
        return False
    return _no_more(reading, fact, text) if reading.denied else True


def _no_more(reading: _Reading, fact: Fact, text: str) -> bool:
    """Read that what is denied was there before."""
    if not reading.denied or reading.never:
        return False
    if fact.past and fact.past != ENDS_WITH_IT:
        if fact.past == fact.name:
            reading.facts.pop(fact.name, None)
        _set(reading, fact.past, True, text)
    return True


def _ruled_out(reading: _Reading, fact: Fact, text: str) -> bool:
    if _is_qualified(reading) or fact.name not in reading.facts:
        return False
    del reading.facts[fact.name]
    if reading.general:
        reading.facts[fact.name] = False
    return True


def _set_condition(reading: _Reading, fact: Fact, text: str) -> None:
    """Set a condition: present, past, or denied, where its word stands for all of it."""
    before = "" if fact.past == ENDS_WITH_IT else fact.past or fact.name
    if reading.denied:
        if not reading.general or (reading.now and fact.past == fact.name):
            return
        if not reading.past or reading.never:
            _set(reading, fact.name, False, text)
        if before and before != fact.name and (reading.past or reading.never):
            _set(reading, before, False, text)
    elif reading.stopped and not before:
        _set(reading, fact.name, False, text)
    elif reading.past or reading.stopped:
        if before:
            _set(reading, before, True, text)
    else:
        _set(reading, fact.name, True, text)


def _set(reading: _Reading, name: str, value: FactValue, text: str) -> None:
    if reading.facts.setdefault(name, value) != value:
        raise ValueOutOfRangeError(
            f"{text.strip()!r} says {name.replace('_', ' ')} twice, with two meanings; say it once"
        )


def _value(match: re.Match[str], fact: Fact) -> FactValue:
    unit, number = (match["unit"] or "").strip(), float(match["value"].replace(",", "."))
    factors = {fact.unit.casefold(): 1.0, **{other.casefold(): factor for other, factor in fact.also.items()}}
    return fact.check(number * factors[unit.casefold()])


@lru_cache(maxsize=4)
def _value_patterns(table: FactTable) -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, Fact], ...]:
    """Return the patterns of facts that are numbers, the longest first."""
    pairs = [(word, fact) for fact in table if fact.number for word in fact.words]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return tuple((*_value_pattern(word, fact), fact) for word, fact in pairs)


def _value_pattern(word: str, fact: Fact) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return the pattern of a value after a word, and that of a limit in the place of one."""
    units = "|".join(re.escape(unit) for unit in sorted((fact.unit, *filter(None, fact.also)), key=len, reverse=True))
    number = rf"(?P<value>{NUMBER})(?![\d])\s*(?:(?P<unit>{units})(?![\w/]))?"
    before, _, after = word.partition("#") if "#" in word else (f"{word} ", "#", "")
    lead = r"\s+".join(re.escape(part) for part in before.split())
    lead = rf"{lead}\s*(?:of|is|=|:|level|count)?\s*" if lead else ""
    tail = rf"\s+{re.escape(after.strip())}\b" if after.strip() else ""
    limit = re.compile(f"{lead}{LIMIT}{number}", re.IGNORECASE) if lead else None
    return re.compile(f"{lead}{number}{tail}", re.IGNORECASE), limit
