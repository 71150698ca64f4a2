"""Results of a validation: one entry per published row, and totals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nadflux.studies.published.power_law import PowerLaw

LEFT_OUT = "left out"
SEEN = "seen"
USES = ("validation", LEFT_OUT, SEEN, "calibration")
"""Kinds of rows, which no total mixes."""

TARGETS: dict[str, Any] = {
    "coverage_percent": (80.0, 97.0),
    "median_width": 2.5,
    "median_fold_error": 1.25,
}


@dataclass(frozen=True)
class RowResult:
    """One published row beside its prediction.

    Attributes
    ----------
    observed, predicted, low, high : float, str or None
        In ``unit``; for kind sign words (up, down, none) with ``predicted_change`` in percent.
    inside : bool or None
        Whether the observed value is inside the 90 % interval of the arm mean; for a sign, whether the signs agree; for
        a bound, whether the predicted median keeps it. None without a prediction.
    fold_error, width, score : float or None
        Fold error of the median, interval high/low, interval score on the natural logarithm.
    probability : float or None
        Share of the predictive distribution with the published sign, or within the bound.
    status : str
        ``predicted`` or ``not modelled``, with the reason in ``reason``.
    scored : bool
        Whether the row counts in the totals.
    use : str
        ``calibration`` (fitted, or meant to be), ``left out`` (a calibration study predicted by a fit without it),
        ``seen`` (not fitted, but its result was known before the model was frozen) or ``validation`` (listed in the
        lock file, and nothing was changed since).
    standing : str
        Why a row that no fit used is no validation; empty for the others.
    baseline_… : float or None
        The competitor's prediction of the same row and its score.
    parameters_…, people_…, assay_…, studies_…, model_… : float or None
        Ends of the interval from this source alone, as ``low`` and ``high``.
    """

    study: str
    arm: str
    observable: str
    matrix: str
    at: str
    kind: str
    of: str
    unit: str
    observed: float | str
    predicted: float | str | None
    low: float | None
    high: float | None
    inside: bool | None
    fold_error: float | None
    use: str
    tier: str
    n: int
    scored: bool
    status: str
    reason: str = ""
    width: float | None = None
    score: float | None = None
    probability: float | None = None
    predicted_change: float | None = None
    bound: str = ""
    reference: str = ""
    whole_blood_nad: bool = False
    observed_ratio: float | None = None
    predicted_ratio: float | None = None
    daily_dose: float | None = None
    baseline_predicted: float | str | None = None
    baseline_low: float | None = None
    baseline_high: float | None = None
    baseline_inside: bool | None = None
    baseline_score: float | None = None
    parameters_low: float | None = None
    parameters_high: float | None = None
    people_low: float | None = None
    people_high: float | None = None
    assay_low: float | None = None
    assay_high: float | None = None
    studies_low: float | None = None
    studies_high: float | None = None
    model_low: float | None = None
    model_high: float | None = None
    standing: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All rows of a validation with its settings.

    Attributes
    ----------
    rows : tuple of RowResult
    law : PowerLaw
        The competitor as fitted.
    people, draws, seed : int
    interrupted : bool
        Whether it was stopped before the last study.
    record : dict
        Hashes and versions.
    wanted : int
        Number of studies asked for; 0 if unknown.
    """

    rows: tuple[RowResult, ...]
    law: PowerLaw
    people: int
    draws: int
    seed: int
    interrupted: bool = False
    record: dict[str, Any] = field(default_factory=dict)
    wanted: int = 0

    @property
    def finished(self) -> int:
        """Number of studies with rows."""
        return len({row.study for row in self.rows})

    def totals(self) -> dict[str, Any]:
        """Return the totals of each kind of rows, never of two together, and the competitor."""
        result: dict[str, Any] = {
            use.replace(" ", "_"): summarise([row for row in self.rows if row.use == use]) for use in USES
        }
        seen = {row.study for row in self.rows if row.use == LEFT_OUT}
        fitted = dict.fromkeys(row.study for row in self.rows if row.use == "calibration")
        result["left_out"]["studies_not_left_out"] = [study for study in fitted if study not in seen]
        result["power_law"] = {
            "exponent": self.law.exponent,
            "intercept": self.law.intercept,
            "rows": self.law.count,
            "formula": "whole-blood NAD+ ratio = 1 + exp(intercept) * (daily dose in µmol)^exponent; else 1",
        }
        return result


def summarise(rows: Iterable[RowResult]) -> dict[str, Any]:
    """Return counts and medians over rows; numeric rows, signs and bounds are counted separately."""
    rows = list(rows)
    scored = [row for row in rows if row.scored and row.status == "predicted"]
    numeric = [row for row in scored if row.kind not in ("sign", "bound")]
    relative = [row for row in numeric if row.observed_ratio is not None]
    risen = [row for row in relative if (row.observed_ratio or 0) > 1.2]
    signs = [row for row in scored if row.kind == "sign"]
    nulls = [row for row in signs if row.observed == "none"]
    bounds = [row for row in scored if row.kind == "bound"]
    compared = [row for row in numeric if row.score is not None and row.baseline_score is not None]
    return {
        "rows": len(rows),
        "not_modelled": sum(row.status != "predicted" for row in rows),
        "shown_not_scored": sum(not row.scored for row in rows),
        "scored": len(scored),
        "numeric": _numeric(numeric),
        "ratio_to_baseline": _numeric(relative),
        "risen_median_fold_error": _median([row.fold_error for row in risen]),
        "signs": _hits(signs),
        "nulls_within_band": _hits(nulls),
        "bounds": _hits(bounds),
        "compared_with_power_law": {
            "rows": len(compared),
            "mean_score": _mean([row.score for row in compared]),
            "power_law_mean_score": _mean([row.baseline_score for row in compared]),
            "signs": len([row for row in signs if row.baseline_inside is not None]),
            "sign_hits": sum(bool(row.inside) for row in signs if row.baseline_inside is not None),
            "power_law_sign_hits": sum(bool(row.baseline_inside) for row in signs),
        },
    }


def _numeric(rows: Sequence[RowResult]) -> dict[str, Any]:
    hits = sum(bool(row.inside) for row in rows)
    return {
        **_hits(rows),
        "coverage_percent": 100.0 * hits / len(rows) if rows else None,
        "median_width": _median([row.width for row in rows]),
        "median_fold_error": _median([row.fold_error for row in rows]),
        "mean_score": _mean([row.score for row in rows]),
    }


def _hits(rows: Sequence[RowResult]) -> dict[str, int]:
    hits = sum(bool(row.inside) for row in rows)
    return {"rows": len(rows), "hits": hits, "misses": len(rows) - hits}


def _finite(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _median(values: Iterable[float | None]) -> float | None:
    kept = _finite(values)
    return statistics.median(kept) if kept else None


def _mean(values: Iterable[float | None]) -> float | None:
    kept = _finite(values)
    return statistics.fmean(kept) if kept else None
