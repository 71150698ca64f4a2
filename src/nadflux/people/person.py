"""A described person: ``"woman, 62 y, 70 kg, 168 cm"``, read and written."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux import units
from nadflux.errors import NadfluxError, UnknownNameError, ValueOutOfRangeError

WOMAN = "woman"
MAN = "man"
_SEXES = {
    "woman": WOMAN, "female": WOMAN, "women": WOMAN, "f": WOMAN, "w": WOMAN,
    "man": MAN, "male": MAN, "men": MAN, "m": MAN,
}  # fmt: skip
_UNITS = {"age": "y", "weight": "kg", "height": "cm"}
LIMITS = {"age": (18.0, 110.0), "weight": (30.0, 300.0), "height": (120.0, 230.0), "bmi": (12.0, 80.0)}
_EXAMPLE = "'woman, 62 y, 70 kg, 168 cm'"


@dataclass(frozen=True)
class Person:
    """One described person. What is None is not known of her and is drawn.

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
        How she usually lives, as sentences of the plan language; read by `nadflux.plans.language.person`.
    """

    sex: str
    age: float
    weight: float | None = None
    height: float | None = None
    habits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "habits", check_habits(self.habits))
        if self.sex not in (WOMAN, MAN):
            raise UnknownNameError("sex", str(self.sex), _SEXES, f"Describe a person like {_EXAMPLE}.")
        for trait in ("age", "weight", "height"):
            value = getattr(self, trait)
            if value is not None or trait == "age":
                object.__setattr__(self, trait, check_trait(trait, value))
        if self.weight is not None and self.height is not None:
            bmi = self.weight / (self.height / 100.0) ** 2
            low, high = LIMITS["bmi"]
            if not low <= bmi <= high:
                raise ValueOutOfRangeError(
                    f"{self.weight:g} kg at {self.height:g} cm is a body mass index of {bmi:.0f} kg/m²; "
                    f"between {low:g} and {high:g} can be simulated, check weight and height"
                )

    @classmethod
    def parse(
        cls, text: str, habit: Callable[[str], str | None] | None = None, habit_words: Sequence[str] = ()
    ) -> Person:
        """Read ``"woman, 62 y, 70 kg"``; age, weight and height come in any order and in any fitting unit.

        Parameters
        ----------
        text : str
        habit : callable, optional
            Gives the sentence of a habit, or None for what is none;
            `nadflux.plans.language.person.read_person` brings it.
        habit_words : sequence of str
            For errors: words that a habit may begin with.

        Raises
        ------
        NadfluxError
            If a word names a condition, such as pregnancy or diabetes: none is modelled.
        UnknownNameError
            If a word is neither a sex nor a quantity.
        ValueOutOfRangeError
            If a value is missing, not finite or outside what can be simulated.
        """
        sex: str | None = None
        traits: dict[str, float] = {}
        habits: list[str] = []
        for word in _words(text):
            refuse_condition(word)
            sentence = None if habit is None else habit(word)
            if sentence is not None:
                habits.append(sentence)
            elif re.match(r"[-+]?[.\d]|[-+]?(nan|inf)", word, re.I):
                trait, value = _trait(word)
                if trait in traits:
                    raise ValueOutOfRangeError(f"{trait} is given twice in {text!r}; give it once")
                traits[trait] = value
            elif word.casefold() in _SEXES:
                if sex is not None:
                    raise ValueOutOfRangeError(f"sex is given twice in {text!r}; give it once")
                sex = _SEXES[word.casefold()]
            else:
                name = re.match(r"[^\d]*[^\d\s]", word)
                lives = ", and how she lives like 'trains 3 times a week', 'sleeps 6 h'" if habit else ""
                raise UnknownNameError(
                    "word", name.group() if name else word, [*_SEXES, *habit_words],
                    f"Describe a person like {_EXAMPLE}{lives}.",
                )  # fmt: skip
        if sex is None:
            raise ValueOutOfRangeError(f"{text!r} does not say woman or man; describe a person like {_EXAMPLE}")
        if "age" not in traits:
            raise ValueOutOfRangeError(f"{text!r} gives no age; describe a person like {_EXAMPLE}")
        return cls(sex, traits["age"], traits.get("weight"), traits.get("height"), tuple(habits))

    def __str__(self) -> str:
        known = [self.sex]
        for trait, unit in _UNITS.items():
            value = getattr(self, trait)
            if value is not None:
                known.append(f"{_plain(value)} {unit}")
        return ", ".join((*known, *self.habits))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Traits she was not described by."""
        return tuple(trait for trait in ("weight", "height") if getattr(self, trait) is None)


def check_habits(habits: object) -> tuple[str, ...]:
    """The sentences as a tuple; raises `ValueOutOfRangeError` where they are none."""
    if isinstance(habits, str) or not all(isinstance(habit, str) for habit in habits):  # type: ignore[attr-defined]
        raise ValueOutOfRangeError(f"habits {habits!r} are no list of sentences; give e.g. ['sleep 6 h']")
    return tuple(habits)  # type: ignore[arg-type]


def check_trait(trait: str, value: object) -> float:
    """The value as a float; raises `ValueOutOfRangeError` where it cannot be simulated."""
    low, high = LIMITS[trait]
    unit = _UNITS.get(trait, "kg/m²")
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not low <= number <= high:
        given = value if math.isnan(number) else f"{number:g}"
        raise ValueOutOfRangeError(
            f"{trait} {given} {unit} cannot be simulated; give one between {low:g} and {high:g} {unit}"
        )
    return number


def refuse_condition(word: str) -> None:
    """Raise `NadfluxError` where a word of a description names a condition, as ``conditions.csv`` lists them."""
    if _conditions().search(word):
        raise NadfluxError(
            f"{word!r}: conditions are not modelled, and nobody has screened this plan against them; "
            "see a clinician before acting on anything computed here"
        )


@lru_cache(maxsize=1)
def _conditions() -> re.Pattern[str]:
    """Whole words of conditions; a star at the end of one stands for any ending."""
    with (Path(__file__).parent / "conditions.csv").open(encoding="utf-8", newline="") as file:
        words = [word.strip() for row in csv.DictReader(file) for word in row["words"].split(";")]
    return re.compile("|".join(r"\b" + re.escape(word).replace(r"\*", r"\w*") + r"\b" for word in words), re.IGNORECASE)


def _words(text: str) -> list[str]:
    """What stands between commas; ``woman 62 y`` without one is two words."""
    parts = (part.strip() for part in re.split(r"[,;]", text))
    sex_first = re.compile(rf"^({'|'.join(_SEXES)})\s+(?=\d)", re.IGNORECASE)
    return [word for part in parts for word in sex_first.sub(r"\1,", part).split(",") if word]


def _trait(word: str) -> tuple[str, float]:
    """Which trait a quantity is, by its dimension, and its value in the unit of that trait."""
    word = re.sub(r"[-\s]*(years?[-\s]old|yo|years?|yrs?)$", " y", word, flags=re.I)
    bare = re.fullmatch(r"([-+]?(?:nan|inf))\s*([a-z]*)", word, re.I)
    if bare:
        trait = next((t for t, u in _UNITS.items() if u == bare.group(2)), "age")
        check_trait(trait, bare.group(1))
    try:
        value, unit = units.parse_quantity(word)
        if unit == "dimensionless":
            raise ValueOutOfRangeError(f"{word!r} has no unit; write years as 'y', weight as 'kg', height as 'cm'")
        for trait, target in _UNITS.items():
            if units.compatible(unit, target):
                return trait, check_trait(trait, units.convert(value, unit, target))
    except ValueOutOfRangeError:
        raise
    except NadfluxError as error:
        raise type(error)(f"in {word!r}: {error}; write years as 'y', weight as 'kg', height as 'cm'") from error
    raise ValueOutOfRangeError(f"{word!r} is neither an age, a weight nor a height; write like {_EXAMPLE}")


def _plain(value: float) -> str:
    """The shortest decimal that reads back to the same number."""
    return repr(int(value)) if value == int(value) else repr(value)
