"""Steps of model inputs that are on for a while."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nadflux.plans.events import ScheduledEvent
from nadflux.plans.occurrences import TINY


def steps(target: str, spans: Sequence[tuple[float, float, float]]) -> list[ScheduledEvent]:
    """Return the steps of an input that is the sum of its spans, exactly 0 between them.

    Parameters
    ----------
    target : str
    spans : sequence of (start, stop, value)
        In hours and the unit of the input.
    """
    edges = sorted({edge for start, stop, _ in spans for edge in (start, stop)})
    return [ScheduledEvent(edge, target, "set", math.fsum(v for a, b, v in spans if a <= edge < b)) for edge in edges]


def inside(time: float, spans: Sequence[tuple[float, float]]) -> bool:
    """Return whether a time (h) lies within one of the spans (h)."""
    return any(start - TINY <= time < stop - TINY for start, stop in spans)


def joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the spans (h) in order, with overlapping and touching ones joined."""
    result: list[tuple[float, float]] = []
    # Each span joins the previous one if they touch.
    for start, stop in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], stop))
        else:
            result.append((start, stop))
    return result
