"""Medians with their intervals, as tables and JSON have them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.simulation.summary import (
    FEWEST,
    INTERVAL,
    bounds_in_short,
    bounds_in_words,
    middle_and_bounds,
    significant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Bounds = tuple[float, float, float]
"""Median, lower and upper bound."""
LEAST = 0.01  # %; smaller shares are reported as below it


def known(values: np.ndarray) -> Bounds:
    """Return median and bounds of the values that are numbers: central 90 %, or the range of fewer than 20.

    Parameters
    ----------
    values : ndarray, shape (person,), any unit
    """
    return middle_and_bounds(values[np.isfinite(values)], INTERVAL)


def written(bounds: Bounds, digits: int = 2) -> str:
    """Return ``3.1 (1.2–5.4)``; the median alone if there is no spread, a dash if there is no number."""
    return spread_out(bounds, lambda value: no_minus_zero(_rounded(value, digits)))


def spread_out(
    bounds: Bounds,
    write: Callable[[float], str],
    join: str = " ",
    between: Callable[[str, str], str] | None = None,
) -> str:
    """Return a figure with its bounds in brackets; alone if all are the same, a dash if there is none.

    Parameters
    ----------
    write : callable
        How one number is written.
    join : str
        Text before the bracket: a space, or a new line if the terminal is narrow.
    between : callable, optional
        How two bounds are joined; `joined` by default.
    """
    middle, low, high = bounds
    if not math.isfinite(middle):
        return "–"
    if low == middle == high:
        return write(middle)
    return f"{write(middle)}{join}({(between or joined)(write(low), write(high))})"


def joined(low: str, high: str) -> str:
    """Return two bounds as a range: ``1.2–5.4``, with a word between if one is below zero: ``-1.8 to -0.58``."""
    return f"{low} to {high}" if "-" in (low[:1], high[:1]) else f"{low}–{high}"


def no_minus_zero(text: str) -> str:
    """Return a number that was rounded to zero as ``0``, never as ``-0``."""
    return text.removeprefix("-") if text.startswith("-") and not text.strip("-0.") else text


def percent(value: float) -> str:
    """Return a change in whole percent: ``+5``, ``-12``, and ``0`` for what is rounded to zero."""
    text = f"{value:+.0f}"
    return text if text.strip("+-0") else "0"


def median_head(people: int, join: str = " ") -> str:
    """Return the head of a column of medians: ``median (90%)``, of fewer than 20 people ``median (range)``."""
    return "value" if people == 1 else f"median{join}({bounds_in_short(people)})"


def headline(who: object, what: object, people: int, flags: Sequence[str] = ()) -> str:
    """Return the line above a table: who, what, how many; *no PK data* and *beyond data* if they apply."""
    parts = [str(who), str(what), f"{people} {'people' if people != 1 else 'person'}", *flags]
    return "  ·  ".join(parts)


def changed(bounds: Bounds, join: str = " ") -> str:
    """Return a change in whole percent with its interval: ``+5 (+2 to +9)``; ``0 (0 to 0)`` for mere rounding."""
    return spread_out(bounds, percent, join, "{} to {}".format)


def bounds_document(people: int) -> dict[str, Any]:
    """Return for JSON the kind of the bounds over so many people: ``interval`` is null if they are a range."""
    return {"interval": INTERVAL if people >= FEWEST else None, "bounds": bounds_in_words(people)}


def share(bounds: Bounds) -> str:
    """Return a share as a percentage: ``69 (23–85)``; anything below 0.01 % is reported as such."""
    middle, low, high = bounds
    return floored((100.0 * middle, 100.0 * low, 100.0 * high))


def floored(bounds: Bounds) -> str:
    """Return two digits with the interval; anything below 0.01 has no digit: ``<0.01``, ``0.32 (<0.01–1.2)``."""
    _, low, high = bounds
    if low > -LEAST and high < LEAST:
        return f"<{LEAST}"
    return spread_out(bounds, lambda value: f"<{LEAST}" if abs(value) < LEAST else _rounded(value, 2))


def documented(bounds: Bounds) -> dict[str, float | None]:
    """Return median and bounds for JSON, with null for what is not a number."""
    return {
        name: value if math.isfinite(value) else None
        for name, value in zip(("median", "low", "high"), bounds, strict=True)
    }


def measured(**said: str) -> Callable[[Bounds], dict[str, Any]]:
    """Return a writer for JSON of figures with further entries, such as ``unit="µM"``."""
    return lambda bounds: {**documented(bounds), **said}


def _rounded(value: float, digits: int) -> str:
    """Return the significant digits only: 5811 as 5800, and as 5811 with four."""
    if not math.isfinite(value) or value == 0:
        return significant(value, digits)
    return significant(float(f"{value:.{digits - 1}e}"), digits)
