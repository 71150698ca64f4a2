"""The time of a change: neighbouring numbers, found with few looks, also where the gaps say nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux.sbml.triggers import first_change


class Watched:
    """A switch that is on from a time, with a gap of a given shape; counts how often it is looked at."""

    def __init__(self, gap: str, at: float) -> None:
        self.gap, self.at, self.looks = gap, at, 0

    def __call__(self, time: float) -> tuple[bytes, np.ndarray]:
        self.looks += 1
        shapes = {
            "line": time - self.at,
            "cube": (time - self.at) ** 3,
            "exponential": math.expm1(time - self.at),
            "none": math.nan,
            "late": time - self.at - 0.3,
        }
        return bytes([time >= self.at]), np.array([shapes[self.gap]])


@pytest.mark.parametrize(("gap", "most"), [("line", 20), ("exponential", 90), ("cube", 90), ("none", 70), ("late", 90)])
@pytest.mark.parametrize("at", [0.1, 1.0 / 3.0, 4.0, 9.999])
def test_the_two_times_are_neighbours_around_the_change(gap: str, most: int, at: float) -> None:
    look = Watched(gap, at)
    found = first_change(look, 0.0, 10.0)
    assert found == (math.nextafter(at, -math.inf), at)
    assert look.looks <= most


def test_no_change() -> None:
    assert first_change(Watched("line", 20.0), 0.0, 10.0) is None
