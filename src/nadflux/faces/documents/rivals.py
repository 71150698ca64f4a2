"""Rival structures side by side, as tables and for JSON."""

from __future__ import annotations

from typing import Any

from nadflux.faces.documents.columns import Column, document, fields
from nadflux.faces.documents.figures import bounds_document, changed, documented, headline, median_head, written
from nadflux.faces.documents.run_notes import understood, without_reading
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_text, print_title
from nadflux.faces.labels import readable_unit
from nadflux.simulation.run import Quantity
from nadflux.simulation.summary import SummaryRow
from nadflux.studies.experiments.rivals import Rival, Rivals


def row_columns(quantity: Quantity | None = None) -> tuple[Column[SummaryRow], ...]:
    """Return the columns of one observable under a rival; its unit is in the table."""
    unit = readable_unit(quantity.units) if quantity is not None else ""
    return (
        Column(key="matrix", of=lambda row: row.quantity.matrix),
        Column(key="unit", of=lambda row: row.quantity.units),
        Column(key="tier", of=lambda row: row.quantity.tier),
        Column(
            key="baseline", head="baseline", below=unit, of=lambda row: row.baseline, write=written, plain=documented,
            right=True,
        ),
        Column(key="end", head="end", below=unit, of=lambda row: row.end, write=written, plain=documented, right=True),
        Column(
            key="change_percent", head="change", below="%", of=lambda row: row.change_percent, write=changed,
            plain=documented, right=True,
        ),
        Column(head="tier", of=lambda row: row.quantity.tier),
    )  # fmt: skip


def _option(name: str, default: str | None = "") -> Column[Rival]:
    return Column(key=name, of=lambda rival: getattr(rival.option, name) if rival.option is not None else default)


RIVALS: tuple[Column[Rival], ...] = (
    _option("switch", None),
    _option("option", "default"),
    _option("question"),
    _option("says"),
    _option("source"),
    Column(
        key="observables", of=lambda rival: {row.quantity.id: fields(row, row_columns()) for row in rival.rows}
    ),
)  # fmt: skip
"""Of each rival, for JSON."""


def table_columns(number: int, quantity: Quantity, people: int) -> tuple[Column[Rival], ...]:
    """Return the columns of the table of one observable, the ``number``-th of each rival."""
    return (
        Column(head=f"{quantity.long_name}, {quantity.matrix}", below=median_head(people), of=_name, whole=True),
        *(column.within(lambda rival: rival.rows[number]) for column in row_columns(quantity)),
    )


def rivals_document(result: Rivals) -> dict[str, Any]:
    """Return everything for JSON, with all digits."""
    return {
        "person": result.who,
        "plan": result.plan,
        **bounds_document(result.people),
        "persons": result.people,
        "flags": list(result.flags),
        "rivals": document(result.rivals, RIVALS),
        **notes_document(result.notes),
    }


def print_rivals(result: Rivals) -> None:
    """Print a table for each observable, then the meaning of each option."""
    out = console()
    print_title(out, headline(result.who, understood(result.plan, result.notes), result.people, result.flags))
    for number, first in enumerate(result.rivals[0].rows):
        print_table(out, result.rivals, table_columns(number, first.quantity, result.people))
        out.print()
    for rival in result.rivals:
        if rival.option is not None:
            one = rival.option
            print_text(out, f"{_name(rival)}: {one.question} {one.says} ({one.source})", indent="  ")
    print_notes(out, without_reading(result.notes))


def _name(rival: Rival) -> str:
    return f"{rival.option.switch}={rival.option.option}" if rival.option is not None else "default"
