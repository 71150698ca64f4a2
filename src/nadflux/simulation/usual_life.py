"""Usual life before a run: the day, or week, that repeats itself, found for each person.

The states of people change from one period of usual life to the next until they repeat: liver glycogen takes a week, muscle
protein months. They are found by correcting each period's start: what the period moved, and by how much more it would
move if the body answered as it does at rest, evenly fed (one Newton step of the periods to come, with an implicit
Euler step for each), the corrections mixed by Anderson. Ten periods do for what takes a hundred to live through. Who
does not repeat lives the days of the run-in and no more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.kernel.batch import Batch, Failure, Solution, chosen_of
from nadflux.kernel.integrate import integrate
from nadflux.kernel.linearised import Linearised, slopes_of
from nadflux.kernel.step import ABSOLUTE_FRACTION
from nadflux.simulation.anderson import Anderson
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.event_arrays import Scales, ScheduledEvent, event_arrays
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.tolerances import DEEPEST, NEARLY_REPEATS, REPEATS
from nadflux.simulation.totals import totals_of
from nadflux.units import YEAR_H

PERIODS = 10.0
"""Periods that people usually live until theirs repeats, the first and the last included; for progress alone."""
_MOST = 30
_DEPTH = 6
_LEAST_LEFT = 0.2  # share of an amount that a correction leaves
_TIMELESS = 1e-3  # share of the tolerance that a period may change by the hour alone


@dataclass(frozen=True, eq=False)
class UsualLife:
    """A life that repeats itself until time 0.

    Attributes
    ----------
    start : float, h
        Start of the run-in, before time 0.
    period : float, h
        After which it repeats, from one period after ``start`` on.
    events : tuple of ScheduledEvent
    """

    start: float
    period: float
    events: tuple[ScheduledEvent, ...]


@dataclass(frozen=True, eq=False)
class Repetition:
    """How the last period of usual life before time 0 was found.

    Attributes
    ----------
    repeats : ndarray of bool, shape (person,)
        Whether it repeats itself; who does not has lived the days of the run-in.
    periods : ndarray of int, shape (person,)
        Lived to find it, itself included.
    change : ndarray, shape (person,), dimensionless
        By how much its start departs from that of the period that repeats, relative to each state, the largest; NaN for
        who does not repeat.
    """

    repeats: np.ndarray
    periods: np.ndarray
    change: np.ndarray

    def of(self, people: np.ndarray) -> Repetition:
        """Return the same of some people, by position."""
        return Repetition(self.repeats[people], self.periods[people], self.change[people])


@dataclass(frozen=True, eq=False)
class Again:
    """The times of a segment as hours of usual life that come again.

    Attributes
    ----------
    hour : ndarray of int, shape (time,)
        Number of each among the times that are stored of the last period before time 0.
    periods : ndarray of int, shape (time,)
        How many periods later it is.
    until : float, h
        When the plan parts from usual life: up to then both are the same.
    """

    hour: np.ndarray
    periods: np.ndarray
    until: float


@dataclass(frozen=True, eq=False)
class People:
    """What `live_usually` needs of people.

    Attributes
    ----------
    rows : ndarray, shape (person, parameter), each in its own unit
    scales : mapping of str to ndarray, shape (person,), each in the unit of its quantity
    quiet : Solution
        Of their quiet years.
    rtol : float
    threads : int, optional
    """

    rows: np.ndarray
    scales: Scales
    quiet: Solution
    rtol: float
    threads: int | None = None


def live_usually(
    compiled: Prepared,
    life: UsualLife,
    people: People,
    times: np.ndarray,
    keep: Sequence[str],
    progress: Progress | None = None,
) -> tuple[Solution, Repetition]:
    """Find the period of usual life that repeats, and integrate it up to time 0; totals count from its start.

    Parameters
    ----------
    compiled : Prepared
    life : UsualLife
    people : People
    times : ndarray, shape (time,), h
        When to store, within the last period.
    keep : sequence of str
        Outputs to store.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    IntegrationInterruptedError
        On Ctrl-C.
    """
    search = _Search(compiled, life, people, times, tuple(keep))
    search.begin()
    # Period by period, each from a better start, until everybody's repeats.
    while search.going:
        if progress is not None:
            progress(min(1.0, (search.number + 1.0) / PERIODS))
        search.go_on()
    return search.finish(part_of(progress, 0.9, 0.1))


def lived_again(again: Again, usual: Solution, grows: np.ndarray) -> Solution:
    """Return how usual life goes on after time 0 where it repeats; totals go on growing as they did.

    Parameters
    ----------
    again : Again
    usual : Solution
        Of the last period before time 0, the first and the last of its times being its start and its end.
    grows : ndarray of bool, shape (output,)
        Which of its outputs grow with totals (see `nadflux.simulation.totals.growing`), for the first of them.
    """
    period = usual.outputs[:, :, : grows.size]
    outputs = period[:, again.hour]
    growth = period[:, -1] - period[:, 0]
    outputs[:, :, grows] += (again.periods[:, None] * growth[:, None])[:, :, grows]
    nothing = np.zeros_like(usual.steps)
    return dataclasses.replace(
        usual, outputs=outputs, final=np.full_like(usual.final, np.nan), failures=(), steps=nothing, attempts=nothing
    )


class _Search:
    """The search for everybody's period: where it begins, as found so far, and what is known of it."""

    def __init__(
        self, compiled: Prepared, life: UsualLife, people: People, times: np.ndarray, keep: tuple[str, ...]
    ) -> None:
        self._compiled, self._life, self._people = compiled, life, people
        self._times, self._keep = times, keep
        self._count = count = len(people.rows)
        self._moving = np.ones(len(compiled.program.states), dtype=bool)
        self._moving[list(totals_of(compiled))] = False
        self._found: list[tuple[np.ndarray, Solution]] = []
        self._mixing = Anderson(_DEPTH)
        self.number = 0
        self._repeats = np.zeros(count, dtype=bool)
        self._periods = np.zeros(count, dtype=np.int64)
        self._change = np.full(count, np.nan)

    @property
    def going(self) -> bool:
        """True while somebody's period is looked for."""
        return bool(self._looking.any()) and self.number < _MOST

    def begin(self) -> None:
        """Live the first period, and linearise the body at the end of the quiet years."""
        people, life, quiet = self._people, self._life, self._people.quiet
        everybody = np.arange(self._count)
        first = self._live(everybody, (life.start, life.start + life.period), quiet.final, None, quiet.final_inputs)
        self._state, self._step, self._inputs = first.final, first.final_step, first.final_inputs
        self._linear = Linearised(
            self._compiled.engine(), people.rows, quiet.final, quiet.final_inputs,
            time=life.start, shift=1.0 / (self._compiled.body.present.years * YEAR_H), origin=life.start,
        )  # fmt: skip
        self._scale = ABSOLUTE_FRACTION * self._linear.scale
        self._size = np.where(self._moving, np.abs(self._state) + self._scale, np.inf)
        self._looking = np.isfinite(self._state).all(axis=1) & self._is_timeless()
        self._near = np.zeros(self._count, dtype=bool)
        self._state = self._without_totals(self._state, everybody)

    def go_on(self) -> None:
        """Live a period from where it seems to begin, and correct that."""
        self.number += 1
        self._periods[self._looking] = self.number + 1
        results = np.full_like(self._state, np.nan)
        nearly = np.flatnonzero(self._looking & self._near)
        far = np.flatnonzero(self._looking & ~self._near)
        stored = self._last(nearly, self._keep) if nearly.size else None
        for chosen, solution in ((nearly, stored), (far, self._last(far, ()) if far.size else None)):
            if solution is not None:
                results[chosen], self._step[chosen] = solution.final, solution.final_step
        changes, corrected = self._corrected(results)
        largest = np.max(np.abs(changes), axis=1)
        with np.errstate(invalid="ignore"):
            found = self._looking & self._near & (largest <= REPEATS * self._people.rtol)
            self._near = largest <= NEARLY_REPEATS * self._people.rtol
        if stored is not None and found.any():
            self._repeats |= found
            self._change[found] = largest[found]
            place = np.flatnonzero(found[nearly])
            self._found.append((nearly[place], chosen_of(stored, place)))
        self._looking &= ~found & np.isfinite(largest)
        left = np.flatnonzero(self._looking)
        if left.size:
            mixed = self._mixing.next(changes, corrected, left)
            self._state[left] = self._without_totals(self._positive(mixed, results[left], left), left)

    def finish(self, progress: Progress | None) -> tuple[Solution, Repetition]:
        """Live the run-in with those whose period does not repeat, and put everybody together."""
        others = np.flatnonzero(~self._repeats)
        if others.size:
            quiet, life = self._people.quiet, self._life
            self._periods[others] = round(-life.start / life.period)
            run_in = self._live(
                others, (life.start, -life.period), quiet.final, None, quiet.final_inputs, progress=progress
            )
            self._state[others] = self._without_totals(run_in.final, others)
            self._step[others], self._inputs[others] = run_in.final_step, run_in.final_inputs
            self._found.append((others, gone_on(run_in, self._last(others, self._keep))))
        solution = together(self._found, self._count)
        return solution, Repetition(self._repeats, self._periods, self._change)

    def _corrected(self, results: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the corrections of starts, relative to the size of each state, and the corrected starts."""
        moved = np.where(self._moving & np.isfinite(results), results - self._state, 0.0)
        correction = np.where(self._moving, moved + self._linear.solve(moved) / self._life.period, 0.0)
        correction[~np.isfinite(results).all(axis=1)] = np.nan
        return correction / self._size, self._state + correction

    def _last(self, chosen: np.ndarray, keep: tuple[str, ...]) -> Solution:
        """Live the last period before time 0 from where it seems to begin."""
        times = self._times if keep else np.zeros(0)
        return self._live(
            chosen, (-self._life.period, 0.0), self._state, self._step, self._inputs, times=times, keep=keep
        )

    def _live(
        self,
        chosen: np.ndarray,
        span: tuple[float, float],
        states: np.ndarray,
        steps: np.ndarray | None,
        inputs: np.ndarray,
        *,
        times: np.ndarray | None = None,
        keep: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Solution:
        """Integrate some people through hours of usual life; states, steps and inputs are everybody's."""
        compiled, people = self._compiled, self._people
        start, end = span
        events = [event for event in self._life.events if start <= event.time_h < end]
        scales = {name: values[chosen] for name, values in people.scales.items()}
        batch = Batch(
            people.rows[chosen], start, end, np.zeros(0) if times is None else times,
            initial=states[chosen], initial_step=None if steps is None else steps[chosen],
            initial_inputs=inputs[chosen],
            events=event_arrays(compiled.program, events, end, chosen.size, scales),
            origin=self._life.start, keep=keep, deepest=DEEPEST,
        )  # fmt: skip
        return integrate(compiled.engine(), batch, rtol=people.rtol, threads=people.threads, progress=progress)

    def _is_timeless(self) -> np.ndarray:
        """Tell of whom a period is that of the clock too, shape (person,): rates are the same at its start and end."""
        engine, rows = self._compiled.engine(), self._people.rows
        period = self._life.period
        before, after = (
            slopes_of(engine, rows, self._state, self._inputs, time=time, origin=self._life.start)
            for time in (-period, 0.0)
        )
        allowed = _TIMELESS * self._people.rtol * self._size / period
        with np.errstate(invalid="ignore"):
            same = np.abs(before[0] - after[0]) <= allowed
            same &= period * np.abs(before[1] - after[1]) <= allowed
        return np.all(same, axis=1)

    def _without_totals(self, states: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Return states of some people with their totals as at the end of the quiet years."""
        return np.where(self._moving | np.isnan(states), states, self._people.quiet.final[chosen])

    def _positive(self, mixed: np.ndarray, results: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Return mixed states moved back to what the period gave, as far as no amount falls too low in one correction.

        What is next to nothing is held alone: it may not hold back the others.
        """
        low = np.where(results >= 0.0, _LEAST_LEFT * results, -np.inf)
        held = np.where(np.abs(results) < self._scale[chosen], np.maximum(mixed, low), mixed)
        too_far = held < low
        share = np.where(too_far, (results - low) / np.where(too_far, results - held, 1.0), 1.0)
        return results + np.min(share, axis=1)[:, None] * (held - results)


def gone_on(before: Solution, solution: Solution) -> Solution:
    """Return a solution that goes on from another, with the failures and steps of both.

    People who failed before are not counted again for having no state to go on from.
    """
    failed = {failure.person for failure in before.failures}
    later = [failure for failure in solution.failures if failure.person not in failed]
    return dataclasses.replace(
        solution,
        failures=tuple(sorted((*before.failures, *later), key=lambda failure: failure.person)),
        steps=before.steps + solution.steps,
        attempts=before.attempts + solution.attempts,
    )


def together(parts: Sequence[tuple[np.ndarray, Solution]], count: int) -> Solution:
    """Return solutions of different people as one.

    Parameters
    ----------
    parts : sequence of (ndarray of int, Solution)
        Positions of the people of each solution among all.
    count : int
        How many people there are.
    """
    order = np.argsort(np.concatenate([people for people, _ in parts]))
    assert order.size == count

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(solution, name) for _, solution in parts])[order]

    failures: list[Failure] = [
        dataclasses.replace(failure, person=int(people[failure.person]))
        for people, solution in parts
        for failure in solution.failures
    ]
    return Solution(
        joined("outputs"), joined("final"), joined("final_step"), joined("final_inputs"),
        tuple(sorted(failures, key=lambda failure: failure.person)),
        joined("steps"), joined("attempts"), joined("peaks"),
    )  # fmt: skip
