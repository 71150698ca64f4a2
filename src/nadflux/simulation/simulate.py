"""The function `simulate`: people and a plan in, a run out. Every question about people goes through it."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.counts import check_threads
from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.interruptions import uninterrupted
from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person, Posterior
from nadflux.plans.plan import Plan
from nadflux.simulation.collect import folder_for, gathered, run_of
from nadflux.simulation.course import Chunk
from nadflux.simulation.forward import ChunkInterruptedError, run_chunks
from nadflux.simulation.progress import Progress
from nadflux.simulation.resolve import Resolved, resolve
from nadflux.simulation.run import Run
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.select_posterior import DEFAULT
from nadflux.simulation.settle import Settled, settle


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
        self.run = run.changed(notes=(*run.notes, note)) if run is not None else None


class SimulationStoppedError(NadfluxError):
    """An error after some people were finished, such as a full disk or too little memory.

    ``run`` holds these people, ``cause`` is the error.
    """

    def __init__(self, run: Run | None, wanted: int, cause: Exception) -> None:
        done = run.persons if run is not None else 0
        what, remedy = f"{type(cause).__name__}: {cause}".removesuffix(": "), ""
        if isinstance(cause, OSError):
            what = f"{str(cause.filename)!r}: {cause.strerror or cause}" if cause.filename else str(cause)
            remedy = "; free some space, or write elsewhere"
        message = f"stopped after {done} of {wanted} people: {what}"
        super().__init__(f"{message}{remedy}")
        self.cause = cause
        note = Note(NoteCode.INTERRUPTED, message)
        self.run = run.changed(notes=(*run.notes, note)) if run is not None else None


def simulate(
    who: Person | Cohort | Scenario | str,
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
    rtol: float | None = None,
    research: bool = False,
    supervised: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate a person or a cohort under a plan, from the resting state before the first dose.

    Parameters
    ----------
    who : Person, Cohort, Scenario or str
        ``"woman, 62 y, 70 kg"``, with usual habits ``"woman, 62 y, sleeps 6 h, vegetarian"``. For a person the
        spread of the result is over what is not known of them: parameters, and covariates they were not described by.
        A `Scenario` holds all other arguments but ``threads`` and ``progress``.
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
    people : ndarray of int, shape (person,), optional
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
    rtol : float, optional
        Relative tolerance of the integration; that of the body if left out (`nadflux.simulation.tolerances.PLANS`).
    research : bool
        Simulate a plan that screening stops all the same; every output then says so.
    supervised : bool
        State close supervision, which some plans need; nobody verifies it.
    threads : int, optional
        All cores by default.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    Run

    Raises
    ------
    ContraindicatedError
        For a plan that screening stops; its ``screening`` holds the rules.
    NadfluxError
        For input that cannot be simulated; the message names thing, value and remedy.
    SimulationInterruptedError
        On Ctrl-C; carries the people that were finished.
    SimulationStoppedError
        For an error after some people were finished, as on a full disk; carries them.
    """
    given: dict[str, Any] = {
        "plan": plan, "n": n, "seed": seed, "set": set, "times": times, "days": days, "outputs": outputs,
        "peaks": peaks, "people": people, "uncertainty": uncertainty, "spread": spread, "group": group,
        "posterior": posterior, "switches": switches, "body": body, "rtol": rtol, "research": research,
        "supervised": supervised,
    }  # fmt: skip
    scenario = _alone(who, given) if isinstance(who, Scenario) else Scenario.of(who, **given)
    check_threads(threads)
    return simulate_settled(settle(scenario), threads=threads, progress=progress)


def simulate_settled(
    settled: Settled,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    keep: Callable[[Run], object] | None = None,
) -> Run:
    """Simulate a scenario whose plan is scheduled and whose body is prepared; else as `simulate`.

    Parameters
    ----------
    settled : Settled
    threads, progress
        As for `simulate`.
    keep : callable, optional
        Called with the run of the next people whenever some are finished, in their order: to write them at once.

    Raises
    ------
    NadfluxError
        For input that cannot be simulated.
    SimulationInterruptedError
        On Ctrl-C; carries the people that were finished.
    SimulationStoppedError
        For an error after some people were finished, as on a full disk; carries them.
    """
    check_threads(threads)
    resolved = resolve(settled)
    people, folder = resolved.scenario.index, folder_for(resolved)
    runs: list[Run] = []
    done: list[np.ndarray] = []

    def finish(chunk: Chunk) -> None:
        with uninterrupted():
            runs.append(run_of(resolved, chunk, folder))
            done.append(chunk.people)
            if keep is not None:
                keep(runs[-1])

    try:
        for chunk in run_chunks(resolved.prepared, resolved.course, people, threads=threads, progress=progress):
            finish(chunk)
            del chunk  # before the next one needs its memory
    except KeyboardInterrupt as stop:
        if isinstance(stop, ChunkInterruptedError) and stop.chunk is not None:
            with contextlib.suppress(KeyboardInterrupt, OSError):  # what is finished goes with the error in any case
                finish(stop.chunk)
        raise SimulationInterruptedError(_finished(resolved, runs, done), people.size) from None
    except Exception as error:
        if not runs:
            raise
        raise SimulationStoppedError(_finished(resolved, runs, done), people.size, error) from error
    return gathered(resolved, runs)


def _alone(scenario: Scenario, given: Mapping[str, Any]) -> Scenario:
    """Return the scenario; raise `ValueOutOfRangeError` for an argument that the scenario itself holds."""
    parameters = inspect.signature(simulate).parameters
    beside = [name for name, value in given.items() if value is not parameters[name].default]
    if beside:
        raise ValueOutOfRangeError(
            f"{beside[0]} is given beside a scenario, which says it itself; "
            f"change the scenario with scenario.changed(...) and leave {beside[0]} out"
        )
    return scenario


def _finished(resolved: Resolved, runs: Sequence[Run], done: Sequence[np.ndarray]) -> Run | None:
    """Return the run of the people who were finished; its record names them."""
    if not runs:
        return None
    run, people = gathered(resolved, runs), np.concatenate(done).tolist()
    scenario = {**resolved.record["scenario"], "people": people}
    return run.changed(record={**run.record, "scenario": scenario, "people": people})
