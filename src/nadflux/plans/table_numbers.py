"""Readers of numbers in the tables behind plans."""

from __future__ import annotations

import math
from pathlib import Path

from nadflux.errors import TableError
from nadflux.network.records import records

_APPLIED = ("route", "quantity", "value", "unit", "tier", "source", "note")


def amount(place: str, column: str, text: str, *, zero: bool = True) -> float:
    """Read the number of a cell; raises `TableError` unless it is finite and at least 0 (above 0 without ``zero``)."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and (value > 0 or (zero and value == 0))):
        raise TableError(f"{place}: {column} {text!r} is not a number {'from' if zero else 'above'} 0")
    return value


def applied(file: Path, route: str, quantity: str) -> tuple[float, str]:
    """Read a number of ``application.csv``, above 0, and its unit; raises `TableError` if the table lacks it."""
    for place, cells in records(file, _APPLIED, optional=("note",)):
        if (cells["route"], cells["quantity"]) == (route, quantity):
            return amount(place, "value", cells["value"], zero=False), cells["unit"]
    raise TableError(f"{file.name} has no row for {quantity} of {route}")
