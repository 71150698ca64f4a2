"""A first look at an SBML text, before libSBML sees it: how deep it is, and where nothing mathematical stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from nadflux.errors import ModelError

DEEPEST = 3000
MATHEMATICS = "http://www.w3.org/1998/Math/MathML"
_BESIDE = re.compile(r"/level\d+/version\d+/(layout|render|groups)/|/projects/bcb/sbml/(level2|layout|render)")
_LIMIT = "a model nested that deep is not read: write parts of the formula as rules of their own"

Place = tuple[int, int]  # line and column


@dataclass(frozen=True)
class Outline:
    """Places of a text that say nothing about the mathematics: notes, annotations, layout, render, groups."""

    beside: tuple[tuple[Place, Place, str], ...] = field(default=())

    def what_is_at(self, line: int, column: int) -> str:
        """Return the kind of element around a place, such as ``notes``; empty for the model itself."""
        inside = [kind for start, end, kind in self.beside if start <= (line, column) <= end]
        # a reader that counts columns from another place still knows the line
        inside += [kind for start, end, kind in self.beside if start[0] < end[0] and start[0] <= line <= end[0]]
        return inside[0] if inside else ""


def outline_of(text: str, label: str) -> Outline:
    """Return the outline of an XML text; that of malformed XML is empty, for libSBML to complain about.

    Parameters
    ----------
    text : str
    label : str
        What the text is called in errors.

    Raises
    ------
    ModelError
        For elements nested deeper than libSBML and the formulas of a model bear.
    """
    looker = _Looker(label)
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = looker.start, looker.end
    looker.parser = parser
    try:
        parser.Parse(text.encode("utf-8", errors="replace"), True)
    except expat.ExpatError:
        return Outline()
    return Outline(tuple(looker.found))


class _Looker:
    """Handlers of the parser; ``found`` collects the outermost elements beside the mathematics."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.parser: expat.XMLParserType
        self.found: list[tuple[Place, Place, str]] = []
        self._depth = 0
        self._open: tuple[int, Place, str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self._depth += 1
        if self._depth > DEEPEST:
            raise ModelError(f"{self.label} holds elements nested deeper than {DEEPEST}; {_LIMIT}")
        space, _, word = name.rpartition(" ")
        if self._open is not None or space == MATHEMATICS:
            return
        package = _BESIDE.search(f"{space}/")
        if word in ("notes", "annotation") or package:
            self._open = (self._depth, self._here(), word if package is None else package[1] or "layout")

    def end(self, _: str) -> None:
        if self._open is not None and self._open[0] == self._depth:
            self.found.append((self._open[1], self._here(), self._open[2]))
            self._open = None
        self._depth -= 1

    def _here(self) -> Place:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
