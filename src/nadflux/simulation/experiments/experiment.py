"""Steps as events and the run they make, for experiments on a cell and on the whole body."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.tables import Observable
from nadflux.simulation.course import Chunk
from nadflux.simulation.event_arrays import Step


@dataclass(frozen=True, slots=True)
class CellStep:
    """A step of an input of the cell or the medium to ``value``, in the model's unit, from ``time`` (h) on.

    ``value`` may differ between draws: one number, or an array of shape (draw,).
    """

    time: float
    name: str
    value: float | np.ndarray


@dataclass(frozen=True)
class CellRun:
    """Observables of one cell, or draws of one, over time.

    Attributes
    ----------
    cell, species : str
    times : ndarray, shape (time,), h
    observables : mapping of str to Observable
        Kind (level, flux, marker or index) and unit of each quantity.
    values : mapping of str to ndarray, shape (draw, time), each in its own unit
        NaN from the failure of a draw on.
    failures : tuple of str
        One line per failed draw.
    switches : mapping of str to str
    """

    cell: str
    species: str
    times: np.ndarray
    observables: Mapping[str, Observable]
    values: Mapping[str, np.ndarray]
    failures: tuple[str, ...] = ()
    switches: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the values of an observable, shape (draw, time), in its unit; raise UnknownNameError for others."""
        if name not in self.values:
            raise UnknownNameError("observable of the cell", name, self.values)
        return self.values[name]

    def at(self, name: str, time: float) -> np.ndarray:
        """Return the values of an observable at a time (h), interpolated, shape (draw,), in its unit.

        Raises
        ------
        ValueOutOfRangeError
            For a time outside the run.
        """
        if not self.times[0] <= time <= self.times[-1]:
            raise ValueOutOfRangeError(
                f"{time:g} h lies outside the run, {self.times[0]:g} to {self.times[-1]:g} h; simulate longer"
            )
        return np.array([np.interp(time, self.times, row) for row in self[name]])


def number(name: str, value: float, *, below_zero: bool = False) -> float:
    """Return a finite number, of 0 or more unless it may be below; raise ValueOutOfRangeError for any other."""
    if not np.isfinite(value) or (value < 0 and not below_zero):
        raise ValueOutOfRangeError(
            f"{name} is {value:g}; it must be a finite number{'' if below_zero else ' of 0 or more'}"
        )
    return float(value)


def step_events(
    steps: Sequence[CellStep], kind: Callable[[str], tuple[str, str]], *, below_zero: bool = False
) -> tuple[Step, ...]:
    """Return steps as events, in order of time.

    Parameters
    ----------
    steps : sequence of CellStep
    kind : callable
        Kind of event (``set`` or ``add``) and name of its target for the name of a step.
    below_zero : bool
        Whether values may be negative, as amounts taken away are.

    Raises
    ------
    ValueOutOfRangeError
        For a time or value that is not finite, or a negative one where none may be.
    """
    result = []
    for step in sorted(steps, key=lambda step: step.time):
        time = number(f"time of {step.name}", step.time)
        what, target = kind(step.name)
        values = [number(step.name, float(value), below_zero=below_zero) for value in np.atleast_1d(step.value)]
        result.append(Step(time, target, what, values[0] if len(values) == 1 else np.array(values)))
    return tuple(result)


def run_of(
    chunk: Chunk,
    grid: np.ndarray,
    observables: Mapping[str, Observable],
    *,
    cell: str,
    species: str,
    switches: Mapping[str, str],
    nobody: str,
    one: str,
) -> CellRun:
    """Return what was simulated, by observable.

    Parameters
    ----------
    chunk : Chunk
        Its outputs are the observables, in their order.
    grid : ndarray, shape (time,), h
    nobody, one : str
        Words for those who failed: for all of them, and for one: ``"the liver cell"``, ``"draw"``.

    Raises
    ------
    SimulationError
        If nobody could be simulated.
    """
    if len(chunk.failures) == chunk.people.size:
        first = chunk.failures[0]
        raise SimulationError(f"{nobody} could not be simulated: {first.state} at {first.time:g} h ({first.reason})")
    return CellRun(
        cell=cell,
        species=species,
        times=grid,
        observables=observables,
        values={name: chunk.outputs[:, :, k] for k, name in enumerate(observables)},
        failures=tuple(f"{one} {f.person}: {f.state} at {f.time:g} h, {f.reason}" for f in chunk.failures),
        switches=switches,
    )
