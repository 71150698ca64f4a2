"""Tables in HTML from the columns of a result: those of the terminal, with heads, units and styles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any, TypeVar

from nadflux.faces.documents.columns import Column

Row = TypeVar("Row")
_STYLE = """<style>
.nadflux{font:13px/1.4 system-ui,sans-serif;max-width:100%;overflow-x:auto}
.nadflux table{border-collapse:collapse;margin:.4em 0}
.nadflux th,.nadflux td{padding:.22em .7em;text-align:left;border:0;border-bottom:1px solid rgba(128,128,128,.3);
vertical-align:middle;white-space:nowrap}
.nadflux th{font-weight:600;vertical-align:bottom;border-bottom:1px solid rgba(128,128,128,.8)}
.nadflux th small{font-weight:400;opacity:.7;display:block}
.nadflux .right{text-align:right;font-variant-numeric:tabular-nums}
.nadflux .wide{white-space:normal;max-width:34em}
.nadflux .title{font-weight:600}.nadflux .soft{opacity:.75}.nadflux svg{display:block}
.nadflux ul{margin:.2em 0 .2em 1.2em;padding:0}
</style>"""
_LONG = 40  # letters from which a cell may be broken


def block(*parts: str) -> str:
    """Return parts of HTML as one block with its style."""
    return f'<div class="nadflux">{_STYLE}{"".join(parts)}</div>'


def title(text: str) -> str:
    """Return the line above a table."""
    return f'<div class="title">{escape(text)}</div>'


def html_table(
    rows: Sequence[Row],
    columns: Sequence[Column[Row]],
    *,
    drawn: Callable[[Row], str] | None = None,
    after: int = 1,
) -> str:
    """Return the table of rows, with the heads and cells that the terminal has.

    Parameters
    ----------
    rows : sequence
    columns : sequence of Column
    drawn : callable, optional
        HTML of a small figure of a row.
    after : int
        Number of columns before the figure.
    """
    shown = [column for column in columns if column.in_table]
    heads = [_head(column) for column in shown]
    lines = [[_cell(column, row) for column in shown] for row in rows]
    if drawn is not None:
        heads.insert(after, "<th>course</th>")
        for line, row in zip(lines, rows, strict=True):
            line.insert(after, f"<td>{drawn(row)}</td>")
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in lines)
    return f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>"


def notes_html(shown: Iterable[object], folded: Iterable[object] = (), name: str = "notes") -> str:
    """Return notes as a list, and further ones in a list that opens when it is clicked."""
    more = [str(note) for note in folded]
    found = _list(map(str, shown))
    return found + (f"<details><summary>{len(more)} {escape(name)}</summary>{_list(more)}</details>" if more else "")


def _list(notes: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f'<ul class="soft">{items}</ul>' if items else ""


def _head(column: Column[Any]) -> str:
    below = f"<small>{escape(column.below)}</small>" if column.below else ""
    return f"<th{_class(column, '')}>{escape(column.head or '')}{below}</th>"


def _cell(column: Column[Any], row: Any) -> str:
    value = column.of(row)
    text = column.write(value)
    colour = column.style(value)
    style = f' style="color:{colour}"' if colour.isalpha() else ""
    return f"<td{_class(column, text)}{style}>{escape(text).replace(chr(10), '<br>')}</td>"


def _class(column: Column[Any], text: str) -> str:
    names = [name for name, given in (("right", column.right), ("wide", len(text) > _LONG)) if given]
    return f' class="{" ".join(names)}"' if names else ""
