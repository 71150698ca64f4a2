"""The reader of sentences, with errors that point at the word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nadflux.errors import NadfluxError, PlanError, nearest
from nadflux.plans.catalogue import route_word
from nadflux.plans.timing import Amount
from nadflux.words import Said

_SPACE = re.compile(r"[\s,()]*")
_WORD = re.compile(r"[^\s,;()]+")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf(?:inity)?)\b", re.I)
_UNIT = re.compile(r"\s*([^\W\d_%]+(?:/kg(?![\w/]))?|%)")

_NO_UNITS = frozenset(
    ("for", "over", "at", "from", "on", "then", "and", "with", "daily", "weekly", "once", "twice", "thrice", "every")
)
"""What begins the next clause, after a number without its unit."""


def word_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern of words that ignores case."""
    return re.compile(text, re.IGNORECASE)


def with_article(noun: str) -> str:
    """Return a noun with *a* or *an* before it."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


class Reader:
    """A reader with its position in a stretch of a sentence.

    Parameters
    ----------
    text : str or Said
        The whole sentence, as typed or reworded; errors show it as typed.
    start, end : int
        The stretch to read.
    """

    def __init__(self, text: str | Said, start: int = 0, end: int | None = None) -> None:
        self.said = Said.of(text) if isinstance(text, str) else text
        self.text = text = self.said.text
        self.position = start
        self.end = len(text) if end is None else end
        self.skip()

    @property
    def done(self) -> bool:
        """True if nothing is left to read."""
        return self.position >= self.end

    def skip(self) -> None:
        """Move over spaces and commas."""
        match = _SPACE.match(self.text, self.position, self.end)
        self.position = match.end() if match else self.position

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match whole words here, move past them and return the match; return None without moving otherwise."""
        match = pattern.match(self.text, self.position, self.end)
        if match is None or (match.end() < self.end and re.match(r"\w", self.text[match.end()])):
            return None
        self.position = match.end()
        self.skip()
        return match

    def word(self) -> str:
        """Return the next word without moving."""
        match = _WORD.match(self.text, self.position, self.end)
        return match.group() if match else ""

    @property
    def next_word(self) -> tuple[int, int]:
        """Start and end of the next word, or of one character if there is none, for errors."""
        return self.position, self.position + max(1, len(self.word()))

    def amount(self, what: str) -> tuple[Amount, int, int]:
        """Read a number with a unit; return it with its start and end."""
        start = self.position
        number = _NUMBER.match(self.text, start, self.end)
        if number is None:
            raise self.error(f"{with_article(what)} with its unit is needed here", start, start + len(self.word()))
        unit = _UNIT.match(self.text, number.end(), self.end)
        if unit is None or route_word(unit.group(1)) or unit.group(1).lower() in _NO_UNITS:
            raise self.error(f"the {what} has no unit", start, number.end())
        self.position = unit.end()
        stop = self.position
        if self.position < self.end and re.match(r"[\w/]", self.text[self.position]):
            self.position = start
            raise self.error(f"this is not {with_article(what)}", start, start + len(self.word()))
        self.skip()
        return Amount(float(number.group()), unit.group(1)), start, stop

    @contextmanager
    def pointing(self, start: int, end: int) -> Iterator[None]:
        """Make errors raised within the block point at this stretch."""
        try:
            yield
        except PlanError as error:
            if "\n" in str(error):
                raise
            raise self.error(str(error), start, end) from error
        except NadfluxError as error:
            raise self.error(str(error), start, end) from error

    def error(self, message: str, start: int, end: int, kind: type[PlanError] = PlanError) -> PlanError:
        """Return an error with the sentence as typed and carets under the stretch."""
        line = self.said.typed.replace("\n", " ").replace("\t", " ")
        start, end = self.said.stretch(start, end)
        return kind(f"{message}\n  {line}\n  {' ' * start}{'^' * max(1, end - start)}")

    def unknown(self, kind: str, known: Iterable[str], length: int | None = None, remedy: str = "") -> PlanError:
        """Return an error about the next word, with the nearest known words, or ``remedy`` if there are none."""
        word = self.text[self.position : self.position + length] if length else self.word()
        known = list(known)
        close = [name for name in nearest(word, known) if name.casefold() != word.casefold()]  # known, but not here
        hint = f"; did you mean {', '.join(repr(c) for c in close)}?" if close else ""
        if not close and len(known) <= 12:
            hint = f"; there is: {', '.join(known)}"
        if not close and not hint and remedy:
            hint = f"; {remedy}"
        if not word:
            return self.error(f"{with_article(kind)} is missing here{hint}", self.end, self.end + 1)
        return self.error(f"unknown {kind} {word!r}{hint}", self.position, self.position + len(word))
