"""Simulation of given numbers: each member of an ensemble is a person whose parameters the caller chose.

Calibration and sensitivity propose parameters; everything else is as in `simulate`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from nadflux.people import Covariates, Draws
from nadflux.plans.plan import Plan
from nadflux.simulation.check_work import check_work
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.counterfactual import course_of
from nadflux.simulation.forward import run_chunks
from nadflux.simulation.numbers import GivenNumbers
from nadflux.simulation.output_names import kept_outputs
from nadflux.simulation.progress import Progress
from nadflux.simulation.settle import schedule_of
from nadflux.simulation.time_grid import stored_times
from nadflux.simulation.tolerances import plan_tolerance


def simulate_members(
    draws: Draws,
    covariates: Covariates,
    plan: Plan | None = None,
    *,
    times: Sequence[float] | np.ndarray | None = None,
    days: float | None = None,
    outputs: Sequence[str],
    prepared: Prepared | None = None,
    rtol: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate observables of people whose numbers are given.

    Parameters
    ----------
    draws : Draws
        One row per member; rows of the tables that are not named stay at their typical values.
    covariates : Covariates
        One value per member.
    prepared : Prepared, optional
        The body, the shipped one by default. A fit keeps its own: files may change while it runs.
    times : array (time,), h, optional
        As in `nadflux.simulation.simulate`; from the start of the usual days before time 0 on, where the plan has them.
    plan, days, outputs, rtol, threads, progress
        As in `nadflux.simulation.simulate`.

    Returns
    -------
    times : ndarray, shape (time,), h
    values : ndarray, shape (member, time, output)
        NaN from a member's failure on.

    Raises
    ------
    NadfluxError
        As `simulate`.
    """
    prepared = prepared or prepare()
    names = kept_outputs(prepared, outputs)
    planned = schedule_of(plan, times, days)
    before = times is not None and planned.start_h <= min(times) < 0
    grid = np.asarray(times, dtype=float) if before else stored_times(times, planned.end_h)
    members = np.arange(len(draws.values), dtype=np.int64)
    check_work(members.size, planned.start_h, float(grid[-1]), 1, grid.size, len(names))
    alone = dataclasses.replace(planned, counterfactual=())
    rtol = plan_tolerance(prepared.body.name, rtol)
    course = course_of(prepared, alone, GivenNumbers(draws, covariates), grid, names, rtol=rtol)
    chunks = run_chunks(prepared, course, members, threads=threads, progress=progress)
    return grid, np.concatenate([chunk.outputs for chunk in chunks])
