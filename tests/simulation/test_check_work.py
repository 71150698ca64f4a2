"""The bound on the product of people, days and outputs."""

from __future__ import annotations

import time

import pytest

import nadflux as nf
from nadflux.errors import ValueOutOfRangeError
from nadflux.simulation.check_work import LIVED, MOST_PERSON_DAYS, check_work
from nadflux.units import DAY_H


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"n": 1_000_000, "days": 36_525, "outputs": ["whole_blood_nad"]}, "1000000 people for 36525 days"),
        ({"n": 1_000_000, "days": 14, "plan": "16:8 eating window"}, "lived days"),
        ({"n": 1_000_000, "days": 90}, "observables are"),
    ],
)
def test_too_much_work_is_refused_at_once(asked: dict, words: str) -> None:  # type: ignore[type-arg]
    start = time.monotonic()
    with pytest.raises(ValueOutOfRangeError, match=words) as refusal:
        nf.simulate("man, 40 y", **asked)
    assert "-n" in str(refusal.value)
    assert time.monotonic() - start < 5.0


def test_bounds_themselves_are_allowed() -> None:
    check_work(MOST_PERSON_DAYS, 0.0, DAY_H, 1, 1, 1)
    check_work(MOST_PERSON_DAYS // (4 * LIVED), -DAY_H, DAY_H, 2, 1, 1)
    with pytest.raises(ValueOutOfRangeError, match="-n"):
        check_work(MOST_PERSON_DAYS + 1, 0.0, DAY_H, 1, 1, 1)
