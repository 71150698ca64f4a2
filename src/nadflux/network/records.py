"""Rows of a table of the biology: every column there, no other, every cell filled but the optional ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nadflux.errors import TableError


def records(
    file: Path, columns: Sequence[str], optional: Sequence[str] = (), extra: Sequence[str] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield place and stripped cells of each row.

    Parameters
    ----------
    file : Path
        CSV in UTF-8 with a header; blank rows are skipped.
    columns : sequence of str
        All that the header names, in any order.
    optional : sequence of str
        Those whose cells may be empty.
    extra : sequence of str
        Columns that the header may leave out, and whose cells are then empty.

    Raises
    ------
    TableError
        For a file that cannot be read, a column that is missing or unknown, a row with too few or too many cells, or
        an empty cell.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise TableError(f"cannot read the table {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TableError(f"the table {file} is no UTF-8 text: {error.reason}; save it as UTF-8 CSV") from error
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    missing = [c for c in columns if c not in header]
    if missing:
        raise TableError(f"{file.name}: column {missing[0]!r} is missing; the columns are {', '.join(columns)}")
    known = (*columns, *extra)
    unknown = [c for c in header if c not in known]
    if unknown:
        raise TableError(f"{file.name}: unknown column {unknown[0]!r}; the columns are {', '.join(known)}")
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        place = f"{file.name} line {reader.line_num}"
        if len(cells) != len(header):
            raise TableError(f"{place}: {len(cells)} cells for {len(header)} columns; quote cells with commas")
        row = dict.fromkeys(extra, "") | {c: v.strip() for c, v in zip(header, cells, strict=True)}
        required(place, row, [c for c in columns if c not in optional])
        yield place, row


def required(place: str, cells: dict[str, Any], columns: Sequence[str]) -> None:
    """Raise TableError for the first of the columns whose cell is empty."""
    for column in columns:
        if not cells[column]:
            raise TableError(f"{place}: column {column!r} is empty; every row needs one")
