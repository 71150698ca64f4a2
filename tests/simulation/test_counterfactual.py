"""Usual life beside a plan: what both share is integrated once and changes no bit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from nadflux.people import Draws
from nadflux.plans import parse_plan
from nadflux.plans.schedule import Schedule, ScheduledEvent, schedule
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.counterfactual import COUNTERFACTUAL, PLAN, SHARED, parting_of, segments_of
from nadflux.simulation.course import Chunk, Course, Segment
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.progress import Progress

KEPT = ("plasma_insulin", "liver_nad")
GRID = np.arange(-24.0, 25.0, 2.0)
TWO = np.arange(2)


@dataclass(frozen=True)
class Typical:
    """People with the typical numbers; the first may be without any."""

    impossible: bool = False

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        rows = compiled.parameters(people.size)
        if self.impossible:
            rows[0] = np.nan
        return rows, Draws((), np.empty((people.size, 0)))


def lived(
    planned: Schedule, segments: tuple[Segment, ...], numbers: Typical = Typical(), progress: Progress | None = None
) -> Chunk:
    course = Course(numbers, segments, planned.start_h)
    return run_chunk(prepare(body="whole"), course, TWO, threads=1, progress=progress)


@pytest.mark.parametrize("peaks", [(), ("plasma_insulin",)])
def test_sharing_changes_no_bit(peaks: tuple[str, ...]) -> None:
    """Breakfast at time 0 is a stop of both, so that the parting adds none."""
    planned = schedule(parse_plan("NR chloride 500 mg oral daily for 1 day + sleep 23:00-7:00"))
    assert parting_of(planned) == 0.0
    segments = segments_of(planned, GRID, KEPT, peaks=peaks)
    assert [(s.start, s.end, s.after) for s in segments] == [(planned.start_h, 0, None), (0, 24, 0), (0, 24, 0)]
    found = lived(planned, segments)
    plan, usual = (
        lived(planned, (Segment(planned.start_h, 24.0, GRID, events, KEPT, peaks, (0.0, 24.0)),)).courses[0]
        for events in (planned.events, planned.counterfactual)
    )
    for name in ("outputs", "final", "steps", "attempts", "peaks"):
        assert np.array_equal(getattr(found.courses[PLAN], name), getattr(plan, name)), name
    assert np.array_equal(found.courses[COUNTERFACTUAL].outputs, usual.outputs)
    assert not np.array_equal(found.courses[COUNTERFACTUAL].outputs, found.outputs)


def test_what_the_plan_alone_stores_comes_after_what_both_store() -> None:
    planned = schedule(parse_plan("fast 12 h at 8:00"))
    also = ("balance:NAD",)
    segments = segments_of(planned, GRID, KEPT, also=also)
    assert segments[SHARED].outputs == segments[PLAN].outputs == (*KEPT, *also)
    assert segments[COUNTERFACTUAL].outputs == KEPT


def test_progress_grows_from_0_to_1() -> None:
    planned, seen = schedule(parse_plan("fast 12 h at 8:00")), []
    lived(planned, segments_of(planned, GRID, KEPT), progress=seen.append)
    assert seen == sorted(seen) and seen[0] >= 0 and seen[-1] == pytest.approx(1.0)


def test_who_fails_before_the_parting_is_blamed_once() -> None:
    planned = schedule(parse_plan("fast 12 h at 8:00"))
    found = lived(planned, segments_of(planned, GRID, KEPT), Typical(impossible=True))
    assert [(failure.person, failure.time) for failure in found.failures] == [(0, planned.start_h)]
    assert np.all(np.isfinite(found.courses[COUNTERFACTUAL].outputs[1])) and np.all(
        np.isnan(found.courses[COUNTERFACTUAL].outputs[0])
    )


def test_a_schedule_without_usual_days_is_one_segment() -> None:
    planned = schedule(parse_plan("fast 12 h at 8:00"))
    (alone,) = segments_of(replace(planned, counterfactual=()), GRID, KEPT, peaks=("plasma_insulin",))
    assert (alone.start, alone.end, alone.after) == (planned.start_h, 24.0, None)
    assert alone.peak_window == (0.0, 24.0) and alone.events == planned.events


def test_plans_part_from_usual_days_where_the_first_event_differs() -> None:
    meals, dinner, dose = (ScheduledEvent(t, "gut.NR", "add", v) for t, v in ((-1.0, 1.0), (11.0, 2.0), (11.0, 3.0)))

    def parting(events: tuple[ScheduledEvent, ...], usual: tuple[ScheduledEvent, ...]) -> float:
        return parting_of(Schedule(events, 24.0, start_h=-72.0, counterfactual=usual))

    assert parting((meals, dinner), (meals, dose)) == 11.0
    assert parting((meals,), (meals, dinner)) == 11.0 == parting((meals, dinner), (meals,))
    assert parting((meals, dinner), (dinner,)) == -1.0
    assert parting((meals,), (meals,)) == np.inf
