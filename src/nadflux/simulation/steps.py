"""The whole body under steps of its inputs and amounts added: experiments that no plan of a person describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.kernel.batch import ADD, SET, Batch, EventArrays
from nadflux.kernel.program import Program
from nadflux.network.names import to_id, to_name
from nadflux.people import Cohort, Person, draw, draw_traits
from nadflux.simulation.cell import CellRun, CellStep
from nadflux.simulation.parameters import parameter_rows, read_overrides
from nadflux.simulation.prepared import BALANCE, prepare

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
        For values or times that are not finite.
    SimulationError
        If not a single person could be simulated.
    """
    prepared = prepare(switches, body="whole")
    program = prepared.program
    person = Person.parse(who) if isinstance(who, str) else who
    grid = np.asarray(times, dtype=float)
    draws = draw(prepared.body.table, n, seed, uncertainty=uncertain, spread=uncertain)
    traits = draw_traits(person, np.arange(n), seed)
    rows = parameter_rows(prepared, draws, traits, read_overrides(prepared, settings or {}))
    for name, factor in (factors or {}).items():
        if to_id(name) not in program.parameters:
            raise UnknownNameError("parameter", name, map(to_name, program.parameters))
        rows[:, program.parameters.index(to_id(name))] *= factor
    names = tuple(outputs) if outputs is not None else _all_of(program)
    known = {o.id: o for o in prepared.body.observables}
    for name in names:
        if name not in known:
            raise UnknownNameError("observable", name, known, "(`nadflux describe --body whole` lists all)")
    batch = Batch(rows, 0.0, float(grid[-1]), grid, events=_events(steps, program, n), keep=names)
    solution = prepared.engine().integrate(batch, rtol=rtol, threads=threads)
    if len(solution.failures) == n:
        first = solution.failures[0]
        raise SimulationError(f"nobody could be simulated: {to_name(first.state)} at {first.time:g} h ({first.reason})")
    return CellRun(
        cell=BODY,
        species="human",
        times=grid,
        observables={name: known[name] for name in names},
        values={name: solution.outputs[:, :, k] for k, name in enumerate(names)},
        failures=tuple(f"person {f.person}: {to_name(f.state)} at {f.time:g} h, {f.reason}" for f in solution.failures),
        switches=prepared.body.switches,
    )


def _all_of(program: Program) -> tuple[str, ...]:
    return tuple(name for name in program.outputs if not name.startswith(BALANCE))


def _events(steps: Sequence[CellStep], program: Program, n: int) -> EventArrays:
    """The steps as events of each of ``n`` people: an input is set, a state gets the amount added."""
    ordered = sorted(steps, key=lambda step: step.time)
    kind, target = [], []
    for step in ordered:
        identifier = to_id(step.name)
        if not np.isfinite(step.time) or step.time < 0 or not np.all(np.isfinite(step.value)):
            raise ValueOutOfRangeError(
                f"{step.name} at {step.time:g} h: time and value must be finite, time 0 or later"
            )
        if identifier not in program.inputs and identifier not in program.states:
            raise UnknownNameError("input or state", step.name, map(to_name, (*program.inputs, *program.states)))
        is_input = identifier in program.inputs
        kind.append(SET if is_input else ADD)
        target.append((program.inputs if is_input else program.states).index(identifier))
    values = np.empty((n, len(ordered)))
    for k, step in enumerate(ordered):
        values[:, k] = step.value
    return EventArrays(
        offsets=np.arange(n + 1, dtype=np.int64) * len(ordered),
        time=np.tile(np.array([s.time for s in ordered], dtype=float), n),
        kind=np.tile(np.array(kind, dtype=np.int64), n),
        target=np.tile(np.array(target, dtype=np.int64), n),
        value=values.ravel(),
    )
