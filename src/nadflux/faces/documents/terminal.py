"""Output to the terminal: titles, tables that fit it, and notes, each printed once."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.layout import layout

if TYPE_CHECKING:
    from rich.console import Console

    from nadflux.notes import Note

_ANY_TABLE = 10_000
_LEAST_WIDTH = 20
Row = TypeVar("Row")


def console() -> Console:
    """Return a console as wide as the terminal or as ``COLUMNS`` says; in a pipe, wider than any table."""
    from rich.console import Console

    known = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    return Console(width=None if known else _ANY_TABLE)


def print_title(out: Console, text: str) -> None:
    """Print the line above a table."""
    print_text(out, text, style="bold")


def print_text(out: Console, text: str, *, style: str = "", indent: str = "") -> None:
    """Print a line, broken between words if the terminal is narrower; further lines begin with ``indent``."""
    from rich.text import Text

    width = max(out.width, _LEAST_WIDTH)
    for line in text.split("\n"):
        own = indent or line[: len(line) - len(line.lstrip())]
        broken = textwrap.wrap(line, width, subsequent_indent=own, break_on_hyphens=False) or [""]
        for part in broken:
            out.print(Text(part, style=style), soft_wrap=True)


def print_table(
    out: Console, rows: Sequence[Row], columns: Sequence[Column[Row]], *, title: str = "", lead: int = 1
) -> None:
    """Print rows as a table, or as several with the leading columns in each if the terminal is too narrow."""
    for number, table in enumerate(layout(rows, columns, out.width, title=title, lead=lead)):
        if number:
            out.print()
        out.print(table)


def table_text(rows: Sequence[Row], columns: Sequence[Column[Row]], width: int, *, lead: int = 1) -> str:
    """Return the tables of rows as plain text, in lines of at most ``width`` letters without blanks at their ends."""
    import io

    from rich.console import Console

    buffer = io.StringIO()
    print_table(Console(file=buffer, width=width, color_system=None), rows, columns, lead=lead)
    return "\n".join(line.rstrip() for line in buffer.getvalue().rstrip("\n").split("\n"))


def wrapped(text: str, width: int) -> str:
    """Return a text of which each line is broken to a width, between words; what follows keeps its indentation."""
    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())] + "  "
        lines += textwrap.wrap(line, max(width, _LEAST_WIDTH), subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(lines)


def print_notes(out: Console, notes: Iterable[Note | str]) -> None:
    """Print notes, dimmed, each once, in their order."""
    for text in dict.fromkeys(map(str, notes)):
        print_text(out, f"· {text}", style="dim", indent="  ")


def notes_document(notes: Sequence[Note]) -> dict[str, object]:
    """Return notes for JSON: their sentences, and separately the code and subject of each."""
    from nadflux.notes import codes_of

    return {"notes": [str(note) for note in notes], "note_codes": codes_of(notes)}


def print_json(value: object, indent: int = 2) -> None:
    """Print a document as JSON; what is not a number must be null already."""
    import json

    # If the stream lacks a letter, JSON escapes it, so that no question mark replaces it.
    escaped = not str(getattr(sys.stdout, "encoding", None) or "utf").lower().startswith("utf")
    print(json.dumps(value, indent=indent, ensure_ascii=escaped, allow_nan=False))
