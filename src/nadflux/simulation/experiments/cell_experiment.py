"""Simulation of one organ cell in a medium, from the same text and on the same engine as the body."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.kernel import cache as store
from nadflux.network.assemble_cell import assemble_cell
from nadflux.network.check_scale import refuse_unit_faults
from nadflux.network.names import join, to_id, to_name
from nadflux.people import Draws, draw
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import Prepared, assembler_hash, hash_of_folder
from nadflux.simulation.course import Course, Segment
from nadflux.simulation.experiments.experiment import CellRun, CellStep, number, run_of, step_events
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.parameters import parameter_rows
from nadflux.simulation.time_grid import increasing_times
from nadflux.simulation.tolerances import CELLS

DRUGS = "drugs"


@functools.lru_cache(maxsize=16)
def prepare_cell(
    cell: str, species: str, switches: tuple[tuple[str, str], ...] = (), biology: Path | None = None
) -> Prepared:
    """Return the model of a cell, from the cache if it is in it; its outputs are the observables of the dish."""
    known = hash_of_folder(biology or BIOLOGY)
    name = f"{store.key_of('cell-1', cell, species, switches, known, assembler_hash())}.body"
    return store.cached_value(name, Prepared, lambda: _build(cell, species, switches, biology))


def _build(cell: str, species: str, switches: tuple[tuple[str, str], ...], biology: Path | None) -> Prepared:
    from nadflux.kernel.lower import lower
    from nadflux.network.infix import parse_infix

    body = assemble_cell(cell, species=species, switches=dict(switches), biology=biology)
    refuse_unit_faults(body.model, biology or BIOLOGY)
    outputs = {o.id: parse_infix(o.formula) for o in body.observables}
    return Prepared(body, lower(body.model, outputs, body.inputs), biology_hash="", tiers={})


@dataclass(frozen=True)
class CellNumbers:
    """Numbers of draws of a cell: the tables' typical values, drawn or not, and those set by hand.

    Attributes
    ----------
    seed : int
    uncertain : bool
        Whether typical values are drawn.
    constants : mapping of str to float
        By id, in the model's unit.
    """

    seed: int
    uncertain: bool
    constants: Mapping[str, float]

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        """Return the parameters of draws, shape (draw, parameter), each in its own unit.

        Parameters
        ----------
        people : ndarray of int, shape (draw,)
        """
        drawn = Draws((), np.empty((people.size, 0)))
        if self.uncertain:
            drawn = draw(compiled.body.table.rows, people, self.seed, spread=False)
        return parameter_rows(compiled, drawn, None, self.constants), drawn


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
    rtol: float = CELLS,
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
    times : sequence of float, shape (time,), h
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
    prepared = prepare_cell(cell, species, tuple(sorted((switches or {}).items())))
    body, program = prepared.body, prepared.program
    grid = increasing_times(times)
    constants = {_known(cell, k, program.parameters): number(k, value) for k, value in (settings or {}).items()}

    def kind(name: str) -> tuple[str, str]:
        return "set", _known(cell, name, program.inputs)

    segment = Segment(0.0, float(grid[-1]), grid, step_events(steps, kind))
    course = Course(CellNumbers(seed, uncertain, constants), (segment,), rtol=rtol)
    chunk = run_chunk(prepared, course, np.arange(n))
    known = {o.id: o for o in body.observables}
    return run_of(
        chunk, grid, {name: known[name] for name in program.outputs},
        cell=cell, species=species, switches=body.switches, nobody=f"the {cell} cell", one="draw",
    )  # fmt: skip


def _known(cell: str, name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """Return the id of a parameter such as ``medium.renewal``, ``liver.ULK1.K`` or, short, ``ULK1.K``, ``torin1``."""
    for identifier in (to_id(name), join(cell, to_id(name)), join(DRUGS, to_id(name))):
        if identifier in known:
            return identifier
    raise UnknownNameError(
        "parameter of the cell", name, (to_name(k).removeprefix(f"{cell}.").removeprefix(f"{DRUGS}.") for k in known)
    )
