"""Tables of columns that fit a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from nadflux.faces.documents.columns import Column

if TYPE_CHECKING:
    from rich.table import Table

Row = TypeVar("Row")

_GLUE = "\N{NO-BREAK SPACE}"  # a space at which no line is broken
_BRACKET = re.compile(r"\([^()]*\)")
GAP = 2  # spaces between two columns
_NAME = 20  # letters that a leading column keeps
_NARROWEST = 4  # letters of a column that has to be broken within words


def layout(
    rows: Sequence[Row], columns: Sequence[Column[Row]], width: int, *, title: str = "", lead: int = 1
) -> list[Table]:
    """Return the tables of rows that fit a terminal: one, or several with the leading columns in each.

    Cells are broken between words if one line is too narrow, and columns that still do not fit follow in a further
    table, so that no figure is ever cut.

    Parameters
    ----------
    width : int
        Letters of a line.
    title : str
        Printed above the first table.
    lead : int
        Columns that identify a row.
    """
    printed = [_printed(column, rows) for column in columns if column.in_table]
    least = _least(printed, width, lead)
    tables = []
    for number, block in enumerate(_blocks(least, min(lead, len(printed)), width)):
        widths = _fitted([least[k] for k in block], [printed[k].most for k in block], width)
        tables.append(_table([printed[k] for k in block], widths, "" if number else title))
    return tables


def width_of(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> int:
    """Return how many letters of a line the table of rows takes if nothing is broken."""
    widths = [_printed(column, rows).most for column in columns if column.in_table]
    return sum(widths) + GAP * (len(widths) - 1)


@dataclass(frozen=True)
class _Printed:
    """A column with its cells, each with its style, and the letters that it takes.

    Attributes
    ----------
    most, word : int
        Unbroken, and broken between all words.
    """

    column: Column[Any]
    cells: tuple[tuple[str, str], ...]
    most: int
    word: int


def _printed(column: Column[Row], rows: Sequence[Row]) -> _Printed:
    values = [column.of(row) for row in rows]
    texts = [column.write(value) for value in values]
    if column.right:
        texts = [_glued(text) for text in texts]
    lines = [line for text in (column.head or "", column.below, *texts) for line in text.split("\n")]
    word = max(_letters(word) for line in lines for word in line.split(" "))
    most = max(map(_letters, lines))
    if column.widest:
        most = min(most, max(column.widest, word))
    styles = map(column.style, values)
    return _Printed(column, tuple(zip(texts, styles, strict=True)), most, word)


def _least(printed: Sequence[_Printed], width: int, lead: int) -> list[int]:
    """Return the fewest letters of each column: its longest word, or all of it if it is to stay whole."""
    beside = sum(one.word + GAP for one in printed[:lead])
    least = []
    for number, one in enumerate(printed):
        fits = number < lead or beside + one.most <= width
        least.append(one.most if one.column.whole and fits else one.word)
    if lead == 1 and width >= 3 * _NAME:
        least[0] = min(printed[0].most, max(least[0], _NAME))  # a name over many lines cannot be read
    return least


def _table(printed: Sequence[_Printed], widths: Sequence[int], title: str) -> Table:
    """Return columns of these widths as a table without lines."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, title_justify="left")
    table.title = Text(title, style="italic") if title else None
    broken = []
    for one, room in zip(printed, widths, strict=True):
        head = Text(_broken(one.column.head or "", room), style="bold")
        if one.column.below:
            head.append("\n" + _broken(one.column.below, room), "not bold dim")
        table.add_column(head, width=room, justify="right" if one.column.right else "left", no_wrap=True)
        broken.append([Text(_broken(text, room), style=style) for text, style in one.cells])
    for row in zip(*broken, strict=True):
        table.add_row(*row)
    return table


def _letters(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _glued(text: str) -> str:
    """Return the text of a cell, with brackets that are not broken between words."""
    return _BRACKET.sub(lambda found: found.group().replace(" ", _GLUE), text)


def _broken(text: str, width: int) -> str:
    """Return a text broken into lines of so many letters, between words if they fit."""
    lines = [textwrap.wrap(line, max(width, 1), break_on_hyphens=False) or [""] for line in text.split("\n")]
    return "\n".join(part for own in lines for part in own).replace(_GLUE, " ")


def _room(widths: Iterable[int], more: int) -> int:
    """Return the letters of a line for columns of these widths and one more."""
    return sum(one + GAP for one in widths) + more


def _blocks(least: Sequence[int], lead: int, width: int) -> list[list[int]]:
    """Return the indices of the columns of each table: the leading ones, then as many others as fit."""
    first = list(range(lead))
    blocks = [list(first)]
    for k in range(lead, len(least)):
        taken = blocks[-1]
        if len(taken) > lead and _room([least[one] for one in taken], least[k]) > width:
            blocks.append(list(first))
        blocks[-1].append(k)
    return blocks


def _fitted(least: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Return the widths of columns that fit a line: the widest shrinks first, to its longest word, then further."""
    widths = list(most)
    spare = sum(widths) + GAP * (len(widths) - 1) - width
    for floor in (least, [min(_NARROWEST, one) for one in most]):
        # Carries the widths and the letters by which they still exceed the line.
        while spare > 0 and any(one > low for one, low in zip(widths, floor, strict=True)):
            widest = max((k for k, low in enumerate(floor) if widths[k] > low), key=lambda k: widths[k])
            widths[widest] -= 1
            spare -= 1
    return widths
