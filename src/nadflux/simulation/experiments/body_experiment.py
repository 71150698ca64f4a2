"""The whole body under steps of its inputs and amounts added: experiments that no plan of a person describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.kernel.program import Program
from nadflux.network.names import to_id, to_name
from nadflux.people import Cohort, Person
from nadflux.plans.language.person import at_rest, read_person
from nadflux.simulation.compiled import prepare
from nadflux.simulation.course import Course, Segment
from nadflux.simulation.event_arrays import Step
from nadflux.simulation.experiments.experiment import CellRun, CellStep, run_of, step_events
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.numbers import DrawnNumbers
from nadflux.simulation.output_names import BODY, kept_outputs
from nadflux.simulation.parameters import read_overrides
from nadflux.simulation.time_grid import increasing_times
from nadflux.simulation.tolerances import BODY_EXPERIMENTS


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
    rtol: float = BODY_EXPERIMENTS,
    threads: int | None = None,
) -> CellRun:
    """Simulate people from rest through steps of inputs (``exercise.intensity``) and amounts (``stomach.LEU``, µmol).

    Parameters
    ----------
    who : Person, Cohort or str
    steps : sequence of CellStep
        From its time (h) on an input has the value; a state gets the value added, in µmol.
    times : sequence of float, shape (time,), h
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
    grid = increasing_times(times)
    numbers = DrawnNumbers(
        person, seed, uncertainty=uncertain, spread=uncertain,
        constants=read_overrides(prepared, settings or {}), factors=factors or {},
    )  # fmt: skip
    names = tuple(dict.fromkeys(outputs)) if outputs is not None else kept_outputs(prepared, None)
    known = {o.id: o for o in prepared.body.observables}
    for name in names:
        if name not in known:
            raise UnknownNameError("observable", name, known, "(`nadflux describe --body whole` lists all)")
    events = body_events(steps, program)
    course = Course(numbers, (Segment(0.0, float(grid[-1]), grid, events, names),), rtol=rtol)
    chunk = run_chunk(prepared, course, np.arange(n), threads=threads)
    return run_of(
        chunk, grid, {name: known[name] for name in names},
        cell=BODY, species="human", switches=prepared.body.switches, nobody="nobody", one="person",
    )  # fmt: skip


def body_events(steps: Sequence[CellStep], program: Program) -> tuple[Step, ...]:
    """Return steps as events of a body: an input is set, a state gets the amount added.

    Raises
    ------
    UnknownNameError
        For a name that is neither.
    ValueOutOfRangeError
        For a time or value that is not finite.
    """

    def kind(name: str) -> tuple[str, str]:
        identifier = to_id(name)
        for what, known in (("set", program.inputs), ("add", program.states)):
            if identifier in known:
                return what, name
        raise UnknownNameError("input or state", name, map(to_name, (*program.inputs, *program.states)))

    return step_events(steps, kind, below_zero=True)
