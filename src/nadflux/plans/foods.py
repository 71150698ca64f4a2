"""Foods as niacin equivalents: the table of foods, and portions added up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux.errors import TableError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.records import records
from nadflux.plans.bounds import shipped_bounds
from nadflux.plans.table_numbers import amount, applied
from nadflux.shipped import BIOLOGY

_COLUMNS = ("food", "aliases", "group", "niacin", "tryptophan", "unit", "tier", "source", "note")
_UNIT = "mg per 100 g"
_PER = 100.0


@dataclass(frozen=True, slots=True)
class Food:
    """A food with its niacin and tryptophan.

    Attributes
    ----------
    food : str
    aliases : tuple of str
    group : str
        Such as ``meat`` or ``legumes``.
    niacin, tryptophan : float
        mg per 100 g: nicotinamide with nicotinic acid that is absorbed, and tryptophan.
    """

    food: str
    aliases: tuple[str, ...]
    group: str
    niacin: float
    tryptophan: float
    tier: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Meal:
    """The niacin equivalents of a meal: ``preformed`` from niacin, ``tryptophan`` from tryptophan, mg NE."""

    preformed: float
    tryptophan: float

    @property
    def total(self) -> float:
        """Sum of both, mg NE."""
        return self.preformed + self.tryptophan


def read_foods(file: Path) -> tuple[Food, ...]:
    """Read the table of foods.

    Raises
    ------
    TableError
        For a missing column or cell, a wrong unit, a negative number, or a duplicate name.
    """
    result: list[Food] = []
    for place, cells in records(file, _COLUMNS, optional=("aliases", "note")):
        if cells["unit"] != _UNIT:
            raise TableError(f"{place}: a food is given in {_UNIT!r}, found {cells['unit']!r}")
        aliases = tuple(alias.strip() for alias in cells["aliases"].split(";") if alias.strip())
        amounts = [amount(place, column, cells[column]) for column in ("niacin", "tryptophan")]
        texts = {name: cells[name] for name in ("food", "group", "tier", "source", "note")}
        result.append(Food(aliases=aliases, niacin=amounts[0], tryptophan=amounts[1], **texts))
    names = [name.casefold() for food in result for name in (food.food, *food.aliases)]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise TableError(f"{file.name}: {name!r} is listed twice; keep one")
    return tuple(result)


def names_of(foods: Iterable[Food]) -> dict[str, Food]:
    """Return the foods by each of their names, in lower case."""
    return {name.casefold(): food for food in foods for name in (food.food, *food.aliases)}


def niacin_equivalents(
    portions: Mapping[str, float], foods: Sequence[Food] | None = None, per_equivalent: float | None = None
) -> Meal:
    """Return the niacin equivalents of portions.

    Parameters
    ----------
    portions : mapping of str to float
        Mass of each food, g.
    foods : sequence of Food, optional
        The shipped table by default.
    per_equivalent : float, optional
        mg tryptophan per mg niacin equivalent; 60 by definition (10.17226/6015), from the shipped table.

    Raises
    ------
    UnknownNameError
        For a food that is not in the table; the message names the nearest.
    ValueOutOfRangeError
        For a portion that is not above 0 g or out of range.
    """
    known = names_of(shipped_foods() if foods is None else foods)
    per_equivalent = tryptophan_per_equivalent() if per_equivalent is None else per_equivalent
    largest = shipped_bounds().possible("food", "g")
    preformed = tryptophan = 0.0
    for name, grams in portions.items():
        food = known.get(name.casefold())
        if food is None:
            raise UnknownNameError("food", name, known)
        if not (math.isfinite(grams) and 0 < grams <= largest):
            raise ValueOutOfRangeError(
                f"{grams:g} g of {name} cannot be eaten; give a number above 0 up to {largest:g} g"
            )
        preformed += food.niacin * grams / _PER
        tryptophan += food.tryptophan * grams / _PER / per_equivalent
    return Meal(preformed, tryptophan)


@lru_cache(maxsize=1)
def shipped_foods() -> tuple[Food, ...]:
    """Return the shipped table of foods."""
    return read_foods(BIOLOGY / "foods.csv")


@lru_cache(maxsize=1)
def tryptophan_per_equivalent() -> float:
    """Return mg tryptophan per mg niacin equivalent; raises `TableError` if the table lacks it."""
    return applied(BIOLOGY / "application.csv", "food", "tryptophan")[0]
