"""A described person: ``"woman, 62 y, 70 kg, 168 cm"``, read and written."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields

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
    """

    sex: str
    age: float
    weight: float | None = None
    height: float | None = None

    def __post_init__(self) -> None:
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
    def parse(cls, text: str) -> Person:
        """Read ``"woman, 62 y, 70 kg"``; age, weight and height come in any order and in any fitting unit.

        Raises
        ------
        UnknownNameError
            If a word is neither a sex nor a quantity.
        ValueOutOfRangeError
            If a value is missing, not finite or outside what can be simulated.
        """
        sex: str | None = None
        traits: dict[str, float] = {}
        for word in (part.strip() for part in re.split(r"[,;]", text)):
            if not word:
                continue
            if re.match(r"[-+]?[.\d]|[-+]?(nan|inf)", word, re.I):
                trait, value = _trait(word)
                if trait in traits:
                    raise ValueOutOfRangeError(f"{trait} is given twice in {text!r}; give it once")
                traits[trait] = value
            elif word.casefold() in _SEXES:
                if sex is not None:
                    raise ValueOutOfRangeError(f"sex is given twice in {text!r}; give it once")
                sex = _SEXES[word.casefold()]
            else:
                raise UnknownNameError("word", word, _SEXES, f"Describe a person like {_EXAMPLE}.")
        if sex is None:
            raise ValueOutOfRangeError(f"{text!r} does not say woman or man; describe a person like {_EXAMPLE}")
        if "age" not in traits:
            raise ValueOutOfRangeError(f"{text!r} gives no age; describe a person like {_EXAMPLE}")
        return cls(sex, traits["age"], traits.get("weight"), traits.get("height"))

    def __str__(self) -> str:
        known = [self.sex]
        for trait in fields(self)[1:]:
            value = getattr(self, trait.name)
            if value is not None:
                known.append(f"{_plain(value)} {_UNITS[trait.name]}")
        return ", ".join(known)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Traits she was not described by."""
        return tuple(trait for trait in ("weight", "height") if getattr(self, trait) is None)


def check_trait(trait: str, value: object) -> float:
    """The value as a float; raises `ValueOutOfRangeError` where it cannot be simulated."""
    low, high = LIMITS[trait]
    unit = _UNITS.get(trait, "kg/m²")
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not low <= number <= high:
        raise ValueOutOfRangeError(
            f"{trait} {value!s} {unit} cannot be simulated; give one between {low:g} and {high:g} {unit}"
        )
    return number


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
        raise type(error)(f"in {word!r}: {error}") from error
    raise ValueOutOfRangeError(f"{word!r} is neither an age, a weight nor a height; write like {_EXAMPLE}")


def _plain(value: float) -> str:
    """The shortest decimal that reads back to the same number."""
    return repr(int(value)) if value == int(value) else repr(value)
