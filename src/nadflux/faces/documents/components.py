"""The sources of spread behind a simulation, as a table and for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nadflux.faces.documents.columns import Column, document
from nadflux.faces.documents.figures import joined, percent
from nadflux.faces.documents.terminal import console, print_notes, print_table
from nadflux.faces.labels import readable_unit
from nadflux.simulation.summary import FEWEST, INTERVAL, bounds_in_words, significant

if TYPE_CHECKING:
    from nadflux.studies.experiments.components import Bounds, ComponentRow

_FIGURES = {"baseline": "baseline", "end": "end", "change_percent": "change %"}
_NOTES = (
    "a person = parameters and between people together; as measured = one sample of one laboratory on top",
    "parameters: what is not known of the typical person; each column is the interval if it were the only source",
)


def _source(key: str, head: str) -> tuple[Column[ComponentRow], Column[ComponentRow]]:
    """Return the columns of one source of spread: its ends in JSON, and its range in the table."""
    return (
        Column(key=key, of=lambda row: getattr(row, key)),
        Column(head=head, of=lambda row: _ends(getattr(row, key), row.figure), right=True),
    )


COMPONENTS: tuple[Column[ComponentRow], ...] = (
    Column(key="id", of=lambda row: row.quantity.id),
    Column(head="quantity", of=lambda row: row.quantity.long_name),
    Column(head="matrix", of=lambda row: row.quantity.matrix),
    Column(key="figure", of=lambda row: row.figure),
    Column(head="figure", of=lambda row: _figure(row)),
    Column(key="median", of=lambda row: row.median),
    Column(head="median", of=lambda row: _written(row.median, row.figure), right=True),
    *_source("person", "a person"),
    *_source("parameters", "parameters"),
    *_source("people", "between people"),
    *_source("assay", "assay"),
    *_source("measured", "as measured"),
)
"""Of each figure of each quantity."""


def components_document(rows: Sequence[ComponentRow]) -> list[dict[str, Any]]:
    """Return the ends of the interval that each source would give, for JSON; null for what is not a number."""
    return document(rows, COMPONENTS)


def print_components(rows: Sequence[ComponentRow], people: int) -> None:
    """Print what each source of spread alone would give over so many people, then what the columns mean."""
    out = console()
    beside = "" if people >= FEWEST else f", with {INTERVAL:.0%} of the assay"
    out.print()
    print_table(out, rows, COMPONENTS, title=f"by source of spread: {bounds_in_words(people)}{beside}", lead=3)
    print_notes(out, _NOTES)


def _figure(row: ComponentRow) -> str:
    unit = "" if row.figure == "change_percent" else f", {readable_unit(row.quantity.units)}"
    return f"{_FIGURES[row.figure]}{unit}"


def _ends(bounds: Bounds, figure: str) -> str:
    if not all(map(math.isfinite, bounds)):
        return "–"
    low, high = (_written(end, figure) for end in bounds)
    return low if low == high else f"{low} to {high}" if figure == "change_percent" else joined(low, high)


def _written(value: float, figure: str) -> str:
    if figure == "change_percent":
        return percent(value) if math.isfinite(value) else "–"
    return significant(value)
