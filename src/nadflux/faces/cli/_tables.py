"""A run as a table on the terminal and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nadflux.faces.cli._interval import bounds_document, changed, headline, median_head, spread_out
from nadflux.faces.labels import GLYPHS, readable_unit
from nadflux.notes import Note, NoteCode, codes_of
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import (
    SHORT,
    Figures,
    SummaryRow,
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
_WITHOUT_PEAKS, _WITH_PEAKS = 128, 168  # columns of text that the tables need


def print_run(run: Run, names: Sequence[str]) -> None:
    """Print the table of the named quantities, then what was assumed and what the interval is over."""
    from rich.table import Table

    from nadflux.faces.cli._interval import console as wide

    needed = _WITH_PEAKS if run.peaks or run.lived else _WITHOUT_PEAKS
    console = wide()
    # Where the terminal is narrow the interval stands below the median, and matrix and unit below the name.
    join = " " if console.width >= needed else "\n"
    said = headline(run.record["who"], run.record["plan"], run.persons, run.record.get("flags", ()))
    console.print(said, style="bold", markup=False, highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for header in ("quantity", "matrix", "kind", "unit") if join == " " else ("quantity",):
        table.add_column(header, no_wrap=True)
    rows = _figures(run, names)
    for header in rows[0][1]:
        table.add_column(f"{header}\n[dim]{median_head(_whole(run), join)}[/dim]", justify="right", no_wrap=True)
    ranges = _ranges(run, names)
    if ranges:
        table.add_column(f"from – to\n[dim]{'run' if run.times[-1] <= SHORT else 'last day'}[/dim]", no_wrap=True)
    table.add_column("tier", no_wrap=True)
    for quantity, figures in rows:
        what = (
            quantity.long_name,
            quantity.matrix,
            f"{GLYPHS[quantity.kind]} {quantity.kind}",
            readable_unit(quantity.units),
        )
        cells = [_cell(header, values, join) for header, values in figures.items()]
        table.add_row(
            *(what if join == " " else (f"{what[0]}\n{', '.join(what[1:])}",)),
            *cells,
            *ranges.get(quantity.id, ()),
            quantity.tier,
        )
    console.print(table)
    for note in _footer(run, [quantity for quantity, _ in rows]):
        console.print(f"· {note}", markup=False, highlight=False, style="dim", soft_wrap=True)


def _figures(run: Run, names: Sequence[str]) -> list[tuple[Quantity, dict[str, Figures | str]]]:
    """Figures of each quantity by header: the last day where usual life runs beside, else baseline and end."""
    first, last = compared(run)
    result = []
    for row in summarise(run, names):
        figures: dict[str, Figures | str] = {first: row.baseline, last: row.end, "change %": row.change_percent}
        peak = peak_of(run, row.quantity.id)
        if peak is not None:
            figures |= {"peak": "–" if peak.mostly_late else peak.value, "at h": peak.time}
            if peak.late:
                times = "" if peak.mostly_late else f"{_with_interval(peak.time, ' ')}\n"
                figures["at h"] = f"{times}not reached by {peak.end_h:g} h ({peak.late} of {peak.known})"
        result.append((row.quantity, figures))
    return result


def _whole(run: Run) -> int:
    """People with numbers to the end."""
    return run.persons - len(run.failures)


def _cell(header: str, values: Figures | str, join: str) -> str:
    if isinstance(values, str):
        return values
    return (changed if header.startswith("change") else _with_interval)(values, join)


def _ranges(run: Run, names: Sequence[str]) -> dict[str, tuple[str]]:
    """Lowest and highest value of each quantity, medians over people, where days are shown."""
    if not run.lived or run.peaks:
        return {}
    return {k: (f"{significant(low[0])} – {significant(high[0])}",) for k, (low, high) in ranges(run, names).items()}


def as_json(run: Run, names: Sequence[str], parts: Sequence[ComponentRow] | None = None) -> str:
    """The same as JSON: ``rows``, ``interval``, ``notes``, ``failures``, the ``record``, and ``components``."""
    rows = summarise(run, names)
    notes = _footer(run, [row.quantity for row in rows])
    days = {name: _range(*found) for name, found in ranges(run, names).items()} if run.lived else {}
    document = {
        "rows": [{**_row(run, row), **days.get(row.quantity.id, {})} for row in rows],
        **bounds_document(_whole(run)),
        "compared_with": "the start"
        if not run.lived
        else f"usual life of the same people, means over {name_of_last_day(run)}",
        "end_h": float(run.times[-1]),
        "persons": run.persons,
        "flags": list(run.record.get("flags", ())),
        "failures": [
            {"person": f.person, "time_h": f.time, "state": f.state, "reason": f.reason} for f in run.failures
        ],
        "notes": [str(note) for note in notes],
        "note_codes": codes_of(notes),
        "record": _plain(run.record),
    }
    if parts is not None:
        from nadflux.faces.cli._components import document as written

        document["components"] = written(parts)
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _row(run: Run, row: SummaryRow) -> dict[str, Any]:
    quantity = row.quantity
    result: dict[str, Any] = {
        "id": quantity.id,
        "label": quantity.long_name,
        "matrix": quantity.matrix,
        "kind": quantity.kind,
        "unit": readable_unit(quantity.units),
        "tier": quantity.tier,
        "persons": row.persons,
    }
    figures = {"baseline": row.baseline, "end": row.end, "change_percent": row.change_percent}
    moved = drift(run, quantity.id)
    if moved is not None:
        figures["usual_life_drift_percent"] = moved
    peak = peak_of(run, quantity.id)
    if peak is not None:
        missing = (math.nan, math.nan, math.nan)
        figures |= {
            "peak": missing if peak.mostly_late else peak.value,
            "peak_time_h": missing if peak.mostly_late else peak.time,
        }
        result["peak_not_reached"] = {"by_h": peak.end_h, "persons": peak.late, "of": peak.known}
    return result | {name: _parts(values) for name, values in figures.items()}


def _range(low: Figures, high: Figures) -> dict[str, Any]:
    return {"lowest": _parts(low), "highest": _parts(high)}


def _parts(values: Figures) -> dict[str, float | None]:
    return {part: _number(value) for part, value in zip(("median", "low", "high"), values, strict=True)}


def _footer(run: Run, quantities: Sequence[Quantity]) -> list[Note]:
    notes = list(run.notes)
    if run.lived:
        fast = last_day(run)[1] < run.times[-1]
        text = (
            f"figures are means over {name_of_last_day(run)}{', the last 24 hours of the fast' if fast else ''}, "
            "under the plan and in usual life"
        )
        notes.insert(1, Note(NoteCode.FIGURES_AT_END, text))
        if not run.peaks:
            when = "run" if run.times[-1] <= SHORT else "last day"
            text = f"from – to: medians over people of each person's lowest and highest value in the {when}"
            notes.append(Note(NoteCode.LOWEST_AND_HIGHEST, text))
        notes += _drifting(run, quantities)
    elif any(quantity.kind == "flux" for quantity in quantities):
        text = "the end of an excretion is its mean over the last 24 hours, of a level its last value"
        notes.insert(1, Note(NoteCode.FIGURES_AT_END, text))
    if run.record.get("set"):
        text = "set by hand: " + ", ".join(f"{name} = {value}" for name, value in run.record["set"].items())
        notes.append(Note(NoteCode.SET_BY_HAND, text))
    worst = max((b for b in run.record.get("balance", {}).values() if math.isfinite(b)), default=None)
    if worst is not None:
        text = f"moiety balance closes to {worst:.0e} of what is in the body; seed {run.record['seed']}"
        notes.append(Note(NoteCode.BALANCE_CLOSES, text))
    return notes


def _drifting(run: Run, quantities: Sequence[Quantity]) -> list[Note]:
    """Which quantities move in usual life itself, so that nobody takes its figures for a steady state."""
    moved = {quantity: drift(run, quantity.id) for quantity in quantities}
    found = [
        f"{q.long_name}, {q.matrix} {changed(d)} %"
        for q, d in moved.items()
        if d is not None and (abs(d[0]) >= _DRIFT or max(abs(d[1]), abs(d[2])) >= _TAIL_DRIFT)
    ]
    days = days_of_drift(run)
    if not found or days is None:
        return []
    text = (
        f"usual life is not level: from its day {days[0]:g} to day {days[1]:g} {'; '.join(found)}; "
        "a change in the table is against usual life at the same time and holds none of this"
    )
    return [Note(NoteCode.USUAL_LIFE_DRIFTS, text)]


def _with_interval(values: tuple[float, float, float], join: str) -> str:
    return spread_out(values, significant, join)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _plain(value: Any) -> Any:
    """Nested mappings without numbers that JSON has no word for."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return _number(value)
    return value
