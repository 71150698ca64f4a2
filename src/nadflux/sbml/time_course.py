"""The result of a run of an SBML model: a table of values over time."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import NadfluxError, UnknownNameError
from nadflux.extras import check_library
from nadflux.files import replacing

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

_SHOWN, IN_LEGEND = 12, 20


@dataclass(frozen=True, repr=False)
class TimeCourse:
    """Values of named quantities at the requested times, in the units that the model declares.

    Attributes
    ----------
    times : ndarray, shape (time,)
        In ``time_unit``.
    names : tuple of str
        ``S`` has the meaning of the id in the model's formulas, ``[S]`` a concentration, ``amount(S)`` an amount.
    values : ndarray, shape (time, name)
        In ``units``.
    units : tuple of str
        Such as ``umol/L``; empty if the model declares none.
    time_unit : str
        Unit of time, likewise.
    notes : tuple of str
        Notes on the model and the run: faults ignored, values that are not numbers, random decisions.
    noise : ndarray, shape (name,)
        Size below which a value is numerical noise at the tolerance of the run, in ``units``; 0 if unknown.
    """

    times: np.ndarray
    names: tuple[str, ...]
    values: np.ndarray
    units: tuple[str, ...]
    time_unit: str = ""
    notes: tuple[str, ...] = ()
    noise: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def labels(self) -> tuple[str, ...]:
        """Names with their units, such as ``S (umol/L)``; the bare name if the model declares no unit."""
        return tuple(_label(name, unit) for name, unit in zip(self.names, self.units, strict=True))

    @property
    def time_label(self) -> str:
        """``time`` with its unit, if the model declares one."""
        return _label("time", self.time_unit)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the values of one quantity, shape (time,), in its unit."""
        if name not in self.names:
            raise UnknownNameError("quantity", name, self.names)
        column: np.ndarray = self.values[:, self.names.index(name)]
        return column

    def frame(self) -> pd.DataFrame:
        """Return a table with a column for time and one for each quantity, named with their units."""
        import pandas as pd

        columns = {label: self.values[:, i] for i, label in enumerate(self.labels)}
        return pd.DataFrame({self.time_label: self.times} | columns)

    @property
    def data(self) -> xr.DataArray:
        """The values for xarray, with their units as a coordinate."""
        import xarray as xr

        coordinates = {"time": self.times, "quantity": list(self.names), "unit": ("quantity", list(self.units))}
        notes = {"time_unit": self.time_unit, "notes": "; ".join(self.notes)}
        return xr.DataArray(self.values, coords=coordinates, dims=("time", "quantity"), name="value", attrs=notes)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw every quantity over time, on new axes unless some are given, and return the axes."""
        if axes is None:
            import matplotlib.pyplot as plt

            _, axes = plt.subplots(figsize=(8, 5), layout="constrained")
        for label, column in zip(self.labels, self.values.T, strict=True):
            axes.plot(self.times, column, label=label, linewidth=1.2)
        axes.set_xlabel(self.time_label if self.time_unit else "time (unit of the model)")
        axes.set_ylabel("value (unit of the model)" if len(set(self.units)) > 1 or not self.units[0] else self.units[0])
        if 0 < len(self.names) <= IN_LEGEND:
            axes.legend(fontsize="small", frameon=False)
        return axes

    def __str__(self) -> str:
        notes = [f"note: {note}" for note in self.notes]
        table = self.frame().to_string(max_rows=_SHOWN, max_cols=10, index=False, float_format=lambda v: f"{v:.6g}")
        return "\n".join([f"{len(self.names)} quantities at {len(self.times)} times", table, *notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = self.frame().to_html(max_rows=_SHOWN, max_cols=12, index=False, border=0)
        return f"<p>{len(self.names)} quantities at {len(self.times)} times</p>{table}"

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write CSV or parquet, by the ending of the name; an old file stays until the new one is complete.

        Raises
        ------
        NadfluxError
            For another ending, a library that is not installed, or a file that cannot be written.
        """
        target = Path(path)
        frame = self.frame()
        ending = target.suffix.lower()
        if ending not in (".csv", ".parquet"):
            raise NadfluxError(f"cannot write {target.name!r}: end the name in .csv or .parquet")
        check_library(target)
        try:
            with replacing(target) as part:
                if ending == ".csv":
                    frame.to_csv(part, index=False)
                else:
                    frame.to_parquet(part, index=False)
        except OSError as error:
            raise NadfluxError(f"cannot write {str(target)!r}: {error.strerror or error}") from error
        return target


def _label(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
