"""Tables that users give, as a CSV file or a DataFrame: numbered rows, and errors that name row and column."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nadflux.errors import TableError, UnknownNameError, shortened

MISSING = ("", ".", "NA", "N/A", "nan", "NaN", "None")
"""What stands for no value: NONMEM writes a point."""


@dataclass(frozen=True)
class UserRow:
    """One row of a table.

    Attributes
    ----------
    table : str
        Name of the table, such as its path, for errors.
    number : int
        Number of the row as a spreadsheet counts it: the head of the table is row 1.
    cells : mapping of str to str
        By name of the column; cells without a value are left out.
    heads : mapping of str to str
        Names of the columns as the table has them.
    """

    table: str
    number: int
    cells: Mapping[str, str]
    heads: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def text(self, column: str, default: str | None = None) -> str:
        """Return the text of a cell.

        Raises
        ------
        TableError
            If it is empty and there is no default.
        """
        found = self.cells.get(column, default)
        if found is None:
            raise self.error(column, "a value is missing; fill it in")
        return found

    def number_of(self, column: str, default: float | None = None, least: float = -math.inf) -> float:
        """Return the number in a cell.

        Raises
        ------
        TableError
            If it is empty and there is no default, no finite number, or below ``least``.
        """
        if column not in self.cells and default is not None:
            return default
        text = self.text(column)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(column, "not a number; give a finite one, with a point as decimal sign")
        if value < least:
            raise self.error(column, f"too small; give {least:g} or more")
        return value

    def whole(self, column: str, default: int | None = None) -> int:
        """Return the whole number in a cell; raises `TableError` as `number_of`, and for fractions."""
        value = self.number_of(column, default)
        if value != int(value):
            raise self.error(column, "not a whole number; give one")
        return int(value)

    def error(self, column: str, what: str) -> TableError:
        """Return an error on a cell: table, row, column, its value, what is wrong and the remedy."""
        value = f" = {shortened(self.cells[column])}" if column in self.cells else ""
        head = self.heads.get(column, column)
        return TableError(f"{self.table}, row {self.number}, column {head}{value}: {what}")


def read_user_table(
    table: Any, known: Mapping[str, str], needed: Sequence[str] = (), ignored: Collection[str] = ()
) -> list[UserRow]:
    """Read the rows of a CSV file or DataFrame.

    Parameters
    ----------
    table : path, DataFrame or sequence of mappings
    known : mapping of str to str
        Names of columns as they may be written, in small letters, and as rows have them.
    needed : sequence of str
        Columns that a table cannot be without.
    ignored : collection of str
        Columns that are not read, in small letters.

    Raises
    ------
    TableError
        For a file that cannot be read, a table without rows or a needed column, or two columns of one meaning.
    UnknownNameError
        For a column that is not known, with the nearest.
    """
    name, head, lines = _content(table)
    columns: list[str] = []
    for written in head:
        key = written.strip().lstrip("\ufeff#").strip().casefold()
        if key in ignored:
            columns.append("")
            continue
        if key not in known:
            raise UnknownNameError(f"column of {name}", written, {*known.values()})
        if known[key] in columns:
            raise TableError(f"{name}: two columns are read as {known[key]}; leave one out (column {written!r})")
        columns.append(known[key])
    for column in needed:
        if column not in columns:
            raise TableError(f"{name} has no column {column}; add it (there is: {', '.join(filter(None, columns))})")
    heads = {column: written.strip() for column, written in zip(columns, head, strict=True)}
    rows = []
    for number, line in lines:
        if len(line) > len(columns):
            raise TableError(f"{name}, row {number}: {len(line)} cells, the head has {len(columns)}; check the commas")
        cells = {column: text for column, cell in zip(columns, line, strict=False) if column and (text := _cell(cell))}
        if cells:
            rows.append(UserRow(name, number, cells, heads))
    if not rows:
        raise TableError(f"{name} has no rows; give at least one below the head")
    return rows


def _content(table: Any) -> tuple[str, list[str], list[tuple[int, Sequence[Any]]]]:
    """Return the name of a table, its head, and its lines with their numbers."""
    if isinstance(table, str | Path):
        return _file(Path(table))
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        lines: Iterable[Any] = table.itertuples(index=False, name=None)
        return "the table", [str(column) for column in table.columns], list(enumerate(map(list, lines), start=2))
    rows = list(table) if isinstance(table, Iterable) and not isinstance(table, bytes) else []
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise TableError(f"{shortened(table)} is no table; give the path of a CSV file, or a pandas DataFrame")
    head = list(dict.fromkeys(str(key) for row in rows for key in row))
    return "the table", head, [(k, [row.get(key) for key in head]) for k, row in enumerate(rows, start=2)]


def _file(path: Path) -> tuple[str, list[str], list[tuple[int, Sequence[Any]]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [
                (k, line) for k, line in enumerate(csv.reader(file), start=1) if any(cell.strip() for cell in line)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise TableError(f"cannot read {str(path)!r}: {why}; give a CSV file in UTF-8") from error
    if not lines:
        raise TableError(f"{str(path)!r} is empty; give a table with a head")
    return str(path), lines[0][1], [(number, line) for number, line in lines[1:]]


def _cell(value: Any) -> str:
    """Return the text of a cell; empty for what stands for no value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = repr(float(value)) if isinstance(value, float) else str(value).strip()
    return "" if text in MISSING else text
