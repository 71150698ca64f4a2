"""A cell in a dish, as a table and for JSON."""

from __future__ import annotations

from typing import Any

from nadflux.faces.documents.columns import Column, document
from nadflux.faces.documents.figures import written
from nadflux.faces.documents.terminal import console, print_notes, print_table, print_title
from nadflux.faces.labels import GLYPHS, NOT_ADVICE, readable_unit
from nadflux.simulation.summary import INTERVAL
from nadflux.studies.experiments.cell_conditions import CellConditions, CellFigure

NO_FLUX = "a level or a marker is no flux; the word flux means J_deg"

FIGURES: tuple[Column[CellFigure], ...] = (
    Column(head="", of=lambda one: GLYPHS[one.kind]),
    Column(key="id", of=lambda one: one.id),
    Column(key="label", head="quantity", of=lambda one: one.label),
    Column(key="kind", head="kind", of=lambda one: one.kind),
    Column(key="unit", head="unit", of=lambda one: one.unit, write=readable_unit),
    Column(key="tier", head="tier", of=lambda one: one.tier),
    Column(key="value", of=lambda one: one.value),
    Column(key="interval", of=lambda one: one.interval),
)
"""Of each figure; in the table, the values of several conditions are side by side, see `table_columns`."""


def table_columns(result: CellConditions) -> tuple[Column[int], ...]:
    """Return the columns of the table; a row of it is the index of a quantity."""
    first = next(iter(result.conditions.values()))

    def condition(text: str, figures: tuple[CellFigure, ...]) -> Column[int]:
        return Column(head=text, of=lambda number: figures[number], write=_figure, right=True)

    *said, tier = (column.within(lambda number: first[number]) for column in FIGURES if column.in_table)
    return (*said, *(condition(text, figures) for text, figures in result.conditions.items()), tier)


def cell_document(result: CellConditions) -> dict[str, Any]:
    """Return figures by condition for JSON."""
    return {
        "organ": result.organ,
        "species": result.species,
        "AMPK_ULK1": result.ampk,
        "interval": INTERVAL if result.draws else None,
        "draws": result.draws,
        "seed": result.seed,
        "conditions": {text: document(figures, FIGURES) for text, figures in result.conditions.items()},
        "notes": cell_notes(result),
    }


def print_cell(result: CellConditions) -> None:
    """Print fluxes, levels, markers and indices, the conditions side by side."""
    out = console()
    print_title(out, f"{result.organ} ({result.species}), one cell in a medium")
    rows = range(len(next(iter(result.conditions.values()))))
    print_table(out, rows, table_columns(result), lead=2)
    print_notes(out, (NO_FLUX, *cell_notes(result)))


def cell_notes(result: CellConditions) -> list[str]:
    """Return the notes on the cell that the figures describe, and on their interval."""
    over = f"the {INTERVAL:.0%} interval is over {result.draws} draws of the tables' uncertain numbers"
    interval = over if result.draws else "no draws, so no interval"
    failed = f"{result.failed} of the draws could not be simulated to the end and are left out"
    return [
        f"figures are of the cell of the tables' typical values; {interval}",
        *([failed] if result.failed else []),
        "tier: the weakest number behind the quantity; what the model leaves out is not in the interval",
        NOT_ADVICE,
    ]


def _figure(one: CellFigure) -> str:
    low, high = one.interval or (one.value, one.value)
    return written((one.value, low, high), 3)
