"""Simulation of one organ cell in a medium: the dish beside the body, from the same text and on the same engine."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.kernel import Batch, compile_program, lower
from nadflux.kernel.batch import SET, EventArrays
from nadflux.kernel.program import Program
from nadflux.network.assemble import Body
from nadflux.network.assemble_cell import assemble_cell
from nadflux.network.infix import parse_infix
from nadflux.network.names import join, to_id, to_name
from nadflux.network.tables import Observable
from nadflux.people import draw

RTOL = 1e-6
DRUGS = "drugs"


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


@functools.lru_cache(maxsize=16)
def prepare_cell(
    cell: str, species: str, switches: tuple[tuple[str, str], ...] = (), biology: Path | None = None
) -> tuple[Body, Program]:
    """The model of a cell, assembled and lowered; its outputs are the observables of the dish."""
    body = assemble_cell(cell, species=species, switches=dict(switches), biology=biology)
    outputs = {o.id: parse_infix(o.formula) for o in body.observables}
    return body, lower(body.model, outputs, body.inputs)


def simulate_cell(
    cell: str = "liver",
    *,
    species: str = "human",
    steps: Sequence[CellStep] = (),
    settings: Mapping[str, float] | None = None,
    times: Sequence[float] | np.ndarray,
    switches: Mapping[str, str] | None = None,
    n: int = 1,
    seed: int = 0,
    uncertain: bool = False,
    rtol: float = RTOL,
) -> CellRun:
    """Simulate a cell from rest through steps of its medium, drugs and genes.

    Parameters
    ----------
    cell : str
        E.g. ``"liver"``; see ``biology/dish/dish.yaml``.
    species : str
    steps : sequence of CellStep
        Names are those of inputs, e.g. ``"bafilomycin"``, ``"medium.LEU.supplied"``.
    settings : mapping of str to float
        Parameters that differ from the tables from the start; the resting state follows them.
    times : sequence of float, h
        When to report, from 0 on.
    n, seed, uncertain : int, int, bool
        With ``uncertain``, ``n`` draws of the typical values of the tables.

    Raises
    ------
    UnknownNameError
        For a cell, species, input or parameter that does not exist.
    ValueOutOfRangeError
        For values that are not finite or negative, and times that do not increase from 0 on.
    SimulationError
        If not a single draw could be finished.
    """
    body, program = prepare_cell(cell, species, tuple(sorted((switches or {}).items())))
    grid = _grid(times)
    rows = np.tile(program.defaults, (n, 1))
    column = {name: k for k, name in enumerate(program.parameters)}
    if uncertain:
        drawn = draw(body.table.rows, n, seed, spread=False)
        for k, key in enumerate(drawn.names):
            for identifier in body.table.targets[key]:
                if identifier in column:
                    rows[:, column[identifier]] = drawn.values[:, k]
    for name, value in (settings or {}).items():
        rows[:, column[_known(cell, name, column)]] = _number(name, value)
    batch = Batch(rows, 0.0, float(grid[-1]), grid, events=_events(cell, steps, program, n))
    solution = _engine(program.hash, cell, species, tuple(sorted((switches or {}).items()))).integrate(batch, rtol=rtol)
    if len(solution.failures) == n:
        first = solution.failures[0]
        raise SimulationError(
            f"the {cell} cell could not be simulated: {to_name(first.state)} at {first.time:g} h ({first.reason})"
        )
    return CellRun(
        cell=cell,
        species=species,
        times=grid,
        observables={o.id: o for o in body.observables},
        values={name: solution.outputs[:, :, k] for k, name in enumerate(program.outputs)},
        failures=tuple(f"draw {f.person}: {to_name(f.state)} at {f.time:g} h, {f.reason}" for f in solution.failures),
        switches=body.switches,
    )


@functools.lru_cache(maxsize=16)
def _engine(program_hash: str, cell: str, species: str, switches: tuple[tuple[str, str], ...]):  # type: ignore[no-untyped-def]
    del program_hash  # the key: text or tables may have changed under the same names
    return compile_program(prepare_cell(cell, species, switches)[1])


def _known(cell: str, name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """Id of a parameter given as ``medium.renewal``, ``liver.ULK1.K`` or, of cell and drugs, ``ULK1.K``, ``torin1``."""
    for identifier in (to_id(name), join(cell, to_id(name)), join(DRUGS, to_id(name))):
        if identifier in known:
            return identifier
    raise UnknownNameError(
        "parameter of the cell", name, (to_name(k).removeprefix(f"{cell}.").removeprefix(f"{DRUGS}.") for k in known)
    )


def _number(name: str, value: float) -> float:
    if not np.isfinite(value) or value < 0:
        raise ValueOutOfRangeError(f"{name} is {value:g}; it must be a finite number of 0 or more")
    return float(value)


def _grid(times: Sequence[float] | np.ndarray) -> np.ndarray:
    grid = np.asarray(times, dtype=float)
    if grid.ndim != 1 or grid.size == 0 or grid[0] < 0 or np.any(np.diff(grid) <= 0) or not np.isfinite(grid).all():
        raise ValueOutOfRangeError("times must be finite, 0 h or later, and increase")
    return grid


def _events(cell: str, steps: Sequence[CellStep], program: Program, n: int) -> EventArrays:
    ordered = sorted(steps, key=lambda step: step.time)
    time = np.array([_number(f"time of {s.name}", s.time) for s in ordered], dtype=float)
    target = np.array([program.inputs.index(_known(cell, s.name, program.inputs)) for s in ordered], dtype=np.int64)
    values = np.empty((n, len(ordered)))
    for k, step in enumerate(ordered):
        for value in np.atleast_1d(step.value):
            _number(step.name, float(value))
        values[:, k] = step.value
    return EventArrays(
        offsets=np.arange(n + 1, dtype=np.int64) * len(ordered),
        time=np.tile(time, n),
        kind=np.full(n * len(ordered), SET, dtype=np.int64),
        target=np.tile(target, n),
        value=values.ravel(),
    )
