"""Values as they are shown: what lies below the error of the integration is shown as 0; files keep the numbers."""

from __future__ import annotations

import numpy as np

from nadflux.kernel.lanes import ZERO_SCALE
from nadflux.kernel.step import ABSOLUTE_FRACTION
from nadflux.simulation.run import Run
from nadflux.simulation.tolerances import DEEPEST, PLANS

NOTHING = 1e-20
"""In any unit of the tables: of an amount in µmol a hundredth of a molecule."""


def shown(values: np.ndarray) -> np.ndarray:
    """Return the values with 0 for what is nothing in any unit, such as a flux of -5e-61.

    Parameters
    ----------
    values : ndarray, any shape and unit

    Returns
    -------
    ndarray, the same shape and unit
    """
    return np.where(np.abs(values) < NOTHING, 0.0, values)


def resolved(run: Run, name: str, values: np.ndarray) -> np.ndarray:
    """Return values of a quantity with 0 for what cannot be distinguished from 0.

    An amount may lie `DEEPEST` absolute tolerances beside its value, and these are shares of its initial size; of what
    starts at 0, of its largest value.

    Parameters
    ----------
    run : Run
    name : str
    values : ndarray, shape (person,) or (person, time), in the unit of the quantity
        Of the people of the run, in their order.

    Returns
    -------
    ndarray, shape (person,) or (person, time), in the unit of the quantity
    """
    course = np.abs(run[name])
    largest = np.where(np.isfinite(course), course, 0.0).max(axis=1)
    size = np.where(course[:, 0] > NOTHING, course[:, 0], ZERO_SCALE * largest)
    error = DEEPEST * float(run.record.get("rtol", max(PLANS.values()))) * ABSOLUTE_FRACTION * size
    limit = np.maximum(error, NOTHING).reshape(-1, *(1,) * (values.ndim - 1))
    return np.where(np.abs(values) < limit, 0.0, values)
