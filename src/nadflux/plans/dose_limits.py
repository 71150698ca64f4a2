"""What has been given to people before: the highest studied doses and rates, and usual practice.

A plan beyond them may be simulated; the output then says *beyond data*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux import units
from nadflux.errors import TableError
from nadflux.network.records import records
from nadflux.notes import Note, NoteCode
from nadflux.plans.catalogue import Catalogue
from nadflux.plans.events import Dose
from nadflux.plans.table_numbers import amount
from nadflux.shipped import BIOLOGY

BEYOND = "beyond data"
NO_KINETICS = "no PK data"
_FLAGS = {
    NoteCode.NO_KINETICS: NO_KINETICS,
    NoteCode.NO_HUMAN_DOSE: BEYOND,
    NoteCode.DOSE_BEYOND: BEYOND,
    NoteCode.NO_HABIT_SIZE: BEYOND,
    NoteCode.HABIT_BEYOND: BEYOND,
    NoteCode.FAST_BEYOND: BEYOND,
}
_LIMIT_COLUMNS = ("compound", "route", "quantity", "value", "unit", "tier", "source", "note")
_USE_COLUMNS = ("compound", "route", "use", "tier", "source")
_UNITS = {"daily": "mg/day", "rate": "mg/min"}
_SAID = {"daily": "{value:g} mg in a day", "rate": "an infusion at {value:g} mg/min"}
# Arithmetic of doses and molar masses: what is written as the limit itself is not beyond it.
_SLACK = 1.0 + 1e-9


def flag_of(note: Note) -> str | None:
    """Return the flag that a note puts on a table, file or figure; None where it puts none."""
    return _FLAGS.get(note.code)


def flags_of(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return which of *beyond data* and *no PK data* the notes of a schedule say."""
    said = {flag_of(note) for note in notes}
    return tuple(flag for flag in (BEYOND, NO_KINETICS) if flag in said)


@dataclass(frozen=True, slots=True)
class StudiedDose:
    """The highest dose of a compound by a route in the collected data.

    Attributes
    ----------
    quantity : str
        ``daily`` (mg/day) or ``rate`` of infusion (mg/min).
    value : float
        In ``unit``.
    """

    compound: str
    route: str
    quantity: str
    value: float
    unit: str
    tier: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class TypicalUse:
    """How a compound is usually given by a route, in words, with its source."""

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
    for place, cells in records(file, _LIMIT_COLUMNS, optional=("note",)):
        quantity, unit = cells["quantity"], cells["unit"]
        if quantity not in _UNITS:
            raise TableError(f"{place}: quantity {quantity!r} is not one of {', '.join(_UNITS)}")
        if not units.compatible(unit, _UNITS[quantity]):
            raise TableError(f"{place}: {quantity} needs a unit like {_UNITS[quantity]!r}, found {unit!r}")
        value = amount(place, "value", cells["value"], zero=False)
        texts = {name: cells[name] for name in ("compound", "route", "tier", "source", "note")}
        result.append(StudiedDose(quantity=quantity, value=value, unit=unit, **texts))
    return tuple(result)


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
    """Return what must be said of the doses of a plan: routes without kinetics, and doses or rates beyond any studied.

    Parameters
    ----------
    doses : sequence of Dose
    catalogue : Catalogue
        Gives molar masses and what is known of the kinetics of routes.
    studied : iterable of StudiedDose, optional
        The shipped table by default.
    """
    limits = {(s.compound, s.route, s.quantity): s for s in (shipped_studied() if studied is None else studied)}
    by_way: dict[tuple[str, str], list[Dose]] = defaultdict(list)
    for dose in doses:
        by_way[dose.compound, dose.route].append(dose)
    said: list[Note] = []
    for (compound, route), given in by_way.items():
        known = [limits[compound, route, q] for q in _UNITS if (compound, route, q) in limits]
        said += _about_way(compound, route, given, catalogue, known)
    return said


def _about_way(
    compound: str, route: str, given: Sequence[Dose], catalogue: Catalogue, known: Sequence[StudiedDose]
) -> Iterator[Note]:
    """Doses of one compound by one route, against what is ``known`` of them."""
    row = catalogue.routes.get((compound, route))
    way = f"{compound} {route}"
    if row is not None and row.without_kinetics:
        yield Note(NoteCode.NO_KINETICS, f"{way}: {NO_KINETICS}; what is shown rests on a wide prior", way)
    mass = catalogue.compounds[compound].molar_mass
    found = {"daily": max(_daily(given)) * mass, "rate": max(_rates(given), default=0.0) * mass}
    if not known:
        yield Note(NoteCode.NO_HUMAN_DOSE, f"{BEYOND}: no human dose of {way} is in the collected data", way)
    for limit in known:
        highest = units.convert(limit.value, limit.unit, _UNITS[limit.quantity])
        value = found[limit.quantity]
        if value > highest * _SLACK:
            what = _SAID[limit.quantity].format(value=float(f"{value:.4g}"))
            text = (
                f"{BEYOND}: {what} of {way}; the highest in the collected data is "
                f"{highest:g} {_UNITS[limit.quantity]} ({limit.source})"
            )
            yield Note(NoteCode.DOSE_BEYOND, text, way)


def _daily(doses: Sequence[Dose]) -> Iterator[float]:
    """µmol given within the 24 hours from each dose on."""
    times = sorted((dose.time_h, dose.amount) for dose in doses)
    last, running = 0, 0.0
    for start, given in times:
        while last < len(times) and times[last][0] < start + 24.0 - 1e-9:
            running += times[last][1]
            last += 1
        yield running
        running -= given


def _rates(doses: Sequence[Dose]) -> Iterator[float]:
    """Rates of infusion, µmol/min, added where infusions overlap."""
    running: list[Dose] = []
    for dose in sorted((dose for dose in doses if dose.infusion_h > 0), key=lambda dose: dose.time_h):
        running = [other for other in running if other.time_h + other.infusion_h > dose.time_h] + [dose]
        yield sum(other.amount / other.infusion_h / 60.0 for other in running)
