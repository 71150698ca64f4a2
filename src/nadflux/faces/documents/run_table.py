"""The table of a run: a row for each quantity, and the columns of its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.figures import changed, documented, median_head, spread_out
from nadflux.faces.labels import GLYPHS, readable_unit
from nadflux.simulation.judged_window import AnyWindow, Window, compared, own_usual_life
from nadflux.simulation.peak import Peak, peak_of
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import SHORT, Figures, drift, hours_of_range, ranges, significant, summarise
from nadflux.simulation.verdict import change_of

_MISSING = (math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class RunRow:
    """One quantity of a run: its figures over people, each a median with bounds in its unit.

    Attributes
    ----------
    persons : int
        People with a number at both ends.
    drift : figures or None
        Drift of usual life itself, %; None if no usual life is simulated.
    peak : Peak or None
        None if none was asked for.
    lowest, highest : figures or None
        Within `hours_of_range`; None unless days are lived.
    window : Window
        Hours over which the end is a mean.
    verdict : str or None
        Of a flux: ``up``, ``down`` or ``equal``.
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
    window: Window
    verdict: str | None


def lives(run: Run) -> bool:
    """Tell whether people live days, with or without a plan."""
    return run.lived or own_usual_life(run)


def run_rows(run: Run, names: Sequence[str], window: AnyWindow | None = None) -> list[RunRow]:
    """Return a row for each of the named quantities; figures over a window if one is given."""
    days = ranges(run, names, window=window) if lives(run) else {}
    found = []
    for row in summarise(run, names, window=window):
        name = row.quantity.id
        lowest, highest = days.get(name, (None, None))
        found.append(
            RunRow(
                row.quantity, row.persons, row.baseline, row.end, row.change_percent,
                drift(run, name), peak_of(run, name), lowest, highest, row.window,
                change_of(row).value if row.quantity.kind == "flux" else None,
            )
        )  # fmt: skip
    return found


def run_columns(run: Run, window: AnyWindow | None = None, *, ids: bool = False) -> tuple[Column[RunRow], ...]:
    """Return the columns of a run: name, matrix, kind and unit of a quantity, its figures, and its tier.

    With ``ids`` the table has the id of each quantity as well, as JSON always has.
    """
    return (
        *quantity_columns(ids=ids),
        Column(key="tier", of=lambda row: row.quantity.tier),
        Column(key="persons", of=lambda row: row.persons),
        Column(key="window_h", of=lambda row: row.window),
        Column(key="verdict", of=lambda row: row.verdict),
        Column(key="clinic", of=lambda row: row.quantity.clinic or None),
        *_figures(run, window),
        Column(head="tier", of=lambda row: row.quantity.tier),
        Column(head=clinic_head(run), of=lambda row: row.quantity.clinic),
    )  # fmt: skip


def quantity_columns(*, ids: bool = False) -> tuple[Column[Any], ...]:
    """Return the columns that name the quantity of a row: id, label, matrix, kind and unit.

    With ``ids`` the table has the id as well, as JSON always has.
    """
    return (
        Column(key="id", head="id" if ids else None, of=lambda row: row.quantity.id, whole=True),
        Column(key="label", head="quantity", of=lambda row: row.quantity.long_name, whole=True),
        Column(key="matrix", head="matrix", of=lambda row: row.quantity.matrix, whole=True),
        Column(
            key="kind", head="kind", of=lambda row: row.quantity.kind, write=lambda kind: f"{GLYPHS[kind]} {kind}",
            whole=True,
        ),
        Column(key="unit", head="unit", of=lambda row: readable_unit(row.quantity.units), whole=True),
    )  # fmt: skip


def narrow(columns: Sequence[Column[RunRow]]) -> list[Column[RunRow]]:
    """Return the columns for a narrow terminal: matrix, kind and unit are below the name."""
    name = Column[RunRow](head="quantity", of=_whole_name)
    return [name, *(column for column in columns if column.key not in ("label", "matrix", "kind", "unit"))]


def clinic_head(run: Run) -> str | None:
    """Return the head of the column on what a clinic can measure; None if it can measure everything."""
    return "in the clinic" if any(quantity.clinic for quantity in run.quantities) else None


def people_of(run: Run) -> int:
    """Return how many people have numbers to the end."""
    return run.persons - len(run.failures)


def range_name(run: Run, window: AnyWindow | None = None) -> str:
    """Return the name of the hours of lowest and highest values: the run, or the judged window."""
    if window is not None or own_usual_life(run):
        return hours_of_range(run, window).name
    return "run" if run.times[-1] <= SHORT else "last day"


def _figures(run: Run, window: AnyWindow | None) -> tuple[Column[RunRow], ...]:
    """Return the columns of both ends and the change, the peak if asked for, and the range if days are lived."""
    below = median_head(people_of(run))
    first, last = compared(run, window)
    alone = own_usual_life(run)
    found: tuple[Column[RunRow], ...] = (
        Column(merged=True, of=lambda row: row.peak, plain=_not_reached),
        Column(
            key="baseline", head=None if alone else first, below=below, of=lambda row: row.baseline, write=_written,
            plain=documented, right=True,
        ),
        Column(key="end", head=last, below=below, of=lambda row: row.end, write=_written, plain=documented, right=True),
        Column(
            key="change_percent", head=None if alone else "change %", below=below, of=lambda row: row.change_percent,
            write=changed, plain=documented, right=True,
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
    shown = lives(run) and not run.peaks
    return (
        *found,
        Column(
            merged=True, head="from – to" if shown else None, below=range_name(run, window),
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
    """Return the medians over people of their lowest and highest value."""
    low, high = pair
    return "" if low is None or high is None else f"{significant(low[0])} – {significant(high[0])}"
