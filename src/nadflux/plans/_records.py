"""Rows of a table of the plans: every column there, every cell filled but the optional ones."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from nadflux.errors import TableError


def records(file: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """Place and stripped cells of each row; raises TableError for a missing column or an empty cell."""
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise TableError(f"{file.name}: column {missing[0]!r} is missing; the columns are {', '.join(columns)}")
        for record in reader:
            place = f"{file.name} line {reader.line_num}"
            cells = {column: (record[column] or "").strip() for column in columns}
            for column, cell in cells.items():
                if not cell and column not in optional:
                    raise TableError(f"{place}: column {column!r} is empty; every row needs one")
            yield place, cells


def amount(place: str, column: str, text: str, *, zero: bool = True) -> float:
    """The number of a cell; raises TableError where it is none, infinite, negative or, with ``zero`` False, 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and (value > 0 or (zero and value == 0))):
        raise TableError(f"{place}: {column} {text!r} is not a number {'from' if zero else 'above'} 0")
    return value
