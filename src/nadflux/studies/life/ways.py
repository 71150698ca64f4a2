"""Ways of living in words: ``trained``, ``caloric restriction 12%``, ``sleeps 6 h``, read by a table."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nadflux.errors import NotModelledError, PlanError, TableError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.body_spec import LIFE
from nadflux.network.records import records
from nadflux.people import Person
from nadflux.people.described import SEXES
from nadflux.shipped import BIOLOGY

COLUMNS = ("words", "input", "per", "plus", "least", "most", "tier", "source", "note")
_NUMBER = r"(\d+(?:\.\d+)?)"
_DOSE = re.compile(r"\d\s*(?:mg|µg|mcg|g|IU)\b(?!\s*(?:of\s+)?alcohol)", re.IGNORECASE)
_PARTS = re.compile(r"[,;+]")
REFERENCE = "the reference: sedentary, eats to appetite, non-smoker, no alcohol, sleeps 7 h, not stressed"


@dataclass(frozen=True, slots=True)
class WayRow:
    """Words for one input: it takes ``per`` times the number in them plus ``plus``, and never less than 0.

    Attributes
    ----------
    words : tuple of str
        With ``#`` for the number.
    input : str
    per, plus : float
        In the unit of the input.
    least, most : float
        Bounds of the number.
    """

    words: tuple[str, ...]
    input: str
    per: float
    plus: float
    least: float
    most: float
    place: str


@dataclass(frozen=True)
class Way:
    """A way of living.

    Attributes
    ----------
    words : str
        As it was written; of the reference, what it is.
    inputs : mapping of str to float
        What differs from the reference.
    """

    words: str
    inputs: Mapping[str, float]


@functools.lru_cache(maxsize=1)
def way_rows() -> tuple[WayRow, ...]:
    """Return the rows of ``life/ways.csv``.

    Raises
    ------
    TableError
        For a cell that is no number.
    """
    return tuple(_rows())


def read_way(text: str) -> Way:
    """Read a way of living; what it does not name is as in the reference.

    Parameters
    ----------
    text : str
        Parts joined by commas, such as ``"trained, sleeps 6 h"``.

    Raises
    ------
    UnknownNameError
        For words that the table does not have.
    NotModelledError
        For a dose.
    PlanError
        For two parts about the same thing, or none at all.
    ValueOutOfRangeError
        For a number out of the bounds of its row.
    """
    inputs, rest = _split(text)
    if rest:
        raise _unknown(rest[0])
    if not inputs:
        raise PlanError(f"{text!r} names no way of living; write e.g. 'sedentary' or 'trained, sleeps 6 h'")
    return Way(text.strip(), inputs)


def read_life(text: str, begin: float) -> tuple[Person, Way, tuple[str, ...]]:
    """Read a person with a way of living, such as ``"woman, trained"``.

    Parameters
    ----------
    text : str
    begin : float, years
        Age at which the way of living begins; an age in the text must be the same.

    Returns
    -------
    Person
    Way
    tuple of str
        What is known of the person and changes nothing in a life.

    Raises
    ------
    NadfluxError
        As `read_way` and `nadflux.people.Person.parse`.
    ValueOutOfRangeError
        For another age in the text.
    """
    inputs, rest = _split(text)
    for part in rest:
        if _DOSE.search(part):
            raise _unknown(part)
    said = ", ".join(rest)
    aged = re.search(r"\d\s*-?\s*y", said) is not None
    try:
        person = Person.parse(said if aged else f"{said}, {begin:g} y" if said else f"{begin:g} y")
    except UnknownNameError as error:
        odd = [part for part in rest if part.casefold() not in SEXES]
        raise _unknown(odd[0]) if odd else error from error
    if person.age != begin:
        raise ValueOutOfRangeError(f"{text!r} is {person.age:g} years old and --from is {begin:g}; give one age")
    idle = [name for name in (*person.described, *person.health) if name not in ("female", "age")]
    words = ", ".join(part.strip() for part in _PARTS.split(text) if _found(part.strip()))
    return person, Way(words or REFERENCE, inputs), tuple(name.replace("_", " ") for name in idle)


def _split(text: str) -> tuple[dict[str, float], list[str]]:
    """Return the inputs that a text sets, and the parts that are no way of living."""
    inputs: dict[str, float] = {}
    rest: list[str] = []
    for part in (one.strip() for one in _PARTS.split(text)):
        found = _found(part)
        if found is None:
            rest += [part] if part else []
            continue
        row, value = found
        if row.input in inputs:
            raise PlanError(f"{text!r} says two things of {row.input.partition('.')[2].replace('_', ' ')}; keep one")
        inputs[row.input] = value
    return inputs, rest


def _found(part: str) -> tuple[WayRow, float] | None:
    """Return the row of a part and the value of its input, or None if it is no way of living."""
    for row in way_rows():
        for words in row.words:
            match = re.fullmatch(re.escape(words).replace(r"\#", _NUMBER), part, re.IGNORECASE)
            if match is not None:
                return row, _value(row, part, match)
    return None


def _value(row: WayRow, part: str, match: re.Match[str]) -> float:
    if not match.groups():
        return row.plus
    number = float(match.group(1))
    if not row.least <= number <= row.most:
        raise ValueOutOfRangeError(
            f"{part!r}: a life can be simulated with {row.least:g} to {row.most:g} in {row.words[0]!r}"
        )
    return max(0.0, row.per * number + row.plus)


def _unknown(part: str) -> Exception:
    if _DOSE.search(part):
        return NotModelledError(
            f"{part!r}: doses are no part of a life yet. No trial has followed anybody for decades, and what NAD+ "
            "precursors did to function in people is null or unknown; `nadflux simulate` computes what they do to NAD+"
        )
    known = [words for row in way_rows() for words in row.words]
    return UnknownNameError("way of living", part, known, "Write e.g. 'woman, trained, sleeps 6 h'.")


def _rows() -> Iterator[WayRow]:
    file = BIOLOGY / LIFE / "ways.csv"
    for place, cells in records(file, COLUMNS, ("least", "most", "note")):
        try:
            per, plus, least, most = (float(cells[name] or 0.0) for name in ("per", "plus", "least", "most"))
        except ValueError as error:
            raise TableError(f"{place}: {error}; per, plus, least and most are numbers") from error
        words = tuple(one.strip() for one in cells["words"].split(";"))
        yield WayRow(words, cells["input"], per, plus, least, most, place)
