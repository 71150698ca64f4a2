"""From scheduled events, by name, to the event arrays of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError
from nadflux.kernel.batch import ADD, SET, EventArrays
from nadflux.kernel.program import Program
from nadflux.network.names import to_id, to_name


class ScheduledEvent(Protocol):
    """What the engine needs of an event of a plan."""

    @property
    def time_h(self) -> float: ...
    @property
    def target(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> float: ...


def event_arrays(program: Program, events: Sequence[ScheduledEvent], end: float, people: int) -> EventArrays:
    """The same events for each of ``people``; those at or after ``end`` (h) are left out.

    Raises
    ------
    UnknownNameError
        For a target that the model does not have.
    SimulationError
        For a dose into something that is not an amount, or a step of something that is not an input.
    """
    states = {name: k for k, name in enumerate(program.states)}
    inputs = {name: k for k, name in enumerate(program.inputs)}
    chosen = sorted((event for event in events if event.time_h < end), key=lambda event: event.time_h)
    kinds, targets = [], []
    for event in chosen:
        identifier = to_id(event.target)
        where = states if event.kind == "add" else inputs
        if identifier not in where:
            if identifier in states or identifier in inputs:
                raise SimulationError(f"{event.target} cannot be the target of {event.kind!r} events")
            raise UnknownNameError("target of a dose", event.target, map(to_name, where))
        kinds.append(ADD if event.kind == "add" else SET)
        targets.append(where[identifier])
    count = len(chosen)
    return EventArrays(
        offsets=np.arange(people + 1) * count,
        time=np.tile(np.array([e.time_h for e in chosen], dtype=float), people),
        kind=np.tile(np.array(kinds, dtype=np.int64), people),
        target=np.tile(np.array(targets, dtype=np.int64), people),
        value=np.tile(np.array([e.value for e in chosen], dtype=float), people),
    )


def amount_given(events: Sequence[ScheduledEvent], times: np.ndarray) -> np.ndarray:
    """Amount added by bolus events before each time, shape (time,), µmol."""
    doses = sorted((e.time_h, e.value) for e in events if e.kind == "add")
    when = np.array([t for t, _ in doses])
    total = np.concatenate([[0.0], np.cumsum([v for _, v in doses])])
    return total[np.searchsorted(when, times, side="left")]
