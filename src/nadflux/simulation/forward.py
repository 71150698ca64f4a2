"""The forward path: people's numbers through the kernel. Nothing else integrates people.

Every question becomes a `Course`: the source of people's numbers, and the segments of time they go through.
`run_chunk` follows it for some people: numbers → parameter matrix → batch → integration → failures.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nadflux.kernel.batch import Batch, IntegrationInterruptedError, Solution, chosen_of
from nadflux.kernel.integrate import integrate
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.course import Chunk, Course, Segment
from nadflux.simulation.event_arrays import Scales, event_arrays, of_people, scales_of
from nadflux.simulation.failures import failures_of
from nadflux.simulation.joined_solutions import gone_on, together
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.quiet_years import live_quietly, present_steps
from nadflux.simulation.repeated_period import PERIODS, People, live_usually
from nadflux.simulation.tolerances import DEEPEST
from nadflux.simulation.totals import growing
from nadflux.simulation.usual_life import Again, Repetition, lived_again

FIRST, CHUNK = 16, 256
"""People of the first piece of work, and of the largest."""


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
    events += course.life.events if course.life is not None else ()
    events += present_steps(compiled.body.present, course.origin) if course.segments else ()
    found = scales_of(compiled, rows, events, course.origin)
    able, scales = _able(rows, found)
    quiet = None
    if course.segments:
        try:
            quiet = live_quietly(compiled, able, scales, origin=course.origin, rtol=course.rtol, threads=threads)
        except IntegrationInterruptedError:
            raise ChunkInterruptedError(None) from None
    chunk = Chunk(people, rows, draws, scales, (), ())
    follow = _Follow(compiled, course, able, people, scales, quiet, threads)
    # Each segment goes on from the solution of an earlier one.
    for number, (segment, share) in enumerate(zip(course.segments, _shares(course, progress), strict=True)):
        try:
            follow.go_on(segment, share)
        except IntegrationInterruptedError as stop:
            if number < len(course.segments) - 1:
                raise ChunkInterruptedError(None) from None
            follow.add(segment, stop.solution)
            raise ChunkInterruptedError(_finished(follow.told(chunk), stop.finished)) from None
    return follow.told(chunk)


def run_chunks(
    compiled: Prepared,
    course: Course,
    people: np.ndarray,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Chunk]:
    """Run people in chunks, one after the other: few at first, then as many as so far.

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
    first = 0
    # Each chunk doubles the people who are there.
    while first < people.size:
        chosen = people[first : first + min(max(first, FIRST), CHUNK)]
        share = part_of(progress, first, chosen.size, people.size)
        yield run_chunk(compiled, course, chosen, threads=threads, progress=share)
        first += chosen.size


def _shares(course: Course, progress: Progress | None) -> list[Progress | None]:
    """Return the progress of each segment, by the hours that are integrated for it."""
    hours = [0.0 if segment.again is not None else segment.end - segment.start for segment in course.segments]
    if course.life is not None:
        hours[0] = PERIODS * course.life.period
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


class _Follow:
    """People on their course: the solutions up to the end of each segment so far."""

    def __init__(
        self,
        compiled: Prepared,
        course: Course,
        rows: np.ndarray,
        people: np.ndarray,
        scales: Scales,
        quiet: Solution | None,
        threads: int | None,
    ) -> None:
        self._compiled, self._course, self._rows, self._people = compiled, course, rows, people
        self._scales, self._quiet, self._threads = scales, quiet, threads
        self._done: list[Solution] = []
        self._usual: Repetition | None = None

    def go_on(self, segment: Segment, progress: Progress | None) -> None:
        """Integrate people through the next segment."""
        life = self._course.life
        if not self._done and life is not None:
            assert self._quiet is not None and segment.outputs is not None, "who lives has quiet years, and outputs"
            people = People(self._rows, self._scales, self._quiet, self._course.rtol, self._threads)
            solution, self._usual = live_usually(self._compiled, life, people, segment.times, segment.outputs, progress)
            self.add(segment, solution)
        elif segment.again is not None and self._usual is not None:
            self.add(segment, self._again(segment, segment.again, self._usual))
        else:
            self.add(segment, self._integrated(segment, np.arange(self._people.size), progress))

    def add(self, segment: Segment, solution: Solution) -> None:
        """Add the solution of the next segment to what it goes on from."""
        self._done.append(_whole(self._course.segments, segment, solution, self._before(segment)))

    def told(self, chunk: Chunk) -> Chunk:
        """Return a chunk of these people with their course so far."""
        if not self._done:
            return chunk
        failures = failures_of(self._compiled, chunk.rows, self._done[-1], self._course.origin)
        courses = _unparted(self._course.segments, self._done)
        return dataclasses.replace(chunk, courses=courses, failures=failures, usual=self._usual)

    def _before(self, segment: Segment) -> Solution | None:
        return self._quiet if segment.after is None else self._done[segment.after]

    def _again(self, segment: Segment, again: Again, usual: Repetition) -> Solution:
        """Return usual life after time 0: the same period again, or integrated where it does not repeat."""
        assert segment.after is not None and segment.outputs is not None
        grows = growing(self._compiled, segment.outputs)
        assert grows is not None, "outputs that do not just grow are integrated"
        repeated, others = np.flatnonzero(usual.repeats), np.flatnonzero(~usual.repeats)
        parts = [(repeated, lived_again(again, chosen_of(self._done[segment.after], repeated), grows))]
        if others.size:
            parts.append((others, self._integrated(segment, others, None)))
        return together(parts, self._people.size)

    def _integrated(self, segment: Segment, chosen: np.ndarray, progress: Progress | None) -> Solution:
        """Integrate some people, by position, through a segment."""
        compiled, course, before = self._compiled, self._course, self._before(segment)
        before = None if before is None else chosen_of(before, chosen)
        scales = {name: values[chosen] for name, values in self._scales.items()}
        events = of_people(segment.events, self._people[chosen])
        # Steps of the quiet years are as long as months.
        step = None if before is None or segment.after is None else before.final_step
        batch = Batch(
            self._rows[chosen],
            segment.start,
            segment.end,
            segment.times,
            initial=None if before is None else before.final,
            initial_step=step,
            initial_inputs=None if before is None else before.final_inputs,
            events=event_arrays(compiled.program, events, segment.end, chosen.size, scales),
            origin=course.origin,
            peaks=segment.peaks,
            peak_window=segment.peak_window,
            keep=segment.outputs,
            deepest=DEEPEST,
        )
        return integrate(compiled.engine(), batch, rtol=course.rtol, threads=self._threads, progress=progress)


def _whole(segments: Sequence[Segment], segment: Segment, solution: Solution, before: Solution | None) -> Solution:
    """Join the course up to the end of a segment: that of the segment it goes on from, then its own."""
    if before is None:
        return solution
    if segment.after is not None:
        earlier = segments[segment.after]
        kept = before.outputs[:, :, _columns(earlier.outputs, segment.outputs)]
        kept = kept if earlier.kept is None else kept[:, earlier.kept]
        solution = dataclasses.replace(solution, outputs=np.concatenate([kept, solution.outputs], axis=1))
    return gone_on(before, solution)


def _unparted(segments: Sequence[Segment], done: Sequence[Solution]) -> tuple[Solution, ...]:
    """Return the courses with usual life as it is under the plan, the last course, up to where the two part."""
    courses = list(done)
    for number, (segment, course) in enumerate(zip(segments, done, strict=False)):
        if segment.again is not None and len(done) == len(segments):
            same = course.outputs.shape[1] - segment.times.size + int(np.sum(segment.times <= segment.again.until))
            courses[number].outputs[:, :same] = done[-1].outputs[:, :same, : course.outputs.shape[2]]
    return tuple(courses)


def _columns(stored: Sequence[str] | None, wanted: Sequence[str] | None) -> slice | list[int]:
    """Return the positions of the outputs of a segment among those of the one it goes on from."""
    if stored is None or wanted is None or tuple(stored[: len(wanted)]) == tuple(wanted):
        return slice(None if wanted is None else len(wanted))
    return [stored.index(name) for name in wanted]


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
        None if chunk.usual is None else chunk.usual.of(finished),
    )
