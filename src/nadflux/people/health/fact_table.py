"""The table of facts: conditions, laboratory values and classes of medicines, with people's words for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from nadflux.errors import TableError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.records import records
from nadflux.people.health.three_valued import Condition
from nadflux.shipped import BIOLOGY

FOLDER = BIOLOGY / "screening"
YES, NO = "yes", "no"
COUNT = "medicines"
"""The fact that counts medicines."""
NAMED = "named_medicines"
"""The fact that counts those medicines that are named, of which there may be more."""
KINDS = ("yes/no", "number")
MEDICINE = "on_"
"""Prefix of the facts that medicines set."""
ENDS_WITH_IT = "-"
"""The past of a fact of which a history says nothing about now, such as a pregnancy."""
ALSO_ALL = "="
"""Before a word that stands for the whole fact, as its first word does."""
FactValue = bool | float

_FACTS = (
    "name", "kind", "unit", "low", "high", "also", "said", "words", "past", "implies", "default", "question",
)  # fmt: skip
_OPTIONAL = _FACTS[2:]


@dataclass(frozen=True)
class Fact:
    """One thing that may be known of a person's health.

    Attributes
    ----------
    name : str
    kind : str
        ``yes/no`` or ``number``.
    unit : str
        Of a number.
    low, high : float
        Limits of a number, in its unit.
    also : mapping of str to float
        Other units, each with the factor to the fact's own.
    said : str
        How it is written; ``#`` stands for a number.
    words : tuple of str
        Words that name it; ``*`` stands for any ending.
    past : str
        The fact that a history sets; empty where a history counts as the thing itself, ``-`` where it says nothing.
    implies : tuple of str
        Facts that are true where this one is.
    default : bool, float or None
        Taken where nobody says; None for unknown.
    question : str
        Asked where it is unknown and decides.
    general : tuple of str
        Words that stand for all of it, so that to deny one denies the fact.
    """

    name: str
    kind: str = KINDS[0]
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    also: Mapping[str, float] = field(default_factory=dict, hash=False)
    said: str = ""
    words: tuple[str, ...] = ()
    past: str = ""
    implies: tuple[str, ...] = ()
    default: FactValue | None = None
    question: str = ""
    general: tuple[str, ...] = ()

    @property
    def number(self) -> bool:
        """True for a number, False for yes or no."""
        return self.kind == KINDS[1]

    @property
    def asks(self) -> str:
        """The question that would settle it."""
        return self.question or f"Does this hold of them: {self.said or self.name.replace('_', ' ')}?"

    def check(self, value: object) -> FactValue:
        """Return a value as this fact holds it.

        Raises
        ------
        ValueOutOfRangeError
            For a value of another kind, or a number out of its limits.
        """
        if not self.number:
            if isinstance(value, bool):
                return value
            raise ValueOutOfRangeError(f"{self.name} = {value!r}: this fact is true or false; give one of them")
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            unit = f" {self.unit}".rstrip()
            limits = f"{self.low:g} to {self.high:g}{unit}"
            raise ValueOutOfRangeError(f"{self.name} = {value!r}: values from {limits} are read; check value and unit")
        return round(float(f"{value:.6g}"), 9)


@dataclass(frozen=True)
class Medicine:
    """Medicines and supplements of one class, by the names people use, with the facts they set.

    Attributes
    ----------
    sets : tuple of str
        What holds of who takes one.
    words : tuple of str
        The name of the class first.
    general : tuple of str
        Words that stand for the whole class.
    denies : tuple of str
        What does not hold of who takes none of these: facts that no other medicine sets.
    """

    sets: tuple[str, ...]
    words: tuple[str, ...]
    general: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derived:
    """A fact that follows from others: its value (or formula) where the condition holds.

    Attributes
    ----------
    name, value : str
    when : Condition
    strict : bool
        True for a definition, which nobody's description can contradict.
    place : str
        File and line, for errors.
    """

    name: str
    value: str
    when: Condition
    strict: bool
    place: str


@dataclass(frozen=True)
class FactTable:
    """All facts, medicines and what follows from them."""

    facts: tuple[Fact, ...]
    medicines: tuple[Medicine, ...]
    derived: tuple[Derived, ...]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def fact(self, name: str) -> Fact:
        """Return a fact; raises `UnknownNameError`, which names the nearest."""
        found = self.by_name.get(name)
        if found is None:
            raise UnknownNameError("fact of health", name, self.by_name, "nadflux screen --facts lists all")
        return found

    @cached_property
    def by_name(self) -> dict[str, Fact]:
        """Facts by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], Fact | Medicine], ...]:
        """Patterns of all words, the longest first."""
        pairs: list[tuple[str, Fact | Medicine]] = [(word, fact) for fact in self.facts for word in fact.words]
        pairs += [(fact.said, fact) for fact in self.facts if fact.words and not fact.number]
        pairs += [(word, medicine) for medicine in self.medicines for word in medicine.words]
        pairs.sort(key=lambda pair: (-len(pair[0].rstrip("*")), pair[0]))
        return tuple((_pattern(word), what) for word, what in pairs)

    def denies(self, what: Fact | Medicine, typed: str) -> tuple[str, ...]:
        """Return the facts that a denied word denies: *no cancer* denies cancer, *no melanoma* does not."""
        said = what.said if isinstance(what, Fact) else ""
        general = any(_pattern(word).fullmatch(typed.strip()) for word in what.general)
        if isinstance(what, Fact):
            return (what.name,) if general or typed.casefold() == said.casefold() else ()
        if not general:
            return ()
        return what.sets if len(what.sets) == 1 else what.denies


@lru_cache(maxsize=4)
def read_fact_table(folder: Path = FOLDER) -> FactTable:
    """Read facts, medicines and what follows from them.

    Raises
    ------
    TableError
        For a row that cannot be used; the message names file and line.
    """
    facts = {fact.name: fact for fact in _read_facts(folder / "facts.csv")}
    medicines = _read_medicines(folder / "medicines.csv")
    for medicine in sorted(medicines, key=lambda one: len(one.sets)):
        for name in medicine.sets:
            made = Fact(name, said=f"on {medicine.words[0]}", question=f"Do they take this: {_class(name)}?")
            facts.setdefault(name, made)
    table = FactTable(tuple(facts.values()), medicines, tuple(_read_derived(folder / "derived.csv")))
    _check_names(table)
    return table


def shipped_facts() -> FactTable:
    """Return the shipped table of facts."""
    return read_fact_table()


def _read_facts(file: Path) -> Iterator[Fact]:
    for place, cells in records(file, _FACTS, _OPTIONAL):
        if cells["kind"] not in KINDS:
            raise TableError(f"{place}: kind {cells['kind']!r}; write {' or '.join(KINDS)}")
        try:
            also = {unit: float(factor) for unit, factor in (one.split("*") for one in _listed(cells["also"]))}
            low, high = float(cells["low"] or 0), float(cells["high"] or 0)
        except ValueError as error:
            raise TableError(f"{place}: {error}; write numbers, and units as 'mg/dL*88.4'") from error
        words, general = _words(cells["words"])
        yield Fact(
            cells["name"], cells["kind"], cells["unit"], low, high, also, cells["said"], words,
            cells["past"], _listed(cells["implies"]), _default(cells, place), cells["question"], general,
        )  # fmt: skip


def _read_medicines(file: Path) -> tuple[Medicine, ...]:
    rows = []
    for place, cells in records(file, ("sets", "words")):
        sets = _listed(cells["sets"])
        wrong = [name for name in sets if not name.startswith(MEDICINE)]
        if wrong:
            raise TableError(f"{place}: {wrong[0]!r} is no fact of a medicine; begin it with {MEDICINE!r}")
        rows.append(Medicine(sets, *_words(cells["words"])))
    count = Counter(name for row in rows for name in row.sets)
    return tuple(replace(row, denies=tuple(name for name in row.sets if count[name] == 1)) for row in rows)


def _read_derived(file: Path) -> Iterator[Derived]:
    for place, cells in records(file, ("name", "value", "when", "tier", "source", "note"), ("note",)):
        when = Condition(cells["when"], place)
        yield Derived(cells["name"], cells["value"], when, cells["source"] == "definition", place)


def _check_names(table: FactTable) -> None:
    """Raise `TableError` for a name that no fact has."""
    for fact in table.facts:
        for name in (*fact.implies, *([fact.past] if fact.past not in ("", ENDS_WITH_IT) else [])):
            if name not in table.by_name:
                raise TableError(f"facts.csv: {fact.name} names {name!r}, which is no fact; add its row")
    for row in table.derived:
        for name in (row.name, *row.when.names):
            if name not in table.by_name:
                raise TableError(f"{row.place}: {name!r} is no fact; add its row to facts.csv")


def _default(cells: Mapping[str, str], place: str) -> FactValue | None:
    text = cells["default"]
    if not text:
        return None
    if cells["kind"] == KINDS[1]:
        return float(text)
    if text not in (YES, NO):
        raise TableError(f"{place}: default {text!r}; write {YES} or {NO}, or leave it empty for unknown")
    return text == YES


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a fact, and those of them that stand for all of it: the first, and those marked."""
    listed = _listed(text)
    general = (*listed[:1], *(word for word in listed[1:] if word.startswith(ALSO_ALL)))
    return tuple(word.removeprefix(ALSO_ALL) for word in listed), tuple(w.removeprefix(ALSO_ALL) for w in general)


def _class(name: str) -> str:
    """Return the class of medicines of a fact, in words: ``SGLT2 inhibitor`` of ``on_sglt2_inhibitor``."""
    words = name.removeprefix(MEDICINE).split("_")
    return " ".join(word.upper() if re.search(r"\d", word) or word in _ACRONYMS else word for word in words)


_ACRONYMS = frozenset({"ppi", "nsaid", "arb", "ace", "parp", "nampt", "mao", "pgp", "qt", "osk", "tert"})


def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a word; spaces and hyphens are alike, ``*`` is any ending of the word, an s is a plural."""
    text = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", word.rstrip("*")))
    ending = r"[\w'’]*" if word.endswith("*") else "s?"
    return re.compile(rf"{text}{ending}(?!\w)", re.IGNORECASE)
