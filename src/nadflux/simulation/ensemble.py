"""Simulation of given numbers: each member of an ensemble is a person whose parameters the caller chose.

Calibration and sensitivity propose parameters; everything else is as in `simulate`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nadflux.kernel.integrate import integrate
from nadflux.people import Covariates, Draws
from nadflux.plans.plan import Plan
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.event_arrays import scheduled_batch
from nadflux.simulation.parameters import parameter_rows
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.simulate import CHUNK, RTOL, _grid, _outputs, _planned


def simulate_members(
    draws: Draws,
    covariates: Covariates,
    plan: Plan | None = None,
    *,
    times: Sequence[float] | np.ndarray | None = None,
    days: float | None = None,
    outputs: Sequence[str],
    prepared: Prepared | None = None,
    rtol: float = RTOL,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Values of observables for people whose numbers are given.

    Parameters
    ----------
    draws : Draws
        One row per member; rows of the tables that are not named stay at their typical values.
    covariates : Covariates
        One value per member.
    prepared : Prepared, optional
        The body, the shipped one by default. A fit holds on to its own: files may change while it runs.
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
    names = _outputs(prepared, outputs, ())
    planned = _planned(plan, times, days)
    before = times is not None and planned.start_h <= min(times) < 0
    grid = np.asarray(times, dtype=float) if before else _grid(times, planned.end_h)
    count = len(draws.values)
    parts = []
    for first in range(0, count, CHUNK):
        chosen = slice(first, min(first + CHUNK, count))
        rows = parameter_rows(prepared, Draws(draws.names, draws.values[chosen]), covariates.chosen(chosen), {})
        batch, _ = scheduled_batch(
            prepared.body.model, prepared.program, rows, planned.events, grid, start=planned.start_h, keep=names
        )
        solution = integrate(
            prepared.engine(),
            batch,
            rtol=rtol,
            threads=threads,
            progress=part_of(progress, first, len(rows), count),
        )
        parts.append(solution.outputs)
    return grid, np.concatenate(parts)
