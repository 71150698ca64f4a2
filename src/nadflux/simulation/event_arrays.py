"""From scheduled events, by name, to the event arrays of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError
from nadflux.kernel.at_rest import AtRest
from nadflux.kernel.batch import ADD, SET, Batch, EventArrays
from nadflux.kernel.program import Program
from nadflux.network.model import Model
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
    @property
    def scale(self) -> str: ...


Scales = Mapping[str, np.ndarray]


def scales_of(
    model: Model, program: Program, rows: np.ndarray, events: Iterable[ScheduledEvent], origin: float = 0.0
) -> dict[str, np.ndarray]:
    """Return the resting values of what events are scaled by, equal to those in machine code to the last bit.

    Parameters
    ----------
    model : Model
    program : Program
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
    known = {*model.compartments, *model.species, *model.parameters, *model.reactions}
    for name in names:
        if to_id(name) not in known:
            raise UnknownNameError("quantity that scales a habit", name, map(to_name, known))
    values = AtRest(model, program.inputs).values(map(to_id, names), program.parameters, rows, origin)
    return {name: values[to_id(name)] for name in names}


def scheduled_batch(
    model: Model,
    program: Program,
    rows: np.ndarray,
    events: Sequence[ScheduledEvent],
    grid: np.ndarray,
    *,
    start: float = 0.0,
    peaks: Sequence[str] = (),
    keep: Sequence[str] | None = None,
) -> tuple[Batch, Scales]:
    """People with their events from ``start`` (h, below 0 where usual days are run before) to the end of ``grid``."""
    end = float(grid[-1])
    scales = scales_of(model, program, rows, events, start)
    arrays = event_arrays(program, events, end, len(rows), scales)
    window = (0.0, end) if start < 0 else None
    batch = Batch(
        rows, start, end, grid, events=arrays, origin=start, peaks=tuple(peaks), peak_window=window, keep=keep
    )
    return batch, scales


def event_arrays(
    program: Program, events: Sequence[ScheduledEvent], end: float, people: int, scales: Scales | None = None
) -> EventArrays:
    """The same events for each of ``people``; those at or after ``end`` (h) are left out.

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
        value=_values(chosen, people, scales or {}).ravel(),
    )


def amount_given(
    events: Sequence[ScheduledEvent], times: np.ndarray, weights: Mapping[str, float], people: int, scales: Scales
) -> np.ndarray:
    """Weighted amount added by bolus events before each time, shape (person, time), µmol.

    Parameters
    ----------
    weights : mapping of str to float
        Weight of each state that counts, by its name.
    """
    doses = sorted((e for e in events if e.kind == "add" and e.target in weights), key=lambda e: e.time_h)
    amounts = _values(doses, people, scales) * np.array([weights[e.target] for e in doses])
    total = np.concatenate([np.zeros((people, 1)), np.cumsum(amounts, axis=1)], axis=1)
    return total[:, np.searchsorted([e.time_h for e in doses], times, side="left")]


def _values(events: Sequence[ScheduledEvent], people: int, scales: Scales) -> np.ndarray:
    """Values of the events for each person, shape (person, event)."""
    values = np.tile(np.array([e.value for e in events], dtype=float), (people, 1))
    for k, event in enumerate(events):
        if event.scale:
            values[:, k] *= scales[event.scale]
    return values
