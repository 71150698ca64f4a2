"""Plans side by side, as a table and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nadflux.faces.documents.columns import Column, document, plain
from nadflux.faces.documents.figures import Bounds, bounds_document, changed, documented, median_head, spread_out
from nadflux.faces.documents.run_notes import understood, without_reading
from nadflux.faces.documents.run_table import people_of, quantity_columns
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_text, print_title
from nadflux.notes import Note, NoteCode
from nadflux.simulation.judged_window import AnyWindow, judged_window
from nadflux.simulation.summary import bounds_in_words, significant
from nadflux.studies.experiments.compare_plans import LETTERS, PlanComparison, PlanRow


def comparison_columns(
    comparison: PlanComparison, window: AnyWindow | None = None, *, ids: bool = False
) -> tuple[Column[PlanRow], ...]:
    """Return the columns: the quantity, the plan, where it ends, and its difference from the first plan."""
    run = comparison.runs[0]
    below = median_head(people_of(run))
    return (
        *quantity_columns(ids=ids),
        Column(key="plan", head="plan", of=lambda row: row.plan),
        Column(key="persons", of=lambda row: row.persons),
        Column(
            key="end", head=judged_window(run, window).name, below=below, of=lambda row: row.end, write=_written,
            plain=documented, right=True,
        ),
        Column(
            key="difference", head=f"less {LETTERS[0]}", below=below, of=lambda row: row.difference,
            write=lambda moved: "" if moved is None else _written(moved), plain=_documented, right=True,
        ),
        Column(
            key="difference_percent", head=f"% of {LETTERS[0]}", below=below, of=lambda row: row.difference_percent,
            write=lambda moved: "" if moved is None else changed(moved), plain=_documented, right=True,
        ),
    )  # fmt: skip


def comparison_document(
    comparison: PlanComparison, names: Sequence[str], *, window: AnyWindow | None = None
) -> dict[str, Any]:
    """Return the rows for JSON, with the plans, failures, notes and records."""
    rows, run = comparison.rows(names, window), comparison.runs[0]
    return {
        "who": str(run.record["who"]),
        "plans": {LETTERS[k]: str(one.record["plan"]) for k, one in enumerate(comparison.runs)},
        "rows": document(rows, comparison_columns(comparison, window)),
        **bounds_document(people_of(run)),
        "compared_with": LETTERS[0],
        "persons": run.persons,
        "failures": {LETTERS[k]: len(one.failures) for k, one in enumerate(comparison.runs)},
        **notes_document(comparison_notes(comparison)),
        "records": [plain(one.record) for one in comparison.runs],
    }


def print_comparison(
    comparison: PlanComparison, names: Sequence[str], *, window: AnyWindow | None = None, ids: bool = False
) -> None:
    """Print who and the plans as understood, the table, and the notes."""
    out, run = console(), comparison.runs[0]
    print_title(out, f"{run.record['who']}  ·  {bounds_in_words(people_of(run))}, the same under every plan")
    for letter, one in zip(LETTERS, comparison.runs, strict=False):
        flags = "".join(f"  ·  {flag}" for flag in one.record.get("flags", ()))
        print_text(out, f"{letter}: {understood(one.record['plan'], one.notes)}{flags}", style="bold", indent="   ")
    print_table(out, comparison.rows(names, window), comparison_columns(comparison, window, ids=ids))
    print_notes(out, comparison_notes(comparison))


def comparison_notes(comparison: PlanComparison) -> list[Note]:
    """Return what was done to compare, and the notes of every run, each once."""
    text = (
        f"differences are person by person, each plan less {LETTERS[0]}; every run has the same people and length; "
        "doses and habits that go together are one plan, joined by ' + '"
    )
    explained = Note(NoteCode.INTERVAL, text)
    of_runs = (note for run in comparison.runs for note in without_reading(run.notes))
    return list(dict.fromkeys((explained, *comparison.notes, *of_runs)))


def _written(values: Bounds) -> str:
    return spread_out(values, significant)


def _documented(values: Bounds | None) -> dict[str, float | None] | None:
    return None if values is None else documented(values)
