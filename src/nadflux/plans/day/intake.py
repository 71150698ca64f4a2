"""Intake of nutrients at once and in a day, against the largest studied and possible amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from nadflux import units
from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.bounds import DAY, ONCE, POSSIBLE, SLACK, STUDIED, Bound
from nadflux.plans.day.contribution import Swallowed
from nadflux.plans.dose_limits import BEYOND
from nadflux.plans.lifestyle_tables import ENERGY, LifestyleTables
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H

_WHEN = {ONCE: "at once", DAY: "in a day"}


def refuse_intake(grams: Mapping[str, float], per_day: float, tables: LifestyleTables) -> None:
    """Refuse an impossible amount at once or in a day; raises `PlanError`.

    Parameters
    ----------
    grams : mapping of str to float
        Amount of each nutrient at once, g.
    per_day : float
        Times in a day.
    tables : LifestyleTables
    """
    for per, times in ((ONCE, 1.0), (DAY, per_day)):
        _refuse(per, {name: mass * times for name, mass in grams.items()}, tables)


def about_intake(swallowed: Sequence[Swallowed], tables: LifestyleTables) -> Iterator[Note]:
    """Yield a note for each amount beyond any studied.

    Parameters
    ----------
    swallowed : sequence of Swallowed
        Meals, loads and drinks of known content.
    tables : LifestyleTables

    Raises
    ------
    PlanError
        For an impossible amount at once or within 24 hours.
    """
    at_once: dict[float, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in swallowed:
        for name, mass in one.grams.items():
            at_once[one.time_h][name] += mass
    times = sorted(at_once.items())
    largest: dict[tuple[str, str], tuple[float, Bound]] = {}
    for per, amounts in ((ONCE, (grams for _, grams in times)), (DAY, _daily(times))):
        for grams in amounts:
            _refuse(per, grams, tables)
            for bound in tables.bounds.of_food(STUDIED, per):
                value = _amount(bound, grams, tables)
                if value > max(bound.value * SLACK, largest.get((bound.what, per), (0.0, bound))[0]):
                    largest[bound.what, per] = value, bound
    for (what, per), (value, bound) in largest.items():
        said = f"{float(f'{value:.4g}'):g} {bound.unit} of {what} {_WHEN[per]}"
        yield Note(NoteCode.HABIT_BEYOND, f"{BEYOND}: {said}; the largest in the collected data is {bound}", what)
    known = {name for bound in tables.bounds.of_food(STUDIED, ONCE) for name in bound.of}
    for name in sorted({name for _, grams in times for name in grams} - known):
        yield Note(NoteCode.NO_HABIT_SIZE, f"{BEYOND}: no size of {name} is in the collected data", name)


def _daily(times: Sequence[tuple[float, Mapping[str, float]]]) -> Iterator[dict[str, float]]:
    """Yield the grams of each nutrient in the 24 hours from each time on."""
    for first, (start, _) in enumerate(times):
        total: dict[str, float] = defaultdict(float)
        for time, grams in times[first:]:
            if time >= start + DAY_H - TINY:
                break
            for name, mass in grams.items():
                total[name] += mass
        yield total


def _refuse(per: str, grams: Mapping[str, float], tables: LifestyleTables) -> None:
    for bound in tables.bounds.of_food(POSSIBLE, per):
        value = _amount(bound, grams, tables)
        if value > bound.value * SLACK:
            raise PlanError(
                f"{value:.4g} {bound.unit} of {bound.what} {_WHEN[per]} cannot be swallowed and survived; at most "
                f"{bound.value:g} {bound.unit} can be planned ({bound.source})"
            )


def _amount(bound: Bound, grams: Mapping[str, float], tables: LifestyleTables) -> float:
    """Return the amount that a bound limits, grams or energy, in the unit of the bound."""
    mass = {name: grams.get(name, 0.0) for name in bound.of}
    if units.compatible(bound.unit, "g"):
        return units.convert(sum(mass.values()), "g", bound.unit)
    return sum(m * tables.number(name, ENERGY, f"{bound.unit}/g") for name, m in mass.items())
