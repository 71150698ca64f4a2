"""Facts of health read in people's words, with what is denied, what is past, and values with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from nadflux.errors import ValueOutOfRangeError
from nadflux.people.health.fact_table import COUNT, Fact, FactTable, FactValue, Medicine, shipped_facts

_NUMBER = r"\d+(?:[.,]\d+)?"
_DENIED = re.compile(
    r"(?:no|not|non|never(?:\s+(?:had|been))?|without(?:\s+any)?|denies|free\s+of|neither|nor|stopped|off)"
    r"(?:\s+(?:any|known|longer))?\b[\s-]*",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:(?:past\s+)?history\s+of|past|previous(?:ly)?|former(?:ly)?|prior|had|ex)\b[\s-]*", re.IGNORECASE
)
_PAST_AFTER = re.compile(
    rf"(?:in\s+(?:full\s+|complete\s+)?remission|survivors?|in\s+the\s+past|resolved|cured|"
    rf"(?:{_NUMBER}|a\s+few|many)\s*(?:y|years?|months?)\s+ago)\b",
    re.IGNORECASE,
)
_FAMILY = re.compile(
    r"(?:family\s+history|family|mother|father|sister|brother|parents?|aunt|uncle|grand\w+)\b(?:'s)?", re.IGNORECASE
)
_ENDS_DENIAL = re.compile(r"(?:but|with|except|although)\b", re.IGNORECASE)
_IGNORED = re.compile(
    r"(?:and|or|on|has|have|having|of|takes?|taking|treated|by|also|currently|now|known|diagnosed|under|the|an?|is|"
    r"was|who|for|therapy|treatment|drugs?|medication|disease|well[\s-]controlled|controlled|uncontrolled|stable|mild|"
    r"moderate|severe|chronic|active|usually|regularly|daily|since\s+\d+\s*(?:y|years?|months?)?)(?![\w])",
    re.IGNORECASE,
)
_DOSE = re.compile(
    rf"(?:{_NUMBER}\s*(?:mg|g|µg|mcg|units?|IU)\b)?\s*"
    r"(?:(?:once|twice|three\s+times)?\s*(?:daily|weekly|a\s+day|a\s+week|per\s+day|per\s+week|bid|tid|qd)\b)?",
    re.IGNORECASE,
)
_PRESSURE = re.compile(
    r"(?:(?:resting\s+)?blood\s+pressure|BP)\s*(?:of|is|=|:)?\s*(\d{2,3})\s*/\s*(\d{2,3})(?:\s*mm\s?Hg)?", re.IGNORECASE
)
_NO_MEDICINES = re.compile(
    r"(?:no|without|takes\s+no|not\s+on(?:\s+any)?)\s+(?:medicines?|medications?|drugs?)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,;/+&.]+")
_LISTED_DENIAL = re.compile(
    r"\b(?:no|without|denies|neither)\s+[^,;]+(?:,\s*[^,;]+)*,?\s+(?:or|nor)\s+[^,;]+", re.IGNORECASE
)
SYSTOLIC, DIASTOLIC = "systolic", "diastolic"


@dataclass
class _Reading:
    """Facts read so far, and the manner in which the next is to be taken."""

    facts: dict[str, FactValue] = field(default_factory=dict)
    denied: bool = False
    past: bool = False
    last: Fact | Medicine | None = None
    understood: bool = False


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
    for match in _LISTED_DENIAL.finditer(text):
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
    pressure = _PRESSURE.match(text, start)
    if pressure is not None:
        for name, value in zip((SYSTOLIC, DIASTOLIC), pressure.groups(), strict=True):
            _set(reading, name, table.fact(name).check(float(value)), text)
        return pressure.end()
    nothing = _NO_MEDICINES.match(text, start)
    if nothing is not None:
        _set(reading, COUNT, 0.0, text)
        return nothing.end()
    return None


def _take_fact(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    for pattern, fact in _value_patterns(table):
        match = pattern.match(text, start)
        if match is not None and (match["unit"] is not None or "" in fact.also):
            _set(reading, fact.name, _value(match, fact), text)
            return match.end()
        if match is not None and fact.words[0] != "#":
            units = ", ".join(unit for unit in (fact.unit, *fact.also) if unit)
            raise ValueOutOfRangeError(f"{match.group()!r} has no unit; write one of {units}")
    for pattern, named in table.patterns:
        match = None if isinstance(named, Fact) and named.number else pattern.match(text, start)
        if match is None:
            continue
        reading.last = named
        if isinstance(named, Medicine):
            absent = reading.denied or reading.past
            for name in table.denies(named, match.group()) if absent else named.sets:
                _set(reading, name, not absent, text)
            reading.understood = True
            dose = _DOSE.match(text, match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip()))
            return match.end() if dose is None else max(match.end(), dose.end())
        _set_condition(reading, named, text, bool(table.denies(named, match.group())))
        reading.understood = True
        return match.end()
    return None


def _take_manner(text: str, start: int, reading: _Reading, table: FactTable) -> int | None:
    """Read how facts are to be taken: denied, past, of the family, or not at all."""
    family = _FAMILY.match(text, start)
    if family is not None:
        raise ValueOutOfRangeError(
            f"{text.strip()!r} speaks of the family, and no fact is known for it; leave it out, or write 'high cancer "
            "risk' where a clinician has found one"
        )
    after = _PAST_AFTER.match(text, start)
    if after is not None and isinstance(reading.last, Fact):
        _make_past(reading, reading.last)
        return after.end()
    for pattern in (_ENDS_DENIAL, _DENIED, _PAST, _IGNORED):
        match = pattern.match(text, start)
        if match is None:
            continue
        reading.denied = (reading.denied or pattern is _DENIED) and pattern is not _ENDS_DENIAL
        reading.past = (reading.past or pattern is _PAST) and pattern is not _ENDS_DENIAL
        return match.end()
    return None


def _set_condition(reading: _Reading, fact: Fact, text: str, general: bool) -> None:
    """Set a condition: present, denied (where the word is ``general``), or past."""
    if reading.denied and not general:
        return
    if reading.denied:
        _set(reading, fact.name, False, text)
        if reading.past and fact.past:
            _set(reading, fact.past, False, text)
    else:
        _set(reading, fact.past if reading.past and fact.past else fact.name, True, text)


def _make_past(reading: _Reading, fact: Fact) -> None:
    if fact.past and reading.facts.get(fact.name) is True:
        del reading.facts[fact.name]
        reading.facts[fact.past] = True


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
def _value_patterns(table: FactTable) -> tuple[tuple[re.Pattern[str], Fact], ...]:
    """Return the patterns of facts that are numbers, the longest first."""
    pairs = [(word, fact) for fact in table if fact.number for word in fact.words]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return tuple((_value_pattern(word, fact), fact) for word, fact in pairs)


def _value_pattern(word: str, fact: Fact) -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted((fact.unit, *filter(None, fact.also)), key=len, reverse=True))
    number = rf"(?P<value>{_NUMBER})(?![\d])\s*(?:(?P<unit>{units})(?![\w/]))?"
    before, _, after = word.partition("#") if "#" in word else (f"{word} ", "#", "")
    lead = r"\s+".join(re.escape(part) for part in before.split())
    lead = rf"{lead}\s*(?:of|is|=|:|level|count)?\s*" if lead else ""
    tail = rf"\s+{re.escape(after.strip())}\b" if after.strip() else ""
    return re.compile(f"{lead}{number}{tail}", re.IGNORECASE)
