"""When something in a model jumps: the first change of its switches between two times."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

SAMPLES = 10
GUESSES, NEAR = 4, 4  # guesses from the gaps, and how many floating-point numbers beside each is looked at
_GOLDEN = 0.6180339887498949

Look = Callable[[float], tuple[bytes, np.ndarray]]


def first_change(look: Look, start: float, end: float, samples: int = SAMPLES) -> tuple[float, float] | None:
    """The first place in (start, end] where a switch differs from what it is at ``start``.

    Parameters
    ----------
    look : callable
        Switches (as bytes, so that NaN equals NaN) and gaps, shape (gap,), at a time.
    start, end : float
    samples : int
        Points looked at in between. Where a gap comes close to zero and turns back between two of them its
        extremum is looked at too.

    Returns
    -------
    (float, float) or None
        Last time before and first time after the change, neighbouring floating-point numbers.
    """
    times = np.linspace(start, end, samples + 1)
    times[-1] = end
    looks = [look(float(t)) for t in times]
    at_start = looks[0][0]
    for i in range(1, len(times)):
        if looks[i][0] != at_start:
            return _narrowed(look, at_start, float(times[i - 1]), float(times[i]))
        dip = _dip(look, at_start, times, looks, i)
        if dip is not None:
            return _narrowed(look, at_start, float(times[max(i - 2, 0)]), dip)
    return None


def _narrowed(look: Look, before: bytes, low: float, high: float) -> tuple[float, float]:
    """Neighbouring numbers around a change: first where the gaps say that it is, then by halves."""
    for _ in range(GUESSES):
        width = high - low
        guess = _crossing(look, low, high)
        if guess is None:
            break
        for side in (guess - NEAR * math.ulp(guess), guess + NEAR * math.ulp(guess)):
            if low < side < high:
                low, high = (side, high) if look(side)[0] == before else (low, side)
        if high - low > 0.1 * width:
            break
    while True:
        middle = low + 0.5 * (high - low)
        if not low < middle < high:
            return low, high
        if look(middle)[0] == before:
            low = middle
        else:
            high = middle


def _crossing(look: Look, low: float, high: float) -> float | None:
    """The first time at which a gap that changes its sign is zero, as if it were a straight line."""
    start, end = look(low)[1], look(high)[1]
    crossing = np.flatnonzero((start * end <= 0.0) & (start != end))
    if not len(crossing):
        return None
    return float(low + (high - low) * np.min(start[crossing] / (start[crossing] - end[crossing])))


def _dip(look: Look, before: bytes, times: np.ndarray, looks: list[tuple[bytes, np.ndarray]], i: int) -> float | None:
    """A time near sample ``i - 1`` at which a gap that turns there has changed a switch, if there is one."""
    if i < 2:
        return None
    left, middle, right = (np.abs(looks[k][1]) for k in (i - 2, i - 1, i))
    turning = (middle <= left) & (middle <= right) & ((middle < left) | (middle < right))
    # as far below the middle sample as the parabola through the three can reach, with room
    reach = 2.0 * (np.maximum(left, right) - middle)
    for gap in np.nonzero(turning & (middle <= reach))[0]:
        found = _descend(look, before, int(gap), float(times[i - 2]), float(times[i]))
        if found is not None:
            return found
    return None


def _descend(look: Look, before: bytes, gap: int, low: float, high: float) -> float | None:
    """Golden-section search for the smallest size of a gap, stopping at the first changed switch."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    (left_switches, left_gaps), (right_switches, right_gaps) = look(left), look(right)
    for _ in range(60):
        if left_switches != before:
            return left
        if right_switches != before:
            return right
        if abs(left_gaps[gap]) < abs(right_gaps[gap]):
            high, right, right_switches, right_gaps = right, left, left_switches, left_gaps
            left = high - _GOLDEN * (high - low)
            left_switches, left_gaps = look(left)
        else:
            low, left, left_switches, left_gaps = left, right, right_switches, right_gaps
            right = low + _GOLDEN * (high - low)
            right_switches, right_gaps = look(right)
        if not low < left < right < high:
            return None
    return None
