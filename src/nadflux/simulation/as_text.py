"""A run as plain text, as `print(run)` shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nadflux.simulation.acute import acute_rows, is_acute
from nadflux.simulation.judged_window import judged_window, own_usual_life
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import Figures, bounds_in_words, ranges, significant, summarise


def as_text(run: Run) -> str:
    """Return the table as plain text, with the notes below it.

    With lifestyle it compares the judged hours with usual life; for people in usual days and nothing else it shows the
    day itself; for a plan of a few days also its effect while it differs.
    """
    tables = [_day(run) if own_usual_life(run) else _changes(run)]
    if is_acute(run):
        tables.append(_while_it_differs(run))
    return "\n".join([*(line for table in tables for line in _aligned(table)), *(f"- {note}" for note in run.notes)])


def _changes(run: Run) -> list[tuple[str, ...]]:
    first, last = ("usual life", judged_window(run).name) if run.lived else ("baseline", "end")
    over = f"{_bounds(run)}, change"
    lines: list[tuple[str, ...]] = [("quantity", "matrix", "kind", "unit", first, last, "change %", over, "tier")]
    for row in summarise(run):
        ends = significant(row.baseline[0]), significant(row.end[0])
        lines.append((*_named(row.quantity), *ends, *_percents(row.change_percent), row.quantity.tier))
    return lines


def _day(run: Run) -> list[tuple[str, ...]]:
    name = judged_window(run).name
    lines: list[tuple[str, ...]] = [
        ("quantity", "matrix", "kind", "unit", f"mean, {name}", "lowest", "highest", "tier")
    ]
    for row in summarise(run):
        low, high = ranges(run, [row.quantity.id])[row.quantity.id]
        values = (significant(figures[0]) for figures in (row.end, low, high))
        lines.append((*_named(row.quantity), *values, row.quantity.tier))
    return lines


def _while_it_differs(run: Run) -> list[tuple[str, ...]]:
    heads = ("while it differs", "matrix", "kind", "unit", "from h", "to h", "peak", "furthest %", _bounds(run), "at h")
    lines: list[tuple[str, ...]] = [heads]
    for row in acute_rows(run, [quantity.id for quantity in run.quantities]):
        hours = (significant(figures[0]) for figures in (row.starts_h, row.stops_h, row.peak))
        at = significant(row.furthest_h[0])
        lines.append((*_named(row.quantity), *hours, *_percents(row.furthest_percent), at))
    return lines


def _bounds(run: Run) -> str:
    return bounds_in_words(run.persons - len(run.failures))


def _named(quantity: Quantity) -> tuple[str, ...]:
    return quantity.long_name, quantity.matrix, quantity.kind, quantity.units


def _percents(figures: Figures) -> tuple[str, str]:
    median, low, high = figures
    return (
        f"{median:+.0f}" if math.isfinite(median) else "–",
        f"{low:+.0f} to {high:+.0f}" if math.isfinite(low) else "–",
    )


def _aligned(lines: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
