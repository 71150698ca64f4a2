"""The sources of spread behind a simulation, as a table and for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nadflux.faces.cli._interval import console, joined, percent
from nadflux.faces.labels import readable_unit
from nadflux.simulation.summary import FEWEST, INTERVAL, bounds_in_words, significant
from nadflux.studies.experiments.components import Bounds, ComponentRow

_SOURCES = ("person", "parameters", "people", "assay", "measured")
_HEADERS = ("a person", "parameters", "between people", "assay", "as measured")
_FIGURES = {"baseline": "baseline", "end": "end", "change_percent": "change %"}


def print_components(rows: Sequence[ComponentRow], people: int) -> None:
    """Print what each source of spread alone would give over so many people, then what the columns mean."""
    from rich.table import Table

    table = Table(
        box=None,
        padding=(0, 2, 0, 0),
        header_style="bold",
        title_justify="left",
        title=f"by source of spread: {bounds_in_words(people)}"
        + ("" if people >= FEWEST else f", with {INTERVAL:.0%} of the assay"),
    )
    for header in ("quantity", "matrix", "figure"):
        table.add_column(header, no_wrap=True)
    for header in ("median", *_HEADERS):
        table.add_column(header, justify="right", no_wrap=True)
    for row in rows:
        unit = "" if row.figure == "change_percent" else f", {readable_unit(row.quantity.units)}"
        cells = [_ends(getattr(row, source), row.figure) for source in _SOURCES]
        label = (row.quantity.long_name, row.quantity.matrix, f"{_FIGURES[row.figure]}{unit}")
        table.add_row(*label, _number(row.median, row.figure), *cells)
    screen = console()
    screen.print()
    screen.print(table)
    for note in (
        "a person = parameters and between people together; as measured = one sample of one laboratory on top",
        "parameters: what is not known of the typical person; each column is the interval if it were the only source",
    ):
        screen.print(f"· {note}", markup=False, highlight=False, style="dim", soft_wrap=True)


def document(rows: Sequence[ComponentRow]) -> list[dict[str, Any]]:
    """The same for JSON; null for what is no number."""
    return [
        {
            "id": row.quantity.id,
            "figure": row.figure,
            "median": _plain(row.median),
            **{source: [_plain(end) for end in getattr(row, source)] for source in _SOURCES},
        }
        for row in rows
    ]


def _ends(bounds: Bounds, figure: str) -> str:
    if not all(map(math.isfinite, bounds)):
        return "–"
    low, high = (_number(end, figure) for end in bounds)
    return low if low == high else f"{low} to {high}" if figure == "change_percent" else joined(low, high)


def _number(value: float, figure: str) -> str:
    if figure == "change_percent":
        return percent(value) if math.isfinite(value) else "–"
    return significant(value)


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
