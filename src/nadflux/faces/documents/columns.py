"""Columns of a result: one list from which its table and its JSON are both built.

A column names its key in JSON and its head in the table once, and takes its value from a row once. `document` gives the
rows for JSON; `nadflux.faces.documents.layout` the tables for a terminal of some width.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

Row = TypeVar("Row")


def plain(value: Any) -> Any:
    """Return a value as JSON has it: nested mappings, lists and dataclasses, and null for what is not a number."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    number = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(number, float) and not math.isfinite(number) else number


def words(value: Any) -> str:
    """Return a value as the text of a cell unless its column has another writer; a dash for None."""
    return "–" if value is None else str(value)


def no_style(value: Any) -> str:
    """Return the style of a cell that has none."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One value of every row of a result.

    Attributes
    ----------
    of : callable
        The value of a row.
    key : str
        Name in JSON; empty where the table alone has it.
    head : str or None
        Head in the table; None where JSON alone has it.
    below : str
        Unit of the figures, or their meaning: printed under the head.
    write : callable
        The value as the table has it.
    plain : callable
        The value as JSON has it.
    merged : bool
        Whether the JSON value is a mapping whose entries go into the row itself.
    right : bool
        Whether cells are aligned to the right, as figures are.
    whole : bool
        Whether cells are kept on one line as long as there is room for one of them.
    widest : int
        Letters of the longest line of a cell, even if there is room for more; 0 for no bound.
    style : callable
        Colour of a value in the table, as rich names it.
    """

    of: Callable[[Row], Any]
    key: str = ""
    head: str | None = None
    below: str = ""
    write: Callable[[Any], str] = words
    plain: Callable[[Any], Any] = plain
    merged: bool = False
    right: bool = False
    whole: bool = False
    widest: int = 0
    style: Callable[[Any], str] = no_style

    def within(self, part: Callable[[Any], Row]) -> Column[Any]:
        """Return the same column of rows that hold such a row as a part."""
        return dataclasses.replace(self, of=lambda row: self.of(part(row)))

    @property
    def in_json(self) -> bool:
        """True if JSON has it."""
        return bool(self.key) or self.merged

    @property
    def in_table(self) -> bool:
        """True if the table has it."""
        return self.head is not None


def fields(row: Row, columns: Iterable[Column[Row]]) -> dict[str, Any]:
    """Return one row for JSON, by the keys of its columns."""
    found: dict[str, Any] = {}
    for column in columns:
        if column.in_json:
            value = column.plain(column.of(row))
            found.update(value if column.merged else {column.key: value})
    return found


def document(rows: Iterable[Row], columns: Sequence[Column[Row]]) -> list[dict[str, Any]]:
    """Return rows for JSON, each by the keys of its columns."""
    return [fields(row, columns) for row in rows]


def columns_of(kind: type[Any], names: Iterable[str] = ()) -> tuple[Column[Any], ...]:
    """Return a column of JSON for each field of a dataclass, in their order, or for the named ones alone.

    Parameters
    ----------
    kind : type
        A dataclass.
    names : iterable of str
        Fields; all by default.
    """
    wanted = tuple(names) or tuple(field.name for field in dataclasses.fields(kind))
    return tuple(Column(key=name, of=_field(name)) for name in wanted)


def _field(name: str) -> Callable[[Any], Any]:
    def of(row: Any) -> Any:
        return getattr(row, name)

    return of
