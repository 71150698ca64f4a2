"""Figures of lived days under a sensitivity analysis."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.inference.sensitivity import _of_days, _times
from nadflux.plans import parse_plan
from nadflux.plans.schedule import schedule


def test_a_fast_is_set_against_the_usual_day_before_it() -> None:
    planned = schedule(parse_plan("fast 36 h"))
    times = _times(planned, None)
    assert {-24.0, 0.0, 24.0, 48.0, 72.0} <= set(times) and np.all(np.diff(times) > 0)
    # 2 in usual life, 3 on the last day of the fast, 7 at its last hour, 100 when food is back
    course = np.select([times <= 0, times < 48, times == 48], [2.0, 3.0, 7.0], 100.0)[None, :]
    mean = 3.0 + 0.5 * 4.0 / 24.0
    assert _of_days(course, times, planned.judged_h, "end") == pytest.approx(mean)
    assert _of_days(course, times, planned.judged_h, "ratio") == pytest.approx(mean / 2.0)
    assert _of_days(course, times, planned.judged_h, "peak") == 100.0


def test_without_habits_a_run_starts_at_0() -> None:
    assert _times(schedule(parse_plan("NR chloride 500 mg oral daily for 2 d")), None)[0] == 0.0
    assert _times(None, 3.0)[-1] == 72.0
