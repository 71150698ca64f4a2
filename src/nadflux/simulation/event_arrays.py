"""Event arrays of the engine, made from scheduled events by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError
from nadflux.kernel.batch import ADD, SET, EventArrays
from nadflux.kernel.program import Program
from nadflux.network.names import to_id, to_name
from nadflux.simulation.compiled import Prepared, at_rest_of


class ScheduledEvent(Protocol):
    """The part of an event of a plan that the engine needs."""

    @property
    def time_h(self) -> float:
        """Time, h."""

    @property
    def target(self) -> str:
        """Name of the state or input that it changes."""

    @property
    def kind(self) -> str:
        """``set`` for an input, ``add`` for a state."""

    @property
    def value(self) -> float | np.ndarray:
        """One value for all, or one for each person, shape (person,), in the model's unit."""

    @property
    def scale(self) -> str:
        """Quantity whose resting value multiplies the value; empty for none."""


Scales = Mapping[str, np.ndarray]


def scales_of(
    prepared: Prepared, rows: np.ndarray, events: Iterable[ScheduledEvent], origin: float = 0.0
) -> dict[str, np.ndarray]:
    """Return the resting values of the quantities that scale events, equal to those in machine code to the last bit.

    Parameters
    ----------
    prepared : Prepared
    rows : ndarray, shape (person, parameter), each in its own unit
        In the order of ``program.parameters``.
    events : iterable of ScheduledEvent
    origin : float
        Time of the resting state, h.

    Returns
    -------
    dict of str to ndarray, shape (person,), each in the unit of its quantity

    Raises
    ------
    UnknownNameError
        For a quantity that the model does not have.
    """
    names = sorted({event.scale for event in events if event.scale})
    if not names:
        return {}
    model = prepared.body.model
    known = {*model.compartments, *model.species, *model.parameters, *model.reactions}
    for name in names:
        if to_id(name) not in known:
            raise UnknownNameError("quantity that scales a habit", name, map(to_name, known))
    values = at_rest_of(prepared).values(map(to_id, names), prepared.program.parameters, rows, origin)
    return {name: values[to_id(name)] for name in names}


@dataclass(frozen=True, eq=False)
class Step:
    """An event of an experiment: an input is set, or an amount added, with one value or one for each person.

    Attributes
    ----------
    time_h : float
    target : str
    kind : str
        ``set`` or ``add``.
    value : float or ndarray, shape (person,), in the model's unit
    scale : str
        Empty: no step is scaled.
    """

    time_h: float
    target: str
    kind: str
    value: float | np.ndarray
    scale: str = ""


def of_people(events: Sequence[ScheduledEvent], people: np.ndarray) -> Sequence[ScheduledEvent]:
    """Return the same events with the values of some people.

    Parameters
    ----------
    people : ndarray of int, shape (person,)
        Index of each in the cohort.
    """
    if not any(isinstance(event.value, np.ndarray) for event in events):
        return events
    return [
        Step(e.time_h, e.target, e.kind, e.value[people] if isinstance(e.value, np.ndarray) else e.value, e.scale)
        for e in events
    ]


def event_arrays(
    program: Program, events: Sequence[ScheduledEvent], end: float, people: int, scales: Scales | None = None
) -> EventArrays:
    """Return the same events for each of ``people``; those at or after ``end`` (h) are left out.

    Parameters
    ----------
    scales : mapping of str to ndarray, shape (person,)
        What the values of scaled events are multiplied by, see `scales_of`.

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
    kinds = [ADD if event.kind == "add" else SET for event in chosen]
    targets = [_target(event, states, inputs) for event in chosen]
    count = len(chosen)
    return EventArrays(
        offsets=np.arange(people + 1) * count,
        time=np.tile(np.array([e.time_h for e in chosen], dtype=float), people),
        kind=np.tile(np.array(kinds, dtype=np.int64), people),
        target=np.tile(np.array(targets, dtype=np.int64), people),
        value=_values(chosen, people, scales or {}).ravel(),
    )


def _target(event: ScheduledEvent, states: Mapping[str, int], inputs: Mapping[str, int]) -> int:
    """Return the index of the state or input that an event changes."""
    identifier = to_id(event.target)
    where = states if event.kind == "add" else inputs
    if identifier in where:
        return where[identifier]
    if identifier in states or identifier in inputs:
        raise SimulationError(f"{event.target} cannot be the target of {event.kind!r} events")
    raise UnknownNameError("target of a dose", event.target, map(to_name, where))


def amount_given(
    events: Sequence[ScheduledEvent], times: np.ndarray, weights: Mapping[str, float], people: int, scales: Scales
) -> np.ndarray:
    """Return the weighted amount added by bolus events before each time, shape (person, time), µmol.

    Parameters
    ----------
    times : ndarray, shape (time,), h
    weights : mapping of str to float
        Weight of each state that counts, by its name.
    """
    doses = sorted((e for e in events if e.kind == "add" and e.target in weights), key=lambda e: e.time_h)
    amounts = _values(doses, people, scales) * np.array([weights[e.target] for e in doses])
    total = np.concatenate([np.zeros((people, 1)), np.cumsum(amounts, axis=1)], axis=1)
    return total[:, np.searchsorted([e.time_h for e in doses], times, side="left")]


def _values(events: Sequence[ScheduledEvent], people: int, scales: Scales) -> np.ndarray:
    """Return the values of the events for each person, shape (person, event)."""
    values = np.empty((people, len(events)))
    for k, event in enumerate(events):
        values[:, k] = event.value
        if event.scale:
            values[:, k] *= scales[event.scale]
    return values
