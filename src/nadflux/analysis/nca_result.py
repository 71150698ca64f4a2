"""The result of a non-compartmental analysis: parameters by their names, of every person and over people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nadflux.analysis.dosing_intervals import Intervals
from nadflux.errors import UnknownNameError
from nadflux.simulation.run import Quantity
from nadflux.simulation.summary import Figures, middle_and_bounds
from nadflux.simulation.views import Shown, view

if TYPE_CHECKING:
    import pandas as pd

UNIT, AREA = "unit", "unit h"
PARAMETERS = {
    "Cmax": (UNIT, "largest value"),
    "Tmax": ("h", "time of Cmax after the dose"),
    "Cmin": (UNIT, "smallest value in the interval"),
    "Ctrough": (UNIT, "value at the end of the interval"),
    "Cavg": (UNIT, "AUCtau / τ"),
    "Clast": (UNIT, "last value that is above the limit"),
    "Tlast": ("h", "time of Clast after the dose"),
    "AUClast": (AREA, "area to Tlast, linear up, log down"),
    "AUCtau": (AREA, "area over the interval, linear up, log down"),
    "AUCinf_obs": (AREA, "AUClast + Clast / λz"),
    "AUCpct_extrap": ("%", "share of AUCinf_obs that is extrapolated"),
    "half_life": ("h", "ln 2 / λz"),
    "lambda_z": ("1/h", "slope of the logarithm over the last points with the best adjusted R²"),
    "lambda_z_points": ("points", "number of these points"),
    "lambda_z_start": ("h", "time of the first of them after the dose"),
    "lambda_z_stop": ("h", "time of the last of them after the dose"),
    "lambda_z_R2adj": ("", "adjusted R² of the fit"),
    "lambda_z_span": ("half-lives", "time over which the points lie"),
    "CL_F": ("L/h", "dose / AUCinf_obs"),
    "Vz_F": ("L", "dose / (AUCinf_obs λz)"),
    "PTF": ("%", "(Cmax − Cmin) / Cavg"),
    "swing": ("%", "(Cmax − Cmin) / Cmin"),
    "Rac_AUC": ("", "AUCtau of the last interval / of the first"),
    "Rac_Cmax": ("", "Cmax of the last interval / of the first"),
    "Rac_Ctrough": ("", "Ctrough of the last interval / of the first"),
    "Rac_pred": ("", "1 / (1 − exp(−λz τ)), predicted from λz after the last dose"),
}  # fmt: skip
"""Unit and meaning of each parameter."""
ONE, FIRST, LAST, RATIO = "single dose", "first interval", "last interval", "accumulation"


@dataclass(frozen=True, eq=False)
class NCARow:
    """One parameter of one quantity.

    Attributes
    ----------
    quantity : Quantity
    interval : str
        ``single dose``, ``first interval``, ``last interval`` or ``accumulation``.
    parameter : str
        A key of `PARAMETERS`.
    values : ndarray, shape (person,), in ``unit``
    """

    quantity: Quantity
    interval: str
    parameter: str
    values: np.ndarray

    @property
    def unit(self) -> str:
        """Unit of the values."""
        unit = PARAMETERS[self.parameter][0]
        return unit.replace(UNIT, self.quantity.units) if unit in (UNIT, AREA) else unit

    @property
    def known(self) -> np.ndarray:
        """Values of the people who have one, shape (known person,), in ``unit``."""
        found: np.ndarray = self.values[np.isfinite(self.values)]
        return found

    @property
    def figures(self) -> Figures:
        """Median and bounds over people, in ``unit``."""
        return middle_and_bounds(self.known)

    @property
    def geometric(self) -> tuple[float, float]:
        """Geometric mean, in ``unit``, and geometric coefficient of variation, %; NaN where values are not above 0."""
        known = self.known
        if not known.size or (known <= 0).any():
            return float("nan"), float("nan")
        logs = np.log(known)
        spread = float(100.0 * np.sqrt(np.expm1(logs.var(ddof=1)))) if known.size > 1 else float("nan")
        return float(np.exp(logs.mean())), spread


@dataclass(frozen=True, eq=False, repr=False)
class NCA(Shown):
    """Non-compartmental parameters of people, and the rules by which they were found.

    Attributes
    ----------
    rows : tuple of NCARow
    who, plan : str
    persons : int
    intervals : Intervals
    rules : tuple of str
    """

    shown_as: ClassVar[str] = "nca"

    rows: tuple[NCARow, ...]
    who: str
    plan: str
    persons: int
    intervals: Intervals
    rules: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return str(view("nca_text")(self))

    def of(self, quantity: str, parameter: str, interval: str | None = None) -> np.ndarray:
        """Return a parameter of each person, shape (person,), in its unit.

        Parameters
        ----------
        quantity : str
            Id.
        parameter : str
            A key of `PARAMETERS`.
        interval : str, optional
            Needed where first and last interval both have it.

        Raises
        ------
        UnknownNameError
            If there is not exactly one; names those there are.
        """
        found = [
            row
            for row in self.rows
            if (row.quantity.id, row.parameter) == (quantity, parameter) and interval in (None, row.interval)
        ]
        if len(found) != 1:
            known = [f"{row.quantity.id}, {row.parameter}, {row.interval}" for row in self.rows]
            asked = ", ".join(filter(None, (quantity, parameter, interval)))
            raise UnknownNameError("parameter", asked, known, "Name quantity, parameter and interval.")
        return found[0].values

    def people(self) -> pd.DataFrame:
        """Return every person's parameters as a pandas DataFrame: a row for each, by quantity and interval."""
        import pandas as pd

        tables = []
        for name, interval in dict.fromkeys((row.quantity.id, row.interval) for row in self.rows):
            chosen = [row for row in self.rows if (row.quantity.id, row.interval) == (name, interval)]
            columns: dict[str, Any] = {"id": name, "interval": interval, "person": np.arange(self.persons)}
            tables.append(pd.DataFrame({**columns, **{row.parameter: row.values for row in chosen}}))
        return pd.concat(tables, ignore_index=True)
