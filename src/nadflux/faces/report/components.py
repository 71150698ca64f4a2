"""Sources of the width of each predicted interval, as text."""

from __future__ import annotations

import math

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.terminal import table_text, wrapped
from nadflux.faces.documents.validation import Line, lines_of, of_row
from nadflux.studies.published.result import Report, RowResult

_SOURCES = {
    "parameters": "parameters", "people": "who took part", "assay": "assay",
    "studies": "between studies", "model": "left out by the model",
}  # fmt: skip


def components_text(report: Report, width: int = 10_000) -> str:
    """Return each predicted row with its whole interval and with the interval of each source of spread alone.

    Parameters
    ----------
    width : int
        Letters of a line.
    """
    head = (
        "Where the 90 % intervals come from: each column is the interval if that source were the only one.\n"
        "Intervals do not add up; their squares on the logarithm nearly do."
    )
    known = [row for row in report.rows if row.parameters_low is not None]
    return f"{wrapped(head, width)}\n\n{table_text(lines_of(known), SPREAD, width)}"


def _source(name: str) -> Column[Line]:
    return of_row(
        _SOURCES[name],
        lambda row: _range(getattr(row, f"{name}_low"), getattr(row, f"{name}_high"), _relative(row)),
        right=True,
    )


def _relative(row: RowResult) -> bool:
    """Tell whether the figures of a row are changes in percent."""
    return row.of == "change" or row.predicted_change is not None


def _middle(row: RowResult) -> str:
    middle = row.predicted_change if row.kind == "sign" and row.predicted_change is not None else row.predicted
    return middle if isinstance(middle, str) else _number(middle, _relative(row))


def _unit(row: RowResult) -> str:
    return "%" if _relative(row) else {"ratio": "", "uM": "µM"}.get(row.unit, row.unit)


def _range(low: float | None, high: float | None, relative: bool) -> str:
    if low is None or high is None:
        return "–"
    return f"{_number(low, relative)} to {_number(high, relative)}"


def _number(value: float | None, relative: bool) -> str:
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:+.0f}" if relative else f"{value:.3g}"


SPREAD: tuple[Column[Line], ...] = (
    Column(head="arm", of=lambda line: line.title or f"  {line.row.arm if line.row else ''}", widest=28),
    of_row("what, matrix, at", lambda row: f"{row.observable}, {row.matrix}, {row.at}", widest=44),
    of_row("predicted", _middle, right=True),
    of_row("all together", lambda row: _range(row.low, row.high, _relative(row)), right=True),
    *map(_source, _SOURCES),
    of_row("unit", _unit),
)
"""The table of sources of spread."""
