"""Input and result of an integration."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nadflux.errors import ValueOutOfRangeError

ADD, SET, STOP = 0, 1, 2


@dataclass(frozen=True)
class EventArrays:
    """Events of all people, one after the other, sorted in time for each.

    Attributes
    ----------
    offsets : ndarray of int64, shape (person + 1,)
        Events of person i are ``offsets[i]:offsets[i + 1]``.
    time : ndarray of float64, shape (event,)
        In the time unit of the model. An event at the start of a run is applied; one at its end belongs to
        the run that goes on from there.
    kind : ndarray of int64, shape (event,)
        0 adds ``value`` to a state, 1 sets an input to ``value``, 2 only stops there.
    target : ndarray of int64, shape (event,)
        Index of the state or input; ignored for kind 2.
    value : ndarray of float64, shape (event,)
        Amount or new value.
    """

    offsets: np.ndarray
    time: np.ndarray
    kind: np.ndarray
    target: np.ndarray
    value: np.ndarray

    def check(self, persons: int, states: int, inputs: int) -> None:
        """Raise ``ValueOutOfRangeError`` for events that do not fit the batch."""
        offsets = np.asarray(self.offsets)
        counts = {len(self.time), len(self.kind), len(self.target), len(self.value)}
        if len(offsets) != persons + 1 or offsets[0] != 0 or np.any(np.diff(offsets) < 0) or counts != {offsets[-1]}:
            raise ValueOutOfRangeError(f"event offsets do not describe {persons} people and {len(self.time)} events")
        if not np.all(np.isfinite(self.time)) or not np.all(np.isfinite(self.value)):
            raise ValueOutOfRangeError("event times and values must be finite numbers")
        same_person = np.ones(max(len(self.time) - 1, 0), dtype=bool)
        starts = offsets[1:-1]
        same_person[starts[(starts > 0) & (starts < len(self.time))] - 1] = False
        if np.any(np.diff(self.time)[same_person] < 0):
            raise ValueOutOfRangeError("the events of each person must be sorted by time")
        limits = {ADD: (states, "state"), SET: (inputs, "input")}
        for kind, (limit, name) in limits.items():
            chosen = np.asarray(self.target)[np.asarray(self.kind) == kind]
            if np.any((chosen < 0) | (chosen >= limit)):
                raise ValueOutOfRangeError(f"an event names {name} {chosen.max()}, but there are {limit}")
        if np.any((np.asarray(self.kind) < 0) | (np.asarray(self.kind) > STOP)):
            raise ValueOutOfRangeError("event kinds are 0 (add), 1 (set) and 2 (stop)")


@dataclass(frozen=True)
class Batch:
    """People to integrate.

    Attributes
    ----------
    parameters : ndarray, shape (person, parameter)
        In the order of ``Program.parameters``.
    start, end : float
        Time span, in the time unit of the model.
    times : ndarray, shape (time,)
        When to store outputs, increasing, within the span. At the time of an event: the state just before it.
    initial : ndarray, shape (person, state), optional
        State to start from instead of the model's own.
    initial_step : ndarray, shape (person,), optional
        ``Solution.final_step`` of the run that ``initial`` comes from; NaN chooses the step as at the start.
    initial_inputs : ndarray, shape (person, input), optional
        Inputs in force at the start; by default the parameters of that name.
    events : EventArrays, optional
        Doses and input steps.
    origin : float
        Time at which the initial assignments hold.
    peaks : sequence of str
        Outputs whose largest value and its time are wanted.
    peak_window : (float, float), optional
        Where to look for them; by default the whole span.
    keep : sequence of str, optional
        Outputs to store, in this order; all by default. Has no influence on the bits of any.
    deepest : float
        How many absolute tolerances an amount may lie below zero; beyond, the person fails. Any number by default: a
        model from elsewhere may mean it.
    """

    parameters: np.ndarray
    start: float
    end: float
    times: np.ndarray = field(default_factory=lambda: np.zeros(0))
    initial: np.ndarray | None = None
    initial_step: np.ndarray | None = None
    initial_inputs: np.ndarray | None = None
    events: EventArrays | None = None
    origin: float = 0.0
    peaks: Sequence[str] = ()
    peak_window: tuple[float, float] | None = None
    keep: Sequence[str] | None = None
    deepest: float = np.inf


@dataclass(frozen=True)
class Failure:
    """A person who could not be integrated to the end, with the state that went worst and the time."""

    person: int
    time: float
    state: str
    reason: str


@dataclass(frozen=True)
class Solution:
    """Result of an integration.

    Attributes
    ----------
    outputs : ndarray, shape (person, time, output)
        Those of ``Batch.keep``, or all of the program. NaN from the time of a person's failure on.
    final : ndarray, shape (person, state)
        State at the end (just before events at that time); NaN where the person failed.
    final_step : ndarray, shape (person,)
        Step with which to go on.
    final_inputs : ndarray, shape (person, input)
        Inputs in force at the end.
    failures : tuple of Failure
    steps, attempts : ndarray, shape (person,)
        Accepted and computed steps.
    peaks : ndarray, shape (person, peak, 2)
        Largest value and its time for each of ``Batch.peaks``.
    """

    outputs: np.ndarray
    final: np.ndarray
    final_step: np.ndarray
    final_inputs: np.ndarray
    failures: tuple[Failure, ...]
    steps: np.ndarray
    attempts: np.ndarray
    peaks: np.ndarray


class IntegrationInterruptedError(KeyboardInterrupt):
    """Ctrl-C during an integration; ``solution`` holds the people who were finished.

    Attributes
    ----------
    solution : Solution
        The others are NaN, and failures of the reason ``CANCELLED``.
    finished : ndarray of int
        Positions of those who were not stopped, in increasing order; a person who failed for another reason counts.
    """

    def __init__(self, solution: Solution, finished: np.ndarray) -> None:
        super().__init__(f"interrupted after {len(finished)} of {len(solution.final)} people")
        self.solution = solution
        self.finished = finished


def chosen_of(solution: Solution, people: np.ndarray) -> Solution:
    """Return the same result for some of the people, who are then numbered from 0.

    Parameters
    ----------
    solution : Solution
    people : ndarray of int, shape (chosen,)
        Indices of people in the solution.
    """
    place = {int(person): number for number, person in enumerate(people)}
    return Solution(
        solution.outputs[people],
        solution.final[people],
        solution.final_step[people],
        solution.final_inputs[people],
        tuple(dataclasses.replace(f, person=place[f.person]) for f in solution.failures if f.person in place),
        solution.steps[people],
        solution.attempts[people],
        solution.peaks[people],
    )
