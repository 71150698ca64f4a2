"""A validation as text: every row beside its prediction, then what is not modelled, then the totals."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from nadflux.files import replacing
from nadflux.studies.published.derived_endpoints import AGAINST_AGE
from nadflux.studies.published.result import LEFT_OUT, TARGETS, Report, RowResult

_COLUMNS = (
    ("arm", 12), ("what, matrix", 30), ("at", 15), ("kind", 9), ("observed", 20), ("predicted [90 %]", 32),
    ("fold", 6), ("hit", 5), ("width", 6), ("score", 6), ("power law", 20),
)  # fmt: skip

_BLOCKS = (
    ("calibration", "calibration (fitted, or in view while numbers were chosen: no validation)"),
    ("validation", "validation (studies that no fit used)"),
    ("left_out", "left out (calibration studies, each predicted by a fit that never saw it)"),
    ("never_fitted", "NEVER FITTED (validation and left out together)"),
)


def validation_text(report: Report) -> str:
    """The whole report, for a terminal."""
    lines = [
        "Published figures predicted without fitting. The interval is of the arm mean: what is not known of the",
        f"typical person ({report.draws} draws), the trial's n ({report.people} people simulated per draw) and assay",
        "error and, with a fit, what the model leaves out. 'left out': a calibration study predicted by a fit that",
        "never saw it. 'power law' is the competitor: a power law in the daily dose for whole-blood NAD+, no change",
        "elsewhere. hit: observed inside the interval, sign agrees, bound kept. (…) shown, not scored.",
        *_about_lived(report),
        "",
        _line([name for name, _ in _COLUMNS]),
    ]
    predicted = [row for row in report.rows if row.status == "predicted"]
    for (study, use), rows in groupby(predicted, key=lambda row: (row.study, row.use)):
        lines += ["", f"{study}  ({use})"]
        lines += [_line(_cells(row)) for row in rows]
    lines += ["", *_not_modelled([row for row in report.rows if row.use != LEFT_OUT]), "", *_totals(report)]
    return "\n".join(lines)


def _about_lived(report: Report) -> list[str]:
    lived = report.record.get("lived")
    if not lived:
        return []
    return [
        f"Arms with habits live their days on the whole body ({lived['draws']} draws of {lived['people']} people: "
        "rough intervals);",
        "their baseline is the usual life of the same people at the same time.",
    ]


def write_rows(report: Report, path: Path) -> None:
    """All rows as CSV, one column per field of the JSON rows."""
    rows = [row.as_dict() for row in report.rows]
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        names = list(rows[0]) if rows else list(RowResult.__dataclass_fields__)
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def _line(cells: Sequence[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True)).rstrip()


def _cells(row: RowResult) -> list[str]:
    hit = {True: "yes", False: "MISS", None: ""}[row.inside]
    kind = row.kind if row.of in (row.kind, "value") else f"{row.kind} {row.of}"
    versus = "" if row.reference in ("", "baseline") else f" vs {row.reference}"
    return [
        _cut(row.arm, 12),
        _cut(f"{row.observable}, {row.matrix}", 30),
        _cut(row.at, 15),
        _cut(kind, 9),
        _cut(_figure(row.observed, row) + versus, 16),
        _cut(_interval(row), 32),
        _number(row.fold_error) if row.kind != "sign" else "",
        hit if row.scored else f"({hit})",
        _number(row.width),
        _number(row.score),
        _power_law(row),
    ]


def _figure(value: float | str | None, row: RowResult) -> str:
    if not isinstance(value, float | int):
        return str(value)
    bound = {"at most": "≤ ", "at least": "≥ "}.get(row.bound, "")
    number = f"{value + 0.0:+.0f}" if row.of == "change" else _number(value)
    return f"{bound}{number} {_unit(row.unit)}".strip()


def _interval(row: RowResult) -> str:
    low, high = _number(row.low), _number(row.high)
    if row.of == "change" or row.predicted_change is not None:
        low, high = (f"{end:+.0f}" for end in (row.low or 0.0, row.high or 0.0))
    if row.kind == "sign":
        chance = "" if row.probability is None else f", p {row.probability:.2f}"
        change = "" if row.predicted_change is None else f" {row.predicted_change:+.0f}"
        unit = "%" if row.predicted_change is not None else "%/y" if row.observable.endswith(AGAINST_AGE) else ""
        return f"{row.predicted}{change} [{low}, {high}] {unit}{chance}"
    return f"{_figure(row.predicted, row).removeprefix('≤ ').removeprefix('≥ ')} [{low}, {high}]"


def _power_law(row: RowResult) -> str:
    if row.baseline_predicted is None:
        return ""
    if isinstance(row.baseline_predicted, str):
        return row.baseline_predicted + ("" if row.baseline_inside else " MISS")
    score = f" score {_number(row.baseline_score)}" if row.baseline_score is not None else ""
    return f"{_number(row.baseline_predicted)}{score}"


def _unit(unit: str) -> str:
    return {"ratio": "", "uM": "µM"}.get(unit, unit)


def _number(value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 100 or value == 0:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.1 else f"{value:.2g}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _not_modelled(rows: Sequence[RowResult]) -> Iterator[str]:
    missing = [row for row in rows if row.status != "predicted"]
    if not missing:
        return
    yield f"Not modelled ({len(missing)} rows):"
    for (study, reason), group in groupby(missing, key=lambda row: (row.study, row.reason)):
        members = list(group)
        seen = "; ".join(dict.fromkeys(f"{row.arm} {_figure(row.observed, row)}" for row in members))
        yield f"  {study}: {reason}  (observed: {seen})"


def _totals(report: Report) -> Iterator[str]:
    totals = report.totals()
    partial = f"PARTIAL ({report.finished} of {report.wanted} studies)" if report.interrupted else ""
    if partial:
        yield f"{partial}: interrupted before the last study; these totals are of the studies above alone"
        yield ""
    for use, words in _BLOCKS:
        total, words = totals[use], f"{partial} {words}".lstrip()
        if not total["rows"]:
            continue
        yield from _total(words, total)
        if use == "never_fitted" and not partial:
            yield from _targets(total)
        yield ""
    law = totals["power_law"]
    if law["rows"]:
        yield (
            f"Power law from {law['rows']} calibration rows: "
            f"ratio = 1 + {math.exp(law['intercept']):.3g} · (µmol/d)^{law['exponent']:.2f}; "
            "on those rows it is scored on the data it was fitted to"
        )
    else:
        yield "Power law: too few calibration rows on whole-blood NAD+, so it predicts no change anywhere"
    misses = [row for row in report.rows if row.scored and row.inside is False and row.status == "predicted"]
    yield f"Misses ({len(misses)}):" + ("" if misses else " none")
    for row in misses:
        yield (
            f"  {row.study} ({row.use}) {row.arm}: {row.observable}, {row.matrix}, {row.at}: "
            f"observed {_figure(row.observed, row)}, predicted {_interval(row)}"
        )


_FEWEST_RATIOS = 10  # of fewer, no share lies between 80 and 97 % but by luck


def _targets(total: dict[str, Any]) -> Iterator[str]:
    """The figures that the model is held to, each beside its target."""
    ratios, compared = total["ratio_to_baseline"], total["compared_with_power_law"]
    nulls, (low, high) = total["nulls_within_band"], TARGETS["coverage_percent"]
    found: list[tuple[str, float | None, str, bool | None]] = []
    if ratios["rows"]:
        share, width = ratios["coverage_percent"], ratios["median_width"]
        held = low <= share <= high if ratios["rows"] >= _FEWEST_RATIOS else None
        found.append((f"ratios inside, % of {ratios['rows']} rows", share, f"{low:g} to {high:g}", held))
        found.append(("median width", width, f"≤ {TARGETS['median_width']:g}", width <= TARGETS["median_width"]))
    if total["risen_median_fold_error"] is not None:
        error = total["risen_median_fold_error"]
        found.append(
            ("median fold error where something rose", error, f"≤ {TARGETS['median_fold_error']:g}",
             error <= TARGETS["median_fold_error"])
        )  # fmt: skip
    if nulls["rows"]:
        right = 100.0 * nulls["hits"] / nulls["rows"]
        found.append((f"nulls within ±20 %, % of {nulls['rows']} rows", right, "100", nulls["misses"] == 0))
    if compared["rows"]:
        ours, theirs = compared["mean_score"], compared["power_law_mean_score"]
        found.append(("mean interval score", ours, f"< {_number(theirs)} of the power law", ours < theirs))
    for words, value, target, met in found:
        verdict = {True: "met", False: "MISSED", None: "too few rows to say"}[met]
        yield f"  target: {words}: {_number(value)}, wanted {target}: {verdict}"
    missing = total.get("studies_not_left_out", [])
    if missing:
        yield f"  not left out of any fit, so absent here: {', '.join(missing)}"


def _total(use: str, total: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{use}: {total['rows']} rows, {total['scored']} scored, "
        f"{total['shown_not_scored']} shown only, {total['not_modelled']} not modelled"
    )
    for name, key in (("figures", "numeric"), ("  of them ratios to baseline", "ratio_to_baseline")):
        part = total[key]
        if part["rows"]:
            yield (
                f"  {name}: {part['hits']} of {part['rows']} inside ({part['coverage_percent']:.0f} %), "
                f"median width {_number(part['median_width'])}, median fold error "
                f"{_number(part['median_fold_error'])}, mean interval score {_number(part['mean_score'])}"
            )
    if total["risen_median_fold_error"] is not None:
        yield f"  where something rose: median fold error {_number(total['risen_median_fold_error'])}"
    for name, key in (("signs", "signs"), ("  of them nulls", "nulls_within_band"), ("bounds", "bounds")):
        part = total[key]
        if part["rows"]:
            yield f"  {name}: {part['hits']} of {part['rows']} right"
    compared = total["compared_with_power_law"]
    if compared["rows"]:
        yield (
            f"  against the power law on {compared['rows']} figures: mean interval score "
            f"{_number(compared['mean_score'])}, power law {_number(compared['power_law_mean_score'])}"
        )
    if compared["signs"]:
        yield (
            f"  against the power law on {compared['signs']} signs: {compared['sign_hits']} right, "
            f"power law {compared['power_law_sign_hits']}"
        )
