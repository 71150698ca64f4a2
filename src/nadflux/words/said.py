"""A text that was reworded, with the place of every character in what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Said:
    """A text with the typed text behind it.

    Attributes
    ----------
    text : str
        As reworded.
    typed : str
        As typed, shown in errors.
    places : tuple of (int, int)
        Of each character of ``text``, the stretch of ``typed`` it was made from.
    """

    text: str
    typed: str
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a text as it was typed."""
        return cls(text, text, tuple((index, index + 1) for index in range(len(text))))

    def part(self, start: int, end: int | None = None) -> Said:
        """Return a stretch of the text, without the spaces around it."""
        end = len(self.text) if end is None else end
        cut = self.text[start:end]
        start += len(cut) - len(cut.lstrip())
        end = start + len(cut.strip())
        return Said(self.text[start:end], self.typed, self.places[start:end])

    def before(self, end: int) -> Said:
        """Return the text before a place, spaces and all."""
        return Said(self.text[:end], self.typed, self.places[:end])

    def after(self, start: int) -> Said:
        """Return the text from a place on, spaces and all."""
        return Said(self.text[start:], self.typed, self.places[start:])

    def followed_by(self, other: Said) -> Said:
        """Return this text and another of the same typed one."""
        return Said(self.text + other.text, self.typed, self.places + other.places)

    def reworded(self, start: int, end: int, text: str) -> Said:
        """Return a new text made from the stretch from ``start`` to ``end``."""
        return Said(text, self.typed, (self.stretch(start, end),) * len(text))

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of what was typed behind a stretch of the text; after its end one more character."""
        places = self.places[start:end]
        if places:
            return min(first for first, _ in places), max(last for _, last in places)
        if start < len(self.places):
            return self.places[start][0], self.places[start][0] + 1
        after = max((last for _, last in self.places), default=0)
        return after, after + 1


def joined(parts: Iterable[Said]) -> Said:
    """Return parts of one typed text, one after the other with a space between."""
    kept = [part for part in parts if part.text]
    text, places = "", tuple[tuple[int, int], ...]()
    for part in kept:
        if text:
            text, places = f"{text} ", (*places, (part.places[0][0], part.places[0][0]))
        text, places = text + part.text, places + part.places
    return Said(text, kept[0].typed if kept else "", places)
