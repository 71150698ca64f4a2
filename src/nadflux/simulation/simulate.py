"""The one `simulate`: people and a plan in, a Run out. Every question is a cohort that passes through it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nadflux._version import __version__
from nadflux.errors import SimulationError, ValueOutOfRangeError
from nadflux.kernel.batch import Batch, IntegrationInterruptedError, Solution, chosen_of
from nadflux.kernel.integrate import integrate
from nadflux.kernel.lanes import ZERO_SCALE
from nadflux.kernel.step import ABSOLUTE_FRACTION
from nadflux.network.names import to_id, to_name
from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person, Posterior, draw, draw_covariates
from nadflux.plans.dose_limits import BEYOND, flags_of
from nadflux.plans.habits import Habit
from nadflux.plans.language.person import read_person, usual_habits
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Schedule, ScheduledEvent, check_days, schedule
from nadflux.simulation.balance import balance_error
from nadflux.simulation.compiled import BALANCE, Prepared
from nadflux.simulation.counterfactual import UsualLife, live_usual, parting_of
from nadflux.simulation.event_arrays import scheduled_batch
from nadflux.simulation.evidence_tier import answer_tier
from nadflux.simulation.failures import failures_of
from nadflux.simulation.notes import FITTED, GRADED, notes_of
from nadflux.simulation.output_names import expand
from nadflux.simulation.parameters import from_time_zero, notes_on_settings, parameter_rows, read_overrides
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.run import PersonFailure, Quantity, Run, joined
from nadflux.simulation.select_body import prepare_for
from nadflux.simulation.select_posterior import DEFAULT, find_posterior
from nadflux.simulation.summary import TOTAL

DAY = 24.0
RTOL = 1e-4  # error 4e-5 of each state in benchmarks/engine.py: far below what is not known
# Per state, as the kernel takes it where no scale is given.
ATOL = (
    f"rtol x {ABSOLUTE_FRACTION:g} of the person's own initial size of each state; "
    f"of a state that starts at zero: x {ZERO_SCALE:g} of the largest"
)
BALANCE_TOLERANCE = 1e-6
CHUNK = 256  # people per piece of work
_STEPS = ((4.0, 0.25), (14.0, 1.0), (math.inf, 4.0))  # runs of up to so many days: hours between stored times
_LIVED_STEP = 2.0  # at most, where meals and sleep make days: fewer would miss them
_DEFAULT_DAYS = 28.0
_DEFAULT_PEOPLE = 64


class SimulationInterruptedError(KeyboardInterrupt):
    """Ctrl-C during a simulation; ``run`` holds the people that were finished, or None, ``progress`` says how many.

    Its record names them as ``people``: what `simulate` takes to draw the same ones again.
    """

    def __init__(self, run: Run | None, wanted: int) -> None:
        done = run.persons if run is not None else 0
        self.progress = f"interrupted after {done} of {wanted} people"
        message = f"{self.progress}; they are kept"
        super().__init__(message)
        note = Note(NoteCode.INTERRUPTED, message)
        self.run = replace(run, notes=(*run.notes, note)) if run is not None else None


def simulate(
    who: Person | Cohort | str,
    plan: Plan | str | None = None,
    *,
    n: int | None = None,
    seed: int = 0,
    set: Mapping[str, str | float] | None = None,
    times: Sequence[float] | np.ndarray | None = None,
    days: float | None = None,
    outputs: Sequence[str] | None = None,
    peaks: Sequence[str] = (),
    people: np.ndarray | None = None,
    uncertainty: bool = True,
    spread: bool = True,
    group: int = 1,
    posterior: Posterior | Path | str | None = DEFAULT,
    switches: Mapping[str, str] | None = None,
    body: str | None = None,
    rtol: float = RTOL,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate a person or a cohort under a plan, from the resting state before the first dose.

    Parameters
    ----------
    who : Person, Cohort or str
        ``"woman, 62 y, 70 kg"``, with usual habits ``"woman, 62 y, sleeps 6 h, vegetarian"``. For a person the
        spread of the result is over what is not known of them: parameters, and covariates they were not described by.
    plan : Plan or str, optional
        ``"NR chloride 500 mg oral twice daily for 8 weeks"``; nothing is taken if left out.
    n : int, optional
        People to draw: the cohort's own number, or 64 for a described person.
    seed : int
        Same seed, same bits, on any number of threads.
    set : mapping of str to str or float
        Numbers of the model to change, e.g. ``{"liver.NAMPT.Km": "0.3 µM"}``; they are then the same for all, and
        hold from rest on. Inputs of the whole body, e.g. ``{"drugs.rapamycin": "0.1 µM"}``, hold from time 0 on.
    times : array (time,), h, optional
        When to store; if left out every quarter of an hour up to four days, every hour up to two weeks, every
        four hours beyond. With lifestyle in the plan: at least every two hours, and every quarter of an hour in
        the usual day before time 0 (times below 0) and in the last day.
    days : float, optional
        Length; that of the plan if left out.
    outputs : sequence of str, optional
        Observables to keep, all by default; ``"autophagy"`` or ``"autophagy of liver"`` stands for J_init, J_seq,
        J_deg and the markers. Has no influence on the bits of the others.
    peaks : sequence of str
        Observables whose peak and its time are wanted, from dense output.
    people : ndarray of int, optional
        Indices of the people to simulate instead of 0 to n-1; person 7 is the same in any selection.
    uncertainty, spread : bool
        Whether typical values and people's departures from them are drawn.
    group : int
        Consecutive people who share one draw of the typical values.
    posterior : Posterior, path, "shipped" or "none"
        Fitted typical values; the shipped ones by default, or the tables' priors.
    switches : mapping of str to str
        Options of contested links, e.g. ``{"red_cells.NA": "plasma"}``.
    body : {"nad", "whole"}, optional
        NAD+ metabolism alone, or with energy, sensing, autophagy, food and lifestyle. If left out, the whole body
        where the plan, an output, a setting or a switch needs it.
    rtol : float
        Relative tolerance of the integration.
    threads : int, optional
        All cores by default.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    Run

    Raises
    ------
    NadfluxError
        For input that cannot be simulated; the message names thing, value and remedy.
    SimulationInterruptedError
        On Ctrl-C; carries the people that were finished.
    """
    who = read_person(who) if isinstance(who, str) else who
    plan = Plan.parse(plan) if isinstance(plan, str) else plan
    index = _people(who, n, people)
    if threads is not None and threads < 1:
        raise ValueOutOfRangeError(f"threads = {threads}: at least one is needed; leave it out for all cores")
    planned = _planned(plan, times, days, usual_habits(who))
    prepared = prepare_for(
        body, who=who, switches=switches, events=planned.events, outputs=(*(outputs or ()), *peaks), settings=set or {}
    )
    overrides = read_overrides(prepared, set or {})
    constants, stepped = from_time_zero(prepared, overrides)
    planned = _with_inputs(planned, stepped)
    names = _outputs(prepared, outputs, peaks)
    _check_lived(prepared, planned)
    grid = _grid(times, planned.end_h, planned.start_h)
    end = float(grid[-1])
    # Totals count from time 0: what usual days before it excreted is taken off.
    solved = grid if planned.start_h == 0 or 0.0 in grid else np.append(0.0, grid)
    fitted, fitted_note = find_posterior(prepared.body, posterior)
    record = {
        "who": str(who),
        "plan": str(plan) if plan is not None else "nothing taken",
        "seed": int(seed),
        "set": {name: str(value) for name, value in (set or {}).items()},
        "uncertainty": uncertainty,
        "spread": spread,
        "group": group,
        "posterior": fitted.version if fitted is not None else "none (priors)",
        "rtol": rtol,
        "atol": ATOL,
        "end_h": end,
        "judged_h": min(planned.judged_h or end, end),
        "flags": list(flags_of(planned.notes)),
        "doses_h": sorted({dose.time_h for dose in planned.doses}),
        "run_in_h": -planned.start_h,
        "timeline": [[s.start_h, s.stop_h, s.what, s.label] for s in planned.spans if s.stop_h >= -DAY],
        **_provenance(prepared),
    }
    graded = FITTED if fitted is not None else GRADED
    said = notes_of(
        who, planned, uncertainty, spread, index.size, planning=plan is not None, tier=graded, fitted=fitted_note
    )
    notes = (*said, *notes_on_settings(prepared, set or {}, overrides, stepped))
    # What no fitted study had in it: numbers by hand, days that are lived, doses beyond any studied.
    outside = bool(set or planned.usual or BEYOND in record["flags"])
    quantities = _quantities(prepared, names, None if outside else fitted, plan.ways if plan is not None else ())

    balances = [name for name in prepared.program.outputs if name.startswith(BALANCE)]
    moieties = [name.removeprefix(BALANCE) for name in balances]
    runs: list[Run] = []
    kept: list[np.ndarray] = []
    try:
        for first in range(0, index.size, CHUNK):
            chosen = index[first : first + CHUNK]
            draws = draw(
                prepared.body.table, chosen, seed,
                uncertainty=uncertainty, spread=spread, group=group, posterior=fitted,
            )  # fmt: skip
            rows = parameter_rows(prepared, draws, draw_covariates(who, chosen, seed), constants)
            batch, scales = scheduled_batch(
                prepared.body.model, prepared.program, rows, planned.events, solved,
                start=planned.start_h, peaks=peaks, keep=(*names, *balances),
            )  # fmt: skip
            stopped: IntegrationInterruptedError | None = None
            share = part_of(progress, first, chosen.size, index.size)
            life = None
            if planned.usual:
                life = _usual(prepared, rows, planned, batch, names, rtol, threads, share)
                batch, share = life.rest, life.progress
            try:
                solution = integrate(prepared.engine(), batch, rtol=rtol, threads=threads, progress=share)
            except IntegrationInterruptedError as stop:
                stopped, solution = stop, stop.solution
            usual = None if life is None else life.values
            solution = solution if life is None else life.continued(solution)
            if stopped is not None:
                solution, chosen = chosen_of(solution, stopped.finished), chosen[stopped.finished]
                rows = rows[stopped.finished]
                usual = None if usual is None else usual[stopped.finished]
            if chosen.size:
                totals = solution.outputs[:, :, len(names) :]
                balance = balance_error(prepared, totals, moieties, planned.events, solved, scales)
                about = {**record, "balance": balance}
                failures = failures_of(prepared, rows, solution, planned.start_h)
                runs.append(_run(quantities, failures, solution, solved, grid, peaks, about, notes, usual))
                kept.append(chosen)
            if stopped is not None:
                raise stopped
    except KeyboardInterrupt:
        whole = _together(runs)
        if whole is not None:
            whole = replace(whole, record={**whole.record, "people": np.concatenate(kept).tolist()})
        raise SimulationInterruptedError(whole, index.size) from None
    run = _together(runs)
    assert run is not None
    return run


def _together(runs: Sequence[Run]) -> Run | None:
    if not runs:
        return None
    whole = joined(runs)
    worst = {moiety: max(run.record["balance"][moiety] for run in runs) for moiety in runs[0].record["balance"]}
    record = {**whole.record, "balance": worst, "persons": whole.persons}
    failed = len(whole.failures)
    notes = whole.notes
    if failed:
        first = whole.failures[0]
        text = (
            f"{failed} of {whole.persons} people could not be simulated to the end and count as missing "
            f"(the first: person {first.person} at {first.time:.4g} h, {first.state}: {first.reason})"
        )
        notes = (*notes, Note(NoteCode.PEOPLE_FAILED, text))
    for moiety, error in worst.items():
        if error > BALANCE_TOLERANCE:
            text = f"the {moiety} balance is off by {error:.1e}: do not trust this run, and report it"
            notes = (*notes, Note(NoteCode.BALANCE_OFF, text, moiety))
    return replace(whole, record=record, notes=notes)


def _quantities(
    prepared: Prepared, names: Sequence[str], fitted: Posterior | None, ways: Iterable[tuple[str, str]]
) -> tuple[Quantity, ...]:
    observables = {o.id: o for o in prepared.body.observables}
    return tuple(
        Quantity(o.id, o.label, o.unit, o.matrix, o.kind, answer_tier(o.id, fitted, prepared.tiers[o.id], ways))
        for o in (observables[n] for n in names)
    )


def _run(
    quantities: tuple[Quantity, ...],
    failures: tuple[PersonFailure, ...],
    solution: Solution,
    solved: np.ndarray,
    grid: np.ndarray,
    peaks: Sequence[str],
    record: Mapping[str, Any],
    notes: tuple[Note, ...],
    usual: np.ndarray | None,
) -> Run:
    largest = {name: solution.peaks[:, k, :] for k, name in enumerate(peaks)}
    stored = [solution.outputs[:, :, : len(quantities)].copy(), *([] if usual is None else [usual])]
    since = [k for k, quantity in enumerate(quantities) if quantity.id.endswith(TOTAL)]
    if record["run_in_h"] and since:
        for values in stored:
            values[:, :, since] -= values[:, int(np.searchsorted(solved, 0.0)), None][:, :, since]
    kept = [values[:, solved.size - grid.size :] for values in stored]
    return Run(kept[0], grid, quantities, record, failures, notes, largest, kept[1] if usual is not None else None)


def _usual(
    prepared: Prepared,
    rows: np.ndarray,
    planned: Schedule,
    plan: Batch,
    names: Sequence[str],
    rtol: float,
    threads: int | None,
    progress: Progress | None,
) -> UsualLife:
    """The same people in their usual days, without the plan."""
    batch, _ = scheduled_batch(
        prepared.body.model, prepared.program, rows, planned.usual, plan.times, start=planned.start_h, keep=names
    )
    return live_usual(prepared.engine(), plan, batch, parting_of(planned), rtol, threads, progress)


def _with_inputs(planned: Schedule, stepped: Mapping[str, float]) -> Schedule:
    """The schedule with inputs that hold from time 0 on, in the plan as in the usual days beside it."""
    if not stepped:
        return planned
    first = [ScheduledEvent(0.0, to_name(name), "set", value) for name, value in stepped.items()]

    def merged(events: Sequence[ScheduledEvent]) -> tuple[ScheduledEvent, ...]:
        return tuple(sorted((*first, *events), key=lambda event: event.time_h))

    return replace(planned, events=merged(planned.events), usual=merged(planned.usual) if planned.usual else ())


def _people(who: Person | Cohort, n: int | None, people: np.ndarray | None) -> np.ndarray:
    if people is not None:
        index = np.asarray(people)
        if index.ndim != 1 or not index.size or index.dtype.kind not in "iu" or index.min() < 0:
            raise ValueOutOfRangeError("people must be a list of whole numbers from 0 on, one for each person to draw")
        return index.astype(np.int64)
    count = n if n is not None else who.n if isinstance(who, Cohort) else _DEFAULT_PEOPLE
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
        raise ValueOutOfRangeError(f"n = {count}: simulate at least one person, and a whole number of them")
    return np.arange(int(count), dtype=np.int64)


def _outputs(prepared: Prepared, outputs: Sequence[str] | None, peaks: Sequence[str]) -> tuple[str, ...]:
    if outputs is None:
        expand(peaks, prepared.body.observables)
        return tuple(name for name in prepared.program.outputs if not name.startswith(BALANCE))
    return expand((*outputs, *peaks), prepared.body.observables)


def _planned(
    plan: Plan | None, times: Sequence[float] | np.ndarray | None, days: float | None, usual: Sequence[Habit] = ()
) -> Schedule:
    if days is None and times is not None and len(times):
        days = float(times[-1]) / DAY or None
    if plan is None:
        days = _DEFAULT_DAYS if days is None else days
        return schedule(Plan(()), days=days, usual=usual) if usual else Schedule(end_h=check_days(days))
    return schedule(plan, days=days, usual=usual)


def _check_lived(prepared: Prepared, planned: Schedule) -> None:
    """Refuse habits for a body that has no place for them."""
    known = {*prepared.program.states, *prepared.program.inputs}
    missing = [event.target for event in planned.events if to_id(event.target) not in known]
    if planned.start_h < 0 and missing:
        raise SimulationError(
            f"this body has no {missing[0]}, which a lifestyle acts on; take the whole body (body='whole')"
        )


def _grid(times: Sequence[float] | np.ndarray | None, end: float, start: float = 0.0) -> np.ndarray:
    if times is not None:
        grid = np.asarray(times, dtype=float)
        if grid.ndim != 1 or not grid.size or not np.all(np.isfinite(grid)) or grid[0] < 0:
            raise ValueOutOfRangeError("times must be a list of finite hours, none negative")
        if np.any(np.diff(grid) < 0):
            raise ValueOutOfRangeError("times must be in increasing order")
        return grid
    step = next(step for days, step in _STEPS if end <= days * DAY)
    if start < 0:
        return _days_grid(end, start, min(step, _LIVED_STEP))
    return np.append(np.arange(0.0, end, step), end)


def _days_grid(end: float, start: float, step: float) -> np.ndarray:
    """Times of a lived plan: the usual day before it and its last day finely, every ``step`` hours between."""
    last = max(0.0, end - DAY)
    fine = _STEPS[0][1]
    parts = (np.arange(max(start, -DAY), 0.0, fine), np.arange(0.0, last, step), np.arange(last, end, fine), [end])
    return np.concatenate(parts)


def _provenance(prepared: Prepared) -> dict[str, Any]:
    import llvmlite

    versions = {"nadflux": __version__, "numpy": np.__version__, "llvmlite": llvmlite.__version__}
    return {
        "body": prepared.body.name,
        "switches": dict(prepared.body.switches),
        "text_hash": prepared.body.text_hash,
        "table_hash": prepared.body.table_hash,
        "versions": {**versions, **prepared.read_with},
    }
