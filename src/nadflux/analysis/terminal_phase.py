"""The terminal phase of a course: its rate constant by the best fit of the last points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_POINTS = 3
AS_GOOD = 1e-4
"""Adjusted R² within which the fit over more points is preferred, as in common software."""


@dataclass(frozen=True, slots=True)
class TerminalPhase:
    """Line through the logarithm of the last points.

    Attributes
    ----------
    rate : float
        λz, 1/h.
    points : int
    start_h, stop_h : float
        Times of the first and last of the points.
    r2_adjusted : float
    """

    rate: float
    points: int
    start_h: float
    stop_h: float
    r2_adjusted: float

    @property
    def half_life_h(self) -> float:
        """Half-life, h."""
        return float(np.log(2.0) / self.rate)

    @property
    def span(self) -> float:
        """Number of half-lives over which the points lie."""
        return (self.stop_h - self.start_h) / self.half_life_h


def terminal_phase(hours: np.ndarray, values: np.ndarray) -> TerminalPhase | None:
    """Return the terminal phase of a course after its peak; None where fewer than three points fall.

    Of the last 3, 4, 5 … points after the peak those with the largest adjusted R² are taken; of fits that are equally
    good (within 0.0001), the one over most points.

    Parameters
    ----------
    hours : ndarray, shape (time,), h
    values : ndarray, shape (time,), any unit
        Only those above 0 are used.
    """
    after = slice(int(np.argmax(values)) + 1 if values.size else 0, None)
    hours, values = hours[after][values[after] > 0], values[after][values[after] > 0]
    if hours.size < FEWEST_POINTS:
        return None
    x, y = hours[::-1], np.log(values[::-1])
    count = np.arange(1, x.size + 1)
    slope, r2 = _fits(x - x[0], y - y[0], count)
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = 1.0 - (1.0 - r2) * (count - 1) / (count - 2)
    usable = (count >= FEWEST_POINTS) & (slope < 0) & np.isfinite(adjusted)
    if not usable.any():
        return None
    best = float(adjusted[usable].max())
    chosen = int(np.flatnonzero(usable & (adjusted >= best - AS_GOOD))[-1])
    return TerminalPhase(
        float(-slope[chosen]), int(count[chosen]), float(x[chosen]), float(x[0]), float(adjusted[chosen])
    )


def _fits(x: np.ndarray, y: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slope and R² of the line through the first 1, 2, 3 … points, each of shape (point,).

    Parameters
    ----------
    x, y : ndarray, shape (point,), h and dimensionless
    count : ndarray of int, shape (point,)
        1, 2, 3 …
    """
    sx, sy, sxx, sxy, syy = (np.cumsum(each) for each in (x, y, x * x, x * y, y * y))
    vx, vy, cxy = sxx - sx * sx / count, syy - sy * sy / count, sxy - sx * sy / count
    with np.errstate(divide="ignore", invalid="ignore"):
        return cxy / vx, np.minimum(cxy * cxy / (vx * vy), 1.0)
