"""What doses of one compound add up to."""

from __future__ import annotations

import pytest

from nadflux.plans.events import Dose
from nadflux.plans.exposure import daily_amounts, levels, longest_course, rates


def doses(*times: float, amount: float = 1.0, infusion_h: float = 0.0) -> list[Dose]:
    return [Dose(time, "X", "oral", amount, infusion_h) for time in times]


def test_a_day_is_any_24_hours() -> None:
    assert daily_amounts(doses(0.0, 12.0, 24.0, 60.0)) == [2.0, 2.0, 1.0, 1.0]


def test_the_last_dose_of_a_day_is_part_of_it() -> None:
    assert levels(doses(0.0, 12.0)) == [2.0, 2.0]
    assert levels(doses(0.0, 24.0, 36.0)) == [1.0, 2.0, 2.0]


def test_infusions_that_overlap_add() -> None:
    assert list(rates(doses(0.0, 1.0, 5.0, amount=120.0, infusion_h=2.0))) == [1.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("times", "days"),
    [
        ([], 0),
        ([5.0], 1),
        ([0.0, 12.0, 24.0, 36.0], 2),
        ([0.0, 24.0 * 28, 24.0 * 56], 57),
        ([0.0, 24.0 * 28.5, 24.0 * 30], 2),
    ],
)
def test_a_course_lasts_until_a_longer_break(times: list[float], days: int) -> None:
    assert longest_course(times, 24.0 * 28) == days
