"""Reading of event tables: doses, observation times and covariates of each ID become a plan and a person."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nadflux.errors import NadfluxError, TableError
from nadflux.notes import Note
from nadflux.people import Person
from nadflux.plans.event_table.dose_row import DOSE, DoseRow, kind_of, read_dose
from nadflux.plans.event_table.subjects import covariate_columns, person_of
from nadflux.plans.language.person import read_person
from nadflux.plans.phase import Phase
from nadflux.plans.plan import Plan, Regimen
from nadflux.plans.timing import ONCE, Amount, Frequency
from nadflux.units import DAY_H, factor
from nadflux.user_table import UserRow, read_user_table

COLUMNS = ("ID", "TIME", "AMT", "RATE", "II", "ADDL", "SS", "EVID", "CMT")
"""Of a table that is written."""
_READ = (*COLUMNS, "COMPOUND", "ROUTE")
_IGNORED = ("c", "dv", "dvid", "mdv", "blq", "cens", "lloq", "occ", "comment", "comments", "note")
_SHORTEST_GAP_H = 0.25  # of a frequency


@dataclass(frozen=True)
class Subject:
    """One ID.

    Attributes
    ----------
    id : str
    who : Person or None
        None where the table describes nobody, and nobody was given for all.
    plan : Plan
    observed_h : tuple of float
        Hours of the rows that are no doses.
    """

    id: str
    who: Person | None
    plan: Plan
    observed_h: tuple[float, ...]


@dataclass(frozen=True)
class EventTable:
    """People and plans of a table, in its order.

    Attributes
    ----------
    name : str
        Path of the file.
    subjects : tuple of Subject
    """

    name: str
    subjects: tuple[Subject, ...]

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[Subject]:
        return iter(self.subjects)

    def __str__(self) -> str:
        return "\n".join(f"{one.id}: {one.who or 'nobody described'}; {one.plan}" for one in self.subjects)


def read_event_table(
    table: Any,
    *,
    who: Person | str | None = None,
    compartments: Mapping[str, str] | Mapping[int, str] | None = None,
    amount_unit: str = "mg",
    time_unit: str = "h",
    ignore: Collection[str] = (),
) -> EventTable:
    """Read an event table as NONMEM and mrgsolve have them.

    Columns: ``ID``, ``TIME``, ``AMT``, ``RATE`` (amount per hour), ``II`` and ``ADDL``, ``EVID`` (0 observation, 1
    dose), ``CMT`` with compound and route, such as ``NR chloride oral``; covariates: ``SEX`` (F or M) or ``FEMALE``,
    ``AGE``, ``WT``, ``HT`` and the names of ``biology/covariates.csv``. ``DV``, ``MDV`` and the like are not read.
    Time 0 is 08:00.

    Parameters
    ----------
    table : path or DataFrame
    who : Person or str, optional
        What holds for everybody that the table does not say.
    compartments : mapping, optional
        What numbers of ``CMT`` are: ``{1: "NR chloride oral"}``. With one entry the column may be missing.
    amount_unit : str
        Of ``AMT``: mg of the salt, or e.g. ``µmol``.
    time_unit : str
        Of ``TIME`` and ``II``: h, or e.g. ``day``.
    ignore : collection of str
        Further columns that are not read.

    Raises
    ------
    TableError
        For a cell that cannot be simulated: table, row, column, value and remedy. ``SS`` and resets are refused.
    UnknownNameError
        For a column that is not known.

    Examples
    --------
    >>> rows = [{"ID": 1, "TIME": 0, "AMT": 500, "II": 12, "ADDL": 13, "CMT": "NAM oral", "SEX": "F", "AGE": 62}]
    >>> print(read_event_table(rows))
    1: woman, 62 y; NAM 500 mg oral every 12 h for 168 h
    """
    person = read_person(who) if isinstance(who, str) else who
    known = {**{name.casefold(): name for name in _READ}, **covariate_columns()}
    ignored = {*_IGNORED, *(name.casefold() for name in ignore)}
    rows = read_user_table(table, known, ("TIME",), ignored)
    places = {str(key): text for key, text in (compartments or {}).items()}
    scale = factor(time_unit, "h")
    by_id: dict[str, list[UserRow]] = {}
    for row in rows:
        by_id.setdefault(row.text("ID", "1"), []).append(row)
    subjects = [_subject(name, own, person, places, amount_unit, scale) for name, own in by_id.items()]
    return EventTable(rows[0].table, tuple(subjects))


def _subject(
    name: str, rows: Sequence[UserRow], who: Person | None, places: Mapping[str, str], unit: str, scale: float
) -> Subject:
    doses: list[DoseRow] = []
    observed: list[float] = []
    before = 0.0
    for row in rows:
        hour = row.number_of("TIME", least=0.0) * scale
        if hour < before:
            raise row.error(
                "TIME", f"earlier than the row before ({before / scale:g}); sort the rows of each ID by time"
            )
        before = hour
        if kind_of(row) == DOSE:
            dose = read_dose(row, hour, places)
            doses.append(_in_hours(dose, scale))
        else:
            observed.append(hour)
    notes = tuple(dict.fromkeys(note for dose in doses for note in dose.notes))
    return Subject(name, person_of(rows, who), _plan(doses, unit, notes), tuple(dict.fromkeys(observed)))


def _in_hours(dose: DoseRow, scale: float) -> DoseRow:
    """Return the same with its interval in hours; rates are per hour already."""
    return replace(dose, interval_h=dose.interval_h * scale)


def _plan(doses: Sequence[DoseRow], unit: str, notes: tuple[Note, ...]) -> Plan:
    """Return the plan of doses: rows of one compound and route in as few regimens as their times allow."""
    regimens: list[tuple[list[Phase], float, str, str]] = []
    for dose in _joined(doses):
        phase = _phase(dose, unit)
        for index, (phases, end, compound, route) in enumerate(regimens):
            if (compound, route) == (dose.compound, dose.route) and end <= dose.hour:
                phases.append(phase)
                regimens[index] = (phases, _end(dose), compound, route)
                break
        else:
            regimens.append(([phase], _end(dose), dose.compound, dose.route))
    return Plan(tuple(Regimen(compound, route, tuple(phases)) for phases, _, compound, route in regimens), notes)


def _end(dose: DoseRow) -> float:
    """Return the end of a phase as plans count it: a single dose has its day."""
    return dose.hour + (dose.doses * dose.interval_h if dose.doses > 1 else DAY_H)


def _joined(doses: Sequence[DoseRow]) -> Iterator[DoseRow]:
    """Yield doses, of which single ones of the same kind that follow each other by the same time are one row."""
    by_kind = itertools.groupby(doses, lambda d: (d.compound, d.route, d.amount, d.infusion_h, d.doses))
    for (*_, count), group in by_kind:
        same = list(group)
        if count > 1:
            yield from same
            continue
        first = 0
        # From one run of equal steps to the next; ``first`` is the dose with which it begins.
        while first < len(same):
            step = same[first + 1].hour - same[first].hour if first + 1 < len(same) else 0.0
            last = first
            # As far as the step stays the same.
            while last + 1 < len(same) and step >= _SHORTEST_GAP_H and same[last + 1].hour - same[last].hour == step:
                last += 1
            one = same[first]
            yield one if last == first else replace(one, interval_h=step, doses=last - first + 1)
            first = last + 1


def _phase(dose: DoseRow, unit: str) -> Phase:
    repeated = dose.doses > 1
    try:
        return Phase(
            Amount(dose.amount, unit),
            Frequency("every", interval=Amount(dose.interval_h, "h")) if repeated else ONCE,
            infusion=Amount(dose.infusion_h, "h") if dose.infusion_h else None,
            duration=Amount(dose.doses * dose.interval_h, "h") if repeated else None,
            start=Amount(dose.hour, "h") if dose.hour else None,
        )
    except NadfluxError as error:
        raise _unplanned(dose, error) from error


def _unplanned(dose: DoseRow, error: NadfluxError) -> TableError:
    return dose.row.error("AMT", str(error))
