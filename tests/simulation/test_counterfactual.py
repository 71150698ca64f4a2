"""Usual life beside a plan: what both share is integrated once and changes no bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nadflux.kernel import integrate
from nadflux.kernel.batch import Batch
from nadflux.plans import parse_plan
from nadflux.plans.schedule import Schedule, ScheduledEvent, schedule
from nadflux.simulation.compiled import prepare
from nadflux.simulation.counterfactual import live_usual, parting_of
from nadflux.simulation.event_arrays import scheduled_batch

KEPT = ("plasma_insulin", "liver_nad")
GRID = np.arange(-24.0, 25.0, 2.0)


def batch_of(planned: Schedule, events: Sequence[ScheduledEvent], people: int = 2, **options: object) -> Batch:
    prepared = prepare(body="whole")
    rows = np.tile(prepared.program.defaults, (people, 1))
    return scheduled_batch(
        prepared.body.model, prepared.program, rows, events, GRID, start=planned.start_h, keep=KEPT, **options
    )[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("peaks", [(), ("plasma_insulin",)])
def test_sharing_changes_no_bit(peaks: tuple[str, ...]) -> None:
    """Breakfast at time 0 is a stop of both, so that the parting adds none."""
    planned = schedule(parse_plan("NR chloride 500 mg oral daily for 1 day + sleep 23:00-7:00"))
    assert parting_of(planned) == 0.0
    engine = prepare(body="whole").engine()
    plan, usual = batch_of(planned, planned.events, peaks=peaks), batch_of(planned, planned.usual)
    life = live_usual(engine, plan, usual, 0.0, 1e-4, 1, None)
    found, whole = life.continued(integrate(engine, life.rest, rtol=1e-4)), integrate(engine, plan, rtol=1e-4)
    for name in ("outputs", "final", "steps", "attempts", "peaks"):
        assert np.array_equal(getattr(found, name), getattr(whole, name)), name
    assert np.array_equal(life.values, integrate(engine, usual, rtol=1e-4).outputs)
    assert not np.array_equal(life.values, found.outputs)


def test_progress_grows_from_0_to_1() -> None:
    planned = schedule(parse_plan("fast 12 h at 8:00"))
    engine, seen = prepare(body="whole").engine(), []
    plan, usual = batch_of(planned, planned.events), batch_of(planned, planned.usual)
    life = live_usual(engine, plan, usual, parting_of(planned), 1e-4, 1, seen.append)
    integrate(engine, life.rest, progress=life.progress)
    assert seen == sorted(seen) and seen[0] >= 0 and seen[-1] == pytest.approx(1.0)


def test_who_fails_before_the_parting_is_blamed_once() -> None:
    planned = schedule(parse_plan("fast 12 h at 8:00"))
    engine = prepare(body="whole").engine()
    plan, usual = batch_of(planned, planned.events), batch_of(planned, planned.usual)
    for batch in (plan, usual):
        batch.parameters[0] = np.nan
    life = live_usual(engine, plan, usual, parting_of(planned), 1e-4, 1, None)
    failures = life.continued(integrate(engine, life.rest)).failures
    assert [(failure.person, failure.time) for failure in failures] == [(0, planned.start_h)]
    assert np.all(np.isfinite(life.values[1])) and np.all(np.isnan(life.values[0]))


def test_plans_part_from_usual_days_where_the_first_event_differs() -> None:
    meals, dinner, dose = (ScheduledEvent(t, "gut.NR", "add", v) for t, v in ((-1.0, 1.0), (11.0, 2.0), (11.0, 3.0)))

    def parting(events: tuple[ScheduledEvent, ...], usual: tuple[ScheduledEvent, ...]) -> float:
        return parting_of(Schedule(events, 24.0, start_h=-72.0, usual=usual))

    assert parting((meals, dinner), (meals, dose)) == 11.0
    assert parting((meals,), (meals, dinner)) == 11.0 == parting((meals, dinner), (meals,))
    assert parting((meals, dinner), (dinner,)) == -1.0
    assert parting((meals,), (meals,)) == np.inf
