"""The course of people: the source of their numbers, the segments of time they go through, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nadflux.kernel.batch import Solution
from nadflux.people import Draws
from nadflux.simulation.event_arrays import Scales, ScheduledEvent
from nadflux.simulation.numbers import Numbers
from nadflux.simulation.run import PersonFailure
from nadflux.simulation.tolerances import CELLS
from nadflux.simulation.usual_life import Again, Repetition, UsualLife


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
        Number of the segment that it goes on from; people come from their usual life, or their quiet years, by default.
    again : Again, optional
        Of a segment in which usual life goes on: nobody whose life repeats is then integrated.
    kept : ndarray of int, shape (kept,), optional
        Which of ``times`` a segment that goes on from this one takes over; all by default.
    """

    start: float
    end: float
    times: np.ndarray
    events: tuple[ScheduledEvent, ...] = ()
    outputs: tuple[str, ...] | None = None
    peaks: tuple[str, ...] = ()
    peak_window: tuple[float, float] | None = None
    after: int | None = None
    again: Again | None = None
    kept: np.ndarray | None = None


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
    life : UsualLife, optional
        That of people before time 0, where it repeats itself; the first segment is then its last period.
    """

    numbers: Numbers
    segments: tuple[Segment, ...] = ()
    origin: float = 0.0
    rtol: float = CELLS
    life: UsualLife | None = None


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
    usual : Repetition, optional
        How usual life before time 0 was found, where the course has one.
    """

    people: np.ndarray
    rows: np.ndarray
    draws: Draws
    scales: Scales
    courses: tuple[Solution, ...]
    failures: tuple[PersonFailure, ...]
    usual: Repetition | None = None

    @property
    def outputs(self) -> np.ndarray:
        """Outputs of the last course, shape (person, time, output), each in its own unit."""
        return self.courses[-1].outputs
