"""A run in a few lines, as a table and for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nadflux.faces.documents.columns import Column, document, plain
from nadflux.faces.documents.components import components_document
from nadflux.faces.documents.figures import bounds_document, changed, documented, headline, median_head, spread_out
from nadflux.faces.documents.layout import width_of
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_title
from nadflux.faces.labels import GLYPHS, readable_unit
from nadflux.notes import Note, NoteCode
from nadflux.simulation.run import PersonFailure, Quantity, Run
from nadflux.simulation.summary import (
    SHORT,
    Figures,
    Peak,
    compared,
    days_of_drift,
    drift,
    last_day,
    name_of_last_day,
    peak_of,
    ranges,
    significant,
    summarise,
)

if TYPE_CHECKING:
    from nadflux.studies.experiments.components import ComponentRow

_DRIFT, _TAIL_DRIFT = 1.0, 5.0  # % of the median and of either bound: from here on a drift of usual life is told
_MISSING = (math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class RunRow:
    """One quantity of a run: its figures over people, each a median with bounds in its unit.

    Attributes
    ----------
    persons : int
        People with a number at both ends.
    drift : figures or None
        How far usual life itself moves, %; None where it does not run beside.
    peak : Peak or None
        None where none was asked for.
    lowest, highest : figures or None
        Within the run or its last day; None where usual life does not run beside.
    """

    quantity: Quantity
    persons: int
    baseline: Figures
    end: Figures
    change_percent: Figures
    drift: Figures | None
    peak: Peak | None
    lowest: Figures | None
    highest: Figures | None


FAILURES: tuple[Column[PersonFailure], ...] = (
    Column(key="person", of=lambda failure: failure.person),
    Column(key="time_h", of=lambda failure: failure.time),
    Column(key="state", of=lambda failure: failure.state),
    Column(key="reason", of=lambda failure: failure.reason),
)
"""Of each person without numbers."""


def run_rows(run: Run, names: Sequence[str]) -> list[RunRow]:
    """Return a row for each of the named quantities."""
    days = ranges(run, names) if run.lived else {}
    found = []
    for row in summarise(run, names):
        name = row.quantity.id
        lowest, highest = days.get(name, (None, None))
        found.append(
            RunRow(
                row.quantity, row.persons, row.baseline, row.end, row.change_percent,
                drift(run, name), peak_of(run, name), lowest, highest,
            )
        )  # fmt: skip
    return found


def run_columns(run: Run) -> tuple[Column[RunRow], ...]:
    """Return the columns of a run: name, matrix, kind and unit of a quantity, its figures, and its tier."""
    return (
        Column(key="id", of=lambda row: row.quantity.id),
        Column(key="label", head="quantity", of=lambda row: row.quantity.long_name, whole=True),
        Column(key="matrix", head="matrix", of=lambda row: row.quantity.matrix, whole=True),
        Column(
            key="kind", head="kind", of=lambda row: row.quantity.kind, write=lambda kind: f"{GLYPHS[kind]} {kind}",
            whole=True,
        ),
        Column(key="unit", head="unit", of=lambda row: readable_unit(row.quantity.units), whole=True),
        Column(key="tier", of=lambda row: row.quantity.tier),
        Column(key="persons", of=lambda row: row.persons),
        *_figures(run),
        Column(head="tier", of=lambda row: row.quantity.tier),
    )  # fmt: skip


def narrow(columns: Sequence[Column[RunRow]]) -> list[Column[RunRow]]:
    """Return the columns for a narrow terminal: matrix, kind and unit stand below the name."""
    name = Column[RunRow](head="quantity", of=_whole_name)
    return [name, *(column for column in columns if column.key not in ("label", "matrix", "kind", "unit"))]


def run_document(run: Run, names: Sequence[str], parts: Sequence[ComponentRow] | None = None) -> dict[str, Any]:
    """Return the rows of the named quantities for JSON, with failures, notes and record.

    Parameters
    ----------
    parts : sequence of ComponentRow, optional
        Sources of spread, under ``components``.
    """
    rows = run_rows(run, names)
    found = {
        "rows": document(rows, run_columns(run)),
        **bounds_document(people_of(run)),
        "compared_with": "the start"
        if not run.lived
        else f"usual life of the same people, means over {name_of_last_day(run)}",
        "end_h": float(run.times[-1]),
        "persons": run.persons,
        "flags": list(run.record.get("flags", ())),
        "failures": document(run.failures, FAILURES),
        **notes_document(footer(run, rows)),
        "record": plain(run.record),
    }
    return found if parts is None else {**found, "components": components_document(parts)}


def print_run(run: Run, names: Sequence[str]) -> None:
    """Print the table of the named quantities, then what was assumed and what the interval is over."""
    out, rows, columns = console(), run_rows(run, names), run_columns(run)
    print_title(
        out, headline(run.record["who"], run.record["plan"], run.persons, run.record.get("flags", ()))
    )  # fmt: skip
    print_table(out, rows, columns if width_of(rows, columns) <= out.width else narrow(columns))
    print_notes(out, footer(run, rows))


def people_of(run: Run) -> int:
    """Return how many people have numbers to the end."""
    return run.persons - len(run.failures)


def footer(run: Run, rows: Sequence[RunRow]) -> list[Note]:
    """Return the notes of a run, with what the columns of its table mean."""
    notes = list(run.notes)
    if run.lived:
        notes[1:1] = [_figures_of_last_day(run)]
        notes += [*_ranges_explained(run), *_drifting(run, rows)]
    elif any(row.quantity.kind == "flux" for row in rows):
        text = "the end of an excretion is its mean over the last 24 hours, of a level its last value"
        notes[1:1] = [Note(NoteCode.FIGURES_AT_END, text)]
    if run.record.get("set"):
        text = "set by hand: " + ", ".join(f"{name} = {value}" for name, value in run.record["set"].items())
        notes.append(Note(NoteCode.SET_BY_HAND, text))
    worst = max((b for b in run.record.get("balance", {}).values() if math.isfinite(b)), default=None)
    if worst is not None:
        text = f"moiety balance closes to {worst:.0e} of what is in the body; seed {run.record['seed']}"
        notes.append(Note(NoteCode.BALANCE_CLOSES, text))
    return notes


def _figures(run: Run) -> tuple[Column[RunRow], ...]:
    """Both ends and the change, the peak where one was asked for, the range where days are lived."""
    below = median_head(people_of(run))
    first, last = compared(run)
    found: tuple[Column[RunRow], ...] = (
        Column(merged=True, of=lambda row: row.peak, plain=_not_reached),
        Column(
            key="baseline", head=first, below=below, of=lambda row: row.baseline, write=_written, plain=documented,
            right=True,
        ),
        Column(key="end", head=last, below=below, of=lambda row: row.end, write=_written, plain=documented, right=True),
        Column(
            key="change_percent", head="change %", below=below, of=lambda row: row.change_percent, write=changed,
            plain=documented, right=True,
        ),
        Column(merged=True, of=lambda row: row.drift, plain=_drift),
    )  # fmt: skip
    if run.peaks:
        found += (
            Column(
                merged=True, head="peak", below=below, of=lambda row: row.peak, write=_peak, plain=_peaks, right=True
            ),
            Column(head="at h", below=below, of=lambda row: row.peak, write=_peak_time, right=True),
        )
    shown = run.lived and not run.peaks
    return (
        *found,
        Column(
            merged=True, head="from – to" if shown else None, below="run" if run.times[-1] <= SHORT else "last day",
            of=lambda row: (row.lowest, row.highest), write=_range, plain=_lowest_and_highest,
        ),
    )  # fmt: skip


def _written(values: Figures) -> str:
    return spread_out(values, significant)


def _whole_name(row: RunRow) -> str:
    quantity = row.quantity
    kind = f"{GLYPHS[quantity.kind]} {quantity.kind}"
    return f"{quantity.long_name}\n{quantity.matrix}, {kind}, {readable_unit(quantity.units)}"


def _not_reached(peak: Peak | None) -> dict[str, Any]:
    if peak is None:
        return {}
    return {"peak_not_reached": {"by_h": peak.end_h, "persons": peak.late, "of": peak.known}}


def _drift(moved: Figures | None) -> dict[str, Any]:
    return {} if moved is None else {"usual_life_drift_percent": documented(moved)}


def _peaks(peak: Peak | None) -> dict[str, Any]:
    if peak is None:
        return {}
    value, time = (_MISSING, _MISSING) if peak.mostly_late else (peak.value, peak.time)
    return {"peak": documented(value), "peak_time_h": documented(time)}


def _lowest_and_highest(pair: tuple[Figures | None, Figures | None]) -> dict[str, Any]:
    low, high = pair
    return {} if low is None or high is None else {"lowest": documented(low), "highest": documented(high)}


def _peak(peak: Peak | None) -> str:
    if peak is None:
        return ""
    return "–" if peak.mostly_late else _written(peak.value)


def _peak_time(peak: Peak | None) -> str:
    if peak is None:
        return ""
    if not peak.late:
        return _written(peak.time)
    times = "" if peak.mostly_late else f"{_written(peak.time)}\n"
    return f"{times}not reached by {peak.end_h:g} h ({peak.late} of {peak.known})"


def _range(pair: tuple[Figures | None, Figures | None]) -> str:
    """Medians over people of their lowest and highest value."""
    low, high = pair
    return "" if low is None or high is None else f"{significant(low[0])} – {significant(high[0])}"


def _figures_of_last_day(run: Run) -> Note:
    fast = last_day(run)[1] < run.times[-1]
    return Note(
        NoteCode.FIGURES_AT_END,
        f"figures are means over {name_of_last_day(run)}{', the last 24 hours of the fast' if fast else ''}, "
        "under the plan and in usual life",
    )


def _ranges_explained(run: Run) -> list[Note]:
    if run.peaks:
        return []
    when = "run" if run.times[-1] <= SHORT else "last day"
    text = f"from – to: medians over people of each person's lowest and highest value in the {when}"
    return [Note(NoteCode.LOWEST_AND_HIGHEST, text)]


def _drifting(run: Run, rows: Sequence[RunRow]) -> list[Note]:
    """Which quantities move in usual life itself, so that nobody takes its figures for a steady state."""
    found = [
        f"{row.quantity.long_name}, {row.quantity.matrix} {changed(row.drift)} %"
        for row in rows
        if row.drift is not None and _moves(row.drift)
    ]
    days = days_of_drift(run)
    if not found or days is None:
        return []
    text = (
        f"usual life is not level: from its day {days[0]:g} to day {days[1]:g} {'; '.join(found)}; "
        "a change in the table is against usual life at the same time and holds none of this"
    )
    return [Note(NoteCode.USUAL_LIFE_DRIFTS, text)]


def _moves(moved: Figures) -> bool:
    """Whether a drift is worth telling, in the middle or at either bound."""
    return abs(moved[0]) >= _DRIFT or max(abs(moved[1]), abs(moved[2])) >= _TAIL_DRIFT
