"""A non-compartmental analysis as a table: on the terminal, in JSON, in notebooks and for pandas."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from nadflux.analysis.nca_result import NCA, PARAMETERS, NCARow
from nadflux.faces.documents.columns import Column, document
from nadflux.faces.documents.figures import bounds_document, documented, headline, median_head, spread_out
from nadflux.faces.documents.terminal import console, print_notes, print_table, print_title
from nadflux.faces.labels import NOT_ADVICE, readable_unit
from nadflux.simulation.summary import significant

if TYPE_CHECKING:
    import pandas as pd


def nca_columns(people: int) -> tuple[Column[NCARow], ...]:
    """Return the columns: quantity, interval, parameter, unit, its figures over so many people, tier and meaning."""
    below = median_head(people)
    return (
        Column(key="id", of=lambda row: row.quantity.id),
        Column(key="quantity", head="quantity", of=_quantity, whole=True),
        Column(key="interval", head="interval", of=lambda row: row.interval, whole=True),
        Column(key="parameter", head="parameter", of=lambda row: row.parameter, whole=True),
        Column(key="unit", head="unit", of=lambda row: _unit(row.unit), whole=True),
        Column(
            merged=True, head="value", below=below, of=lambda row: row.figures, plain=documented, right=True,
            write=lambda figures: spread_out(figures, significant),
        ),
        Column(
            key="geometric_mean", head="geometric mean", of=lambda row: row.geometric[0], write=_number, right=True
        ),
        Column(
            key="geometric_cv_percent", head="geometric CV", below="%", of=lambda row: row.geometric[1], write=_number,
            right=True,
        ),
        Column(key="persons", head="n", of=lambda row: int(row.known.size), right=True),
        Column(key="tier", head="tier", of=lambda row: row.quantity.tier),
        Column(key="meaning", of=lambda row: PARAMETERS[row.parameter][1]),
    )  # fmt: skip


def nca_document(result: NCA) -> dict[str, Any]:
    """Return the rows for JSON, with the rules and the intervals, h."""
    return {
        "who": result.who,
        "plan": result.plan,
        "rows": document(result.rows, nca_columns(result.persons)),
        **bounds_document(result.persons),
        "persons": result.persons,
        "first_interval_h": result.intervals.first_h,
        "last_interval_h": result.intervals.last_h,
        "tau_h": result.intervals.tau_h,
        "rules": list(result.rules),
    }


def print_nca(result: NCA) -> None:
    """Print the parameters, and the rules by which they were found."""
    out = console()
    print_title(out, headline(result.who, result.plan, result.persons))
    print_table(out, result.rows, nca_columns(result.persons), title="non-compartmental analysis", lead=3)
    print_notes(out, _notes(result))


def nca_text(result: NCA) -> str:
    """Return what `print_nca` prints."""
    from rich.console import Console

    from nadflux.faces.documents.layout import layout

    out = Console(file=io.StringIO(), width=200)
    for table in layout(result.rows, nca_columns(result.persons), out.width, lead=3):
        out.print(table)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join([headline(result.who, result.plan, result.persons), *lines, *(f"- {n}" for n in _notes(result))])


def nca_html(result: NCA) -> str:
    """Return the parameters as a table in HTML."""
    from nadflux.faces.notebook.html_table import block, html_table, notes_html, title

    heading = title(headline(result.who, result.plan, result.persons))
    table = html_table(result.rows, nca_columns(result.persons))
    return block(heading, table, notes_html((), _notes(result), "rules"))


def nca_frame(result: NCA) -> pd.DataFrame:
    """Return a row for each parameter, with median, bounds, geometric mean and geometric coefficient of variation."""
    import pandas as pd

    return pd.DataFrame(document(result.rows, nca_columns(result.persons)))


def _quantity(row: NCARow) -> str:
    return f"{row.quantity.long_name}, {row.quantity.matrix}"


def _unit(unit: str) -> str:
    stem, space, hours = unit.rpartition(" h")
    return f"{readable_unit(stem)} h" if space and not hours else readable_unit(unit)


def _number(value: float) -> str:
    return significant(value) if math.isfinite(value) else "–"


def _notes(result: NCA) -> list[str]:
    tau = result.intervals.tau_h
    every = [] if tau is None else [f"τ is {tau:g} h; the last interval begins at {result.intervals.last_h:g} h"]
    return [*result.rules, *every, NOT_ADVICE]
