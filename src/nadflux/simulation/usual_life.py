"""Usual life that repeats itself: before a run, and as its counterfactual."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from nadflux.kernel.batch import Solution
from nadflux.simulation.event_arrays import ScheduledEvent


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
    """Outcome of the search for the period of usual life that repeats.

    Attributes
    ----------
    repeats : ndarray of bool, shape (person,)
        Whether it repeats itself; who does not goes through the days of the run-in.
    periods : ndarray of int, shape (person,)
        Simulated to find it, itself included.
    change : ndarray, shape (person,), dimensionless
        By how much its start departs from that of the period that repeats, relative to each state, the largest; NaN for
        who does not repeat.
    """

    repeats: np.ndarray
    periods: np.ndarray
    change: np.ndarray

    def of(self, people: np.ndarray) -> Repetition:
        """Return the same of some people.

        Parameters
        ----------
        people : ndarray of int, shape (chosen,)
            Their positions.
        """
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
