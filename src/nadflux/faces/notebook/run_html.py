"""A run as a notebook shows it: who, what and how many; a table with a small figure in each row; notes."""

from __future__ import annotations

from html import escape

from nadflux.faces.documents.acute import acute_columns
from nadflux.faces.documents.figures import headline
from nadflux.faces.documents.run_notes import footer, understood, without_reading
from nadflux.faces.documents.run_table import RunRow, run_columns, run_rows
from nadflux.faces.documents.shown import names_of
from nadflux.faces.notebook.html_table import block, html_table, notes_html, title
from nadflux.faces.notebook.sparkline import sparkline
from nadflux.faces.plot.captions import captioned
from nadflux.simulation.acute import acute_rows, is_acute
from nadflux.simulation.run import Run

_BEFORE_FIGURE = 4  # columns: quantity, matrix, kind and unit


def run_html(run: Run) -> str:
    """Return the table of the usual quantities in HTML, each with its course, and the notes on them."""
    names = names_of(run)
    rows = run_rows(run, names)
    notes = footer(run, rows)
    plan = understood(run.record.get("plan", ""), notes)
    flags = run.record.get("flags", ())
    parts = [title(headline(run.record.get("who", ""), plan, run.persons, flags))]
    parts.append(html_table(rows, run_columns(run), drawn=lambda row: _course(run, row), after=_BEFORE_FIGURE))
    if is_acute(run):
        acute = acute_rows(run, names)
        parts += [title("while the plan makes a difference"), html_table(acute, acute_columns(run, alone=False))]
    always = captioned(run.notes, flags)
    others = [note for note in without_reading(notes) if note not in always]
    return block(*parts, notes_html(always, others, "further notes"), _others(run, names))


def _course(run: Run, row: RunRow) -> str:
    return sparkline(run, row.quantity.id)


def _others(run: Run, names: tuple[str, ...]) -> str:
    """Return how to see what the table does not show."""
    more = [quantity for quantity in run.quantities if quantity.id not in names]
    how = "<code>run.table()</code>, <code>run.plot()</code>, <code>run.nca()</code>, <code>run.data</code>"
    if not more:
        return f'<div class="soft">{how}</div>'
    listed = ", ".join(f"{escape(q.id)}" for q in more)
    return (
        f"<details><summary>{len(more)} further quantities: <code>run[id]</code>, "
        f'<code>run.table("all")</code>; {how}</summary><div class="wide soft">{listed}</div></details>'
    )
