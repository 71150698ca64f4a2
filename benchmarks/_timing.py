"""Processor time of repeated calls."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def median_ms(ask: Callable[[], object], repeats: int) -> float:
    """Return the median processor time of some calls after a first one, ms."""
    ask()
    found = []
    for _ in range(repeats):
        start = time.process_time()
        ask()
        found.append(1e3 * (time.process_time() - start))
    return statistics.median(found)
