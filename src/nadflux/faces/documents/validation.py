"""Rows of a validation with their predictions, as a table, as CSV and for JSON."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from nadflux.faces.documents.columns import Column, columns_of, document, plain
from nadflux.files import free_part_name, replacing
from nadflux.studies.published.derived_endpoints import AGAINST_AGE
from nadflux.studies.published.result import Report, RowResult

ROWS = columns_of(RowResult)
"""Of each row, for JSON and CSV."""


@dataclass(frozen=True)
class Line:
    """A line of the table: the name of a study, or one of its rows."""

    title: str
    row: RowResult | None = None


def validation_document(report: Report) -> dict[str, Any]:
    """Return rows, totals and settings for JSON."""
    return {
        "rows": document(report.rows, ROWS),
        "totals": plain(report.totals()),
        "settings": {"people": report.people, "draws": report.draws, "seed": report.seed},
        "interrupted": report.interrupted,
        "studies": {"finished": report.finished, "wanted": report.wanted},
        "record": report.record,
    }


def write_rows(report: Report, path: Path) -> Path:
    """Write all rows as CSV, one column per key of the JSON rows; return the path.

    Those of a validation that was stopped are a part: their name says so, and a last row with the status *part*.
    """
    target = free_part_name(path) if report.interrupted else path
    with replacing(target) as place, place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.key for column in ROWS])
        writer.writeheader()
        writer.writerows(document(report.rows, ROWS))
        if report.interrupted:
            reason = f"{report.finished} of {report.wanted} studies, interrupted: a part of what was asked for"
            writer.writerow({"study": "part", "status": "part", "reason": reason})
    return target


def lines_of(rows: Sequence[RowResult]) -> list[Line]:
    """Return the lines of the table: predicted rows, below the name and use of their study."""
    predicted = [row for row in rows if row.status == "predicted"]
    found = []
    for (study, use), group in groupby(predicted, key=lambda row: (row.study, row.use)):
        found += [Line(f"{study} ({use})"), *(Line("", row) for row in group)]
    return found


def observed_text(row: RowResult) -> str:
    """Return the published figure of a row, with its unit; ``≤`` or ``≥`` if it is a bound."""
    return _figure(row.observed, row)


def predicted_text(row: RowResult) -> str:
    """Return the prediction of a row with its interval; for a sign also the change and its probability."""
    low, high = short_number(row.low), short_number(row.high)
    if row.of == "change" or row.predicted_change is not None:
        low, high = (f"{end:+.0f}" for end in (row.low or 0.0, row.high or 0.0))
    if not isinstance(row.observed, str):
        return f"{_figure(row.predicted, row).removeprefix('≤ ').removeprefix('≥ ')} [{low}, {high}]"
    chance = "" if row.probability is None else f", p {row.probability:.2f}"
    change = "" if row.predicted_change is None else f" {row.predicted_change:+.0f}"
    return f"{row.predicted}{change} [{low}, {high}] {_unit_of_sign(row)}".rstrip() + chance


def short_number(value: float | str | None) -> str:
    """Return a number in two or three digits, words as they are, nothing for None."""
    if value is None or isinstance(value, str):
        return value or ""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 100 or value == 0:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.1 else f"{value:.2g}"


def _figure(value: float | str | None, row: RowResult) -> str:
    if not isinstance(value, float | int):
        return str(value)
    bound = {"at most": "≤ ", "at least": "≥ "}.get(row.bound, "")
    number = f"{value + 0.0:+.0f}" if row.of == "change" else short_number(value)
    return f"{bound}{number} {_unit(row.unit)}".strip()


def _unit(unit: str) -> str:
    return {"ratio": "", "uM": "µM"}.get(unit, unit)


def _unit_of_sign(row: RowResult) -> str:
    if row.predicted_change is not None:
        return "%"
    return "%/y" if row.observable.endswith(AGAINST_AGE) else ""


def _kind(row: RowResult) -> str:
    if row.against:
        return f"{row.kind} with {row.against}"
    about = row.of if row.kind in ("sign", "bound") else row.figure
    words = row.kind if about in (row.kind, "value") else f"{row.kind} {about}"
    return f"{words}, {row.statistic} of people" if row.statistic == "maximum" else words


def _observed(row: RowResult) -> str:
    versus = "" if row.reference in ("", "baseline") else f" vs {row.reference}"
    if row.detectable_percent is not None:
        of_change = f"{row.detectable_percent:.0f} %"
        return f"none (detects {f'r {row.detectable_percent / 100:.2f}' if row.against else of_change}){versus}"
    return f"{observed_text(row)}{versus}"


def _hit(row: RowResult) -> str:
    hit = {True: "yes", False: "MISS", None: ""}[row.inside]
    hit = {"uninformative": "too weak", "by construction": "sure"}.get(row.null, hit)
    return hit if row.scored else f"({hit})"


def _simple(name: str) -> Callable[[RowResult], str]:
    """Return a function that gives what a simple prediction says of a row."""

    def said(row: RowResult) -> str:
        found = getattr(row, f"{name}_predicted")
        if found is None:
            return ""
        miss = "" if getattr(row, f"{name}_inside") else " MISS"
        return f"{found if isinstance(found, str) else short_number(found)}{miss}"

    return said


def of_row(head: str, of: Any, *, right: bool = False, widest: int = 0, whole: bool = False) -> Column[Line]:
    """Return a column of the table with a value for a row, and nothing for the name of a study."""
    return Column(
        head=head, of=lambda line: "" if line.row is None else of(line.row), right=right, widest=widest, whole=whole
    )  # fmt: skip


LINES: tuple[Column[Line], ...] = (
    Column(head="arm", of=lambda line: line.title or f"  {line.row.arm if line.row else ''}", widest=28),
    of_row("what, matrix", lambda row: f"{row.observable}, {row.matrix}", widest=34),
    of_row("at", lambda row: row.at, widest=18),
    of_row("kind", _kind),
    of_row("observed", _observed, widest=34),
    of_row("predicted [90 %]", predicted_text, widest=44),
    of_row("fold", lambda row: short_number(row.fold_error) if not isinstance(row.observed, str) else "", right=True),
    of_row("hit", _hit, whole=True),
    of_row("width", lambda row: short_number(row.width), right=True),
    of_row("score", lambda row: short_number(row.score), right=True),
    of_row("power law", _simple("law"), widest=24),
    of_row("median", _simple("median"), widest=24),
)
"""The table of a validation."""
