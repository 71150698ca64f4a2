"""The course of a quantity as figures show it: values over people at the times, and the band of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nadflux.simulation.acute import is_acute, reference_of
from nadflux.simulation.run import Run
from nadflux.simulation.summary import SHORT, daily_mean, tail_of
from nadflux.units import DAY_H


@dataclass(frozen=True, eq=False)
class Course:
    """One quantity of a run over time.

    Attributes
    ----------
    hours : ndarray, shape (time,), h
    values : ndarray, shape (person, time), in the unit of the quantity
    reference : ndarray, shape (person, time), or None
        The same people without the plan, where figures show them.
    averaged : bool
        Whether values are means over the 24 hours before each time, as of a flux in a run of weeks.
    """

    hours: np.ndarray
    values: np.ndarray
    reference: np.ndarray | None
    averaged: bool


def course_of(run: Run, name: str) -> Course:
    """Return the course of a quantity; of fluxes in runs of doses alone and longer than four days the daily mean."""
    flux = run.quantity(name).kind == "flux"
    averaged = flux and run.times[-1] > SHORT and not run.lived and not is_acute(run)
    values = daily_mean(run, name) if averaged else run[name]
    reference = reference_of(run, name) if run.lived else None
    return Course(run.times, values, reference, averaged)


def band_of(values: np.ndarray) -> np.ndarray:
    """Return the lower bound, the median and the upper bound over people at each time.

    Parameters
    ----------
    values : ndarray, shape (person, time), in any unit

    Returns
    -------
    ndarray, shape (3, time), in the same unit; NaN where nobody has a number
    """
    found = np.full((3, values.shape[1]), np.nan)
    known = np.isfinite(values).any(axis=0)
    tail = tail_of(len(values))
    if known.any():
        found[:, known] = np.nanquantile(values[:, known], [tail, 0.5, 1.0 - tail], axis=0)
    return found


def time_scale(run: Run) -> tuple[float, str]:
    """Return the hours in one unit of the time axis, and the name of that unit."""
    return (1.0, "hours") if run.times[-1] <= SHORT else (DAY_H, "days")
