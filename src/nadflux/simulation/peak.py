"""Peaks of a quantity over people, from dense output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nadflux.simulation.run import Run
from nadflux.simulation.summary import Figures, middle_and_bounds

_AT_END = 1e-6  # of the length of a run: a peak within is one at its end
_AT_START = 1e-6  # of a value: what does not rise above its start by more is highest there


@dataclass(frozen=True, slots=True)
class Peak:
    """Peak of a quantity over people, of those who reached it before the run ended.

    Attributes
    ----------
    value, time : tuple of float
        Median and bounds, in the unit of the quantity and in h.
    late : int
        People whose largest value is that at the end: their peak is still to come.
    known : int
        People with a number.
    end_h : float
    """

    value: Figures
    time: Figures
    late: int
    known: int
    end_h: float

    @property
    def mostly_late(self) -> bool:
        """True where the peak of the median person is still to come."""
        return 2 * self.late >= self.known > 0


def peak_of(run: Run, name: str) -> Peak | None:
    """Return the peak and its time; None where no peak was asked for."""
    if name not in run.peaks:
        return None
    peaks, end = run.peaks[name], float(run.times[-1])
    if run.times[0] == 0 and len(peaks) == run.persons:
        falls = peaks[:, 0] <= run[name][:, 0] * (1.0 + _AT_START)
        peaks = np.column_stack([peaks[:, 0], np.where(falls, 0.0, peaks[:, 1])])
    known = peaks[np.isfinite(peaks).all(axis=1)]
    reached = known[known[:, 1] < end * (1.0 - _AT_END)]
    value, time = (middle_and_bounds(reached[:, column]) for column in range(2))
    return Peak(value, time, len(known) - len(reached), len(known), end)
