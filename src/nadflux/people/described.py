"""A described person read in people's own words: sex, covariates and habits, and what must be asked back or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nadflux.errors import (
    AmbiguousError,
    NadfluxError,
    NotModelledError,
    PlanError,
    UnknownNameError,
    ValueOutOfRangeError,
)
from nadflux.people.covariate_table import AGE, CovariateTable
from nadflux.people.health import FactValue, read_facts
from nadflux.people.health.manners import GOES_ON
from nadflux.people.health.read_facts import denied_lists
from nadflux.people.read_covariates import shipped_covariates
from nadflux.words import canonical
from nadflux.words.canonical import Found
from nadflux.words.table import ASK, CONDITION, PERSON, READ, REFUSE

HabitReader = Callable[[str], tuple[str, ...] | None]
"""Returns the full sentences of a text that says habits, or None for another text."""
WOMAN, MAN = "woman", "man"
SEXES = {
    "woman": WOMAN, "female": WOMAN, "women": WOMAN, "f": WOMAN, "w": WOMAN,
    "man": MAN, "male": MAN, "men": MAN, "m": MAN,
}  # fmt: skip
EXAMPLE = "'woman, 62 y, 70 kg, 168 cm'"
_INSTEAD = "age, weight, height and how they live, as of people without it"
_HELD = "\0"
"""Stands for a comma within a list that one word denies."""
_BARE = re.compile(r"\d+(?:\.\d+)?")
_SEX_FIRST = re.compile(rf"^({'|'.join(SEXES)})\s+(?=\d)", re.IGNORECASE)
# ``62F`` and ``45 M``: the number is an age, as nobody is 18 m tall.
_AGE_AND_SEX = re.compile(r"(?<![\w.])(1[89]|[2-9]\d|10\d|110)\s?([MF])(?![\w²])", re.IGNORECASE)


@dataclass
class Described:
    """Sex, covariates and habits of a person, as far as a text gives them.

    Attributes
    ----------
    text : str
    sexes : list of str
    covariates : dict of str to float
        By the names of the table of covariates and in its units.
    habits : list of str
        Full sentences.
    health : dict of str to bool or float
        Conditions, medicines and laboratory values, by the names of the table of facts and in its units.
    bare : list of str
        Numbers without a unit.
    """

    text: str
    sexes: list[str] = field(default_factory=list)
    covariates: dict[str, float] = field(default_factory=dict)
    habits: list[str] = field(default_factory=list)
    health: dict[str, FactValue] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)


def read_described(text: str, habit: HabitReader | None = None, habit_words: Sequence[str] = ()) -> Described:
    """Read all that a text says of a person.

    Parameters
    ----------
    text : str
    habit : callable, optional
        Reads habits; `nadflux.plans.language.person` has one.
    habit_words : sequence of str
        For errors: words that a habit may begin with.

    Raises
    ------
    NotModelledError
        For conditions, such as pregnancy or diabetes, and what else is not modelled.
    AmbiguousError
        For words that may mean two things; the message has both readings.
    UnknownNameError
        For a word that is neither a sex, nor a quantity, nor a habit.
    ValueOutOfRangeError
        For a value that is missing, given twice, not finite or out of range.
    """
    table = shipped_covariates()
    refuse_conditions(text, table)
    found = Described(text)
    for part in parts_of(text):
        health = None if _covered(part, table, habit) else read_facts(part)
        if health is not None:
            _add_health(found, health)
            continue
        for one in _pieces(part, text, table, habit):
            _add(found, one, table, habit, habit_words)
    _settle_bare(found, table)
    return found


def parts_of(text: str) -> list[str]:
    """Return the parts between the commas of a description; ``woman 62 y`` without one is two parts."""
    text = marked = GOES_ON.sub(" ", text)
    for start, end in denied_lists(text):
        marked = f"{marked[:start]}{marked[start:end].replace(',', _HELD)}{marked[end:]}"
    parts = (part.strip().replace(_HELD, ",") for part in re.split(r"[,;|()]", marked))
    return [one.strip() for part in parts for one in _split_after_sex(part) if one.strip()]


def refuse_conditions(text: str, table: CovariateTable) -> None:
    """Raise `NotModelledError` where parts of a description name conditions, all in one message."""
    named: list[str] = []
    kinds: list[Found] = []
    for part in parts_of(text):
        conditions = [one for one in canonical(part, PERSON).found if one.entry.answer == CONDITION]
        if conditions and table.read_words(part) is None and read_facts(part) is None:
            named.append(repr(part))
            kinds += conditions
    if not named:
        return
    about = ", ".join(dict.fromkeys(one.note for one in kinds))
    instead = "; ".join(dict.fromkeys(one.means for one in kinds if one.means)) or _INSTEAD
    raise NotModelledError(
        f"{', '.join(named)}: conditions are not modelled ({about}), and nobody has screened this plan against them; "
        f"see a clinician before acting on anything computed here. What can be described instead: {instead}"
    )


def _split_after_sex(part: str) -> list[str]:
    """Return the sex and what follows where a part begins with both; else the part."""
    match = _SEX_FIRST.match(part)
    return [part] if match is None else [match.group(1), part[match.end() :]]


def _covered(part: str, table: CovariateTable, habit: HabitReader | None) -> bool:
    """Tell whether a part is a sex, a covariate or a habit, which come before facts of health."""
    try:
        return _readable(part, table, habit)
    except NadfluxError:
        return False


def _add_health(found: Described, health: Mapping[str, FactValue]) -> None:
    for name, value in health.items():
        if found.health.setdefault(name, value) != value:
            raise ValueOutOfRangeError(
                f"{name.replace('_', ' ')} is given twice in {found.text!r}, with two meanings; give it once"
            )


def _pieces(part: str, text: str, table: CovariateTable, habit: HabitReader | None) -> Iterator[str]:
    """Yield a part of a description as it is where it can be read, else in the canonical wording."""
    try:
        if _readable(part, table, habit):
            yield part
            return
    except NadfluxError:
        # The canonical wording may be readable; where it is not, reading it raises the same again.
        pass
    reading = canonical(_AGE_AND_SEX.sub(_age_and_sex, part), PERSON)
    for one in reading.found:
        if one.entry.answer == ASK:
            options = [text.replace(one.typed, way.strip(), 1) for way in one.means.split("|")]
            raise AmbiguousError(
                f"which is meant by {one.typed!r} ({one.note})? Write {' or '.join(map(repr, options))}"
            )
        if one.entry.answer != READ:
            kind = NotModelledError if one.entry.answer == REFUSE else PlanError
            raise kind(f"{one.typed!r}: {one.note}")
    yield from (piece.strip() for piece in reading.said.text.split(",") if piece.strip())


def _readable(part: str, table: CovariateTable, habit: HabitReader | None) -> bool:
    """Tell whether a part is a covariate, a habit or a sex; raises `NadfluxError` where it is a mistaken one."""
    if table.read_words(part) is not None or (habit is not None and habit(part) is not None):
        return True
    return _item(part, table) is not None


def _age_and_sex(match: re.Match[str]) -> str:
    return f"{match.group(1)} y, {SEXES[match.group(2).casefold()]}"


def _item(word: str, table: CovariateTable) -> tuple[str, float] | str | None:
    """Return a sex, or the name and value of a covariate; None for another text."""
    if word.casefold() in SEXES:
        return SEXES[word.casefold()]
    return table.read_words(word) or table.read_quantity(word)


def _add(
    found: Described, word: str, table: CovariateTable, habit: HabitReader | None, habit_words: Sequence[str]
) -> None:
    """Add one piece to what is known of a person."""
    if _BARE.fullmatch(word):
        found.bare.append(word)
        return
    said = table.read_words(word)
    habits = habit(word) if said is None and habit is not None else None
    if habits is not None:
        found.habits += habits
        return
    one = said or _item(word, table)
    if one is None:
        raise _unknown_word(word, table, habit_words if habit is not None else None)
    if isinstance(one, str):
        _refuse_second(bool(found.sexes), "sex", found.text)
        found.sexes.append(one)
        return
    name, value = one
    _refuse_second(name in found.covariates, table.row(name).words, found.text)
    found.covariates[name] = value


def _settle_bare(found: Described, table: CovariateTable) -> None:
    """Take the only number without a unit as the age where none is given; raise for any other."""
    if not found.bare:
        return
    if len(found.bare) == 2 and AGE not in found.covariates and "weight" not in found.covariates:
        first, second = found.bare
        options = [f"{age} y, {weight} kg" for age, weight in ((first, second), (second, first))]
        raise AmbiguousError(
            f"which is the age in {found.text!r}, {first} or {second}? Write {' or '.join(map(repr, options))}"
        )
    if len(found.bare) > 1 or AGE in found.covariates or float(found.bare[0]) > table.row(AGE).high:
        table.read_quantity(found.bare[-1])
    found.covariates[AGE] = table.row(AGE).check(found.bare[0])


def _refuse_second(known: bool, words: str, text: str) -> None:
    if known:
        raise ValueOutOfRangeError(f"{words} is given twice in {text!r}; give it once")


def _unknown_word(word: str, table: CovariateTable, habit_words: Sequence[str] | None) -> UnknownNameError:
    name = re.match(r"[^\d]*[^\d\s]", word)
    lives = "" if habit_words is None else ", and how they live like 'trains 3 times a week', 'sleeps 6 h'"
    return UnknownNameError(
        "word", name.group() if name else word, [*SEXES, *table.said_words, *(habit_words or ())],
        f"Describe a person like {EXAMPLE}{lives}.",
    )  # fmt: skip
