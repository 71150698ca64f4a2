"""Numbers in the tables of the plans."""

from __future__ import annotations

import math

from nadflux.errors import TableError


def amount(place: str, column: str, text: str, *, zero: bool = True) -> float:
    """The number of a cell; raises TableError where it is none, infinite, negative or, with ``zero`` False, 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and (value > 0 or (zero and value == 0))):
        raise TableError(f"{place}: {column} {text!r} is not a number {'from' if zero else 'above'} 0")
    return value
