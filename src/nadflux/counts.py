"""Counts that a user gives, compared with sensible limits, before any work begins."""

from __future__ import annotations

import numpy as np

from nadflux.errors import ValueOutOfRangeError, shortened

MOST_DRAWS = 10_000
MOST_THREADS = 1024
MORE_DRAWS = "an interval of 90 % needs no more"
MORE_THREADS = "leave it out for all cores"


def check_count(name: str, value: object, most: int, *, least: int = 1, remedy: str = "") -> int:
    """Return a count, or refuse it.

    Parameters
    ----------
    name : str
        As the user knows it, e.g. ``replicates``.
    value : object
    most, least : int
        Bounds, both allowed.
    remedy : str
        What to do instead of asking for more.

    Raises
    ------
    ValueOutOfRangeError
        For what is no whole number or lies outside the bounds.
    """
    whole = _whole(value)
    if whole is not None and least <= whole <= most:
        return whole
    instead = f"; {remedy}" if remedy and whole is not None and whole > most else ""
    raise ValueOutOfRangeError(f"{name} = {shortened(value, 60)}: give a whole number from {least} to {most}{instead}")


def check_threads(threads: object) -> None:
    """Refuse a number of threads that no machine has; None stands for all cores.

    Raises
    ------
    ValueOutOfRangeError
    """
    if threads is None:
        return
    whole = _whole(threads)
    if whole is None or whole < 1:
        raise ValueOutOfRangeError(f"threads = {shortened(threads, 60)}: at least one is needed; {MORE_THREADS}")
    check_count("threads", threads, MOST_THREADS, remedy=MORE_THREADS)


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | np.integer) and not isinstance(value, bool) else None
