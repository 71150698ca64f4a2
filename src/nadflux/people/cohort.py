"""Cohorts, and the traits of each person drawn from what is said of them."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from nadflux.elementary import exp, log1p
from nadflux.errors import ValueOutOfRangeError
from nadflux.notes import Note, NoteCode
from nadflux.people.normal import normal_probability, normal_quantile
from nadflux.people.person import LIMITS, WOMAN, Person, check_habits, check_trait
from nadflux.people.streams import check_seed, uniforms


@dataclass(frozen=True)
class Distribution:
    """Mean and standard deviation of a trait between people, in the unit of the trait."""

    mean: float
    sd: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd >= 0):
            raise ValueOutOfRangeError(
                f"mean {self.mean!s} with sd {self.sd!s} is no distribution; give finite numbers and sd ≥ 0"
            )


@dataclass(frozen=True)
class Cohort:
    """People known by the means of a group, such as an arm of a trial.

    Attributes
    ----------
    n : int
        Number of people.
    age : Distribution
        Years.
    female : float
        Share of women, 0 to 1.
    weight, height, bmi : Distribution or None
        kg, cm, kg/m². At most two of the three; what is left is drawn from the reference table.
    name : str
        Shown in tables and plots.
    habits : tuple of str
        How all of them usually live, as sentences of the plan language; read by `nadflux.plans.language.person`.
    """

    n: int
    age: Distribution
    female: float = 0.5
    weight: Distribution | None = None
    height: Distribution | None = None
    bmi: Distribution | None = None
    name: str = "cohort"
    habits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "habits", check_habits(self.habits))
        if isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < 1:
            raise ValueOutOfRangeError(f"a cohort of {self.n!s} people cannot be simulated; give n of 1 or more")
        if not 0.0 <= self.female <= 1.0:
            raise ValueOutOfRangeError(f"share of women {self.female!s} is not between 0 and 1; give a fraction")
        for trait in ("age", "weight", "height", "bmi"):
            distribution = getattr(self, trait)
            if distribution is not None:
                check_trait(trait, distribution.mean)
        if self.weight and self.height and self.bmi:
            raise ValueOutOfRangeError("weight, height and bmi are all given; leave one out, it follows")

    def __str__(self) -> str:
        women = f"{self.female:.0%} women"
        who = f"{self.name}: {self.n} people, {self.age.mean:g} ± {self.age.sd:g} y, {women}"
        return ", ".join((who, *self.habits))


@dataclass(frozen=True)
class Traits:
    """Age (y), weight (kg), height (cm) and sex (1 for a woman) of each person, each of shape (person,)."""

    age: np.ndarray
    weight: np.ndarray
    height: np.ndarray
    female: np.ndarray


def draw_traits(who: Person | Cohort, people: np.ndarray, seed: int) -> Traits:
    """Traits of the people with the given indices; what is known is kept, the rest drawn.

    Parameters
    ----------
    who : Person or Cohort
    people : ndarray of int, shape (person,)
    seed : int

    Returns
    -------
    Traits
    """
    check_seed(seed)
    if isinstance(who, Person):
        female = np.full(people.size, 1.0 if who.sex == WOMAN else 0.0)
        age = np.full(people.size, who.age)
        weight, height, bmi = _fixed(who.weight), _fixed(who.height), None
    else:
        female = (uniforms(seed, "trait:sex", people) < who.female).astype(float)
        age = _bounded("age", who.age, uniforms(seed, "trait:age", people))
        weight, height, bmi = who.weight, who.height, who.bmi

    chance = {trait: uniforms(seed, f"trait:{trait}", people) for trait in ("height", "weight", "bmi")}
    if weight and bmi:
        kg = _bounded("weight", weight, chance["weight"])
        cm = 100.0 * np.sqrt(kg / _bounded("bmi", bmi, chance["bmi"]))
        return Traits(age, kg, np.clip(cm, *LIMITS["height"]), female)
    cm = _bounded("height", height, chance["height"]) if height else _reference("height", female, chance["height"])
    if weight:
        kg = _bounded("weight", weight, chance["weight"])
    else:
        mass_index = _bounded("bmi", bmi, chance["bmi"]) if bmi else _reference("bmi", female, chance["bmi"])
        metres = cm / 100.0
        kg = np.clip(mass_index * (metres * metres), *LIMITS["weight"])
    return Traits(age, kg, cm, female)


def assumed_traits(who: Person | Cohort) -> list[Note]:
    """Return what is taken for traits that are not described, one note each."""
    if not isinstance(who, Person):
        return []
    lines = []
    for trait, table in (("height", "height"), ("weight", "bmi")):
        if trait in who.unknown:
            typical, cv, unit = reference()[f"{who.sex}.{table}"]
            what = "" if trait == table else " from a body mass index"
            text = f"{trait} not given: drawn{what} about {typical:g} {unit} with {cv:.0%} spread"
            lines.append(Note(NoteCode.TRAIT_DRAWN, text, trait))
    return lines


@lru_cache(maxsize=1)
def reference() -> dict[str, tuple[float, float, str]]:
    """Typical value, coefficient of variation and unit of the traits of people nothing is said of."""
    with (Path(__file__).parent / "reference.csv").open(encoding="utf-8", newline="") as file:
        return {r["name"]: (float(r["value"]), float(r["between_cv"]), r["unit"]) for r in csv.DictReader(file)}


def _fixed(value: float | None) -> Distribution | None:
    return None if value is None else Distribution(value)


def _bounded(trait: str, distribution: Distribution, chance: np.ndarray) -> np.ndarray:
    """Normal, truncated to what can be simulated."""
    if distribution.sd == 0:
        return np.full(chance.size, distribution.mean)
    low, high = normal_probability((np.array(LIMITS[trait]) - distribution.mean) / distribution.sd)
    values = distribution.mean + distribution.sd * normal_quantile(low + chance * (high - low))
    return np.clip(values, *LIMITS[trait])


def _reference(trait: str, female: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Lognormal about the median of the reference table for each sex."""
    values = np.empty(chance.size)
    for sex, chosen in (("woman", female == 1.0), ("man", female == 0.0)):
        median, cv, _ = reference()[f"{sex}.{trait}"]
        values[chosen] = median * exp(np.sqrt(log1p(cv * cv)) * normal_quantile(chance[chosen]))
    return np.clip(values, *LIMITS[trait])
