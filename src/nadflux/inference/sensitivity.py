"""Sensitivity of an output of the body to the uncertain numbers of the tables: the batch engine under Sobol designs.

The body is the smallest with the output and everything in the plan. A plan with habits is judged by its last day, as
elsewhere, here relative to the usual day before time 0 of the same people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from nadflux.counts import check_count, check_threads
from nadflux.errors import SimulationError, UnknownNameError
from nadflux.inference.data import Array
from nadflux.inference.seeds import stream
from nadflux.inference.sobol import Indices, check_base, screen, sobol_indices
from nadflux.inference.store import ForwardStore, Progress
from nadflux.inference.study_problem import uncertain_rows
from nadflux.notes import Note
from nadflux.people import Cohort, Draws, Person
from nadflux.people.covariates import covariate_quantile, typical_covariates
from nadflux.people.draws import quantile
from nadflux.people.read_covariates import shipped_covariates
from nadflux.plans import Plan
from nadflux.plans.language.person import at_rest
from nadflux.plans.schedule import Schedule, check_days, schedule
from nadflux.simulation.door import notes_on_screening, pass_door
from nadflux.simulation.ensemble import simulate_members
from nadflux.simulation.select_body import prepare_for
from nadflux.units import DAY_H

Measure = Literal["end", "ratio", "mean", "peak"]
CHECK_RUNS = 512
MOST_INPUTS = 1000
_STEPS = 24


@dataclass(frozen=True)
class Sensitivity:
    """Indices of one output.

    Attributes
    ----------
    output, measure, unit : str
    logarithm : bool
        Whether the variance is that of the natural logarithm (always if the figure is positive).
    indices : Indices
        Indices of the varied inputs.
    screened : int
        Number of all uncertain inputs.
    covered : float
        Variance over the varied inputs, as a share of the variance over all inputs (may exceed 1 by chance).
    median, low, high : float
        Median and 90 % interval of the figure with all inputs varied, in ``unit``.
    matrix, tier : str
        Matrix and tier of the output; the tier is that of the weakest number behind it.
    tiers : mapping of str to str
        Tier of each input, by its name.
    typical : mapping of str to float
        Fixed covariates of the typical person, by name, each in the unit of its row.
    notes : tuple of Note
        On the screening of the plan.
    """

    output: str
    measure: Measure
    unit: str
    logarithm: bool
    indices: Indices
    screened: int
    covered: float
    median: float
    low: float
    high: float
    matrix: str = ""
    tier: str = ""
    tiers: Mapping[str, str] = field(default_factory=dict)
    typical: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def sensitivity(
    who: Person | Cohort,
    plan: Plan | None,
    output: str,
    *,
    measure: Measure | None = None,
    covariates: Sequence[str] = (),
    days: float | None = None,
    top: int = 20,
    base: int = 128,
    seed: int = 1,
    research: bool = False,
    supervised: bool = False,
    threads: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Screen all uncertain typical values by Morris' method, then divide the variance among the ``top`` ones.

    Parameters
    ----------
    who : Person or Cohort
        Simulated as one typical person: known covariates, and the median of those not described.
    plan : Plan, optional
    output : str
        Id of an observable.
    measure : {"end", "ratio", "mean", "peak"}, optional
        Last value, last over first (default under a plan), mean, or largest stored value. Under a plan with habits
        the last is the mean of the last day that counts, the first that of the usual day before time 0.
    covariates : sequence of str
        Covariates to vary as well, over their distribution in such people; the others are those of the typical person.
    days : float, optional
        Length of the run; by default that of the plan.
    top : int
        Inputs for which indices are computed.
    base : int
        Base samples, a power of two: ``base * (top + 2)`` runs.
    seed : int
    research : bool
        Whether a plan that screening stops is run all the same; the notes then say so.
    supervised : bool
        Whether close supervision is stated; nobody verifies it.
    threads : int, optional
    folder : path, optional
        Folder of finished runs; the same call continues from them.
    progress : callable, optional
        ``progress(stage, done, of)``.

    Raises
    ------
    ContraindicatedError
        For a plan that screening stops, unless it is run for research.
    UnknownNameError
        For an output, measure or covariate that does not exist.
    ValueOutOfRangeError
        For a covariate that does not vary between these people, or a count out of bounds.
    SimulationError
        If too many runs fail or the output does not vary.
    """
    measure = measure or ("end" if plan is None else "ratio")
    if measure not in get_args(Measure):
        raise UnknownNameError("measure", measure, get_args(Measure))
    check_base(base)
    check_count("top", top, MOST_INPUTS, remedy="the screening orders all of them")
    check_threads(threads)
    if days is not None:
        check_days(days)
    planned = None if plan is None else schedule(plan, days=days)
    screening = None
    if planned is not None:
        screening = pass_door(who, plan, planned, research=research, supervised=supervised, outputs=(output,))
    prepared = prepare_for(None, who=who, events=planned.events if planned else (), outputs=(output,))
    known = {o.id: o for o in prepared.body.observables}
    if output not in known:
        raise UnknownNameError("observable", output, known, "(`nadflux describe` lists all)")
    at_rest(who)
    rows = uncertain_rows(prepared)
    typical = typical_covariates(who, seed)
    for name in covariates:
        covariate_quantile(who, name, np.array([0.5]), typical)  # refused before anything runs
    names = (*(row.key for row in rows), *covariates)
    times = _times(planned, days)

    def run(chances: Array) -> Array:
        values = np.stack([quantile(row, chances[:, k]) for k, row in enumerate(rows)], axis=1)
        columns = enumerate(covariates, start=len(rows))
        own = {name: covariate_quantile(who, name, chances[:, k], typical) for k, name in columns}
        _, found = simulate_members(
            Draws(names[: len(rows)], values),
            typical.repeated(len(chances)).replaced(own),
            plan,
            prepared=prepared,
            times=times,
            days=days,
            outputs=(output,),
            threads=threads,
        )
        if planned is not None and planned.start_h < 0:
            return _of_days(found[:, :, 0], times, planned.judged_h, measure)[:, None]
        return _measured(found[:, :, 0], measure)[:, None]

    asked = f"{prepared.biology_hash} {who} {plan} {output} {measure} {times.tobytes().hex()} {seed}"
    asked += f" {' '.join(covariates)}" if covariates else ""
    store = ForwardStore(run, hashlib.sha256(asked.encode()).hexdigest(), folder, 256, progress)
    everything = np.clip(stream(seed, "all inputs").random((CHECK_RUNS, len(names))), 1e-6, 1 - 1e-6)
    figures = store.run(everything, "all inputs")[:, 0]
    figures = figures[np.isfinite(figures)]
    if figures.size < CHECK_RUNS // 2:
        raise SimulationError(f"{CHECK_RUNS - figures.size} of {CHECK_RUNS} runs failed or have no such figure")
    logarithm = bool((figures > 0).all())
    scaled = _log if logarithm else _same
    chosen = screen(lambda chances: scaled(store.run(chances, "screening")[:, 0]), names, top, seed=seed)
    columns = [names.index(name) for name in chosen]

    def over_chosen(chances: Array) -> Array:
        full = np.full((len(chances), len(names)), 0.5)
        full[:, columns] = chances
        return scaled(store.run(full, "Sobol design")[:, 0])

    indices = sobol_indices(over_chosen, chosen, base=base, seed=seed)
    low, median, high = np.percentile(figures, [5, 50, 95])
    unit = "fold" if measure == "ratio" else known[output].unit
    covered = indices.variance / float(np.var(scaled(figures)))
    return Sensitivity(
        output, measure, unit, logarithm, indices, len(names), covered, float(median), float(low), float(high),
        known[output].matrix, prepared.tiers[output],
        {row.key: row.tier for row in rows} | {name: shipped_covariates().row(name).tier for name in covariates},
        {name: float(value[0]) for name, value in typical.items() if name not in covariates},
        tuple(notes_on_screening(who, screening)),
    )  # fmt: skip


def _log(figures: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(figures)
    return np.asarray(np.where(np.isfinite(logs), logs, np.nan))


def _same(figures: Array) -> Array:
    return figures


def _measured(values: Array, measure: Measure) -> Array:
    """Return one figure per run of values (run, time)."""
    if measure == "end":
        return values[:, -1]
    if measure == "ratio":
        return np.asarray(values[:, -1] / values[:, 0])
    if measure == "mean":
        return np.asarray(values.mean(axis=1))
    return np.asarray(values.max(axis=1))


def _of_days(values: Array, times: Array, judged: float, measure: Measure) -> Array:
    """Return one figure per run of values (run, time) under habits, whose first day is a usual one."""

    def mean(start: float, stop: float) -> Array:
        chosen = (times >= start) & (times <= stop)
        return np.asarray(np.trapezoid(values[:, chosen], times[chosen], axis=1) / (stop - start))

    last = mean(max(0.0, judged - DAY_H), judged)
    if measure == "end":
        return last
    if measure == "ratio":
        return np.asarray(last / mean(-DAY_H, 0.0))
    return _measured(values[:, times >= 0.0], measure)


def _times(planned: Schedule | None, days: float | None) -> Array:
    end = (days or 1.0) * DAY_H if planned is None else planned.end_h
    times = np.linspace(0.0, end, max(2, min(2000, int(end / DAY_H * _STEPS) + 1)))
    if planned is None or planned.start_h == 0:
        return times
    # hours of the usual day and of the judged day, for means
    hours = np.arange(_STEPS)
    return np.unique([*(hours - DAY_H), *times, *(planned.judged_h - DAY_H + hours), planned.judged_h])
