"""Whether the days of a life are the same over and over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nadflux.plans.day.repeats import period_of, repeats
from nadflux.plans.events import ScheduledEvent
from nadflux.plans.language.person import read_person, usual_habits
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Schedule, schedule

DAY = 24.0


def lived(who: str) -> Schedule:
    return schedule(Plan(()), days=3, usual=usual_habits(read_person(who)))


def daily(count: int, hour: float = 5.0, first: int = -3) -> list[ScheduledEvent]:
    return [ScheduledEvent(DAY * day + hour, "stomach.glucose", "add", 1.0) for day in range(first, first + count)]


@pytest.mark.parametrize(
    ("who", "period"),
    [
        ("man, 45 y, vegetarian", DAY),
        ("man, 45 y, 16:8", DAY),
        ("man, 45 y, sleeps 02:00-09:00", DAY),
        ("man, 45 y, sleep 7 h irregular", 2 * DAY),
        ("man, 45 y, trains 3 times a week", None),
        ("man, 45 y, trains every 3 days", None),
        ("man, 45 y, shift work", None),
    ],
)
def test_days_repeat_or_not(who: str, period: float | None) -> None:
    planned = lived(who)
    assert period_of(planned.events, planned.start_h) == period
    assert period is None or repeats(planned.events, period, 0.0, planned.end_h)


def test_the_first_period_may_differ_and_no_other() -> None:
    start = ScheduledEvent(-72.0, "training.level", "add", 1.0)
    assert period_of([start, *daily(3)], -72.0) == DAY
    late = ScheduledEvent(-30.0, "training.level", "add", 1.0)
    assert period_of([*daily(3), late], -72.0) is None
    assert period_of(daily(2, first=-2), -48.0) is None


def test_what_happens_later_counts_up_to_the_end() -> None:
    events = daily(5)
    assert repeats(events, DAY, 0.0, 40.0) and repeats(events, DAY, 0.0, 28.9)
    assert not repeats(events[:-1], DAY, 0.0, 40.0)
    assert not repeats([*events, replace(events[0], time_h=0.0)], DAY, 0.0, 40.0)
    more = [*events[:-1], replace(events[-1], value=1.1)]
    assert not repeats(more, DAY, 0.0, 40.0)
