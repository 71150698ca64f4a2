"""Progress of a run, reported by its parts."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], object]
"""Called with the fraction done."""


def part_of(progress: Progress | None, start: float, size: float, whole: float = 1.0) -> Progress | None:
    """Return progress of a part as that of the whole; ``start`` and ``size`` are in the unit of ``whole``."""
    return None if progress is None else lambda fraction: progress((start + fraction * size) / whole)
