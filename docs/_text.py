"""Markdown from plain values: tables, figures, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

MADE = "<!-- made by `python docs/build.py` from the model and its commands; change those, not this file -->"


def page(*parts: str) -> str:
    """Join parts by blank lines, with the mark that says where the page comes from."""
    return "\n\n".join((MADE, *(part.strip("\n") for part in parts if part))) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; empty where there are no rows."""
    lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(("| " + " | ".join(header) + " |", "|" + "---|" * len(header), *lines))


def figure(name: str, caption: str) -> str:
    """Return a figure of ``docs/figures`` with its caption below."""
    return f"![{caption.split('.')[0]}](figures/{name})\n\n*{caption}*"


def folded(summary: str, content: str) -> str:
    """Return a part that opens when clicked."""
    return f"<details><summary>{summary}</summary>\n\n{content}\n\n</details>"


def code(text: str) -> str:
    """Return an indented block."""
    return "\n".join("    " + line if line else "" for line in text.splitlines())


def number(value: float | str | None, digits: int = 3) -> str:
    """Return a number with three significant digits; words stay, nothing is a dash."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{float(f'{value:.{digits - 1}e}'):g}" if abs(value) < 1e6 else f"{value:.2g}"


def count(amount: int, word: str) -> str:
    """Return a count with its noun: ``1 organ``, ``2 organs``."""
    return f"{amount} {word}" if amount == 1 else f"{amount} {word}s"


def words(name: str) -> str:
    """Return a name of the model for people: ``immune_cells`` as ``immune cells``."""
    return name.replace("_", " ")


def write(folder: Path, name: str, text: str) -> Path:
    """Write a page; returns its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()
