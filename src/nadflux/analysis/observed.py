"""Measured values to lay over the curves of a run, from a CSV file or a DataFrame.

One row for each value, with the columns ``time`` (h, or ``day``), ``quantity`` (id or label, such as ``NAD+ in whole
blood``), ``value`` and ``unit``. Where they are known: ``low`` and ``high``, or ``sd``, the bounds of a mean; ``id``,
the person; ``arm``, the label of one of several runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nadflux.errors import NadfluxError
from nadflux.simulation.output_labels import ids_of
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.unit_of_quantity import in_unit
from nadflux.units import DAY_H
from nadflux.user_table import UserRow, read_user_table

_COLUMNS = {
    "time": "time", "time_h": "time", "hour": "time", "hours": "time", "day": "day", "days": "day", "time_d": "day",
    "quantity": "quantity", "observable": "quantity", "dvid": "quantity", "name": "quantity",
    "value": "value", "dv": "value", "mean": "value", "observed": "value", "unit": "unit", "units": "unit",
    "low": "low", "lower": "low", "high": "high", "upper": "high", "sd": "sd",
    "id": "id", "person": "id", "subject": "id", "arm": "arm", "plan": "arm", "group": "arm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Observed:
    """One measured value.

    Attributes
    ----------
    hour : float
        Hours of the run.
    quantity : str
        Id of the quantity.
    value, low, high : float
        In ``unit``; the bounds are those of the value itself where none are given.
    unit : str
        Empty for that of the quantity.
    person, arm : str
        Empty where they are not given.
    row : UserRow
        For errors.
    """

    hour: float
    quantity: str
    value: float
    low: float
    high: float
    unit: str
    person: str
    arm: str
    row: UserRow

    def within(self, quantity: Quantity) -> tuple[float, float, float]:
        """Return value, low and high in the unit of the quantity.

        Raises
        ------
        TableError
            If the unit does not fit.
        """
        if not self.unit:
            return self.value, self.low, self.high
        try:
            scale = in_unit(1.0, self.unit, quantity)
        except NadfluxError as error:
            raise self.row.error("unit", str(error)) from error
        return self.value * scale, self.low * scale, self.high * scale


def read_observed(table: Any) -> tuple[Observed, ...]:
    """Read measured values.

    Parameters
    ----------
    table : path, DataFrame, or what this function returned

    Raises
    ------
    TableError
        For a table or a cell that cannot be read; names row, column, value and remedy.
    UnknownNameError
        For a column that is not known.

    Examples
    --------
    >>> rows = [{"day": 28, "quantity": "NAD+ in whole blood", "value": 45, "unit": "µM", "sd": 6}]
    >>> [one.hour for one in read_observed(rows)], read_observed(rows)[0].low
    ([672.0], 39.0)
    """
    if isinstance(table, tuple) and all(isinstance(one, Observed) for one in table):
        return table
    return tuple(_observed(row) for row in read_user_table(table, _COLUMNS, ("quantity", "value")))


def known_in(run: Run, observed: tuple[Observed, ...]) -> tuple[Observed, ...]:
    """Return the values whose quantity a run has and whose time it reaches.

    Raises
    ------
    TableError
        For a quantity that the run does not have, or a unit that does not fit it.
    """
    for one in observed:
        try:
            one.within(run.quantity(one.quantity))
        except NadfluxError as error:
            if one.row.table in str(error):
                raise
            raise one.row.error("quantity", f"{error}; store it in the run (--show, outputs)") from error
    return tuple(one for one in observed if run.times[0] <= one.hour <= run.times[-1])


def _observed(row: UserRow) -> Observed:
    hour = row.number_of("day") * DAY_H if "day" in row else row.number_of("time")
    value, sd = row.number_of("value"), row.number_of("sd", 0.0, least=0.0)
    low, high = row.number_of("low", value - sd), row.number_of("high", value + sd)
    if not low <= value <= high:
        raise row.error("value", f"not between low, {low:g}, and high, {high:g}; check the three")
    try:
        (name,) = ids_of([row.text("quantity")])
    except NadfluxError as error:
        raise row.error("quantity", str(error)) from error
    return Observed(hour, name, value, low, high, row.text("unit", ""), row.text("id", ""), row.text("arm", ""), row)
