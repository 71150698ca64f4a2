"""Example sentences of the plan language with their meaning, for help and documentation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nadflux.network.records import records
from nadflux.shipped import BIOLOGY


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with its topic and its meaning."""

    topic: str
    sentence: str
    means: str


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """Return the shipped examples, in the order of the table."""
    file = BIOLOGY / "whole" / "examples.csv"
    return tuple(Example(**cells) for _, cells in records(file, ("topic", "sentence", "means")))
