"""Moments and windows of a run in words."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError
from nadflux.plans.language.moments import read_moment, read_window


@pytest.mark.parametrize(
    ("words", "hour"),
    [("6 h", 6.0), ("90 min", 1.5), ("2 d", 48.0), ("day 2", 24.0), ("day 1 18:30", 10.5), ("14:00", 6.0),
     ("day 2 at 07:00", 47.0)],
)  # fmt: skip
def test_moments(words: str, hour: float) -> None:
    assert read_moment(words) == hour


@pytest.mark.parametrize(
    ("words", "hours"),
    [("6 h to 12 h", (6.0, 12.0)), ("6-12 h", (6.0, 12.0)), ("day 2", (24.0, 48.0)), ("days 3 to 5", (48.0, 120.0)),
     ("day 2 14:00 to 20:00", (30.0, 36.0)), ("day 2 20:00 - 02:00", (36.0, 42.0)),
     ("day 1 14:00 – day 3 08:00", (6.0, 48.0))],
)  # fmt: skip
def test_windows(words: str, hours: tuple[float, float]) -> None:
    assert read_window(words) == hours


@pytest.mark.parametrize("words", ["", "soon", "25:00", "12:61", "day 0 10:00", "-5 h", "inf h", "6 mg", "day", "6"])
def test_words_that_say_no_moment(words: str) -> None:
    with pytest.raises(PlanError, match="write"):
        read_moment(words)


@pytest.mark.parametrize("words", ["", "6 h", "12 h to 6 h", "6-7-8 h", "day 0", "days 5-3", "6 h to 6 h", "a to b"])
def test_words_that_say_no_window(words: str) -> None:
    with pytest.raises(PlanError, match="write"):
        read_window(words)
