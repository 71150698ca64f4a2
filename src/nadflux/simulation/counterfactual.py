"""A plan and its counterfactual, the same people in their usual life: the course of both, shared until they part."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from nadflux.network.names import to_id
from nadflux.plans.day.repeats import period_of, repeats
from nadflux.plans.events import ScheduledEvent
from nadflux.plans.schedule import Schedule
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.course import Course, Segment
from nadflux.simulation.numbers import Numbers
from nadflux.simulation.tolerances import CELLS
from nadflux.simulation.totals import growing, totals_of
from nadflux.simulation.usual_life import Again, UsualLife

SHARED, COUNTERFACTUAL, PLAN = 0, 1, 2
"""Numbers of the segments where there is a counterfactual."""


def course_of(
    compiled: Prepared,
    planned: Schedule,
    numbers: Numbers,
    times: np.ndarray,
    outputs: Sequence[str],
    *,
    also: Sequence[str] = (),
    peaks: Sequence[str] = (),
    rtol: float = CELLS,
) -> Course:
    """Return the course of a schedule, whose last segment is the plan.

    Where usual life before time 0 repeats itself, people start from the period that does, at the start of its last one.
    The counterfactual is then that period over and over, unless something but the plan sets in at time 0, an output
    grows in another way than in proportion to a total, or the life after time 0 is another. Else people live the whole
    run-in, and their usual life on from where the plan parts from it.

    Parameters
    ----------
    compiled : Prepared
    planned : Schedule
    numbers : Numbers
        Of the people.
    times : ndarray, shape (time,), h
        When to store; the run ends with the last.
    outputs : sequence of str
        Observables of plan and counterfactual.
    also : sequence of str
        Outputs of the plan alone, stored after these.
    peaks : sequence of str
        Observables whose peak under the plan is wanted, from time 0 on.
    rtol : float
    """
    life = usual_life_of(planned)
    repeated = (
        life is not None
        and planned.counterfactual != ()
        and growing(compiled, outputs) is not None
        and not _into_totals(compiled, life)
        and repeats(planned.counterfactual, life.period, 0.0, float(times[-1]))
    )
    segments = segments_of(planned, times, outputs, also=also, peaks=peaks, life=life, repeated=repeated)
    return Course(numbers, segments, planned.start_h, rtol, life)


def usual_life_of(planned: Schedule) -> UsualLife | None:
    """Return the usual life before time 0; None without one that repeats, or where the plan begins earlier."""
    if planned.start_h >= 0.0:
        return None
    events = planned.counterfactual or planned.events
    period = period_of(events, planned.start_h)
    if period is None or (planned.counterfactual and parting_of(planned) < 0.0):
        return None
    return UsualLife(planned.start_h, period, tuple(event for event in events if event.time_h < 0.0))


def segments_of(
    planned: Schedule,
    times: np.ndarray,
    outputs: Sequence[str],
    *,
    also: Sequence[str] = (),
    peaks: Sequence[str] = (),
    life: UsualLife | None = None,
    repeated: bool = False,
) -> tuple[Segment, ...]:
    """Return the segments of a schedule; the last is the plan.

    Where the schedule has a counterfactual, these are the days shared, the usual days from the parting on, and the
    plan from there on. Both go on from the state saved at the parting, which gives the bits of two whole runs with a
    stop there. Where usual life repeats, the days shared are its last period before time 0.

    Parameters
    ----------
    planned, outputs, also, peaks
        As for `course_of`.
    times : ndarray, shape (time,), h
        When to store; the run ends with the last.
    life : UsualLife, optional
        That which repeats.
    repeated : bool
        Whether it goes on repeating as the counterfactual.
    """
    start, end = planned.start_h, float(times[-1])
    window = (0.0, end) if start < 0 else None
    kept = (*outputs, *also)
    if life is not None:
        start, at = -life.period, 0.0
    elif planned.counterfactual:
        at = min(max(parting_of(planned), start), 0.0 if peaks else end)
    else:
        return (Segment(start, end, times, tuple(planned.events), kept, tuple(peaks), window),)
    if planned.counterfactual and not repeated:
        at = min(max(parting_of(planned), at), 0.0 if peaks or life else end)
    before, after = times[times < at], times[times >= at]
    shared = Segment(start, at, before, tuple(event for event in planned.events if start <= event.time_h < at), kept)
    again = None
    if repeated and life is not None:
        again, shared = _again(planned, shared, after, life)
    plan, counterfactual = (
        tuple(event for event in events if event.time_h >= at) for events in (planned.events, planned.counterfactual)
    )
    lives = [shared]
    if planned.counterfactual:
        lives.append(Segment(at, end, after, counterfactual, tuple(outputs), after=SHARED, again=again))
    lives.append(Segment(at, end, after, plan, kept, tuple(peaks), window, after=SHARED))
    return tuple(lives)


def _again(planned: Schedule, shared: Segment, after: np.ndarray, life: UsualLife) -> tuple[Again, Segment]:
    """Return the hours of usual life that later times are, and the segment before time 0 that stores these too."""
    periods = np.ceil(after / life.period).astype(np.int64)
    hours = after - periods * life.period
    stored = np.unique(np.concatenate([[-life.period, 0.0], shared.times, hours]))
    again = Again(np.searchsorted(stored, hours), periods, parting_of(planned))
    return again, dataclasses.replace(shared, times=stored, kept=np.searchsorted(stored, shared.times))


def _into_totals(compiled: Prepared, life: UsualLife) -> bool:
    """Tell whether an event of usual life adds to a total, which would then not grow by what its rates give."""
    totals = {compiled.program.states[k] for k in totals_of(compiled)}
    return any(event.kind == "add" and to_id(event.target) in totals for event in life.events)


def parting_of(planned: Schedule) -> float:
    """Return the first time at which a plan's events differ from the counterfactual's, h; infinite where none do."""
    events, counterfactual = planned.events, planned.counterfactual
    for mine, theirs in zip(events, counterfactual, strict=False):
        if mine != theirs:
            return min(mine.time_h, theirs.time_h)
    longer: Sequence[ScheduledEvent] = max(events, counterfactual, key=len)
    common = min(len(events), len(counterfactual))
    return longer[common].time_h if common < len(longer) else float("inf")
