"""Labelled-tracer runs: the fate of the moieties of a labelled dose, and the forms in which organs build them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from nadflux.counts import check_count, check_threads
from nadflux.errors import PlanError, SimulationError
from nadflux.network.label import Labelled
from nadflux.network.names import to_id, to_name
from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person, Posterior
from nadflux.plans.catalogue import shipped
from nadflux.plans.day.food_with_dose import FED
from nadflux.plans.dose_limits import flags_of
from nadflux.plans.events import ScheduledEvent
from nadflux.plans.language.person import at_rest, read_person
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import schedule
from nadflux.simulation.check_work import MOST_PEOPLE_IN_MEMORY, check_work
from nadflux.simulation.course import Chunk, Course, Segment
from nadflux.simulation.door import pass_door
from nadflux.simulation.forward import run_chunks
from nadflux.simulation.notes import drawn_again_note, notes_of
from nadflux.simulation.numbers import DrawnNumbers, chosen_people
from nadflux.simulation.parameters import notes_on_settings, read_overrides
from nadflux.simulation.progress import Progress
from nadflux.simulation.record import posterior_name, provenance
from nadflux.simulation.run import PersonFailure
from nadflux.simulation.select_posterior import DEFAULT, find_posterior
from nadflux.simulation.time_grid import hourly_times, increasing_times
from nadflux.simulation.tolerances import ATOL, plan_tolerance
from nadflux.simulation.tracer.labelled_body import BUILT, HELD, KIND, MOIETY, PLACE, Traced, traced_body
from nadflux.simulation.views import Shown
from nadflux.units import DAY_H

ENOUGH = "an interval of 90 % needs no more, and all of them lie in memory at once"

NOTES = (
    Note(
        NoteCode.BUILT_IN,
        "built in: share of the labelled dose that an organ built into NAD+ and its precursor nucleotides, by the form "
        "in which it came to do so; what leaves an organ and comes back counts again, so organs do not add up to 100 %",
    ),
    Note(NoteCode.HELD, "held: share of the labelled dose that is NAD+ of the organ at that time"),
    Note(
        NoteCode.SHARES_ASSUMED,
        "every share follows from the whole model and is of tier assumed; no human tracer data were fitted",
    ),
)


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Shown):
    """Fate of a labelled dose, as shares of the label given by the end of the run.

    Attributes
    ----------
    times : ndarray, shape (time,), h
    organs, forms, places, compounds : tuple of str
        ``forms`` are the precursors that organs build in; ``places`` all parts of the body, lumen and urine.
    built : ndarray, shape (person, time, organ, form)
        Built into nucleotides since the start.
    held : ndarray, shape (person, time, organ, form)
        Present as NAD+ that came in that form.
    where : ndarray, shape (person, time, place)
        All label, in whatever compound; sums to what has been given.
    what : ndarray, shape (person, time, compound)
        All label, wherever it is, by ``compounds``: the names of species without their organ.
    given : ndarray, shape (time,)
        Share of the label given so far.
    balance : float
        Largest departure of the sum of all label from what was given, relative to the dose.
    """

    shown_as: ClassVar[str] = "trace"

    compound: str
    times: np.ndarray
    organs: tuple[str, ...]
    forms: tuple[str, ...]
    places: tuple[str, ...]
    compounds: tuple[str, ...]
    built: np.ndarray
    held: np.ndarray
    where: np.ndarray
    what: np.ndarray
    given: np.ndarray
    balance: float
    record: Mapping[str, Any]
    failures: tuple[PersonFailure, ...] = ()
    notes: tuple[Note, ...] = field(default=NOTES)


def trace(
    who: Person | Cohort | str,
    plan: Plan | str,
    label: str | None = None,
    *,
    hours: float = DAY_H,
    times: Sequence[float] | np.ndarray | None = None,
    n: int | None = None,
    seed: int = 0,
    set: Mapping[str, str | float] | None = None,
    uncertainty: bool = True,
    spread: bool = True,
    posterior: Posterior | Path | str | None = DEFAULT,
    switches: Mapping[str, str] | None = None,
    rtol: float | None = None,
    research: bool = False,
    supervised: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Follow the nicotinamide moiety of every dose of one compound of a plan.

    Parameters
    ----------
    who, plan, n, seed, set, uncertainty, spread, posterior, switches, rtol, research, supervised, threads, progress
        As in `nadflux.simulation.simulate`.
    label : str, optional
        The compound of the plan whose doses are labelled; may be left out where the plan has one compound.
    hours : float
        Length of the run.
    times : array (time,), h, optional
        When to store, every hour if left out.

    Returns
    -------
    Trace

    Raises
    ------
    PlanError
        Where the plan does not have the compound, or the compound carries no nicotinamide moiety.
    SimulationError
        Where nobody could be simulated.
    NadfluxError
        As `simulate`.
    """
    who = at_rest(read_person(who) if isinstance(who, str) else who)
    plan = _doses_alone(plan)
    check_threads(threads)
    compound = _labelled_compound(plan, label)
    grid = increasing_times(times) if times is not None else hourly_times(hours)
    end = float(grid[-1])
    planned = schedule(plan, days=end / DAY_H)
    screening = pass_door(who, plan, planned, research=research, supervised=supervised, settings=set)
    traced = traced_body(switches)
    prepared = traced.prepared
    twins, given = _labelled_doses(traced, plan, compound, grid)
    index = chosen_people(who, n)
    check_count("people", index.size, MOST_PEOPLE_IN_MEMORY, remedy=ENOUGH)
    check_work(index.size, 0.0, end, 1, grid.size, len(prepared.program.outputs))
    fitted, fitted_note = find_posterior(prepared.body, posterior)
    overrides = read_overrides(prepared, set or {})
    numbers = DrawnNumbers(who, seed, uncertainty=uncertainty, spread=spread, posterior=fitted, constants=overrides)
    rtol = plan_tolerance(prepared.body.name, rtol)
    course = Course(numbers, (Segment(0.0, end, grid, (*planned.events, *twins)),), rtol=rtol)
    outputs, failures, again = _followed(run_chunks(prepared, course, index, threads=threads, progress=progress))
    if len(failures) == index.size:
        first = failures[0]
        raise SimulationError(f"no person could be traced: {first.state} at {first.time:.4g} h, {first.reason}")
    record = {
        "who": str(who), "plan": str(plan), "labelled": compound, "seed": seed, "end_h": end,
        "rtol": rtol, "atol": ATOL, "flags": list(flags_of(planned.notes)),
        "posterior": posterior_name(fitted), **provenance(prepared),
    }  # fmt: skip
    said = notes_of(who, planned, uncertainty, spread, index.size, screening=screening)
    notes = (
        *(note for note in said if note.code != NoteCode.RUN_ENDS_EARLY),
        *([fitted_note] if fitted_note is not None else []),
        *NOTES,
        *_parts_labelled(plan, compound),
        *notes_on_settings(prepared, set or {}, overrides),
        *_left_out(len(failures), index.size),
        *drawn_again_note(again, index.size),
    )
    return _result(traced, compound, grid, outputs, given, record, failures, notes)


def _doses_alone(plan: Plan | str) -> Plan:
    plan = Plan.parse(plan) if isinstance(plan, str) else plan
    if plan.lifestyle:
        raise PlanError("a tracer run follows doses in a body at rest; leave the lifestyle out of the plan")
    return plan


def _labelled_doses(
    traced: Traced, plan: Plan, compound: str, grid: np.ndarray
) -> tuple[list[ScheduledEvent], np.ndarray]:
    """Return the doses of a compound into the labelled twins, and the label given before each time (time,), µmol."""
    end = float(grid[-1])
    alone = Plan(tuple(regimen for regimen in plan.regimens if regimen.compound == compound))
    marked = [event for event in schedule(alone, days=end / DAY_H).events if event.target != FED]
    twins = _labelled_events(traced.labelled, marked, compound)
    given = _given(marked, grid, traced.labelled)
    if not given[-1] > 0:
        raise PlanError(f"no dose of {compound} falls into the first {end:g} h; give --hours beyond it")
    return twins, given


def _followed(chunks: Iterable[Chunk]) -> tuple[np.ndarray, tuple[PersonFailure, ...], int]:
    """Return the outputs of all people, shape (person, time, output), µmol, the failures, and how many were redrawn."""
    outputs: list[np.ndarray] = []
    failures: list[PersonFailure] = []
    before = again = 0
    # Failures count people within their chunk.
    for chunk in chunks:
        failures += [replace(failure, person=failure.person + before) for failure in chunk.failures]
        outputs.append(chunk.outputs)
        before += chunk.people.size
        again += chunk.draws.drawn_again
    return np.concatenate(outputs), tuple(failures), again


def _left_out(failed: int, people: int) -> list[Note]:
    if not failed:
        return []
    text = f"{failed} of {people} people could not be simulated to the end and are left out"
    return [Note(NoteCode.PEOPLE_FAILED, text)]


def carries_label(target: str, switches: Mapping[str, str] | None = None) -> bool:
    """Tell whether what enters the body at ``target`` (of the routes table) carries the moiety that is traced."""
    traced = traced_body(switches)
    return to_id(target) in {**traced.labelled.twins, **traced.labelled.inputs}


def _result(
    traced: Traced,
    compound: str,
    grid: np.ndarray,
    outputs: np.ndarray,
    given: np.ndarray,
    record: Mapping[str, Any],
    failures: tuple[PersonFailure, ...],
    notes: tuple[Note, ...],
) -> Trace:
    dose = given[-1]
    keys = list(traced.labelled.built)
    organs, forms = (tuple(dict.fromkeys(key[k] for key in keys)) for k in (0, 1))
    names = traced.prepared.program.outputs

    def share(what: str) -> np.ndarray:
        """Return shares of the dose, shape (person, time, organ, form)."""
        values = np.zeros((len(outputs), grid.size, len(organs), len(forms)))
        for organ, form in keys:
            column = names.index(f"{what}:{organ}:{form}")
            values[:, :, organs.index(organ), forms.index(form)] = outputs[:, :, column] / dose
        return values

    columns, kinds = (_starting_with(what, names) for what in (PLACE, KIND))
    where = outputs[:, :, columns] / dose
    whole = np.isfinite(where).all(axis=(1, 2))
    error = np.abs(where[whole].sum(axis=2) - given / dose)
    return Trace(
        compound=compound,
        times=grid,
        organs=organs,
        forms=forms,
        places=tuple(names[k].partition(":")[2] for k in columns),
        compounds=tuple(names[k].partition(":")[2] for k in kinds),
        built=share(BUILT),
        held=share(HELD),
        where=where,
        what=outputs[:, :, kinds] / dose,
        given=given / dose,
        balance=float(error.max()) if error.size else float("nan"),
        record=record,
        failures=failures,
        notes=notes,
    )


def _starting_with(what: str, names: Sequence[str]) -> list[int]:
    return [k for k, name in enumerate(names) if name.startswith(what)]


def _labelled_compound(plan: Plan, label: str | None) -> str:
    from nadflux.plans.catalogue import shipped

    compounds = list(dict.fromkeys(regimen.compound for regimen in plan.regimens))
    if label is None:
        if len(compounds) != 1:
            raise PlanError(
                f"the plan has {' and '.join(compounds)}; say which is labelled, e.g. label={compounds[0]!r}"
            )
        return compounds[0]
    name = shipped().names.get(label.casefold(), label)
    if name not in compounds:
        raise PlanError(f"{label!r} is not in the plan, which has {', '.join(compounds)}; label one of these")
    return name


def _labelled_events(labelled: Labelled, events: Sequence[ScheduledEvent], compound: str) -> list[ScheduledEvent]:
    """Return the same doses into the labelled twins."""
    twins = {**labelled.twins, **labelled.inputs}
    result = []
    for event in events:
        twin = twins.get(to_id(event.target))
        if twin is None:
            raise PlanError(f"{compound} enters {event.target}, which carries no {MOIETY} moiety to label")
        result.append(replace(event, target=to_name(twin)))
    return result


def _parts_labelled(plan: Plan, compound: str) -> list[Note]:
    """Return notes on compounds of which only a part carries the moiety, such as tryptophan."""
    ways = dict.fromkeys((r.compound, r.route) for r in plan.regimens if r.compound == compound)
    rows = [shipped().route(*way) for way in ways]
    return [
        Note(
            NoteCode.LABEL_IN_PART,
            f"{row.compound} {row.route}: label is on the {100 * row.fraction:.3g} % of the moles taken that enter as "
            f"nicotinamide moiety ({row.note})",
            f"{row.compound} {row.route}",
        )
        for row in rows
        if row.fraction < 1.0
    ]


def _given(events: Sequence[ScheduledEvent], grid: np.ndarray, labelled: Labelled) -> np.ndarray:
    """Compute the label given before each time, shape (time,), µmol."""
    total = np.zeros(grid.size)
    rates: dict[str, list[ScheduledEvent]] = {}
    for event in events:
        if event.kind == "add":
            total += (grid > event.time_h) * event.value * labelled.weights[to_id(event.target)]
        else:
            rates.setdefault(event.target, []).append(event)
    for steps in rates.values():
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            stop = following.time_h if following is not None else np.inf
            total += step.value * np.clip(np.minimum(grid, stop) - step.time_h, 0.0, None)
    return total
