"""A plan and its counterfactual, the same people in their usual life: segments that share the time before they part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nadflux.plans.events import ScheduledEvent
from nadflux.plans.schedule import Schedule
from nadflux.simulation.forward import Segment

SHARED, COUNTERFACTUAL, PLAN = 0, 1, 2
"""Numbers of the segments where there is a counterfactual."""


def segments_of(
    planned: Schedule, times: np.ndarray, outputs: Sequence[str], *, also: Sequence[str] = (), peaks: Sequence[str] = ()
) -> tuple[Segment, ...]:
    """Return the segments of a schedule; the last is the plan.

    Where the schedule has a counterfactual, these are the days shared, the usual days from the parting on, and the
    plan from there on. Both go on from the state saved at the parting, which gives the bits of two whole runs with a
    stop there.

    Parameters
    ----------
    planned : Schedule
    times : ndarray, shape (time,), h
        When to store; the run ends with the last.
    outputs : sequence of str
        Observables of plan and counterfactual.
    also : sequence of str
        Outputs of the plan alone, stored after these.
    peaks : sequence of str
        Observables whose peak under the plan is wanted, from time 0 on.
    """
    start, end = planned.start_h, float(times[-1])
    window = (0.0, end) if start < 0 else None
    kept = (*outputs, *also)
    if not planned.counterfactual:
        return (Segment(start, end, times, tuple(planned.events), kept, tuple(peaks), window),)
    at = min(max(parting_of(planned), start), 0.0 if peaks else end)
    before, after = times[times < at], times[times >= at]
    shared = tuple(event for event in planned.events if event.time_h < at)
    both = planned.events, planned.counterfactual
    plan, counterfactual = (tuple(event for event in events if event.time_h >= at) for events in both)
    return (
        Segment(start, at, before, shared, kept),
        Segment(at, end, after, counterfactual, tuple(outputs), after=SHARED),
        Segment(at, end, after, plan, kept, tuple(peaks), window, after=SHARED),
    )


def parting_of(planned: Schedule) -> float:
    """Return the first time at which a plan's events differ from the counterfactual's, h; infinite where none do."""
    events, counterfactual = planned.events, planned.counterfactual
    for mine, theirs in zip(events, counterfactual, strict=False):
        if mine != theirs:
            return min(mine.time_h, theirs.time_h)
    longer: Sequence[ScheduledEvent] = max(events, counterfactual, key=len)
    common = min(len(events), len(counterfactual))
    return longer[common].time_h if common < len(longer) else float("inf")
