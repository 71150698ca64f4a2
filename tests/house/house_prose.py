"""Prose of the repository, as pieces of text with file and line: code, tables, model text and pages."""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Backticks, and dotted names of attributes such as those in headings.
_CODE = re.compile(r"(`+)[^`]*\1|\b[A-Za-z_]+\.[a-z_]+\b")
_FENCE = re.compile(r"^(```|~~~)[\s\S]*?^\1", re.M)


@dataclass(frozen=True)
class Piece:
    """A piece of prose.

    Attributes
    ----------
    path : Path
    line : int
        Where it begins.
    text : str
        Without what is in backticks; a line end is a space.
    """

    path: Path
    line: int
    text: str


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the prose of a file: of Python docstrings, comments and strings of several words."""
    text = path.read_text(encoding="utf-8")
    for line, found in _KINDS[path.suffix](text):
        yield Piece(path, line, " ".join(_CODE.sub(" ", found).split()))


def _python(text: str) -> Iterator[tuple[int, str]]:
    comment: list[str] = []
    begins, ends = 0, -1
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != ends + 1 and comment:
            yield begins, " ".join(comment)
            comment = []
        begins, ends = (begins if comment else token.start[0]), token.start[0]
        comment.append(token.string.lstrip("# "))
    if comment:
        yield begins, " ".join(comment)
    yield from _strings(ast.parse(text))


def _strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield strings of several words; of a formatted one the text between the values."""
    if isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "`value`" for part in node.values]
        if any(" " in part for part in parts):
            yield node.lineno, "".join(parts)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.lineno, node.value
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)


def _table(text: str) -> Iterator[tuple[int, str]]:
    rows = csv.reader(io.StringIO(text))
    for row in rows:
        yield from ((rows.line_num, cell) for cell in row if " " in cell)


def _page(text: str) -> Iterator[tuple[int, str]]:
    """Yield paragraphs; indented lines are what a program prints or reads."""
    kept = _FENCE.sub(lambda found: "\n" * found.group().count("\n"), text)
    line = 1
    for block in re.split(r"(\n\s*\n)", kept):
        prose = [one for one in block.splitlines() if not one.startswith("    ") or one.strip().startswith(("-", "*"))]
        if block.strip() and prose:
            yield line, "\n".join(prose)
        line += block.count("\n")


def _after(mark: str, text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        before, found, comment = line.partition(mark)
        if found:
            yield number, comment
        yield from ((number, before) for _ in range(mark == "#" and " " in before))


_KINDS: dict[str, Callable[[str], Iterator[tuple[int, str]]]] = {
    ".py": _python,
    ".csv": _table,
    ".md": _page,
    ".ant": lambda text: _after("//", text),
    ".yaml": lambda text: _after("#", text),
}
