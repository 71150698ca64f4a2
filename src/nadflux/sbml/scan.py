"""A model simulated, or brought to its steady state, at every value of some of its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.model import Model
from nadflux.sbml.numbers import number_of, with_numbers
from nadflux.sbml.simulate import default_selection, run_model, unit_of
from nadflux.sbml.steady_state import steady_state

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MOST_POINTS = 100_000


@dataclass(frozen=True)
class Scan:
    """Values of quantities over a grid of numbers of the model.

    Attributes
    ----------
    over : mapping of str to tuple of float
        The numbers that were changed, in the units of the model.
    times : ndarray, shape (time,)
        In the time unit of the model; empty for steady states.
    names, units : tuple of str
        Quantities and their units.
    values : ndarray, shape (*counts of the numbers, time or 1, quantity)
        In ``units``; NaN where the model could not be simulated.
    notes : tuple of str
        What could not be simulated, and why.
    """

    over: Mapping[str, tuple[float, ...]]
    times: np.ndarray
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def data(self) -> xr.DataArray:
        """The values for xarray, with a dimension for each number, for time (if any) and for the quantity."""
        import xarray as xr

        coordinates: dict[str, list[float] | list[str] | np.ndarray] = {k: list(v) for k, v in self.over.items()}
        values = self.values
        if len(self.times):
            coordinates["time"] = self.times
        else:
            values = values[..., 0, :]
        coordinates["quantity"] = list(self.names)
        units = {"units": "; ".join(f"{n}: {u}" for n, u in zip(self.names, self.units, strict=True) if u)}
        return xr.DataArray(values, coords=coordinates, dims=tuple(coordinates), name="value", attrs=units)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the values of one quantity, shape (*counts of the numbers[, time]), in its unit."""
        if name not in self.names:
            raise UnknownNameError("quantity", name, self.names)
        found: np.ndarray = self.values[..., self.names.index(name)]
        return found if len(self.times) else found[..., 0]

    def frame(self) -> pd.DataFrame:
        """Return a row for each point (and time), with a column for each number and quantity."""
        import pandas as pd

        times = self.times if len(self.times) else np.array([np.nan])
        rows = [(*point, time) for point in itertools.product(*self.over.values()) for time in times]
        table = pd.DataFrame(rows, columns=[*self.over, "time"])
        if not len(self.times):
            table = table.drop(columns="time")
        labels = [f"{n} ({u})" if u else n for n, u in zip(self.names, self.units, strict=True)]
        return pd.concat([table, pd.DataFrame(self.values.reshape(-1, len(self.names)), columns=labels)], axis=1)

    def __str__(self) -> str:
        what = "over time" if len(self.times) else "at steady state"
        notes = [f"note: {note}" for note in self.notes]
        return "\n".join([f"scan {what}", self.frame().to_string(max_rows=40, max_cols=12, index=False), *notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        html: str = self.frame().to_html(max_rows=40, index=False, border=0)
        return html


def scan(
    model: Model,
    over: Mapping[str, Sequence[float]],
    times: Sequence[float] | np.ndarray | None = None,
    *,
    select: Sequence[str] | None = None,
    rtol: float = 1e-6,
    progress: Callable[[float], object] | None = None,
) -> Scan:
    """Return quantities at every combination of values.

    Parameters
    ----------
    model : Model
    over : mapping of str to sequence of float
        Values of each number, in the units of the model; all combinations are tried.
    times : sequence of float, shape (time,), optional
        In the time unit of the model; steady states without it.
    select : sequence of str, optional
        Quantities, as for a simulation; at steady state ids, reactions included.
    rtol : float
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    ValueOutOfRangeError
        For nothing to scan over, or too many points.
    UnknownNameError
        For a name that the model does not have.
    """
    grids = {name: tuple(float(v) for v in np.ravel(np.asarray(values))) for name, values in over.items()}
    count = int(np.prod([len(values) for values in grids.values()])) if grids else 0
    if not count:
        raise ValueOutOfRangeError("a scan needs values; give e.g. {'k': [0.1, 1, 10]}")
    if count > MOST_POINTS:
        raise ValueOutOfRangeError(f"this scan has {count} points; at most {MOST_POINTS} are run")
    for name in grids:
        number_of(model, name)
    at_rest = times is None
    names = tuple(select) if select is not None else default_selection(model)
    grid = np.zeros(0) if times is None else np.asarray(times, dtype=np.float64)
    found, notes = [], []
    # Point by point over the whole grid.
    for k, point in enumerate(itertools.product(*grids.values()), start=1):
        given = dict(zip(grids, point, strict=True))
        changed = with_numbers(model, given)
        try:
            if at_rest:
                state = steady_state(changed)
                values = np.array([[state[name] for name in names]])
            else:
                values = run_model(changed, grid, select=names, rtol=rtol).values
        except SimulationError as error:
            values = np.full((max(len(grid), 1), len(names)), np.nan)
            at = ", ".join(f"{name} = {value:g}" for name, value in given.items())
            notes.append(f"{at}: {error}")
        found.append(values)
        if progress is not None:
            progress(k / count)
    shape = (*(len(values) for values in grids.values()), max(len(grid), 1), len(names))
    units = tuple(unit_of(model, name) for name in names)
    return Scan(grids, grid, names, units, np.array(found).reshape(shape), tuple(notes))
