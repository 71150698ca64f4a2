"""What experiments by steps share, of a cell and of the whole body: steps as events, times and the run they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.kernel.batch import EventArrays, Solution
from nadflux.network.names import to_name
from nadflux.network.tables import Observable
from nadflux.simulation.run import PersonFailure


@dataclass(frozen=True, slots=True)
class CellStep:
    """From ``time`` (h) on, an input of the cell or the medium has ``value``, in the model's unit.

    ``value`` may differ between draws: one number, or an array of shape (draw,).
    """

    time: float
    name: str
    value: float | np.ndarray


@dataclass(frozen=True)
class CellRun:
    """What one cell, or draws of one, did over time.

    Attributes
    ----------
    cell, species : str
    times : ndarray, shape (time,), h
    observables : mapping of str to Observable
        What each quantity is: level, flux, marker or index, with its unit.
    values : mapping of str to ndarray, shape (draw, time)
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
        """Values of an observable, shape (draw, time)."""
        if name not in self.values:
            raise UnknownNameError("observable of the cell", name, self.values)
        return self.values[name]

    def at(self, name: str, time: float) -> np.ndarray:
        """Values of an observable at a time (h) within the run, interpolated, shape (draw,)."""
        if not self.times[0] <= time <= self.times[-1]:
            raise ValueOutOfRangeError(
                f"{time:g} h lies outside the run, {self.times[0]:g} to {self.times[-1]:g} h; simulate longer"
            )
        return np.array([np.interp(time, self.times, row) for row in self[name]])


def grid_of(times: Sequence[float] | np.ndarray) -> np.ndarray:
    """Times to report, h, of shape (time,); raises ValueOutOfRangeError where they do not increase from 0 on."""
    grid = np.asarray(times, dtype=float)
    if grid.ndim != 1 or grid.size == 0 or grid[0] < 0 or np.any(np.diff(grid) <= 0) or not np.isfinite(grid).all():
        raise ValueOutOfRangeError("times must be finite, 0 h or later, and increase")
    return grid


def number(name: str, value: float, *, below_zero: bool = False) -> float:
    """A finite number, of 0 or more unless it may be below; raises ValueOutOfRangeError."""
    if not np.isfinite(value) or (value < 0 and not below_zero):
        raise ValueOutOfRangeError(
            f"{name} is {value:g}; it must be a finite number{'' if below_zero else ' of 0 or more'}"
        )
    return float(value)


def step_events(
    steps: Sequence[CellStep], place: Callable[[str], tuple[int, int]], n: int, *, below_zero: bool = False
) -> EventArrays:
    """Steps as events of each of ``n`` people or draws.

    Parameters
    ----------
    place : callable
        Kind of event and index of its target for the name of a step.
    below_zero : bool
        Whether values may be negative, as amounts taken away are.
    """
    ordered = sorted(steps, key=lambda step: step.time)
    time = np.array([number(f"time of {step.name}", step.time) for step in ordered], dtype=float)
    places = np.array([place(step.name) for step in ordered], dtype=np.int64).reshape(-1, 2)
    values = np.empty((n, len(ordered)))
    for k, step in enumerate(ordered):
        for value in np.atleast_1d(step.value):
            number(step.name, float(value), below_zero=below_zero)
        values[:, k] = step.value
    return EventArrays(
        offsets=np.arange(n + 1, dtype=np.int64) * len(ordered),
        time=np.tile(time, n),
        kind=np.tile(places[:, 0], n),
        target=np.tile(places[:, 1], n),
        value=values.ravel(),
    )


def run_of(
    solution: Solution,
    grid: np.ndarray,
    observables: Mapping[str, Observable],
    *,
    cell: str,
    species: str,
    switches: Mapping[str, str],
    nobody: str,
    one: str,
    failures: Sequence[PersonFailure] | None = None,
) -> CellRun:
    """What was simulated, by observable.

    Parameters
    ----------
    solution : Solution
        Its outputs are the observables, in their order.
    nobody, one : str
        Who failed, in words, where all did, and where one did: ``"the liver cell"``, ``"draw"``.
    failures : sequence of PersonFailure, optional
        Those of the solution with better reasons.

    Raises
    ------
    SimulationError
        If nobody could be simulated.
    """
    failed = solution.failures if failures is None else failures
    if len(failed) == len(solution.outputs):
        first = failed[0]
        raise SimulationError(
            f"{nobody} could not be simulated: {to_name(first.state)} at {first.time:g} h ({first.reason})"
        )
    return CellRun(
        cell=cell,
        species=species,
        times=grid,
        observables=observables,
        values={name: solution.outputs[:, :, k] for k, name in enumerate(observables)},
        failures=tuple(f"{one} {f.person}: {to_name(f.state)} at {f.time:g} h, {f.reason}" for f in failed),
        switches=switches,
    )
