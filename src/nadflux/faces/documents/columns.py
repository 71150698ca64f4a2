"""Columns of a result: one list from which its table and its JSON are both built.

A column names its key in JSON and its head in the table once, and takes its value from a row once. `document` gives the
rows for JSON, `layout` the tables for a terminal of some width.
"""

from __future__ import annotations

import dataclasses
import math
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from rich.table import Table

Row = TypeVar("Row")

_GLUE = "\N{NO-BREAK SPACE}"  # a space at which no line is broken
_BRACKET = re.compile(r"\([^()]*\)")
_GAP = 2  # spaces between two columns
_NAME = 20  # letters that a leading column keeps
_NARROWEST = 4  # letters of a column that has to be broken within words


def plain(value: Any) -> Any:
    """Return a value as JSON has it: nested mappings, lists and dataclasses, and null for what is no number."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def words(value: Any) -> str:
    """Return a value as a cell of a table holds it unless its column says otherwise; a dash for none."""
    return "–" if value is None else str(value)


def no_style(value: Any) -> str:
    """Return the style of a cell that has none."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One thing said of every row of a result.

    Attributes
    ----------
    of : callable
        The value of a row.
    key : str
        Name in JSON; empty where the table alone has it.
    head : str or None
        Head in the table; None where JSON alone has it.
    below : str
        Unit of the figures, or what they are: stands under the head.
    write : callable
        The value as the table has it.
    plain : callable
        The value as JSON has it.
    merged : bool
        Whether the JSON value is a mapping of which each entry stands in the row itself.
    right : bool
        Whether cells are set to the right, as figures are.
    whole : bool
        Whether cells are not broken over lines as long as there is room for one of them.
    widest : int
        Letters of the longest line of a cell also where there is room for more; 0 for no bound.
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
        """Whether JSON has it."""
        return bool(self.key) or self.merged

    @property
    def in_table(self) -> bool:
        """Whether the table has it."""
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


def layout(
    rows: Sequence[Row], columns: Sequence[Column[Row]], width: int, *, title: str = "", lead: int = 1
) -> list[Table]:
    """Return the tables of rows that fit a terminal: one, or several with the leading columns in each.

    Cells are broken between words where one line is too narrow, and columns that still find no room follow in a
    further table, so that no figure is ever cut.

    Parameters
    ----------
    width : int
        Letters of a line.
    title : str
        Stands above the first table.
    lead : int
        Columns that say what a row is.
    """
    shown = [column for column in columns if column.in_table]
    values = [[column.of(row) for row in rows] for column in shown]
    cells = [[_glued(c.write(v)) if c.right else c.write(v) for v in own] for c, own in zip(shown, values, strict=True)]
    most, least = _measured(shown, cells, width, lead)
    tables = []
    for number, block in enumerate(_blocks(least, min(lead, len(shown)), width)):
        widths = _fitted([least[k] for k in block], [most[k] for k in block], width)
        picked = [
            (shown[k], room, list(zip(cells[k], values[k], strict=True))) for k, room in zip(block, widths, strict=True)
        ]
        tables.append(_table(picked, "" if number else title))
    return tables


def width_of(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> int:
    """Return how many letters of a line the table of rows takes if nothing is broken."""
    shown = [column for column in columns if column.in_table]
    cells = [[column.write(column.of(row)) for row in rows] for column in shown]
    most, _ = _measured(shown, cells, 0, 0)
    return sum(most) + _GAP * (len(most) - 1)


def _table(picked: Sequence[tuple[Column[Any], int, list[tuple[str, Any]]]], title: str) -> Table:
    """Columns of these widths, each with its cells and their values, as a table without lines."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, title_justify="left")
    table.title = Text(title, style="italic") if title else None
    for column, room, _ in picked:
        head = Text(_broken(column.head or "", room), style="bold")
        if column.below:
            head.append("\n" + _broken(column.below, room), "not bold dim")
        table.add_column(head, width=room, justify="right" if column.right else "left", no_wrap=True)
    for row in zip(*(cells for _, _, cells in picked), strict=True):
        table.add_row(
            *(
                Text(_broken(cell, room), style=column.style(value))
                for (cell, value), (column, room, _) in zip(row, picked, strict=True)
            )
        )
    return table


def _field(name: str) -> Callable[[Any], Any]:
    def of(row: Any) -> Any:
        return getattr(row, name)

    return of


def _measured(
    shown: Sequence[Column[Any]], cells: Sequence[Sequence[str]], width: int, lead: int
) -> tuple[list[int], list[int]]:
    """Letters that each column takes unbroken, and at least: its longest word, or all where it is to stay whole."""
    texts = [
        [column.head or "", column.below, *own] for column, own in zip(shown, cells, strict=True)
    ]  # fmt: skip
    most = [max(max(map(_letters, text.split("\n"))) for text in own) for own in texts]
    word = [max(max(map(_letters, text.split(" "))) for line in own for text in line.split("\n")) for own in texts]
    bound = [
        min(full, max(c.widest, one)) if c.widest else full for c, full, one in zip(shown, most, word, strict=True)
    ]
    beside = sum(one + _GAP for one in word[:lead])
    if lead == 1 and word and width >= 3 * _NAME:
        word[0] = min(bound[0], max(word[0], _NAME))  # a name over many lines is no name
    least = [
        full if column.whole and (k < lead or beside + full <= width) else one
        for k, (column, full, one) in enumerate(zip(shown, bound, word, strict=True))
    ]
    return bound, least


def _letters(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _glued(text: str) -> str:
    """A cell whose brackets are not broken between words."""
    return _BRACKET.sub(lambda found: found.group().replace(" ", _GLUE), text)


def _broken(text: str, width: int) -> str:
    """A text broken into lines of so many letters, between words where they fit."""
    lines = [textwrap.wrap(line, max(width, 1), break_on_hyphens=False) or [""] for line in text.split("\n")]
    return "\n".join(part for own in lines for part in own).replace(_GLUE, " ")


def _room(widths: Iterable[int], more: int) -> int:
    """Letters of a line that hold columns of these widths and one more."""
    return sum(one + _GAP for one in widths) + more


def _blocks(least: Sequence[int], lead: int, width: int) -> list[list[int]]:
    """Numbers of the columns of each table: the leading ones, then as many others as there is room for."""
    first = list(range(lead))
    blocks = [list(first)]
    for k in range(lead, len(least)):
        taken = blocks[-1]
        if len(taken) > lead and _room([least[one] for one in taken], least[k]) > width:
            blocks.append(list(first))
        blocks[-1].append(k)
    return blocks


def _fitted(least: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Widths of columns that fit a line: the widest gives way first, down to its longest word, then within words."""
    widths = list(most)
    spare = sum(widths) + _GAP * (len(widths) - 1) - width
    for floor in (least, [min(_NARROWEST, one) for one in most]):
        while spare > 0 and any(one > low for one, low in zip(widths, floor, strict=True)):
            widest = max((k for k, low in enumerate(floor) if widths[k] > low), key=lambda k: widths[k])
            widths[widest] -= 1
            spare -= 1
    return widths
