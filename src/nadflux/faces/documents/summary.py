"""Summary of a run, as a table and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nadflux.faces.documents.acute import acute_columns, acute_document, acute_notes, narrow_acute
from nadflux.faces.documents.at_times import value_columns
from nadflux.faces.documents.columns import Column, document, plain
from nadflux.faces.documents.components import components_document
from nadflux.faces.documents.figures import bounds_document, headline
from nadflux.faces.documents.layout import width_of
from nadflux.faces.documents.run_notes import footer, understood, without_reading
from nadflux.faces.documents.run_table import RunRow, narrow, people_of, run_columns, run_rows
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_title
from nadflux.notes import NoteCode
from nadflux.simulation.acute import acute_rows, is_acute, over_before_judged
from nadflux.simulation.at_times import values_at
from nadflux.simulation.judged_window import AnyWindow, judged_window, own_usual_life
from nadflux.simulation.run import PersonFailure, Run
from nadflux.simulation.summary import bounds_in_words

if TYPE_CHECKING:
    from rich.console import Console

    from nadflux.notes import Note
    from nadflux.studies.experiments.components import ComponentRow

FAILURES: tuple[Column[PersonFailure], ...] = (
    Column(key="person", of=lambda failure: failure.person),
    Column(key="time_h", of=lambda failure: failure.time),
    Column(key="state", of=lambda failure: failure.state),
    Column(key="reason", of=lambda failure: failure.reason),
)
"""Of each person without numbers."""


def run_document(
    run: Run,
    names: Sequence[str],
    parts: Sequence[ComponentRow] | None = None,
    *,
    window: AnyWindow | None = None,
    at: Sequence[float | str] = (),
) -> dict[str, Any]:
    """Return the rows of the named quantities for JSON, with failures, notes and record.

    Parameters
    ----------
    parts : sequence of ComponentRow, optional
        Sources of spread, under ``components``.
    window : (float, float), h, or str, optional
        Over which figures are means, instead of the run's own.
    at : sequence of float, h, or str
        Times whose values are wanted, under ``at``.
    """
    rows = run_rows(run, names, window)
    acute = acute_rows(run, names) if is_acute(run) else None
    notes = [*footer(run, rows, window), *(acute_notes(run, acute) if acute is not None else ())]
    found = {
        "rows": document(rows, run_columns(run, window)),
        **bounds_document(people_of(run)),
        "compared_with": _compared_with(run, window),
        "end_h": float(run.times[-1]),
        "persons": run.persons,
        "flags": list(run.record.get("flags", ())),
        "failures": document(run.failures, FAILURES),
        **notes_document(notes),
        "record": plain(run.record),
    }
    if acute is not None:
        found["while_it_differs"] = acute_document(run, acute)
    if at:
        found["at"] = document(values_at(run, names, at), value_columns(run))
    return found if parts is None else {**found, "components": components_document(parts)}


def print_run(
    run: Run,
    names: Sequence[str],
    *,
    window: AnyWindow | None = None,
    at: Sequence[float | str] = (),
    ids: bool = False,
) -> None:
    """Print the table of the named quantities, then the assumptions and the meaning of the interval.

    The first line is what was understood: the person and the plan in canonical form, with what was assumed in reading.
    With ``ids``, the table has the ids of quantities beside their names.

    A plan of a few days has a second table, of its effect while there is one; the second table comes alone if the plan
    is over before the hours of the first begin.
    """
    out, rows = console(), run_rows(run, names, window)
    notes = footer(run, rows, window)
    plan = understood(run.record["plan"], notes)
    print_title(out, headline(run.record["who"], plan, run.persons, run.record.get("flags", ())))
    notes = _print_tables(out, run, names, rows, notes, window, ids)
    if at:
        print_table(out, values_at(run, names, at), value_columns(run), title="at the times asked for", lead=2)
    print_notes(out, without_reading(notes))


def provisional_text(
    run: Run, names: Sequence[str], wanted: int, width: int, *, window: AnyWindow | None = None, ids: bool = False
) -> str:
    """Return the tables of the people who are finished, under a line that says how many are to come.

    Parameters
    ----------
    run : Run
        Of the people who are finished.
    names : sequence of str
    wanted : int
        How many people were asked for.
    width : int
        Letters of a line.
    window, ids
        As for `print_run`.
    """
    import io

    from rich.console import Console

    out = Console(file=io.StringIO(), width=width, color_system=None)
    bounds = bounds_in_words(people_of(run))
    print_title(out, f"first {run.persons} of {wanted} people: {bounds}, which moves as the others are simulated")
    _print_tables(out, run, names, run_rows(run, names, window), [], window, ids)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.rstrip("\n").split("\n"))


def _print_tables(
    out: Console,
    run: Run,
    names: Sequence[str],
    rows: Sequence[RunRow],
    notes: list[Note],
    window: AnyWindow | None,
    ids: bool,
) -> list[Note]:
    """Print the table of a run, and that of its effect while there is one; return the notes that then hold."""
    alone = window is None and run.lived and over_before_judged(run)
    if alone:
        notes = [note for note in notes if note.code not in (NoteCode.FIGURES_AT_END, NoteCode.LOWEST_AND_HIGHEST)]
    else:
        columns = run_columns(run, window, ids=ids)
        print_table(out, rows, columns if width_of(rows, columns) <= out.width else narrow(columns))
    if is_acute(run):
        acute, heads = acute_rows(run, names), acute_columns(run, alone=alone)
        fitting = heads if width_of(acute, heads) <= out.width else narrow_acute(heads)
        print_table(out, acute, fitting, title="while the plan makes a difference")
        notes = [*notes, *acute_notes(run, acute)]
    return notes


def _compared_with(run: Run, window: AnyWindow | None) -> str:
    if own_usual_life(run):
        return "themselves: nothing is planned beside usual life"
    return f"usual life of the same people, means over {judged_window(run, window).name}" if run.lived else "the start"
