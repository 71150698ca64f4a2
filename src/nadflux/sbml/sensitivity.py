"""Slopes of a time course by the numbers of a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import ModelError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.model import Model
from nadflux.sbml.numbers import number_names, number_of, with_numbers
from nadflux.sbml.simulate import default_selection, run_model
from nadflux.sbml.time_course import TimeCourse

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STEP = 1e-3
"""Relative change of a number, to both sides, of which the slope is taken; its error falls with the square."""
RTOL = 1e-10


@dataclass(frozen=True)
class TimeSensitivity:
    """Slopes of a time course by numbers of the model.

    Attributes
    ----------
    course : TimeCourse
        The course itself.
    by : tuple of str
        Numbers of the model.
    values : ndarray, shape (number, time, quantity)
        Relative change for relative change if ``scaled`` (NaN where the quantity is zero), else change for change in
        the units of the model.
    scaled : bool
    """

    course: TimeCourse
    by: tuple[str, ...]
    values: np.ndarray
    scaled: bool

    @property
    def data(self) -> xr.DataArray:
        """The slopes for xarray."""
        import xarray as xr

        coordinates = {"number": list(self.by), "time": self.course.times, "quantity": list(self.course.names)}
        name = "relative change for relative change" if self.scaled else "slope"
        return xr.DataArray(self.values, coords=coordinates, dims=tuple(coordinates), name=name)

    def __getitem__(self, place: tuple[str, str]) -> np.ndarray:
        """Return the slopes of ``[quantity, number]``, shape (time,), in the units of the model."""
        quantity, number = place
        for kind, name, known in (("quantity", quantity, self.course.names), ("number", number, self.by)):
            if name not in known:
                raise UnknownNameError(kind, name, known)
        found: np.ndarray = self.values[self.by.index(number), :, self.course.names.index(quantity)]
        return found

    def frame(self) -> pd.DataFrame:
        """Return a row for each number and time, and a column for each quantity."""
        import pandas as pd

        count = len(self.course.times)
        table = pd.DataFrame(self.values.reshape(-1, len(self.course.names)), columns=list(self.course.names))
        table.insert(0, self.course.time_label, np.tile(self.course.times, len(self.by)))
        table.insert(0, "number", np.repeat(list(self.by), count))
        return table

    def __str__(self) -> str:
        what = "relative change for relative change" if self.scaled else "change for change"
        return f"sensitivity ({what})\n{self.frame().to_string(max_rows=40, index=False)}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        html: str = self.frame().to_html(max_rows=40, index=False, border=0)
        return html


def time_sensitivity(
    model: Model,
    times: Sequence[float] | np.ndarray,
    by: Sequence[str] | None = None,
    *,
    select: Sequence[str] | None = None,
    scaled: bool = True,
    progress: Callable[[float], object] | None = None,
) -> TimeSensitivity:
    """Return the slopes of a time course, from central differences of runs at a relative tolerance of 1e-10.

    Parameters
    ----------
    model : Model
    times : sequence of float, shape (time,)
        In the time unit of the model.
    by : sequence of str, optional
        Numbers of the model; by default all parameters that are not zero.
    select : sequence of str, optional
        Quantities, as for a simulation.
    scaled : bool
        Whether to give relative change for relative change.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    UnknownNameError, ModelError, ValueOutOfRangeError
        For an unknown number, one that a formula gives, or that is zero where slopes are to be scaled.
    SimulationError
        If the integration cannot go on.
    """
    numbers = tuple(by) if by is not None else default_numbers(model)
    names = tuple(select) if select is not None else default_selection(model)
    centre = run_model(model, times, select=names, rtol=RTOL)
    slopes = []
    # Number by number: a run to each side.
    for k, name in enumerate(numbers, start=1):
        value = _value(model, name, scaled)
        step = STEP * abs(value) if value else STEP
        sides = [
            run_model(with_numbers(model, {name: value + sign * step}), times, select=names, rtol=RTOL).values
            for sign in (1.0, -1.0)
        ]
        slope = (sides[0] - sides[1]) / (2.0 * step)
        if scaled:
            with np.errstate(divide="ignore", invalid="ignore"):
                slope = np.where(centre.values == 0.0, np.nan, slope * value / centre.values)
        slopes.append(slope)
        if progress is not None:
            progress(k / len(numbers))
    values = np.array(slopes).reshape(len(numbers), *centre.values.shape)
    return TimeSensitivity(centre, numbers, values, scaled)


def default_numbers(model: Model) -> tuple[str, ...]:
    """Return the parameters that have a number of their own other than zero."""
    return tuple(n for n in number_names(model) if n in model.parameters and number_of(model, n))


def _value(model: Model, name: str, scaled: bool) -> float:
    value = number_of(model, name)
    if value is None:
        raise ModelError(f"{name!r} has no number of its own: a formula or rule gives it; name what the formula uses")
    if scaled and value == 0.0:
        raise ValueOutOfRangeError(f"{name!r} is 0, so there is no relative change of it; give scaled=False")
    return value
