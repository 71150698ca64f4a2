"""Short nights leave a debt: the hours in which needed sleep is missed."""

from __future__ import annotations

import pytest

from nadflux.plans import parse_plan
from nadflux.plans.day.contribution import Night
from nadflux.plans.day.sleep_lost import LACKING, sleep_lost
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.schedule import schedule

NEED = shipped_lifestyle().number("short sleep", "need", "h")


def lost(*nights: tuple[float, float], start_h: float = 0.0) -> list[tuple[float, float]]:
    events = sleep_lost([Night(*night) for night in nights], start_h, shipped_lifestyle())
    assert {event.target for event in events} <= {LACKING}
    return [(event.time_h, event.value) for event in events]


def test_a_night_that_is_long_enough_leaves_nothing() -> None:
    assert lost((15.0, 15.0 + NEED), (39.0, 48.0)) == []


def test_what_is_missed_lies_before_the_short_night() -> None:
    assert lost((19.0, 23.0)) == [(19.0 - (NEED - 4.0), 1.0), (19.0, 0.0)]


def test_what_lies_before_the_run_does_not_count() -> None:
    assert lost((1.0, 5.0)) == [(0.0, 1.0), (1.0, 0.0)]
    assert lost((0.0, 4.0)) == []


@pytest.mark.parametrize(
    ("plan", "hours"),
    [("sleep 4 h for 5 d", 5 * (NEED - 4.0)), ("sleep 6 h for 2 d", 2 * (NEED - 6.0)), ("sleep 8 h for 5 d", 0.0)],
)
def test_a_plan_with_short_nights_steps_the_input(plan: str, hours: float) -> None:
    planned = schedule(parse_plan(plan))
    steps = [(e.time_h, e.value) for e in planned.events if e.target == LACKING]
    assert sum(off - on for (on, _), (off, _) in zip(steps[::2], steps[1::2], strict=True)) == pytest.approx(hours)
    assert [value for _, value in steps] == [1.0, 0.0] * (len(steps) // 2)


def test_who_always_sleeps_too_little_brings_the_debt_along() -> None:
    from nadflux.plans import Sleep

    planned = schedule(parse_plan("three meals a day for 2 d"), usual=[Sleep(2.0, 7.0)])
    assert min(e.time_h for e in planned.events if e.target == LACKING) < -24.0 * 20
