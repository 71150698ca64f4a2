"""The period of usual life that repeats itself, a day or two, found for each person.

The states of people change from one such period to the next until they repeat: liver glycogen takes a week, muscle
protein months. The start of the one that repeats is found by correcting that of each period simulated: by what the
period moved, and by how much more all periods to come would move if the body answered as it does at rest, evenly fed
(Newton's step, with that Jacobian and a rational approximation of 1 / (exp(x) - 1)). Anderson mixes the corrections.
Ten periods do for what takes a hundred to live through. Who does not repeat lives the days of the run-in and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.kernel.batch import Batch, Solution, chosen_of
from nadflux.kernel.integrate import integrate
from nadflux.kernel.linearised import Linearised, slopes_of
from nadflux.kernel.step import ABSOLUTE_FRACTION
from nadflux.simulation.anderson import Anderson
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.event_arrays import Scales, event_arrays
from nadflux.simulation.joined_solutions import gone_on, together
from nadflux.simulation.known_periods import Start, keep, keys_of, known
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.tolerances import DEEPEST, NEARLY_REPEATS, REPEATS
from nadflux.simulation.totals import totals_of
from nadflux.simulation.usual_life import Repetition, UsualLife
from nadflux.units import YEAR_H

PERIODS = 10.0
"""Periods that people usually live until theirs repeats, the first and the last included; for progress alone."""
_MOST = 30
_DEPTH = 6
_LEAST_LEFT = 0.2  # share of an amount that a correction leaves
_TIMELESS = 1e-3  # share of the tolerance that a period may change by the hour alone


@dataclass(frozen=True, eq=False)
class People:
    """Numbers and quiet years of people, for `live_usually`.

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
    outputs: Sequence[str],
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
    outputs : sequence of str
        What to store.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    IntegrationInterruptedError
        On Ctrl-C.
    """
    search = _Search(compiled, life, people, times, tuple(outputs))
    search.begin(keys_of(compiled, life, people.rows, people.rtol))
    # Period by period, each from a better start, until everybody's repeats.
    while search.going:
        if progress is not None:
            progress(min(1.0, (search.number + 1.0) / PERIODS))
        search.go_on()
    return search.finish(part_of(progress, 0.9, 0.1))


class _Search:
    """The search for everybody's period: where it begins, as found so far, and what is known of it."""

    def __init__(
        self, compiled: Prepared, life: UsualLife, people: People, times: np.ndarray, outputs: tuple[str, ...]
    ) -> None:
        self._compiled, self._life, self._people = compiled, life, people
        self._times, self._outputs = times, outputs
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

    def begin(self, keys: list[bytes]) -> None:
        """Take the starts that are known; of the others live the first period, and linearise the body before it.

        Parameters
        ----------
        keys : list of bytes
            What identifies each person's usual life.
        """
        quiet = self._people.quiet
        self._keys, starts = keys, [known(key) for key in keys]
        new = np.array([start is None for start in starts], dtype=bool)
        self._state, self._inputs = quiet.final.copy(), quiet.final_inputs.copy()
        self._step = np.full(self._count, np.nan)
        self._near = np.zeros(self._count, dtype=bool)
        self._looking = new.copy()
        if not new.all():
            self._take({person: start for person, start in enumerate(starts) if start is not None})
        if new.any():
            self._prepare(np.flatnonzero(new))

    def _take(self, starts: Mapping[int, Start]) -> None:
        """Integrate people whose start is known through the period that repeats."""
        for person, start in starts.items():
            self._state[person], self._step[person], self._inputs[person] = start.state, start.step, start.inputs
            self._repeats[person], self._periods[person] = True, start.periods
            self._change[person] = start.change
        chosen = np.array(list(starts), dtype=np.int64)
        self._found.append((chosen, self._last(chosen, self._outputs)))

    def _prepare(self, new: np.ndarray) -> None:
        """Integrate people who are new, by position, through the first period, and linearise the body at rest."""
        people, life, quiet = self._people, self._life, self._people.quiet
        first = self._live(new, (life.start, life.start + life.period), quiet.final, None, quiet.final_inputs)
        self._state[new], self._step[new], self._inputs[new] = first.final, first.final_step, first.final_inputs
        years = 1.0 / (self._compiled.body.present.years * YEAR_H)
        self._slow, self._fast = (
            Linearised(
                self._compiled.engine(), people.rows, quiet.final, quiet.final_inputs,
                time=life.start, shift=shift, origin=life.start,
            )
            for shift in (years, 2.0 / life.period)
        )  # fmt: skip
        self._scale = ABSOLUTE_FRACTION * self._slow.scale
        self._size = np.where(self._moving, np.abs(self._state) + self._scale, np.inf)
        self._looking &= np.isfinite(self._state).all(axis=1) & self._is_timeless()
        self._state[new] = self._without_totals(self._state[new], new)

    def go_on(self) -> None:
        """Integrate a period from where it seems to begin, and correct that."""
        self.number += 1
        self._periods[self._looking] = self.number + 1
        results, steps = np.full_like(self._state, np.nan), self._step.copy()
        nearly = np.flatnonzero(self._looking & self._near)
        far = np.flatnonzero(self._looking & ~self._near)
        stored = self._last(nearly, self._outputs) if nearly.size else None
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
            for person in np.flatnonzero(found):
                start = Start(
                    self._state[person].copy(), float(steps[person]), self._inputs[person].copy(),
                    int(self._periods[person]), float(largest[person]),
                )  # fmt: skip
                keep(self._keys[person], start)
        self._looking &= ~found & np.isfinite(largest)
        left = np.flatnonzero(self._looking)
        if left.size:
            mixed = self._mixing.next(changes, corrected, left)
            self._state[left] = self._without_totals(self._positive(mixed, results[left], left), left)

    def finish(self, progress: Progress | None) -> tuple[Solution, Repetition]:
        """Integrate the run-in of those whose period does not repeat, and put everybody together."""
        others = np.flatnonzero(~self._repeats)
        if others.size:
            quiet, life = self._people.quiet, self._life
            self._periods[others] = round(-life.start / life.period)
            run_in = self._live(
                others, (life.start, -life.period), quiet.final, None, quiet.final_inputs, progress=progress
            )
            self._state[others] = self._without_totals(run_in.final, others)
            self._step[others], self._inputs[others] = run_in.final_step, run_in.final_inputs
            self._found.append((others, gone_on(run_in, self._last(others, self._outputs))))
        solution = together(self._found, self._count)
        return solution, Repetition(self._repeats, self._periods, self._change)

    def _corrected(self, results: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the corrections of starts, relative to the size of each state, and the corrected starts."""
        moved = np.where(self._moving & np.isfinite(results), results - self._state, 0.0)
        more = self._slow.solve(moved) - self._fast.solve(moved)
        correction = np.where(self._moving, moved + more / self._life.period, 0.0)
        correction[~np.isfinite(results).all(axis=1)] = np.nan
        return correction / self._size, self._state + correction

    def _last(self, chosen: np.ndarray, outputs: tuple[str, ...]) -> Solution:
        """Integrate the last period before time 0 from where it seems to begin."""
        times = self._times if outputs else np.zeros(0)
        return self._live(
            chosen, (-self._life.period, 0.0), self._state, self._step, self._inputs, times=times, outputs=outputs
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
        outputs: tuple[str, ...] = (),
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
            origin=self._life.start, keep=outputs, deepest=DEEPEST,
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
        timeless: np.ndarray = np.all(same, axis=1)
        return timeless

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
        positive: np.ndarray = results + np.min(share, axis=1)[:, None] * (held - results)
        return positive
