"""A plan in people's words, brought into the canonical wording by the table of words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from nadflux.errors import AmbiguousError, NotModelledError, PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.language.reader import Reader
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.timing import clock_text
from nadflux.words import Entry, Said, canonical
from nadflux.words.table import ASK, NOTHING, READ, REFUSE, SAY

_HOURS = (("sleep", "start"), ("breakfast", "time"), ("lunch", "time"), ("dinner", "time"))
# Canonical numbers end in no 0 behind the point.
_POINT = re.compile(r"(?<![\w.,:])[1-9]\d{0,2}\.\d\d0(?=\s*(?:mg|µg|ug|mcg)\b)")
_THEN = re.compile(r"\s+then\s", re.IGNORECASE)


@dataclass(frozen=True)
class Worded:
    """A plan in the canonical wording.

    Attributes
    ----------
    said : Said
    notes : tuple of (int, Note)
        What was assumed in reading, each with its place in the text.
    additions : tuple of (int, Entry, str)
        Clauses for parts of the plan that do not have one, each with its place in the text.
    """

    said: Said
    notes: tuple[tuple[int, Note], ...] = ()
    additions: tuple[tuple[int, Entry, str], ...] = ()


def worded(sentence: str, known: tuple[str, ...], again: Callable[[str], object]) -> Worded:
    """Return a plan in the canonical wording.

    Parameters
    ----------
    sentence : str
    known : tuple of str
        Names, in lower case, that are read as they are.
    again : callable
        Reads a sentence and returns the plan, for the readings that are asked back.

    Raises
    ------
    AmbiguousError
        For words that may mean two things.
    NotModelledError
        For words that name what is not modelled.
    """
    _ask_of_points(sentence, again)
    reading = canonical(sentence, known=known, numbers=_numbers())
    notes, additions = [], []
    for found in reading.found:
        entry = found.entry
        if entry.answer in (SAY, REFUSE):
            kind = NotModelledError if entry.answer == REFUSE else PlanError
            raise Reader(reading.said).error(f"{found.typed!r}: {found.note}", found.start, found.stop, kind)
        if entry.answer == ASK:
            said = asked_back(
                found.typed, found.note, _readings(reading.said, found.start, found.stop, found.means, again)
            )
            raise Reader(reading.said).error(said, found.start, found.stop, AmbiguousError)
        if found.note and entry.answer in (READ, NOTHING):
            notes.append((found.start, Note(NoteCode.READ_AS, found.note, entry.topic)))
        if entry.adds:
            additions.append((found.start, entry, found.adds))
    return Worded(reading.said, tuple(notes), tuple(additions))


def _ask_of_points(sentence: str, again: Callable[[str], object]) -> None:
    """Ask back where a point may be that of decimals or of thousands: ``1.000 mg``."""
    match = _POINT.search(sentence)
    if match is None:
        return
    decimal, thousands = f"{float(match.group()):g}", match.group().replace(".", "")
    both = [f"{sentence[: match.start()]}{number}{sentence[match.end() :]}" for number in (thousands, decimal)]
    said = asked_back(
        match.group(), "a point may be that of thousands or of decimals", [_canonical(t, again) for t in both]
    )
    raise Reader(sentence).error(said, *match.span(), AmbiguousError)


def _canonical(text: str, again: Callable[[str], object]) -> str:
    """Return a sentence in canonical form where it can be read."""
    try:
        return str(again(text))
    except PlanError:
        return text


def asked_back(typed: str, note: str, readings: list[str]) -> str:
    """Return a question about words that may mean two things, with the readings."""
    because = f" ({note})" if note else ""
    return f"which is meant by {typed!r}{because}? Write {' or '.join(map(repr, readings))}"


def reworded(text: str) -> Said:
    """Return a part of a plan, such as a frequency, in the canonical wording."""
    return canonical(text, numbers=_numbers()).said


def with_additions(part: Said, additions: list[tuple[Entry, str]]) -> Said:
    """Return a part of a plan with the clauses that it does not have, before a 'then'."""
    for entry, clause in additions:
        if re.search(rf"\b{re.escape(entry.unless)}", part.text, re.IGNORECASE):
            continue
        then = _THEN.search(part.text)
        at = then.start() if then else len(part.text)
        added = Said(f" {clause}", part.typed, (part.stretch(0, 1),) * (len(clause) + 1))
        part = part.before(at).followed_by(added).followed_by(part.after(at))
    return part


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    """Return the hours of the usual day, by the names that the table of words has for them."""
    tables = shipped_lifestyle()
    return {f"{what}.{quantity}": clock_text((tables.number(what, quantity, "h"),)) for what, quantity in _HOURS}


def _readings(said: Said, start: int, stop: int, means: str, again: Callable[[str], object]) -> list[str]:
    """Return the sentence in each of the readings, in canonical form where it can be read."""
    found = []
    for reading in means.split("|"):
        text = f"{said.text[:start]}{reading.strip()}{said.text[stop:]}"
        try:
            found.append(str(again(text)))
        except PlanError:
            found.append(reading.strip())
    return found
