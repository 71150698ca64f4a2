"""Simulation of one organ cell in a medium: the dish beside the body, from the same text and on the same engine."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.kernel import Batch, compile_program, lower
from nadflux.kernel.batch import SET
from nadflux.kernel.integrate import integrate
from nadflux.kernel.program import Program
from nadflux.network.assemble import Body
from nadflux.network.assemble_cell import assemble_cell
from nadflux.network.infix import parse_infix
from nadflux.network.names import join, to_id, to_name
from nadflux.people import draw
from nadflux.simulation.experiments.experiment import CellRun, CellStep, grid_of, number, run_of, step_events

RTOL = 1e-6
DRUGS = "drugs"


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
    grid = grid_of(times)
    rows = np.tile(program.defaults, (n, 1))
    column = {name: k for k, name in enumerate(program.parameters)}
    if uncertain:
        drawn = draw(body.table.rows, n, seed, spread=False)
        for k, key in enumerate(drawn.names):
            for identifier in body.table.targets[key]:
                if identifier in column:
                    rows[:, column[identifier]] = drawn.values[:, k]
    for name, value in (settings or {}).items():
        rows[:, column[_known(cell, name, column)]] = number(name, value)

    def place(name: str) -> tuple[int, int]:
        return SET, program.inputs.index(_known(cell, name, program.inputs))

    batch = Batch(rows, 0.0, float(grid[-1]), grid, events=step_events(steps, place, n))
    solution = integrate(
        _engine(program.hash, cell, species, tuple(sorted((switches or {}).items()))), batch, rtol=rtol
    )
    known = {o.id: o for o in body.observables}
    return run_of(
        solution, grid, {name: known[name] for name in program.outputs},
        cell=cell, species=species, switches=body.switches, nobody=f"the {cell} cell", one="draw",
    )  # fmt: skip


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
