"""The quiet years before a run: people leave the healthy reference and settle at what they are now."""

from __future__ import annotations

import dataclasses

import numpy as np

from nadflux.kernel.batch import Batch, Failure, Solution
from nadflux.kernel.integrate import integrate
from nadflux.network.present import Present
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.event_arrays import Scales, Step, event_arrays
from nadflux.simulation.progress import Progress
from nadflux.simulation.tolerances import DEEPEST
from nadflux.simulation.totals import totals_of
from nadflux.units import YEAR_H


def present_steps(present: Present, origin: float) -> tuple[Step, ...]:
    """Return the steps of inputs with which the quiet years begin, ``origin`` (h) being their end."""
    begin = _beginning(present, origin)
    now = [Step(begin, name, "set", 1.0, quantity) for name, quantity in present.inputs.items()]
    return (*now, *(Step(begin, name, "set", 0.0) for name in present.held))


def live_quietly(
    compiled: Prepared,
    rows: np.ndarray,
    scales: Scales,
    *,
    origin: float,
    rtol: float,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Solution | None:
    """Integrate people from the healthy reference to the end of their quiet years.

    Totals, on which no rate depends, begin again at the end, and what is held moves again.

    Parameters
    ----------
    compiled : Prepared
    rows : ndarray, shape (person, parameter), each in its own unit
    scales : mapping of str to ndarray, shape (person,), each in the unit of its quantity
        Resting values of the quantities of `present_steps`.
    origin : float, h
        End of the quiet years.
    rtol : float
    threads, progress
        As of `nadflux.kernel.integrate.integrate`.

    Returns
    -------
    Solution or None
        None for a body that nobody differs from.

    Raises
    ------
    IntegrationInterruptedError
        On Ctrl-C.
    """
    present, program = compiled.body.present, compiled.program
    if not present.inputs:
        return None
    begin = _beginning(present, origin)
    steps = event_arrays(program, present_steps(present, origin), origin, len(rows), scales)
    reference = Batch(rows, begin, begin, origin=origin)
    start = integrate(compiled.engine(), reference, rtol=rtol, threads=threads)
    years = Batch(rows, begin, origin, keep=(), events=steps, origin=origin, deepest=DEEPEST)
    solution = integrate(compiled.engine(), years, rtol=rtol, threads=threads, progress=progress)
    totals = list(totals_of(compiled))
    solution.final[:, totals] = np.where(np.isnan(solution.final[:, totals]), np.nan, start.final[:, totals])
    held = [program.inputs.index(name) for name in present.held]
    solution.final_inputs[:, held] = start.final_inputs[:, held]
    failures = tuple(_failure(failure, _beginning(present, origin), origin) for failure in solution.failures)
    return dataclasses.replace(solution, failures=failures)


def _failure(failure: Failure, begin: float, origin: float) -> Failure:
    """Return the failure of a person as those read it who do not know of quiet years."""
    if failure.time <= begin:
        return dataclasses.replace(failure, time=origin)
    return dataclasses.replace(failure, reason=f"{failure.reason}, in the quiet years before the run")


def _beginning(present: Present, origin: float) -> float:
    return origin - present.years * YEAR_H
