"""Dosing intervals of a run: the first and the last, and the time τ after which doses repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.units import DAY_H, WEEK_H

_SAME = 1e-6  # h


@dataclass(frozen=True, slots=True)
class Intervals:
    """Hours of a run between which areas are taken.

    Attributes
    ----------
    first_h, last_h : float
        Starts of the first and the last interval; equal for a single dose.
    tau_h : float or None
        Length of an interval; None for a single dose, and where doses do not repeat.
    last_dose_h : float
        Time of the last dose, from which the terminal phase is read.
    """

    first_h: float
    last_h: float
    tau_h: float | None
    last_dose_h: float


def dosing_intervals(doses: Sequence[float], end_h: float) -> Intervals:
    """Return the intervals of doses (h) in a run that ends at ``end_h``.

    τ is the time between doses where that is the same for all; else a day or a week, if doses repeat by it.
    """
    times = np.unique(np.round([dose for dose in doses if 0 <= dose < end_h], 9))
    if times.size == 0:
        return Intervals(0.0, 0.0, None, 0.0)
    first, last = float(times[0]), float(times[-1])
    gaps = np.diff(times)
    if not gaps.size:
        return Intervals(first, first, None, first)
    if np.ptp(gaps) < _SAME:
        return _placed(first, last, float(gaps[0]), end_h)
    for tau in (DAY_H, WEEK_H):
        if _repeats(times - first, tau):
            return _placed(first, last, tau, end_h)
    return Intervals(first, last, None, last)


def _placed(first: float, last: float, tau: float, end_h: float) -> Intervals:
    whole = int((min(last, end_h - tau) - first + _SAME) // tau)
    return Intervals(first, first + max(whole, 0) * tau, tau, last)


def _repeats(times: np.ndarray, tau: float) -> bool:
    """Tell whether doses at times, shape (dose,), h, come at the same hours of each interval."""
    number = np.floor((times + _SAME) / tau)
    pattern = times[number == 0]
    return (
        all(
            (own := times[number == k] - k * tau).size == pattern.size and bool(np.abs(own - pattern).max() < _SAME)
            for k in range(1, int(number[-1]) + 1)
        )
        and number[-1] >= 1
    )
