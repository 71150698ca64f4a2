"""The whole body under steps of its inputs and amounts added: experiments that no plan of a person describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.kernel.batch import ADD, SET, Batch, EventArrays
from nadflux.kernel.integrate import integrate
from nadflux.kernel.program import Program
from nadflux.network.names import to_id, to_name
from nadflux.people import Cohort, Person, draw, draw_covariates
from nadflux.plans.language.person import at_rest, read_person
from nadflux.simulation.compiled import BALANCE, prepare
from nadflux.simulation.experiments.experiment import CellRun, CellStep, grid_of, run_of, step_events
from nadflux.simulation.failures import failures_of
from nadflux.simulation.parameters import parameter_rows, read_overrides

RTOL = 1e-5
BODY = "body"


def simulate_steps(
    who: Person | Cohort | str,
    steps: Sequence[CellStep],
    *,
    times: Sequence[float] | np.ndarray,
    n: int = 1,
    seed: int = 0,
    uncertain: bool = False,
    settings: Mapping[str, str | float] | None = None,
    factors: Mapping[str, float] | None = None,
    switches: Mapping[str, str] | None = None,
    outputs: Sequence[str] | None = None,
    rtol: float = RTOL,
    threads: int | None = None,
) -> CellRun:
    """People from rest through steps of inputs (``exercise.intensity``) and amounts (``stomach.LEU``, µmol).

    Parameters
    ----------
    who : Person, Cohort or str
    steps : sequence of CellStep
        From its time (h) on an input has the value; a state gets the value added, in µmol.
    times : sequence of float, h
    n, seed, uncertain : int, int, bool
        People; with ``uncertain`` the numbers of the tables and the differences between people are drawn.
    settings : mapping of str to str or float
        Numbers that differ from the tables from the start; the resting state follows them.
    factors : mapping of str to float
        Numbers that are multiplied, each person's own, before the resting state is found.
    outputs : sequence of str, optional
        Observables to keep, all by default.

    Raises
    ------
    UnknownNameError
        For a name that is neither input nor state, or an observable that does not exist.
    ValueOutOfRangeError
        For values that are not finite, and times that do not increase from 0 on.
    SimulationError
        If not a single person could be simulated.
    """
    prepared = prepare(switches, body="whole")
    program = prepared.program
    person = at_rest(read_person(who) if isinstance(who, str) else who)
    grid = grid_of(times)
    draws = draw(prepared.body.table, n, seed, uncertainty=uncertain, spread=uncertain)
    covariates = draw_covariates(person, np.arange(n), seed)
    rows = parameter_rows(prepared, draws, covariates, read_overrides(prepared, settings or {}))
    for name, factor in (factors or {}).items():
        if to_id(name) not in program.parameters:
            raise UnknownNameError("parameter", name, map(to_name, program.parameters))
        rows[:, program.parameters.index(to_id(name))] *= factor
    names = tuple(dict.fromkeys(outputs)) if outputs is not None else _all_of(program)
    known = {o.id: o for o in prepared.body.observables}
    for name in names:
        if name not in known:
            raise UnknownNameError("observable", name, known, "(`nadflux describe --body whole` lists all)")
    batch = Batch(rows, 0.0, float(grid[-1]), grid, events=_events(steps, program, n), keep=names)
    solution = integrate(prepared.engine(), batch, rtol=rtol, threads=threads)
    return run_of(
        solution, grid, {name: known[name] for name in names},
        cell=BODY, species="human", switches=prepared.body.switches, nobody="nobody", one="person",
        failures=failures_of(prepared, rows, solution, 0.0),
    )  # fmt: skip


def _all_of(program: Program) -> tuple[str, ...]:
    return tuple(name for name in program.outputs if not name.startswith(BALANCE))


def _events(steps: Sequence[CellStep], program: Program, n: int) -> EventArrays:
    """The steps as events of each of ``n`` people: an input is set, a state gets the amount added."""

    def place(name: str) -> tuple[int, int]:
        identifier = to_id(name)
        for kind, known in ((SET, program.inputs), (ADD, program.states)):
            if identifier in known:
                return kind, known.index(identifier)
        raise UnknownNameError("input or state", name, map(to_name, (*program.inputs, *program.states)))

    return step_events(steps, place, n, below_zero=True)
