"""The forward path: people's numbers through the kernel. Nothing else integrates people.

Every question becomes a `Course`: the source of people's numbers, and the segments of time they go through.
`run_chunk` follows it for some people: numbers → parameter matrix → batch → integration → failures.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.kernel.batch import Batch, IntegrationInterruptedError, Solution, chosen_of
from nadflux.kernel.integrate import integrate
from nadflux.people import Draws
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.event_arrays import Scales, ScheduledEvent, event_arrays, of_people, scales_of
from nadflux.simulation.failures import failures_of
from nadflux.simulation.numbers import Numbers
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.quiet_years import live_quietly, present_steps
from nadflux.simulation.run import PersonFailure
from nadflux.simulation.tolerances import CELLS, DEEPEST

CHUNK = 256
"""People per piece of work."""


@dataclass(frozen=True, eq=False)
class Segment:
    """A stretch of time that people go through in one integration.

    Attributes
    ----------
    start, end : float, h
    times : ndarray, shape (time,), h
        When to store, within the stretch.
    events : tuple of ScheduledEvent
        Doses and steps of inputs; those at or after ``end`` belong to the segment that goes on from there. A value may
        be an array, shape (person,), over all people of the cohort.
    outputs : tuple of str, optional
        Outputs of the program to store, in this order; all by default. Has no influence on the bits of any.
    peaks : tuple of str
        Outputs whose largest value and its time are wanted.
    peak_window : (float, float), h, optional
        Where to look for them; the whole segment by default.
    after : int, optional
        Number of the segment that it goes on from; people come from their quiet years by default.
    """

    start: float
    end: float
    times: np.ndarray
    events: tuple[ScheduledEvent, ...] = ()
    outputs: tuple[str, ...] | None = None
    peaks: tuple[str, ...] = ()
    peak_window: tuple[float, float] | None = None
    after: int | None = None


@dataclass(frozen=True, eq=False)
class Course:
    """The segments that people go through, the same for all.

    Attributes
    ----------
    numbers : Numbers
        Where the parameters of each person come from.
    segments : tuple of Segment
        In the order in which they are integrated; the last is what was asked for. None where rest is enough.
    origin : float, h
        Time at which people's quiet years end.
    rtol : float
    """

    numbers: Numbers
    segments: tuple[Segment, ...] = ()
    origin: float = 0.0
    rtol: float = CELLS


@dataclass(frozen=True, eq=False)
class Chunk:
    """The solution of some people.

    Attributes
    ----------
    people : ndarray of int, shape (person,)
        Index of each in the cohort.
    rows : ndarray, shape (person, parameter), each in its own unit
    draws : Draws
    scales : mapping of str to ndarray, shape (person,), each in the unit of its quantity
        Resting values that events are scaled by.
    courses : tuple of Solution
        One for each segment: from the quiet years, through the segments it goes on from, to its end.
    failures : tuple of PersonFailure
        Of the last course, by position in the chunk.
    """

    people: np.ndarray
    rows: np.ndarray
    draws: Draws
    scales: Scales
    courses: tuple[Solution, ...]
    failures: tuple[PersonFailure, ...]

    @property
    def outputs(self) -> np.ndarray:
        """Outputs of the last course, shape (person, time, output), each in its own unit."""
        return self.courses[-1].outputs


class ChunkInterruptedError(KeyboardInterrupt):
    """Ctrl-C while people were integrated; ``chunk`` holds those who went through everything, or is None."""

    def __init__(self, chunk: Chunk | None) -> None:
        super().__init__(f"interrupted after {0 if chunk is None else chunk.people.size} people of this chunk")
        self.chunk = chunk


def run_chunk(
    compiled: Prepared,
    course: Course,
    people: np.ndarray,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Chunk:
    """Integrate people through the segments of a course.

    The result depends on the arguments alone; all of them, and the chunk, can be pickled.

    Parameters
    ----------
    compiled : Prepared
    course : Course
    people : ndarray of int, shape (person,)
        Index of each in the cohort.
    threads : int, optional
        All cores by default; no influence on any bit.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    ChunkInterruptedError
        On Ctrl-C; carries the people who were finished.
    NadfluxError
        For events whose target the body does not have, or numbers that cannot be drawn.
    """
    rows, draws = course.numbers.of(compiled, people)
    events = [event for segment in course.segments for event in segment.events]
    events += present_steps(compiled.body.present, course.origin) if course.segments else ()
    found = scales_of(compiled, rows, events, course.origin)
    able, scales = _able(rows, found)
    done: list[Solution] = []
    quiet = None
    if course.segments:
        try:
            quiet = live_quietly(compiled, able, scales, origin=course.origin, rtol=course.rtol, threads=threads)
        except IntegrationInterruptedError:
            raise ChunkInterruptedError(None) from None
    # Each segment goes on from the solution of an earlier one.
    for number, (segment, share) in enumerate(zip(course.segments, _shares(course.segments, progress), strict=True)):
        before = quiet if segment.after is None else done[segment.after]
        batch = _batch(compiled, course, segment, able, people, scales, before)
        try:
            solution = integrate(compiled.engine(), batch, rtol=course.rtol, threads=threads, progress=share)
        except IntegrationInterruptedError as stop:
            last = number == len(course.segments) - 1
            done.append(_whole(course.segments, segment, stop.solution, before))
            chunk = _chunk(compiled, course, people, rows, draws, scales, done)
            raise ChunkInterruptedError(_finished(chunk, stop.finished) if last else None) from None
        done.append(_whole(course.segments, segment, solution, before))
    return _chunk(compiled, course, people, rows, draws, scales, done)


def run_chunks(
    compiled: Prepared,
    course: Course,
    people: np.ndarray,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Chunk]:
    """Run people in chunks, one after the other.

    Parameters
    ----------
    people : ndarray of int, shape (person,)
        Index of each in the cohort.
    compiled, course, threads, progress
        As for `run_chunk`.

    Raises
    ------
    ChunkInterruptedError
        On Ctrl-C; carries those of the last chunk who were finished.
    """
    for first in range(0, people.size, CHUNK):
        chosen = people[first : first + CHUNK]
        share = part_of(progress, first, chosen.size, people.size)
        yield run_chunk(compiled, course, chosen, threads=threads, progress=share)


def _shares(segments: Sequence[Segment], progress: Progress | None) -> list[Progress | None]:
    """Return the progress of each segment, by its hours."""
    hours = [segment.end - segment.start for segment in segments]
    whole = sum(hours) or 1.0
    return [part_of(progress, sum(hours[:k]), size, whole) for k, size in enumerate(hours)]


def _able(rows: np.ndarray, scales: Scales) -> tuple[np.ndarray, Scales]:
    """Return parameters and scales that can be integrated: people without a finite scale get NaN, and so fail.

    Events must be finite, and one impossible person may not stop the others.
    """
    bad = ~np.all([np.isfinite(values) for values in scales.values()] or [np.ones(len(rows), dtype=bool)], axis=0)
    if not bad.any():
        return rows, scales
    able = np.where(bad[:, None], np.nan, rows)
    return able, {name: np.where(bad, 0.0, values) for name, values in scales.items()}


def _batch(
    compiled: Prepared,
    course: Course,
    segment: Segment,
    rows: np.ndarray,
    people: np.ndarray,
    scales: Scales,
    before: Solution | None,
) -> Batch:
    events = of_people(segment.events, people)
    # Steps of the quiet years are as long as months.
    step = None if before is None or segment.after is None else before.final_step
    return Batch(
        rows,
        segment.start,
        segment.end,
        segment.times,
        initial=None if before is None else before.final,
        initial_step=step,
        initial_inputs=None if before is None else before.final_inputs,
        events=event_arrays(compiled.program, events, segment.end, len(rows), scales),
        origin=course.origin,
        peaks=segment.peaks,
        peak_window=segment.peak_window,
        keep=segment.outputs,
        deepest=DEEPEST,
    )


def _whole(segments: Sequence[Segment], segment: Segment, solution: Solution, before: Solution | None) -> Solution:
    """Join the course up to the end of a segment: that of the segment it goes on from, then its own.

    People who failed before are not counted again for having no state to go on from.
    """
    if before is None:
        return solution
    outputs = solution.outputs
    if segment.after is not None:
        kept = before.outputs[:, :, _columns(segments[segment.after].outputs, segment.outputs)]
        outputs = np.concatenate([kept, outputs], axis=1)
    failed = {failure.person for failure in before.failures}
    later = tuple(failure for failure in solution.failures if failure.person not in failed)
    return dataclasses.replace(
        solution,
        outputs=outputs,
        failures=tuple(sorted((*before.failures, *later), key=lambda failure: failure.person)),
        steps=before.steps + solution.steps,
        attempts=before.attempts + solution.attempts,
    )


def _columns(stored: Sequence[str] | None, wanted: Sequence[str] | None) -> slice | list[int]:
    """Return the positions of the outputs of a segment among those of the one it goes on from."""
    if stored is None or wanted is None or tuple(stored[: len(wanted)]) == tuple(wanted):
        return slice(None if wanted is None else len(wanted))
    return [stored.index(name) for name in wanted]


def _chunk(
    compiled: Prepared,
    course: Course,
    people: np.ndarray,
    rows: np.ndarray,
    draws: Draws,
    scales: Scales,
    done: Sequence[Solution],
) -> Chunk:
    failures = failures_of(compiled, rows, done[-1], course.origin) if done else ()
    return Chunk(people, rows, draws, scales, tuple(done), failures)


def _finished(chunk: Chunk, finished: np.ndarray) -> Chunk | None:
    """Return the same chunk for the people at some positions, who are then numbered from 0; None without any."""
    if not finished.size:
        return None
    place = {int(person): number for number, person in enumerate(finished)}
    failures = (dataclasses.replace(f, person=place[f.person]) for f in chunk.failures if f.person in place)
    scales: Mapping[str, np.ndarray] = {name: values[finished] for name, values in chunk.scales.items()}
    return Chunk(
        chunk.people[finished],
        chunk.rows[finished],
        chunk.draws.of(finished),
        scales,
        tuple(chosen_of(solution, finished) for solution in chunk.courses),
        tuple(failures),
    )
