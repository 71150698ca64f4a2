"""Results of a validation: one entry per published row, and totals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nadflux.studies.published.baselines import PowerLaw
from nadflux.studies.published.learn_unexplained import honesty_of

LEFT_OUT = "left out"
ERROR = "error"
SEEN = "seen"
USES = ("validation", LEFT_OUT, SEEN, "calibration")
"""Kinds of rows, which no total mixes."""

PREDICTORS = {"model": "", "power_law": "law_", "study_median": "median_"}
"""What predicts a row, with the beginning of the names of its results."""

TARGETS: dict[str, Any] = {
    "coverage_percent": (80.0, 97.0),
    "median_width": 3.0,
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
        a bound, whether the predicted median keeps it. None without a prediction, and for an uninformative null.
    fold_error, width, score : float or None
        Fold error of the median, interval high/low, interval score on the natural logarithm.
    probability : float or None
        Share of the predictive distribution with the published sign, or within the bound.
    status : str
        ``predicted``, ``not modelled`` or ``error`` (a mistake in the row), with the reason in ``reason``.
    figure : str
        Figure computed of each person, such as ``auc`` for a change of an area.
    scored : bool
        Whether the row counts in the totals.
    use : str
        ``calibration`` (fitted, or meant to be), ``left out`` (a calibration study predicted by a fit without it),
        ``seen`` (not fitted, but its result was known before the model was frozen) or ``validation`` (listed in the
        lock file, and nothing was changed since).
    standing : str
        Why a row that no fit used is no validation; empty for the others.
    null, detectable_percent : str, float or None
        For a published null: ``informative``, ``uninformative`` or ``by construction`` (the last two are counted
        apart), and the change that the study could have detected.
    pit : float or None
        Share of the predictive distribution below what was observed.
    log_error, crps : float or None
        Distance of the median and continuous ranked probability score, natural log.
    dose_at_sampling : float or None
        µmol a day taken at the time of sampling, above those of the arm compared with.
    law_…, median_… : float or None
        The same row as the power law and the median of earlier studies predict it, and their scores.
    parameters_…, people_…, assay_…, studies_…, model_… : float or None
        Ends of the interval from this source alone, as ``low`` and ``high``.
    statistic : str
        Over the people of the arm: mean, median or maximum.
    against : str
        What a correlation is with.
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
    figure: str = "value"
    width: float | None = None
    score: float | None = None
    probability: float | None = None
    predicted_change: float | None = None
    bound: str = ""
    reference: str = ""
    observed_ratio: float | None = None
    predicted_ratio: float | None = None
    null: str = ""
    detectable_percent: float | None = None
    pit: float | None = None
    log_error: float | None = None
    crps: float | None = None
    dose_at_sampling: float | None = None
    law_predicted: float | str | None = None
    law_low: float | None = None
    law_high: float | None = None
    law_inside: bool | None = None
    law_log_error: float | None = None
    law_width: float | None = None
    law_score: float | None = None
    law_crps: float | None = None
    median_predicted: float | str | None = None
    median_low: float | None = None
    median_high: float | None = None
    median_inside: bool | None = None
    median_log_error: float | None = None
    median_width: float | None = None
    median_score: float | None = None
    median_crps: float | None = None
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
    statistic: str = "mean"
    against: str = ""

    @property
    def counted(self) -> bool:
        """True if the row counts as a hit or a miss."""
        return self.scored and self.status == "predicted" and self.null in ("", "informative")


@dataclass(frozen=True)
class Report:
    """All rows of a validation with its settings.

    Attributes
    ----------
    rows : tuple of RowResult
    law : PowerLaw
        The power law as fitted to all calibration rows.
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
        """Return the totals of each kind of rows, never of two together, and the power law."""
        result: dict[str, Any] = {
            use.replace(" ", "_"): summarise([row for row in self.rows if row.use == use]) for use in USES
        }
        seen = {row.study for row in self.rows if row.use == LEFT_OUT}
        fitted = dict.fromkeys(row.study for row in self.rows if row.use == "calibration")
        result["left_out"]["studies_not_left_out"] = [study for study in fitted if study not in seen]
        result["power_law"] = {
            "exponent": self.law.exponent,
            "duration_exponent": self.law.duration_exponent,
            "rows": self.law.count,
            "formula": "ratio = 1 + factor of analyte and matrix * (µmol/d)^exponent * days^duration_exponent",
        }
        return result


def summarise(rows: Iterable[RowResult]) -> dict[str, Any]:
    """Return counts and medians over rows; numeric rows, signs and bounds are counted separately."""
    rows = list(rows)
    scored = [row for row in rows if row.counted]
    apart = [row.null for row in rows if row.scored and row.status == "predicted" and not row.counted]
    numeric = [row for row in scored if row.kind != "bound" and not isinstance(row.observed, str)]
    relative = [row for row in numeric if row.observed_ratio is not None]
    risen = [row for row in relative if (row.observed_ratio or 0) > 1.2]
    signs = [row for row in scored if isinstance(row.observed, str)]
    nulls = [row for row in signs if row.observed == "none"]
    bounds = [row for row in scored if row.kind == "bound"]
    compared = [row for row in numeric if row.crps is not None and row.law_crps is not None]
    return {
        "rows": len(rows),
        "not_modelled": sum(row.status == "not modelled" for row in rows),
        "errors": sum(row.status == ERROR for row in rows),
        "shown_not_scored": sum(not row.scored for row in rows),
        "scored": len(scored),
        "numeric": _numeric(numeric),
        "ratio_to_baseline": _numeric(relative),
        "risen_median_fold_error": _median([row.fold_error for row in risen]),
        "signs": _hits(signs),
        "nulls": _hits(nulls),
        "nulls_uninformative": apart.count("uninformative"),
        "nulls_by_construction": apart.count("by construction"),
        "bounds": _hits(bounds),
        "compared": {
            "rows": len(compared),
            **{name: _compared(compared, prefix) for name, prefix in PREDICTORS.items()},
            "signs": len([row for row in signs if row.law_inside is not None]),
            "sign_hits": {
                name: sum(bool(getattr(row, f"{prefix}inside")) for row in signs if row.law_inside is not None)
                for name, prefix in PREDICTORS.items()
            },
            "by_analyte": [
                {
                    "matrix": matrix,
                    "analyte": analyte,
                    "rows": len(group),
                    **{name: _compared(group, prefix) for name, prefix in PREDICTORS.items()},
                }
                for (matrix, analyte), group in _grouped(compared).items()
            ],
        },
    }


def _grouped(rows: Sequence[RowResult]) -> dict[tuple[str, str], list[RowResult]]:
    """Return rows by matrix and analyte, in the order of the alphabet."""
    found: dict[tuple[str, str], list[RowResult]] = {}
    for row in sorted(rows, key=lambda row: (row.matrix.casefold(), row.observable.casefold())):
        found.setdefault((row.matrix, row.observable), []).append(row)
    return found


def _compared(rows: Sequence[RowResult], prefix: str) -> dict[str, float | None]:
    """Return the scores of one predictor on rows that all of them predict."""
    hits = sum(bool(getattr(row, f"{prefix}inside")) for row in rows)
    return {
        "median_log_error": _median(getattr(row, f"{prefix}log_error") for row in rows),
        "coverage_percent": 100.0 * hits / len(rows) if rows else None,
        "median_width": _median(getattr(row, f"{prefix}width") for row in rows),
        "mean_crps": _mean(getattr(row, f"{prefix}crps") for row in rows),
    }


def _numeric(rows: Sequence[RowResult]) -> dict[str, Any]:
    shares = [row.pit for row in rows if row.pit is not None]
    hits = sum(bool(row.inside) for row in rows)
    return {
        **_hits(rows),
        "coverage_percent": 100.0 * hits / len(rows) if rows else None,
        "median_width": _median([row.width for row in rows]),
        "median_fold_error": _median([row.fold_error for row in rows]),
        "mean_score": _mean([row.score for row in rows]),
        "honesty": honesty_of(shares, len({row.study for row in rows})).record() if shares else None,
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
