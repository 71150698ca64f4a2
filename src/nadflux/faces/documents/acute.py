"""Effect of a plan of a few days while it differs from life without the plan, as a table and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nadflux.faces.documents.columns import Column, document
from nadflux.faces.documents.figures import changed, documented, median_head, spread_out
from nadflux.faces.documents.run_table import clinic_head
from nadflux.faces.labels import readable_unit
from nadflux.notes import Note, NoteCode
from nadflux.simulation.acute import DIFFERS, AcuteRow, differing_window
from nadflux.simulation.judged_window import Window
from nadflux.simulation.run import Run
from nadflux.simulation.summary import Figures, significant


def acute_columns(run: Run, *, alone: bool = False) -> tuple[Column[AcuteRow], ...]:
    """Return the columns of the table.

    Parameters
    ----------
    run : Run
        If its table has the peaks, this one omits them.
    alone : bool
        Whether there is no table of the run above it, which says what the clinic can measure.
    """
    below = median_head(run.persons - len(run.failures))
    peak: tuple[Column[AcuteRow], ...] = (
        _figures("peak", "peak", below, lambda row: row.peak),
        _figures("peak_time_h", "at h", below, lambda row: row.peak_h),
    )
    return (
        Column(key="id", of=lambda row: row.quantity.id),
        Column(head="quantity", of=lambda row: row.quantity.long_name, whole=True),
        Column(head="matrix", of=lambda row: row.quantity.matrix, whole=True),
        Column(head="unit", of=lambda row: readable_unit(row.quantity.units), whole=True),
        Column(key="persons", of=lambda row: row.persons),
        Column(key="differing", of=lambda row: row.differing),
        *(peak if alone or not run.peaks else tuple(_hidden(column) for column in peak)),
        Column(
            key="furthest_percent", head="furthest %", below=below, of=lambda row: row.furthest_percent, write=changed,
            plain=documented, right=True,
        ),
        _figures("furthest_time_h", "at h", below, lambda row: row.furthest_h),
        Column(
            merged=True, head="area above", below=below, of=lambda row: row, write=_area, plain=_area_document,
            right=True,
        ),
        Column(
            key="area_percent", head="area %", below=below, of=lambda row: row.area_percent, write=changed,
            plain=documented, right=True,
        ),
        Column(
            merged=True, head="differs, h", below="from – to", of=lambda row: row, write=_span, plain=_span_document,
            right=True,
        ),
        Column(head="tier", of=lambda row: row.quantity.tier),
        Column(head=clinic_head(run) if alone else None, of=lambda row: row.quantity.clinic),
    )  # fmt: skip


def narrow_acute(columns: Sequence[Column[AcuteRow]]) -> list[Column[AcuteRow]]:
    """Return the columns for a narrow terminal: matrix and unit are below the name."""
    name = Column[AcuteRow](head="quantity", of=_whole_name)
    return [name, *(column for column in columns if column.head not in ("quantity", "matrix", "unit"))]


def acute_document(run: Run, rows: Sequence[AcuteRow]) -> dict[str, Any]:
    """Return the rows for JSON, with the hours in which anything differs and the least difference that counts."""
    hours = differing_window(run, rows)
    return {
        "rows": document(rows, acute_columns(run)),
        "differs_from_share": DIFFERS,
        "window_h": None if hours is None else list(hours),
        "plan_over_h": run.record.get("plan_over_h"),
    }


def acute_notes(run: Run, rows: Sequence[AcuteRow]) -> list[Note]:
    """Return what the columns mean, in one line."""
    reference = "usual life of the same people at the same time" if run.lived else "the same people at rest"
    hours = differing_window(run, rows)
    if hours is None:
        text = f"nothing in the table differs from {reference} by more than {DIFFERS:.0%} at any time"
        return [Note(NoteCode.WHILE_IT_DIFFERS, text)]
    differ = (
        f"people differ where they are more than {DIFFERS:.0%} away from {reference}, "
        f"here from hour {hours.start_h:g} to hour {hours.stop_h:g}"
    )
    text = (
        f"the last of the plan is at {run.record['plan_over_h']:g} h; {differ}; furthest: largest difference, in % of "
        "it; area: of the difference over the hours in which it differs, and in % of its area; times to the nearest "
        f"stored one, every {_step(run, hours)} h"
    )
    return [Note(NoteCode.WHILE_IT_DIFFERS, text)]


def _figures(key: str, head: str, below: str, of: Any) -> Column[AcuteRow]:
    return Column(key=key, head=head, below=below, of=of, write=_written, plain=documented, right=True)


def _hidden(column: Column[AcuteRow]) -> Column[AcuteRow]:
    return Column(key=column.key, of=column.of, plain=column.plain)


def _written(values: Figures) -> str:
    return spread_out(values, significant)


def _whole_name(row: AcuteRow) -> str:
    return f"{row.quantity.long_name}\n{row.quantity.matrix}, {readable_unit(row.quantity.units)}"


def _area(row: AcuteRow) -> str:
    text = _written(row.area)
    return text if text == "–" else f"{text} {_area_unit(row)}"


def _area_unit(row: AcuteRow) -> str:
    """Return the unit of an area as people read it: ``µM h``."""
    return " ".join(readable_unit(part) for part in row.area_unit.split(" "))


def _area_document(row: AcuteRow) -> dict[str, Any]:
    return {"area": documented(row.area), "area_unit": _area_unit(row)}


def _span(row: AcuteRow) -> str:
    if not row.differing:
        return "nowhere"
    still = f", {row.still} of {row.persons} still" if row.still else ""
    some = f" ({row.differing} of {row.persons})" if row.differing < row.persons else ""
    return f"{significant(row.starts_h[0])} – {significant(row.stops_h[0])}{still}{some}"


def _span_document(row: AcuteRow) -> dict[str, Any]:
    return {
        "differs_from_h": documented(row.starts_h), "differs_to_h": documented(row.stops_h),
        "still_differs_at_end": row.still,
    }  # fmt: skip


def _step(run: Run, hours: Window) -> str:
    inside = run.times[(run.times >= hours.start_h) & (run.times <= hours.stop_h)]
    return f"{float(np.diff(inside).max()):g}" if inside.size > 1 else "0"
