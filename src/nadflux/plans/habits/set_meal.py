"""Set meals: meals of given content, each in place of the nearest usual meal of its day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from nadflux import units
from nadflux.errors import PlanError
from nadflux.plans.day.contribution import Contribution, Swallowed
from nadflux.plans.day.intake import refuse_intake
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Happening, WithMeals
from nadflux.plans.habits.words import STYLE, TIMED, check_how_often, number_next, read_clauses, read_name, style_text
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import MACRONUTRIENTS, USUAL_STYLE, LifestyleTables, shipped_lifestyle
from nadflux.plans.timing import ONCE, Amount, Frequency

_MEAL = word_pattern(r"meal(?:\s+of)?")
_AND, _NEXT_AMOUNT = word_pattern(r"and|&"), word_pattern(r"(?:and|&)\s+[.\d]")


@dataclass(frozen=True)
class SetMeal(WithMeals, Happening):
    """A meal of given content, by energy and style or by grams; it replaces the nearest usual meal of its day.

    Attributes
    ----------
    energy : Amount or None
        Such as 600 kcal.
    carbohydrate, protein, fat : Amount or None
        Masses; if one is given, the others default to none.
    style : str
        Style that divides energy into macronutrients.
    """

    energy: Amount | None = None
    carbohydrate: Amount | None = None
    protein: Amount | None = None
    fat: Amount | None = None
    style: str = USUAL_STYLE
    frequency: Frequency = ONCE
    times_of_day: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None
    words: ClassVar = ("meal",)
    says: ClassVar = (("`meal 600 kcal`, `meal 50 g carbohydrate 20 g protein 15 g fat`", "a meal of known content"),)
    subject: ClassVar = "set meal"

    def __post_init__(self) -> None:
        self.check_timing()
        if (self.energy is None) == (not self.parts):
            raise PlanError("a meal is given by its energy (600 kcal) or by grams of carbohydrate, protein and fat")
        if self.energy is not None:
            if not units.compatible(self.energy.unit, "kcal"):
                raise PlanError(f"{self.energy} is not an energy; give kcal or kJ")
            _check_size("a meal of", self.energy)
        for name, mass in self.parts.items():
            _check_size(f"{name} of", mass)
        refuse_intake(self.grams(shipped_lifestyle()), self.frequency.per_day, shipped_lifestyle())

    @property
    def parts(self) -> dict[str, Amount]:
        """The masses given."""
        every = {"carbohydrate": self.carbohydrate, "protein": self.protein, "fat": self.fat}
        return {name: mass for name, mass in every.items() if mass is not None}

    @classmethod
    def read(cls, reader: Reader, begin: int) -> SetMeal | None:
        """Read ``meal 600 kcal high-protein`` or ``meal 50 g carbohydrate 20 g protein``."""
        if not reader.take(_MEAL):
            return None
        content = _read_content(reader)
        found = read_clauses(reader, TIMED, {"style": STYLE})
        check_how_often(reader, found, begin)
        with reader.pointing(begin, reader.end):
            return cls(**content, **found)

    def head(self) -> str:
        """Return e.g. ``meal 600 kcal high-protein``."""
        parts = [str(self.energy)] if self.energy is not None else [f"{mass} {name}" for name, mass in self._said()]
        return " ".join(("meal", *parts)) + style_text(self.style)

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the meals with their content."""
        label = str(self.energy) if self.energy is not None else ", ".join(f"{m} {name}" for name, m in self._said())
        grams = self.grams(tables)
        amounts = tables.amounts(grams)
        return Contribution(
            set_meals=tuple(Swallowed(time, amounts, "meal", label, grams) for time in self.times(window, tables))
        )

    def grams(self, tables: LifestyleTables) -> Mapping[str, float]:
        """Return the grams of each macronutrient in the meal."""
        if self.energy is not None:
            return tables.grams(self.energy.to("kcal"), self.style)
        return {name: mass.to("g") for name, mass in self._said()}

    def _said(self) -> list[tuple[str, Amount]]:
        return list(self.parts.items())


def _read_content(reader: Reader) -> dict[str, Any]:
    content: dict[str, Any] = {}
    # Amount by amount, as long as a number comes next.
    while number_next(reader):
        amount, start, end = reader.amount("content of the meal")
        with reader.pointing(start, end):
            energy = units.compatible(amount.unit, "kcal")
        name = "energy" if energy else _read_macronutrient(reader)
        if name in content:
            raise reader.error(f"{name} of the meal is given twice; give it once", start, end)
        content[name] = amount
        if _NEXT_AMOUNT.match(reader.text, reader.position, reader.end):
            reader.take(_AND)
    if not content:
        raise reader.error("what is in the meal? say '600 kcal' or '50 g carbohydrate 20 g protein'", *reader.next_word)
    return content


def _read_macronutrient(reader: Reader) -> str:
    start = reader.position
    name = read_name(reader, shipped_lifestyle().nutrient_names)
    if name not in MACRONUTRIENTS:
        reader.position = start
        raise reader.unknown("part of a meal", MACRONUTRIENTS)
    return name


def _check_size(what: str, amount: Amount) -> None:
    if not (math.isfinite(amount.value) and amount.value > 0):
        raise PlanError(f"{what} {amount} cannot be eaten; give a number above 0")
