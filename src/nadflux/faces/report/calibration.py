"""A calibration as text: fitted rows beside their prediction without their study, parameters, diagnostics."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from nadflux.faces.labels import readable_unit

FEW = 100
STUCK = 0.5
SHOWN_SHRINKAGE = 0.1


def calibration_text(record: Mapping[str, Any], version: str) -> str:
    """The report that `nadflux fit` prints, from the record of a posterior file.

    Parameters
    ----------
    record : mapping
        As `nadflux.inference.calibrate` keeps it in the file.
    version : str
        Of the fit.
    """
    parts = [
        f"calibration {version}, {len(record['rows'])} rows of {len(record['studies'])} studies, "
        f"{record['runs']} members run",
        *([f"made by: {record['command']}, nadflux {record['nadflux']}"] if "command" in record else []),
        "",
        *_rows(record["rows"]),
        "",
        *_totals(record["rows"]),
        "",
        *_parameters(record["parameters"]),
        "",
        *_sampler(record),
    ]
    if record["not_fitted"]:
        parts += ["", "not fitted:", *(f"  {name}: {reason}" for name, reason in record["not_fitted"])]
    return "\n".join(parts)


def _rows(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [_columns("row", "unit", "observed", "fitted (90 %)", "without its study (90 %)")]
    for row in rows:
        sign = {"at least": "≥ ", "at most": "≤ "}.get(row["kind"], "")
        without = row.get("predicted_without_its_study")
        lines.append(
            _columns(
                row["row"],
                row["unit"],
                sign + _number(row["observed"]),
                _interval(row["fitted"]),
                _interval(without) if without else "–",
            )
        )
    return lines


def _columns(row: str, unit: str, observed: str, fitted: str, without: str) -> str:
    return f"{_short(row, 62):62}  {_short(unit, 9):9}  {observed:>9}  {fitted:>24}  {without:>24}".rstrip()


def _totals(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        "The fitted column is the fit to its own data and no validation; "
        "the last column was predicted by a fit that never saw the study."
    ]
    numbers = [row for row in rows if row["kind"] == "value"]
    for key, words in (("fitted", "fitted"), ("predicted_without_its_study", "without its study")):
        there = [row for row in numbers if key in row]
        if not there:
            continue
        inside = sum(row[key]["low"] <= row["observed"] <= row[key]["high"] for row in there)
        folds = [math.exp(abs(math.log(row[key]["median"] / row["observed"]))) for row in there]
        widths = [row[key]["high"] / row[key]["low"] for row in there]
        lines.append(
            f"{words}: {inside} of {len(there)} inside the 90 % interval, median fold error "
            f"{statistics.median(folds):.2f}, median interval high/low {statistics.median(widths):.2f}"
        )
    if all("predicted_without_its_study" not in row for row in rows):
        lines.append("leave-one-study-out was not run; add --leave-one-out")
    elif any("predicted_without_its_study" not in row for row in rows):
        lines.append("leave-one-study-out was stopped before all studies were left out; add --resume to go on")
    return lines


def _parameters(parameters: Mapping[str, Mapping[str, Any]]) -> list[str]:
    moved = sorted(
        ((name, p) for name, p in parameters.items() if p["shrinkage"] >= SHOWN_SHRINKAGE),
        key=lambda pair: -pair[1]["shrinkage"],
    )
    header = (
        f"{'parameter':40}  {'prior (90 %)':>28}  {'posterior (90 %)':>28}  {'unit':10}  "
        f"{'narrowed':>8}  {'samples':>7}  informed by"
    )
    lines = [header]
    for name, p in moved:
        prior, posterior = (_range(p[key]) if key in p else "" for key in ("prior", "posterior"))
        informed = ", ".join(f"{study} {worth:.0%}" for study, worth in list(p["informed_by"].items())[:3])
        lines.append(
            f"{_short(name, 40):40}  {prior:>28}  {posterior:>28}  {readable_unit(p.get('unit', '')):10}  "
            f"{p['shrinkage']:>8.0%}  {p['effective_samples']:>7.0f}  {informed}".rstrip()
        )
    rest = len(parameters) - len(moved)
    lines.append(f"{rest} more parameters lost less than {SHOWN_SHRINKAGE:.0%} of their prior variance")
    return lines


def _sampler(record: Mapping[str, Any]) -> list[str]:
    sampler = record["sampler"]
    effective = [p["effective_samples"] for p in record["parameters"].values()]
    lines = [
        f"effective samples: {min(effective):.0f} (least) to {statistics.median(effective):.0f} (median); "
        f"{sampler['inversion_steps']} inversion steps, {len(sampler['path'])} sampler steps, "
        f"acceptance {sampler['acceptance']:.2f}, correlation with resampled start "
        f"{sampler['correlation_with_start']:.2f}, failed members {sampler['failed_members']}"
    ]
    free = record.get("uninformed", {})
    if free.get("parameters"):
        lines.append(
            f"{free['parameters']} fitted parameters that no study informs by 5 %: mean shrinkage "
            f"{free['mean_shrinkage']:+.2f}, spread {free['sd_of_shrinkage']:.2f} (so many samples give "
            f"{free['expected_sd']:.2f} by chance)"
        )
    without = {study: found for study, found in record.get("left_out", {}).items() if "effective_samples" in found}
    if without:
        fewest = min(without, key=lambda study: without[study]["effective_samples"])
        lines.append(
            f"left out: {len(without)} of {len(record['studies'])} studies, effective samples "
            f"{without[fewest]['effective_samples']:.0f} at least (without {fewest})"
        )
    thin = [study for study, found in without.items() if found["effective_samples"] < FEW]
    if thin:
        lines.append(
            f"fewer than {FEW} effective samples, and so rough bounds, without these studies: {', '.join(sorted(thin))}"
        )
    if min(effective) < FEW or sampler["correlation_with_start"] > STUCK:
        lines.append(
            "WARNING: too few effective samples to trust the intervals; give more --members, --moves or --sweeps"
        )
    return lines


def _interval(found: Mapping[str, float]) -> str:
    return f"{_number(found['median'])} ({_number(found['low'])}–{_number(found['high'])})"


def _range(found: Sequence[float]) -> str:
    return f"{_number(found[1])} ({_number(found[0])}–{_number(found[2])})"


def _number(value: float) -> str:
    return f"{value:.3g}"


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
