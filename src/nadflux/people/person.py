"""A described person: ``"woman, 62 y, 70 kg, 168 cm"``, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.people.covariate_table import AGE, SEX, CovariateRow, CovariateTable
from nadflux.people.described import EXAMPLE, MAN, SEXES, WOMAN, HabitReader, read_described
from nadflux.people.formula import evaluate, names_in
from nadflux.people.health import FactValue, follow, say_facts, shipped_facts
from nadflux.people.read_covariates import shipped_covariates

T = TypeVar("T")

_SAID_ELSEWHERE = ("female", "age", "bmi")
FIELDS = ("age", "weight", "height")
"""Covariates that are fields of a person of their own."""


@dataclass(frozen=True)
class Person:
    """One described person. What is None or left out is not known of them and is drawn.

    Attributes
    ----------
    sex : str
        ``"woman"`` or ``"man"``.
    age : float
        Years, 18 to 110.
    weight : float or None
        kg.
    height : float or None
        cm.
    habits : tuple of str
        How they usually live, as sentences of the plan language; read by `nadflux.plans.language.person`.
    covariates : mapping of str to float
        What else is known, by the names of the table of covariates (``biology/covariates.csv``), in its units.
    health : mapping of str to bool or float
        Conditions, medicines and laboratory values, by the names of the table of facts
        (``biology/screening/facts.csv``), in its units. Screening reads them; they change no number.
    """

    sex: str
    age: float
    weight: float | None = None
    height: float | None = None
    habits: tuple[str, ...] = ()
    covariates: Mapping[str, float] = field(default_factory=dict, hash=False)
    health: Mapping[str, FactValue] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "habits", check_habits(self.habits))
        if self.sex not in (WOMAN, MAN):
            raise UnknownNameError("sex", str(self.sex), SEXES, f"Describe a person like {EXAMPLE}.")
        table = shipped_covariates()
        given = gathered({name: getattr(self, name) for name in FIELDS}, self.covariates, table)
        if AGE not in given:
            raise ValueOutOfRangeError(f"a person without age cannot be simulated; describe a person like {EXAMPLE}")
        checked = {row.name: row.check(given[row.name]) for row in table if row.name in given}
        for name in FIELDS:
            object.__setattr__(self, name, checked.pop(name, None))
        object.__setattr__(self, "covariates", checked)
        object.__setattr__(self, "health", _checked_health(self.health))
        refuse_surplus(self.described, table)
        _check_what_follows(self.described, table)
        follow(self.known_health)

    @classmethod
    def parse(cls, text: str, habit: HabitReader | None = None, habit_words: Sequence[str] = ()) -> Person:
        """Read ``"woman, 62 y, 70 kg"``, or what people write otherwise: ``"62-year-old woman, BMI 26"``.

        Parameters
        ----------
        text : str
        habit : callable, optional
            Reads habits; `nadflux.plans.language.person.read_person` has one.
        habit_words : sequence of str
            For errors: words that a habit may begin with.

        Raises
        ------
        NotModelledError
            For conditions, such as pregnancy or diabetes, and what else is not modelled.
        AmbiguousError
            For words that may mean two things; the message has both readings.
        UnknownNameError
            If a word is neither a sex nor a quantity.
        ValueOutOfRangeError
            If a value is missing, not finite or outside what can be simulated.
        """
        found = read_described(text, habit, habit_words)
        if not found.sexes:
            raise ValueOutOfRangeError(f"{text!r} does not say woman or man; describe a person like {EXAMPLE}")
        if AGE not in found.covariates:
            raise ValueOutOfRangeError(f"{text!r} gives no age; describe a person like {EXAMPLE}")
        age = found.covariates.pop(AGE)
        return cls(found.sexes[0], age, habits=tuple(found.habits), covariates=found.covariates, health=found.health)

    def __str__(self) -> str:
        described = self.described
        known = [row.say(described[row.name]) for row in shipped_covariates() if row.said and row.name in described]
        return ", ".join((self.sex, *known, *self.habits, *say_facts(self.health)))

    @property
    def described(self) -> dict[str, float]:
        """All that is known of them, by the names of the table of covariates and in its units; sex as ``female``."""
        known = {name: value for name in FIELDS if (value := getattr(self, name)) is not None}
        return {SEX: 1.0 if self.sex == WOMAN else 0.0, **known, **self.covariates}

    @property
    def known_health(self) -> dict[str, FactValue]:
        """Facts of health as described, with sex, age and body mass index, which screening reads too."""
        known: dict[str, FactValue] = {"female": self.sex == WOMAN, "age": self.age}
        bmi = self.covariates.get("bmi")
        if bmi is None and self.weight is not None and self.height is not None:
            bmi = self.weight / (self.height / 100.0) ** 2
        return {**known, **({} if bmi is None else {"bmi": bmi}), **self.health}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Covariates of the model that they were not described by, and that are drawn."""
        known = self.described
        return tuple(
            row.name
            for row in shipped_covariates()
            if row.laws and row.drawn and row.name not in known and not _follows(row, known)
        )


def _checked_health(health: object) -> dict[str, FactValue]:
    if not isinstance(health, Mapping):
        raise ValueOutOfRangeError(f"health {health!r} is no mapping; give e.g. {{'type_2_diabetes': True}}")
    table = shipped_facts()
    elsewhere = [name for name in health if name in _SAID_ELSEWHERE]
    if elsewhere:
        raise ValueOutOfRangeError(
            f"health names {elsewhere[0]!r}, which a person says elsewhere; give sex, age, weight and height, or bmi "
            "among the covariates"
        )
    return {str(name): table.fact(str(name)).check(value) for name, value in health.items()}


def check_habits(habits: object) -> tuple[str, ...]:
    """Return the sentences as a tuple.

    Raises
    ------
    ValueOutOfRangeError
        If they are no sentences.
    """
    listed = isinstance(habits, Iterable) and not isinstance(habits, str | bytes | Mapping)
    sentences: tuple[Any, ...] = tuple(habits) if listed else ()  # type: ignore[arg-type]
    if not listed or not all(isinstance(habit, str) for habit in sentences):
        raise ValueOutOfRangeError(f"habits {habits!r} are no list of sentences; give e.g. ['sleep 6 h']")
    return sentences


def gathered(fields: Mapping[str, T | None], others: Mapping[str, T | None], table: CovariateTable) -> dict[str, T]:
    """Return all that is given, fields and other covariates, by name.

    Raises
    ------
    UnknownNameError
        For a covariate that the table does not have, with the nearest.
    ValueOutOfRangeError
        For a covariate that is given twice, or sex, which is given by a word.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    if not isinstance(others, Mapping):
        raise ValueOutOfRangeError(f"covariates {others!r} are no mapping; give e.g. {{'weight': 70}}")
    for name, value in others.items():
        table.row(name)
        if name == SEX:
            raise ValueOutOfRangeError(f"covariate {SEX} is given by woman or man; leave it out of the covariates")
        if name in given:
            raise ValueOutOfRangeError(f"{name} is given twice; give it once")
        if value is not None:
            given[name] = value
    return given


def refuse_surplus(given: Mapping[str, object], table: CovariateTable) -> None:
    """Refuse covariates that are all given although one follows from the others.

    Raises
    ------
    ValueOutOfRangeError
    """
    for row in table:
        names = names_in(row.follows) if row.follows else ()
        if names and row.name in given and all(name in given for name in names):
            raise ValueOutOfRangeError(f"{', '.join(names)} and {row.name} are all given; leave one out, it follows")


def _check_what_follows(known: Mapping[str, float], table: CovariateTable) -> None:
    """Refuse covariates that together give another one out of range."""
    for row in table:
        names = names_in(row.follows) if row.follows else ()
        if not names or not all(name in known for name in names):
            continue
        value = float(evaluate(row.follows, {name: known[name] for name in names}))
        if not row.low <= value <= row.high:
            said = " with ".join(table.row(name).say(known[name]) for name in names)
            raise ValueOutOfRangeError(
                f"{said} gives a {row.words} of {value:.0f}{row.readable_unit}; "
                f"between {row.low:g} and {row.high:g} can be simulated, check {' and '.join(names)}"
            )


def _follows(row: CovariateRow, known: Mapping[str, float]) -> bool:
    """Tell whether nothing needs to be drawn for a covariate that is not described."""
    formulas = [row.follows] if row.follows else []
    if not row.varies:
        formulas.append(row.median[0])
    return any(all(name in known for name in names_in(formula)) for formula in formulas)
