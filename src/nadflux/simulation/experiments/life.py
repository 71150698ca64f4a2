"""Simulation of a life: the slow states of people over decades, under a way of living, on the body's engine."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.kernel.lower import lower
from nadflux.network.assemble_life import assemble_life, moves_of, read_life
from nadflux.network.infix import parse_infix
from nadflux.network.names import to_id, to_name
from nadflux.network.tables import Observable
from nadflux.people import Cohort, Draws, Person
from nadflux.people.streams import seed_again
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.course import Course, Segment
from nadflux.simulation.event_arrays import Step
from nadflux.simulation.forward import run_chunk, run_chunks
from nadflux.simulation.numbers import MOST_ATTEMPTS, DrawnNumbers
from nadflux.simulation.parameters import read_overrides
from nadflux.simulation.progress import Progress
from nadflux.simulation.tolerances import LIVES
from nadflux.units import YEAR_H

OLDEST = 100.0
"""Years of age at which a life ends here at the latest."""
HAZARD, SUMMED, GAIN, LOAD = "hazard", "summed_hazard", "loop_gain", "removal_load"
_DECADE = 10.0  # years
_LOOK = 1.0  # years between looks at what must stay below 1


@dataclass(frozen=True, eq=False)
class LifeRun:
    """Slow states of people at ages.

    Attributes
    ----------
    ages : ndarray, shape (age,), years
    observables : mapping of str to Observable
        By id, in the order of the model.
    values : mapping of str to ndarray, shape (person, age), each in its own unit
        As if nobody died; NaN of people who failed.
    drawn_again : int
        People whose first numbers had no resting state, such as a loop gain of 1 or more.
    failures : tuple of str
        One line per person who failed.
    """

    ages: np.ndarray
    observables: Mapping[str, Observable]
    values: Mapping[str, np.ndarray]
    drawn_again: int = 0
    failures: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> np.ndarray:
        """Return an observable, shape (person, age), in its unit; raise UnknownNameError for any other name."""
        if name not in self.values:
            raise UnknownNameError("quantity of a life", name, self.values)
        return self.values[name]

    @property
    def alive(self) -> np.ndarray:
        """Chance to be alive at each age for those alive at the first, shape (person, age), dimensionless."""
        alive: np.ndarray = np.exp(self[SUMMED][:, :1] - self[SUMMED])
        return alive

    @property
    def hazard_of_cohort(self) -> np.ndarray:
        """Hazard of death among those of the people who are still alive, shape (age,), 1/year."""
        alive = self.alive
        hazard: np.ndarray = np.nansum(alive * self[HAZARD], axis=0) / np.nansum(alive, axis=0)
        return hazard


@dataclass(frozen=True, eq=False)
class LifeNumbers:
    """Numbers of people whose slow states have a value to settle at, up to an age of the reference life.

    Where the gain of the loop from damage over senescent cells and inflammation back to damage is 1 or more, where more
    senescent cells are made than can be removed, or nothing rests at the start, the numbers contradict each other, and
    the person is drawn again as `DrawnNumbers.of` does. The rule asks nothing of the way of living, so that twins keep
    the same numbers.

    Attributes
    ----------
    drawn : DrawnNumbers
    hours : float, h
        How long it is looked at.
    rtol : float
    threads : int or None
    """

    drawn: DrawnNumbers
    hours: float
    rtol: float
    threads: int | None = None

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        """Draw the parameters of people, shape (person, parameter), each in its own unit.

        Parameters
        ----------
        people : ndarray of int, shape (person,)
        """
        rows, draws = self.drawn.of(compiled, people)
        if not (self.drawn.uncertainty or self.drawn.spread):
            return rows, draws
        again = np.zeros(people.size, dtype=np.int64) if draws.again is None else draws.again.copy()
        waiting = np.flatnonzero(self._runs_away(compiled, rows))
        for attempt in range(1, MOST_ATTEMPTS + 1):
            if not waiting.size:
                break
            other = dataclasses.replace(self.drawn, seed=seed_again(self.drawn.seed, attempt))
            new, drawn = other.of(compiled, people[waiting])
            fine = ~self._runs_away(compiled, new)
            found = waiting[fine]
            rows[found], draws.values[found], again[found] = new[fine], drawn.values[fine], attempt
            waiting = waiting[~fine]
        return rows, Draws(draws.names, draws.values, again)

    def _runs_away(self, compiled: Prepared, rows: np.ndarray) -> np.ndarray:
        """Tell in whom the loop gain or the load of removal reaches 1 at some age, or is unknown: (person,), bool."""
        grid = np.append(np.arange(0.0, self.hours, _LOOK * YEAR_H), self.hours)
        looked = tuple(o.id for o in compiled.body.observables if o.id == GAIN or o.id.endswith(LOAD))
        segment = Segment(0.0, self.hours, grid, outputs=looked)
        course = Course(_GivenRows(rows), (segment,), rtol=self.rtol)
        shares = run_chunk(compiled, course, np.arange(len(rows)), threads=self.threads).outputs
        runs_away: np.ndarray = ~np.all(shares < 1.0, axis=(1, 2))
        return runs_away


@dataclass(frozen=True, eq=False)
class _GivenRows:
    """Parameters that are known already, shape (person, parameter), each in its own unit."""

    rows: np.ndarray

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        """Return the parameters of people."""
        return self.rows[people], Draws((), np.empty((people.size, 0)))


@functools.lru_cache(maxsize=8)
def prepare_life(biology: Path | None = None) -> Prepared:
    """Assemble and lower the model of a life; its outputs are its observables."""
    body = assemble_life(biology)
    outputs = {o.id: parse_infix(o.formula) for o in body.observables}
    return Prepared(body, lower(body.model, outputs, body.inputs), biology_hash="", tiers={})


def simulate_life(
    who: Person | Cohort,
    way: Mapping[str, float] | None = None,
    *,
    begin: float,
    end: float,
    step: float = 1.0,
    hold: Sequence[str] = (),
    n: int = 64,
    seed: int = 0,
    uncertain: bool = True,
    settings: Mapping[str, str | float] | None = None,
    biology: Path | None = None,
    rtol: float = LIVES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> LifeRun:
    """Simulate people from 20 years on, living in a way from an age on; the same people in every way of living.

    Parameters
    ----------
    who : Person or Cohort
        Their sex alone counts.
    way : mapping of str to float
        Inputs of ``life.yaml``, such as ``living.training``, from the first age on; before it, and for what is left
        out, they live as the reference.
    begin, end : float, years
        Ages between which to report.
    step : float, years
    hold : sequence of str
        Groups of states that stand still from the first age on, such as ``inflammation``; ``all`` of them.
    n, seed : int
    uncertain : bool
        Draw what is not known of the numbers, and how people differ.
    settings : mapping of str to str or float
        Numbers of the tables that differ from the start.
    biology : Path, optional
        Folder of the biology; the shipped one by default.
    rtol, threads, progress
        As of `nadflux.simulation.forward.run_chunks`.

    Raises
    ------
    UnknownNameError
        For an input, a group of states or a number that does not exist.
    ValueOutOfRangeError
        For ages out of order or out of bounds, and a value that is not finite or below 0.
    SimulationError
        If nobody could be simulated.
    ChunkInterruptedError
        On Ctrl-C.
    """
    prepared, plan = prepare_life(biology), read_life(biology)
    start = float(plan["begins"])
    ages = _ages(start, begin, end, step)
    at = (begin - start) * YEAR_H
    steps = [Step(at, name, "set", value) for name, value in _checked(way or {}, plan["ways"]).items()]
    groups = tuple(plan["moves"]) if "all" in hold else tuple(hold)
    steps += [Step(at, to_id(name), "set", 0.0) for group in groups for name in moves_of(plan, group)]
    drawn = DrawnNumbers(
        who, seed, uncertainty=uncertain, spread=uncertain, constants=read_overrides(prepared, settings or {})
    )
    numbers = LifeNumbers(drawn, (float(plan["settled"]) - start) * YEAR_H, rtol, threads)
    hours = (ages - start) * YEAR_H
    course = Course(numbers, (Segment(0.0, float(hours[-1]), hours, tuple(steps)),), rtol=rtol)
    values, failures, again = [], [], 0
    for chunk in run_chunks(prepared, course, np.arange(n), threads=threads, progress=progress):
        values.append(chunk.outputs)
        again += chunk.draws.drawn_again
        failures += [f"person {chunk.people[f.person]}: {f.state}, {f.reason}" for f in chunk.failures]
    if len(failures) == n:
        raise SimulationError(f"nobody could be simulated; the first: {failures[0]}")
    found = np.concatenate(values)
    known = {o.id: o for o in prepared.body.observables}
    return LifeRun(ages, known, {name: found[:, :, k] for k, name in enumerate(known)}, again, tuple(failures))


def _ages(start: float, begin: float, end: float, step: float) -> np.ndarray:
    """Return the ages to report, with full decades and the last whether or not a step falls on them."""
    if not (np.isfinite([begin, end, step]).all() and start <= begin < end <= OLDEST and step > 0):
        raise ValueOutOfRangeError(
            f"a life from {begin:g} to {end:g} years in steps of {step:g} cannot be simulated; "
            f"give ages from {start:g} to {OLDEST:g}, the first below the last"
        )
    decades = np.arange(0.0, OLDEST, _DECADE)
    inside = decades[(decades > begin) & (decades < end)]
    return np.unique(np.concatenate([np.arange(begin, end, step), inside, [end]]))


def _checked(way: Mapping[str, float], known: Sequence[str]) -> dict[str, float]:
    """Return the values of inputs by id; refuse any other name, and a value below 0 or not finite."""
    for name, value in way.items():
        if to_name(name) not in known:
            raise UnknownNameError("input of a way of living", name, known)
        if not (np.isfinite(value) and value >= 0):
            raise ValueOutOfRangeError(f"{name} is {value:g}; give a finite number of 0 or more")
    return {to_id(name): float(value) for name, value in way.items()}
