"""Small tables of numbers with names, units and a title: what a question about a model is answered with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import UnknownNameError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_SHOWN = 60


@dataclass(frozen=True)
class NamedTable:
    """A table of numbers.

    Attributes
    ----------
    title : str
    row_name, column_name : str
        What the rows and columns are, such as ``species`` and ``reaction``.
    rows, columns : tuple of str
    values : ndarray, shape (row, column)
        In ``units``.
    units : tuple of str
        Unit of each column; one alone holds for all columns, empty strings where the model declares none.
    row_units : tuple of str
        Unit of each row, where it is the rows that differ in it; empty otherwise.
    notes : tuple of str
    """

    title: str
    row_name: str
    column_name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: np.ndarray
    units: tuple[str, ...] = ("",)
    row_units: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __getitem__(self, place: tuple[str, str] | str) -> float | np.ndarray:
        """Return the number at ``[row, column]``, or one whole row, shape (column,), in its unit."""
        if isinstance(place, str):
            row: np.ndarray = self.values[self._index(self.row_name, place, self.rows)]
            return row
        i = self._index(self.row_name, place[0], self.rows)
        return float(self.values[i, self._index(self.column_name, place[1], self.columns)])

    def column(self, name: str) -> np.ndarray:
        """Return one column, shape (row,), in its unit."""
        found: np.ndarray = self.values[:, self._index(self.column_name, name, self.columns)]
        return found

    def frame(self) -> pd.DataFrame:
        """Return the table for pandas, with units in the names of the columns or in a column of their own."""
        import pandas as pd

        units = self.units * len(self.columns) if len(self.units) == 1 else self.units
        names = [f"{name} ({unit})" if unit else name for name, unit in zip(self.columns, units, strict=True)]
        frame = pd.DataFrame(self.values, index=pd.Index(self.rows, name=self.row_name), columns=names)
        if self.row_units:
            frame.insert(len(names), "unit", list(self.row_units))
        return frame

    @property
    def data(self) -> xr.DataArray:
        """The table for xarray."""
        import xarray as xr

        coordinates = {self.row_name: list(self.rows), self.column_name: list(self.columns)}
        unit = self.units[0] if len(set(self.units)) == 1 else ""
        return xr.DataArray(
            self.values,
            coords=coordinates,
            dims=(self.row_name, self.column_name),
            name=self.title,
            attrs={"units": unit, "notes": "; ".join(self.notes)},
        )

    def __str__(self) -> str:
        frame = self.frame()
        text = frame.to_string(max_rows=_SHOWN, max_cols=12, float_format=lambda v: f"{v:.6g}", line_width=None)
        return "\n".join([self.title, text, *(f"note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        import html

        styled = self.frame().to_html(max_rows=_SHOWN, float_format=lambda v: f"{v:.6g}", border=0)
        notes = "".join(f"<p>note: {html.escape(note)}</p>" for note in self.notes)
        return f"<p><b>{html.escape(self.title)}</b></p>{styled}{notes}"

    @staticmethod
    def _index(kind: str, name: str, known: tuple[str, ...]) -> int:
        if name not in known:
            raise UnknownNameError(kind, name, known)
        return known.index(name)
