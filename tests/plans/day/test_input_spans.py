"""Inputs that habits turn on: what coincides adds up, gives way or is refused."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError
from nadflux.plans import ShiftWork
from nadflux.plans.day.active_habits import ActiveHabit
from nadflux.plans.day.contribution import Contribution, InputSpan, Training
from nadflux.plans.day.input_spans import inputs_of_habits, switched_on
from nadflux.plans.day.window import Window
from nadflux.plans.events import ScheduledEvent

START, END = -48.0, 48.0
TRAINING = Training("training.x", "training.x_level", 2.0)


def span(start: float, stop: float, kind: str = "", target: str = "a") -> InputSpan:
    return InputSpan(target, start, stop, 1.0, "x", "x", kind)


def bringing(*spans: InputSpan, usual: bool = False, training: Training | None = None) -> ActiveHabit:
    window = Window(((START if usual else 0.0, END),), START, END, usual)
    return ActiveHabit(ShiftWork(), window, Contribution(inputs=spans, training=training))


def steps(*active: ActiveHabit, target: str = "a") -> list[tuple[float, float]]:
    events = inputs_of_habits(active, START).events
    return [(e.time_h, e.value) for e in events if e.target == target]


def test_what_coincides_adds_up() -> None:
    planned, usual = bringing(span(0.0, 2.0)), bringing(span(1.0, 3.0), usual=True)
    assert steps(planned, usual) == [(0.0, 1.0), (1.0, 2.0), (2.0, 1.0), (3.0, 0.0)]


def test_of_what_is_done_one_at_a_time_the_plan_has_its_own() -> None:
    planned = bringing(span(0.0, 2.0, "bouts"))
    assert steps(planned, bringing(span(1.0, 3.0, "bouts"), usual=True)) == [(0.0, 1.0), (2.0, 0.0)]
    assert steps(planned, bringing(span(2.0, 3.0, "bouts"), usual=True))[-1] == (3.0, 0.0)
    assert len(steps(planned, bringing(span(1.0, 3.0, "baths"), usual=True))) == 4


def test_two_at_once_of_a_plan_are_refused() -> None:
    with pytest.raises(PlanError, match=r"two bouts overlap on day 0\.0417"):
        inputs_of_habits([bringing(span(0.0, 2.0, "bouts")), bringing(span(1.0, 3.0, "bouts", "b"))], START)


def test_training_is_there_from_the_start_only_of_who_has_always_trained() -> None:
    usual = bringing(span(3.0, 4.0), usual=True, training=TRAINING)
    assert steps(usual, target="training.x_level") == [(START, 2.0)]
    assert steps(usual, target="training.x") == [(START, 2.0), (END, 0.0)]
    planned = bringing(span(3.0, 4.0), training=TRAINING)
    assert steps(planned, target="training.x_level") == []
    assert steps(planned, target="training.x") == [(0.0, 2.0), (END, 0.0)]


def test_who_never_comes_to_a_bout_does_not_train() -> None:
    usual = bringing(span(1.0, 3.0, "bouts"), usual=True, training=TRAINING)
    assert steps(bringing(span(0.0, 2.0, "bouts")), usual, target="training.x") == []


def test_spans_that_touch_have_one_edge() -> None:
    part = switched_on([span(1.0, 2.0), span(2.0, 3.0)])
    assert [(event.time_h, event.value) for event in part.events] == [(1.0, 1.0), (2.0, 1.0), (3.0, 0.0)]
    assert part.events[0] == ScheduledEvent(1.0, "a", "set", 1.0)
    assert [(one.start_h, one.stop_h) for one in part.spans] == [(1.0, 2.0), (2.0, 3.0)]
