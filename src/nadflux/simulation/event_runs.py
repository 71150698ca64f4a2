"""Simulation of an event table: a run for every ID, at the times of its observations among others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.people import Cohort, Person
from nadflux.plans.event_table import EventTable, Subject, read_event_table
from nadflux.plans.schedule import length_of
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.run import Run
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import Settled, settle
from nadflux.simulation.simulate import simulate_settled
from nadflux.simulation.views import Shown
from nadflux.units import DAY_H


@dataclass(frozen=True, repr=False)
class SubjectRuns(Shown):
    """Runs of an event table, by ID.

    Attributes
    ----------
    table_name : str
    runs : mapping of str to Run
    """

    shown_as: ClassVar[str] = "subjects"

    table_name: str
    runs: Mapping[str, Run]

    def __getitem__(self, id: str | int) -> Run:
        """Return the run of an ID; raise UnknownNameError with the nearest."""
        if str(id) not in self.runs:
            raise UnknownNameError("ID", str(id), self.runs, f"in {self.table_name}")
        return self.runs[str(id)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)


def simulate_events(
    table: EventTable | Any,
    who: Person | Cohort | str | None = None,
    *,
    days: float | None = None,
    compartments: Mapping[str, str] | Mapping[int, str] | None = None,
    amount_unit: str = "mg",
    time_unit: str = "h",
    threads: int | None = None,
    progress: Progress | None = None,
    **asked: Any,
) -> SubjectRuns:
    """Simulate every ID of an event table, as NONMEM and mrgsolve have them.

    Person 7 of one ID has the same draws as person 7 of another, so that IDs compare as plans on the same people do.

    Parameters
    ----------
    table : EventTable, path or DataFrame
    who : Person, Cohort or str, optional
        Who they are, where the table does not say.
    days : float, optional
        Length of every run; by default to the last observation, or the end of the plan where that is later.
    compartments, amount_unit, time_unit
        As for `nadflux.read_event_table`.
    threads : int, optional
    progress : callable, optional
        Called with the fraction done.
    asked : Any
        As for `nadflux.simulate`: ``n``, ``seed``, ``outputs`` and others.

    Raises
    ------
    TableError
        For a table that cannot be read, with row, column, value and remedy.
    ValueOutOfRangeError
        Where nobody is described.
    NadfluxError
        As `nadflux.simulate`.

    Examples
    --------
    >>> rows = [{"ID": k, "TIME": 0, "AMT": dose, "CMT": "NAM oral"} for k, dose in ((1, 500), (2, 1000))]
    >>> runs = simulate_events(rows, "woman, 62 y, 70 kg", n=2, outputs=["plasma_nam"])
    >>> bool((runs[2]["plasma_nam"].max(axis=1) > runs[1]["plasma_nam"].max(axis=1)).all())
    True
    """
    settled = settle_events(
        table, who, days=days, compartments=compartments, amount_unit=amount_unit, time_unit=time_unit, **asked
    )
    runs = {
        name: simulate_settled(one, threads=threads, progress=part_of(progress, index, 1.0, len(settled)))
        for index, (name, one) in enumerate(settled.items())
    }
    name = table.name if isinstance(table, EventTable) else str(table) if isinstance(table, str | Path) else "the table"
    return SubjectRuns(name, runs)


def settle_events(
    table: EventTable | Any,
    who: Person | Cohort | str | None = None,
    *,
    days: float | None = None,
    compartments: Mapping[str, str] | Mapping[int, str] | None = None,
    amount_unit: str = "mg",
    time_unit: str = "h",
    **asked: Any,
) -> dict[str, Settled]:
    """Return the settled scenario of every ID; arguments and errors as for `simulate_events`."""
    known = who if isinstance(who, Person | str) else None
    if not isinstance(table, EventTable):
        table = read_event_table(
            table, who=known, compartments=compartments, amount_unit=amount_unit, time_unit=time_unit
        )
    return {one.id: _settled(one, who, days, asked, table.name) for one in table}


def _settled(
    subject: Subject, who: Person | Cohort | str | None, days: float | None, asked: Mapping[str, Any], name: str
) -> Settled:
    person = subject.who if subject.who is not None else who
    if person is None:
        raise ValueOutOfRangeError(
            f'{name}, ID {subject.id}: nobody is described; add columns SEX and AGE, or say who: "woman, 62 y, 70 kg"'
        )
    end = _end(subject, days)
    settled = settle(Scenario.of(person, subject.plan, days=end, **asked))
    return replace(settled, also_at=_within(subject.observed_h, settled.planned.end_h))


def _end(subject: Subject, days: float | None) -> float | None:
    """Return the days of a run: to the last observation, or None where the plan itself is longer."""
    last = max(subject.observed_h, default=0.0)
    if days is not None or not last:
        return days
    planned = length_of(subject.plan) if subject.plan.regimens else None
    return None if planned is not None and planned >= last else last / DAY_H


def _within(hours: Sequence[float], end_h: float) -> tuple[float, ...]:
    return tuple(hour for hour in hours if hour <= end_h)
