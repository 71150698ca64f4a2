"""Doses given to people before: the highest studied doses and rates, and usual practice.

A plan beyond them may be simulated; the output then says *beyond data*. A course is *studied* if NAD+ or one of its
products was measured at its end; *tolerated* if people were given it without harm, measured or not.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux import units
from nadflux.errors import TableError
from nadflux.network.records import records
from nadflux.notes import Note, NoteCode
from nadflux.plans.bounds import SLACK, STUDIED, shipped_bounds
from nadflux.plans.catalogue import Catalogue
from nadflux.plans.events import Dose
from nadflux.plans.exposure import daily_amounts, levels, longest_course, rates
from nadflux.plans.table_numbers import amount
from nadflux.shipped import BIOLOGY

BEYOND = "beyond data"
NO_KINETICS = "no PK data"
_FLAGS = {
    NoteCode.NO_KINETICS: NO_KINETICS,
    NoteCode.NO_HUMAN_DOSE: BEYOND,
    NoteCode.DOSE_BEYOND: BEYOND,
    NoteCode.COURSE_BEYOND: BEYOND,
    NoteCode.NO_HABIT_SIZE: BEYOND,
    NoteCode.HABIT_BEYOND: BEYOND,
    NoteCode.HABIT_COURSE_BEYOND: BEYOND,
    NoteCode.FAST_BEYOND: BEYOND,
}
TOLERATED = "tolerated"
DOSE, DAILY, RATE, DURATION = "dose", "daily", "rate", "duration"
_LIMIT_COLUMNS = ("compound", "route", "quantity", "value", "unit", "tier", "source", "note", "kind", "at")
_USE_COLUMNS = ("compound", "route", "use", "tier", "source")
_UNITS = {DOSE: "mg", DAILY: "mg/day", RATE: "mg/min", DURATION: "d"}
_SAID = {
    DOSE: "{value:g} mg at once",
    DAILY: "{value:g} mg in a day",
    RATE: "an infusion at {value:g} mg/min",
}


def flag_of(note: Note) -> str | None:
    """Return the flag that a note puts on a table, file or figure, or None."""
    return _FLAGS.get(note.code)


def flags_of(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return the flags, *beyond data* and *no PK data*, that the notes of a schedule call for."""
    said = {flag_of(note) for note in notes}
    return tuple(flag for flag in (BEYOND, NO_KINETICS) if flag in said)


@dataclass(frozen=True, slots=True)
class StudiedDose:
    """The highest dose of a compound by a route in the collected data, or the longest course.

    Attributes
    ----------
    quantity : str
        Limited quantity: ``dose`` (mg at once), ``daily`` (mg/day), ``rate`` of infusion (mg/min) or ``duration`` of a
        course.
    value : float
        In ``unit``.
    kind : str
        ``studied`` or ``tolerated``.
    at : str
        Daily dose up to which the course holds, such as ``1000 mg/day``; empty for any dose.
    """

    compound: str
    route: str
    quantity: str
    value: float
    unit: str
    tier: str
    source: str
    note: str
    kind: str = STUDIED
    at: str = ""

    @property
    def highest(self) -> float:
        """The value in mg, mg/day, mg/min or days."""
        return units.convert(self.value, self.unit, _UNITS[self.quantity])

    @property
    def at_daily(self) -> float:
        """The daily dose of a course, mg/day; infinite if it is not stated."""
        number, _, unit = self.at.partition(" ")
        return units.convert(float(number), unit, _UNITS[DAILY]) if self.at else math.inf

    def __str__(self) -> str:
        at = f" at {self.at}" if self.at else ""
        return f"{self.value:g} {self.unit}{at}"


@dataclass(frozen=True, slots=True)
class TypicalUse:
    """Usual practice for a compound and route, in words, with its source."""

    compound: str
    route: str
    use: str
    tier: str
    source: str


def read_studied(file: Path) -> tuple[StudiedDose, ...]:
    """Read the table of highest studied doses.

    Raises
    ------
    TableError
        For a missing column or cell, an unknown quantity, a value that is not above 0 or a unit that does not fit.
    """
    result = []
    for place, cells in records(file, _LIMIT_COLUMNS, optional=("note", "at")):
        quantity, unit, kind = cells["quantity"], cells["unit"], cells["kind"]
        if quantity not in _UNITS:
            raise TableError(f"{place}: quantity {quantity!r} is not one of {', '.join(_UNITS)}")
        if kind not in (STUDIED, TOLERATED):
            raise TableError(f"{place}: kind {kind!r} is not one of {STUDIED}, {TOLERATED}")
        if not units.compatible(unit, _UNITS[quantity]):
            raise TableError(f"{place}: {quantity} needs a unit like {_UNITS[quantity]!r}, found {unit!r}")
        value = amount(place, "value", cells["value"], zero=False)
        texts = {name: cells[name] for name in ("compound", "route", "tier", "source", "note", "at")}
        _check_at(place, quantity, cells["at"])
        result.append(StudiedDose(quantity=quantity, value=value, unit=unit, kind=kind, **texts))
    return tuple(result)


def _check_at(place: str, quantity: str, at: str) -> None:
    number, _, unit = at.partition(" ")
    if at and quantity != DURATION:
        raise TableError(f"{place}: 'at' is the daily dose of a course; leave it empty for {quantity}")
    if at:
        amount(place, "at", number, zero=False)
        if not units.compatible(unit, _UNITS[DAILY]):
            raise TableError(f"{place}: at needs a unit like {_UNITS[DAILY]!r}, found {unit!r}")


def read_typical(file: Path) -> tuple[TypicalUse, ...]:
    """Read the table of usual practice; raises `TableError` for a missing column or cell."""
    return tuple(TypicalUse(**cells) for _, cells in records(file, _USE_COLUMNS))


@lru_cache(maxsize=1)
def shipped_studied() -> tuple[StudiedDose, ...]:
    """Return the shipped table of highest studied doses."""
    return read_studied(BIOLOGY / "studied_doses.csv")


@lru_cache(maxsize=1)
def shipped_typical() -> tuple[TypicalUse, ...]:
    """Return the shipped table of usual practice."""
    return read_typical(BIOLOGY / "typical_use.csv")


def warnings_of(
    doses: Sequence[Dose], catalogue: Catalogue, studied: Iterable[StudiedDose] | None = None
) -> list[Note]:
    """Return notes on the doses of a plan: routes without kinetics, and doses or rates beyond any studied.

    Parameters
    ----------
    doses : sequence of Dose
    catalogue : Catalogue
        Source of molar masses and of the known kinetics of routes.
    studied : iterable of StudiedDose, optional
        The shipped table by default.
    """
    limits: dict[tuple[str, str], list[StudiedDose]] = defaultdict(list)
    for row in shipped_studied() if studied is None else studied:
        limits[row.compound, row.route].append(row)
    by_way: dict[tuple[str, str], list[Dose]] = defaultdict(list)
    for dose in sorted(doses, key=lambda dose: dose.time_h):
        by_way[dose.compound, dose.route].append(dose)
    said: list[Note] = []
    for (compound, route), given in by_way.items():
        said += _about_way(compound, route, given, catalogue, limits[compound, route])
    return said


def _about_way(
    compound: str, route: str, given: Sequence[Dose], catalogue: Catalogue, known: Sequence[StudiedDose]
) -> Iterator[Note]:
    """Yield notes on the doses of one compound by one route, against the ``known`` limits."""
    row = catalogue.routes.get((compound, route))
    way = f"{compound} {route}"
    if row is not None and row.without_kinetics:
        yield Note(NoteCode.NO_KINETICS, f"{way}: {NO_KINETICS}; what is shown rests on a wide prior", way)
    mass = catalogue.compounds[compound].molar_mass
    if not any(limit.kind == STUDIED for limit in known):
        yield Note(NoteCode.NO_HUMAN_DOSE, f"{BEYOND}: no human dose of {way} is in the collected data", way)
    found = {
        DOSE: max(dose.amount for dose in given) * mass,
        DAILY: max(daily_amounts(given)) * mass,
        RATE: max(rates(given), default=0.0) * mass,
    }
    for kind in (STUDIED, TOLERATED):
        here = [limit for limit in known if limit.kind == kind]
        yield from _about_amounts(way, found, [limit for limit in here if limit.quantity != DURATION])
    courses = [limit for limit in known if limit.quantity == DURATION]
    yield from _about_course(way, given, mass, courses)


def _about_amounts(way: str, found: Mapping[str, float], limits: Iterable[StudiedDose]) -> Iterator[Note]:
    for limit in limits:
        value, highest = found[limit.quantity], limit.highest
        if value <= highest * SLACK:
            continue
        what = _SAID[limit.quantity].format(value=float(f"{value:.4g}"))
        if limit.kind == TOLERATED:
            text = f"not tolerated: {what} of {way}; the highest that was tolerated is {limit} ({limit.source})"
            yield Note(NoteCode.DOSE_NOT_TOLERATED, text, way)
            continue
        text = (
            f"{BEYOND}: {what} of {way}; the highest in the collected data is "
            f"{highest:g} {_UNITS[limit.quantity]} ({limit.source})"
        )
        yield Note(NoteCode.DOSE_BEYOND, text, way)


def _about_course(way: str, given: Sequence[Dose], mass: float, limits: Sequence[StudiedDose]) -> Iterator[Note]:
    """Yield a note on the highest daily dose given for longer than the longest course studied at it."""
    studied = [limit for limit in limits if limit.kind == STUDIED]
    daily = [level * mass for level in levels(given)]
    break_h = shipped_bounds().course_break()
    for above in sorted({0.0, *(limit.at_daily for limit in studied)}, reverse=True):
        longest = max((s for s in studied if s.at_daily > above), key=_days, default=None)
        times = [dose.time_h for dose, level in zip(given, daily, strict=True) if level > above * SLACK]
        days = longest_course(times, break_h)
        if longest is None or days <= longest.highest * SLACK:
            continue
        dose = f" at more than {above:g} mg in a day" if above else ""
        text = (
            f"{BEYOND}: {days} days of {way}{dose}; the longest course in the collected data of which NAD+ or its "
            f"metabolites are known is {longest} ({longest.source})"
        )
        borne = max((s for s in limits if s.kind == TOLERATED and s.at_daily > above), key=_days, default=None)
        text += "" if borne is None else f"; tolerated for {borne} ({borne.source})"
        yield Note(NoteCode.COURSE_BEYOND, text, way)
        return


def _days(limit: StudiedDose) -> float:
    return limit.highest
