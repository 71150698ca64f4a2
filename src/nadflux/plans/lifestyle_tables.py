"""Numbers of the usual day, of meals and of nutrients: the tables of ``biology/whole`` that plans read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux import units
from nadflux.errors import TableError, UnknownNameError
from nadflux.network.records import records
from nadflux.network.tables import TIERS
from nadflux.plans.bounds import Bounds, read_bounds
from nadflux.plans.table_numbers import amount
from nadflux.shipped import BIOLOGY

_NUMBER_COLUMNS = ("what", "quantity", "value", "unit", "low", "high", "tier", "source", "note")
_MEAL_COLUMNS = ("style", "aliases", "carbohydrate", "protein", "fat", "unit", "tier", "source", "note")
_INTAKE_COLUMNS = ("target", "rate", "tier", "source", "note")
_NUTRIENT_COLUMNS = ("nutrient", "aliases", "target", "share", "molar_mass", "unit", "tier", "source", "note")
MACRONUTRIENTS = ("carbohydrate", "protein", "fat")
USUAL_MEALS = ("breakfast", "lunch", "dinner")
ENERGY = "energy"
USUAL_STYLE = "usual"
FAST = "fast"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit and source."""

    value: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a nutrient: each gram puts ``per_gram`` µmol into the state ``target``."""

    target: str
    per_gram: float


@dataclass(frozen=True)
class LifestyleTables:
    """The tables behind habits.

    Attributes
    ----------
    figures : mapping of (str, str) to Figure
        Numbers by subject and quantity, e.g. ``("breakfast", "time")``.
    styles : mapping of str to mapping
        Shares of energy (0 to 1) of carbohydrate, protein and fat, by style.
    style_names : mapping of str to str
        Style by each of its names, in lower case.
    nutrients : mapping of str to tuple of Part
    nutrient_names : mapping of str to str
    intake : mapping of str to str
        Model quantities of the usual intake, by ``energy`` and by state of the stomach.
    bounds : Bounds
        The largest studied and possible amounts.
    """

    figures: Mapping[tuple[str, str], Figure]
    styles: Mapping[str, Mapping[str, float]]
    style_names: Mapping[str, str]
    nutrients: Mapping[str, tuple[Part, ...]]
    nutrient_names: Mapping[str, str]
    intake: Mapping[str, str]
    bounds: Bounds

    def number(self, what: str, quantity: str, unit: str) -> float:
        """Return a number in a unit; raises `TableError` if the table lacks it."""
        figure = self.figures.get((what, quantity))
        if figure is None:
            raise TableError(f"lifestyle.csv has no row for {quantity} of {what}")
        return units.convert(figure.value, figure.unit, unit)

    def grams(self, energy: float, style: str) -> dict[str, float]:
        """Return the grams of carbohydrate, protein and fat in ``energy`` (kcal); raises `UnknownNameError`."""
        if style not in self.styles:
            raise UnknownNameError("style of meals", style, self.style_names)
        shares = self.styles[style]
        return {name: energy * shares[name] / self.number(name, "energy", "kcal/g") for name in MACRONUTRIENTS}

    def amounts(self, grams: Mapping[str, float]) -> dict[str, float]:
        """Return the µmol that nutrients, in grams, put into each state of the stomach; raises `UnknownNameError`."""
        result: dict[str, float] = {}
        for name, mass in grams.items():
            if name not in self.nutrients:
                raise UnknownNameError("nutrient", name, self.nutrient_names)
            for part in self.nutrients[name]:
                result[part.target] = result.get(part.target, 0.0) + mass * part.per_gram
        return result


@lru_cache(maxsize=1)
def shipped_lifestyle() -> LifestyleTables:
    """Return the shipped tables."""
    return read_lifestyle(BIOLOGY / "whole")


def read_lifestyle(folder: Path) -> LifestyleTables:
    """Read the tables of a folder.

    Raises
    ------
    TableError
        For a missing column or cell, a cell that is no number, an unknown unit or tier, shares that do not sum to 1,
        or a duplicate name.
    """
    styles, style_names = _read_styles(folder / "meals.csv")
    nutrients, nutrient_names = _read_nutrients(folder / "nutrients.csv")
    figures = _read_figures(folder / "lifestyle.csv")
    intake = {cells["target"]: cells["rate"] for _, cells in records(folder / "intake.csv", _INTAKE_COLUMNS)}
    if ENERGY not in intake:
        raise TableError(f"intake.csv has no row for {ENERGY}")
    return LifestyleTables(
        figures, styles, style_names, nutrients, nutrient_names, intake, read_bounds(folder / "bounds.csv")
    )


def _read_figures(file: Path) -> dict[tuple[str, str], Figure]:
    result: dict[tuple[str, str], Figure] = {}
    for place, cells in records(file, _NUMBER_COLUMNS, optional=("note",)):
        _check_tier(place, cells["tier"])
        key = (cells["what"], cells["quantity"])
        if key in result:
            raise TableError(f"{place}: {' '.join(key)} is listed twice; keep one")
        value = amount(place, "value", cells["value"])
        low, high = (amount(place, bound, cells[bound]) for bound in ("low", "high"))
        if not low <= value <= high:
            raise TableError(f"{place}: {value:g} does not lie between low and high, {low:g} and {high:g}")
        result[key] = Figure(value, cells["unit"], cells["source"])
    return result


def _read_styles(file: Path) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    styles: dict[str, dict[str, float]] = {}
    names: dict[str, str] = {}
    for place, cells in records(file, _MEAL_COLUMNS, optional=("aliases", "note")):
        _check_tier(place, cells["tier"])
        shares = {
            name: units.convert(amount(place, name, cells[name]), cells["unit"], "fraction") for name in MACRONUTRIENTS
        }
        if abs(sum(shares.values()) - 1.0) > 1e-9:
            raise TableError(f"{place}: the shares of {cells['style']} add up to {sum(shares.values()):.0%}, not 100 %")
        styles[cells["style"]] = shares
        _add_names(place, names, cells["style"], cells["aliases"])
    return styles, names


def _read_nutrients(file: Path) -> tuple[dict[str, tuple[Part, ...]], dict[str, str]]:
    parts: dict[str, tuple[Part, ...]] = {}
    names: dict[str, str] = {}
    for place, cells in records(file, _NUTRIENT_COLUMNS, optional=("aliases", "note")):
        _check_tier(place, cells["tier"])
        name = cells["nutrient"]
        mass = units.convert(amount(place, "molar_mass", cells["molar_mass"]), cells["unit"], "mg/umol")
        if not mass > 0:
            raise TableError(f"{place}: a molar mass of {mass:g} is none; give a number above 0")
        part = Part(cells["target"], 1000.0 * amount(place, "share", cells["share"]) / mass)
        if name not in parts:
            _add_names(place, names, name, cells["aliases"])
        elif any(other.target == part.target for other in parts[name]):
            raise TableError(f"{place}: {name} goes to {part.target} twice; keep one row")
        parts[name] = (*parts.get(name, ()), part)
    return parts, names


def _add_names(place: str, names: dict[str, str], name: str, aliases: str) -> None:
    for word in (name, *(alias.strip() for alias in aliases.split(";") if alias.strip())):
        if word.casefold() in names:
            raise TableError(f"{place}: {word!r} is listed twice; keep one")
        names[word.casefold()] = name


def _check_tier(place: str, tier: str) -> None:
    if tier not in TIERS:
        raise TableError(f"{place}: unknown tier {tier!r}; there is: {', '.join(TIERS)}")
