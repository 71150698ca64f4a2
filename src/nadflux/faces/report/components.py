"""Where the width of each predicted interval comes from, as text."""

from __future__ import annotations

import math
from itertools import groupby

from nadflux.studies.published.result import Report, RowResult

_SOURCES = (
    ("parameters", "parameters"),
    ("people", "who took part"),
    ("assay", "assay"),
    ("model", "left out by the model"),
)


def components_text(report: Report) -> str:
    """Each predicted row with its whole interval and with what each source of spread alone would give."""
    header = f"{'arm, what, matrix, at':58}  {'predicted':>10}  {'all together':>20}" + "".join(
        f"  {words:>20}" for _, words in _SOURCES
    )
    lines = [
        "Where the 90 % intervals come from: each column is the interval if that source were the only one.",
        "Intervals do not add up; their squares on the logarithm nearly do.",
        "",
        header.rstrip(),
    ]
    predicted = [row for row in report.rows if row.status == "predicted" and row.parameters_low is not None]
    for (study, use), rows in groupby(predicted, key=lambda row: (row.study, row.use)):
        lines += ["", f"{study}  ({use})"]
        lines += [_line(row) for row in rows]
    return "\n".join(lines)


def _line(row: RowResult) -> str:
    what = f"{row.arm}: {row.observable}, {row.matrix}, {row.at}"
    middle = row.predicted_change if row.kind == "sign" and row.predicted_change is not None else row.predicted
    relative = row.of == "change" or row.predicted_change is not None
    middle_text = middle if isinstance(middle, str) else _number(middle, relative)
    cells = [_range(row.low, row.high, relative)]
    for name, _ in _SOURCES:
        cells.append(_range(getattr(row, f"{name}_low"), getattr(row, f"{name}_high"), relative))
    unit = "%" if relative else {"ratio": "", "uM": "µM"}.get(row.unit, row.unit)
    return f"{what[:58]:58}  {middle_text:>10}" + "".join(f"  {cell:>20}" for cell in cells) + f"  {unit}".rstrip()


def _range(low: float | None, high: float | None, relative: bool) -> str:
    if low is None or high is None:
        return "–"
    return f"{_number(low, relative)} to {_number(high, relative)}"


def _number(value: float | None, relative: bool) -> str:
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:+.0f}" if relative else f"{value:.3g}"
