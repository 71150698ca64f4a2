"""Times of jumps in a model: the first change of its switches between two times."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

SAMPLES = 10
GUESSES, NEAR = 4, 4  # guesses from the gaps, and the distance to the samples beside each in floating-point numbers
_GOLDEN = 0.6180339887498949

Look = Callable[[float], tuple[bytes, np.ndarray]]


def first_change(look: Look, start: float, end: float, samples: int = SAMPLES) -> tuple[float, float] | None:
    """Return the first time in (start, end] at which a switch differs from its value at ``start``.

    Parameters
    ----------
    look : callable
        Returns switches (as bytes, so that NaN equals NaN) and gaps, shape (gap,), at a time.
    start, end : float
    samples : int
        Points sampled in between. If a gap comes close to zero and turns back between two of them, its
        extremum is sampled too.

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
    """Return the neighbouring numbers around a change: first guessed from the gaps, then by bisection."""
    # The bracket narrows around each guess, as long as guesses help.
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
    # Bisection, until no number lies between the two ends.
    while True:
        middle = low + 0.5 * (high - low)
        if not low < middle < high:
            return low, high
        if look(middle)[0] == before:
            low = middle
        else:
            high = middle


def _crossing(look: Look, low: float, high: float) -> float | None:
    """Return the first time at which a gap that changes sign crosses zero, by linear interpolation."""
    start, end = look(low)[1], look(high)[1]
    crossing = np.flatnonzero((start * end <= 0.0) & (start != end))
    if not len(crossing):
        return None
    return float(low + (high - low) * np.min(start[crossing] / (start[crossing] - end[crossing])))


def _dip(look: Look, before: bytes, times: np.ndarray, looks: list[tuple[bytes, np.ndarray]], i: int) -> float | None:
    """Return a time near sample ``i - 1`` at which a gap that turns there has changed a switch, or None."""
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
    """Search for the smallest absolute gap by golden section; return at the first changed switch."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    (left_switches, left_gaps), (right_switches, right_gaps) = look(left), look(right)
    # Each pass drops the end beside the larger gap.
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
