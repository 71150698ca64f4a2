"""A row of a validation with its scores: interval, fold error, sign, null, and the width of each source of spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nadflux.studies.published.against_baselines import positive
from nadflux.studies.published.nulls import Null
from nadflux.studies.published.predict import Prediction
from nadflux.studies.published.row_figures import is_relative
from nadflux.studies.published.schema import DEFAULT_BAND_PERCENT, Observation
from nadflux.studies.published.score import bound_error, fold_error, interval_score, sample_crps, sign_of


def scored(row: Observation, prediction: Prediction, null: Null | None) -> dict[str, Any]:
    """Return predicted, low, high and the scores of one row."""
    middle, low, high = prediction.interval()
    if isinstance(row.value, str):
        return _scored_sign(row, prediction, null)
    shown = _to_published if row.quantity == "change" else float
    found: dict[str, Any] = {"predicted": shown(middle), "low": shown(low), "high": shown(high)}
    if row.kind == "bound":
        assert row.bound is not None
        limit = positive(row)
        kept = prediction.samples <= limit if row.bound == "at most" else prediction.samples >= limit
        error = bound_error(middle, limit, row.bound)
        found |= {"inside": error == 1.0, "fold_error": error, "probability": float(np.mean(kept))}
        return found
    if prediction.linear:
        return found | {"inside": low <= row.value <= high, "fold_error": None}
    seen = positive(row)
    found |= {
        "inside": low <= seen <= high,
        "fold_error": fold_error(middle, seen),
        "width": high / low,
        "score": interval_score(low, high, seen),
        "pit": float(np.mean(prediction.samples < seen)),
        "log_error": abs(math.log(middle / seen)) if middle > 0 else None,
        "crps": sample_crps(np.log(prediction.samples), math.log(seen)) if low > 0 else None,
    }
    if is_relative(row):
        found |= {"observed_ratio": seen, "predicted_ratio": middle}
    return found


def _scored_sign(row: Observation, prediction: Prediction, null: Null | None) -> dict[str, Any]:
    middle, low, high = prediction.interval()
    if prediction.linear:
        return _scored_slope(row, prediction, null)
    band = row.band if row.band is not None else DEFAULT_BAND_PERCENT
    band = band if null is None else null.detectable
    predicted = sign_of(middle, band)
    up, down = prediction.samples > 1 + band / 100, prediction.samples < 1 - band / 100
    chances = {"up": up.mean(), "down": down.mean(), "none": (~up & ~down).mean()}
    return {
        "predicted": predicted,
        "low": _to_published(low),
        "high": _to_published(high),
        "inside": predicted == row.value if null is None else null.passes(_to_published(middle)),
        "fold_error": None,
        "probability": float(chances[str(row.value)]),
        "predicted_change": _to_published(middle),
        "predicted_ratio": middle,
        **_about_null(null),
    }


def _scored_slope(row: Observation, prediction: Prediction, null: Null | None) -> dict[str, Any]:
    """Return the scores of the sign of a slope or correlation; a null of a slope is judged over all ages of the arm."""
    middle, low, high = prediction.interval()
    samples = prediction.samples
    within = abs(middle) * prediction.span <= null.detectable if null is not None else False
    predicted = "none" if within else "up" if middle > 0 else "down"
    chances = {"up": np.mean(samples > 0), "down": np.mean(samples < 0)}
    if null is not None:
        chances["none"] = np.mean(np.abs(samples) * prediction.span <= null.detectable)
    return {
        "predicted": predicted,
        "low": low,
        "high": high,
        "inside": predicted == row.value if null is None else null.passes(middle * prediction.span),
        "fold_error": None,
        "probability": float(chances[str(row.value)]),
        **_about_null(null),
    }


def _about_null(null: Null | None) -> dict[str, Any]:
    return {} if null is None else {"null": null.standing, "detectable_percent": null.detectable}


def _to_published(ratio: float) -> float:
    return 100.0 * (ratio - 1.0)


def parts(row: Observation, prediction: Prediction) -> dict[str, Any]:
    """Return the interval from each source of spread, on the scale of the row's own interval."""
    as_change = row.quantity == "change" or (row.kind == "sign" and not prediction.linear)
    shown = _to_published if as_change else float
    ends: dict[str, Any] = {}
    for name, (low, high) in prediction.components.items():
        ends |= {f"{name}_low": shown(low), f"{name}_high": shown(high)}
    return ends
