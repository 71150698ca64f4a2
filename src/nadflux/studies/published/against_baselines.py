"""Rows of a validation beside the simple predictions of `nadflux.studies.published.baselines`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from nadflux.network.tables import Observable
from nadflux.people.normal import Z95
from nadflux.studies.published.baselines import BASELINES, Baseline, Ratio
from nadflux.studies.published.measurement import Measurement
from nadflux.studies.published.nulls import Null
from nadflux.studies.published.predict import assay_variance
from nadflux.studies.published.quantities import parse_time, parse_window
from nadflux.studies.published.row_figures import is_relative
from nadflux.studies.published.schema import DEFAULT_BAND_PERCENT, RELATIVE_UNITS, Arm, Observation, Study
from nadflux.studies.published.score import interval_score, normal_crps, sign_of
from nadflux.studies.published.target import Target, find_target
from nadflux.studies.published.unexplained import kind_of
from nadflux.units import DAY_H

_COMPARED = ("value", "change", "ratio", "peak", "auc", "mean")


class Dosing(Protocol):
    """The part of a simulator that the baselines need."""

    @property
    def observables(self) -> Sequence[Observable]:
        """Observables of the body."""

    def dose_at(self, plan: str, hours: float) -> float:
        """Return the µmol of precursor a day that are taken at a time, h since the first dose."""


def ratio_of(
    study: Study, row: Observation, target: Target | None, simulator: Dosing, measurement: Measurement
) -> Ratio | None:
    """Return a row as the baselines see it; None for levels, kinetics, bounds and what is not modelled."""
    arm = study.arm(row.arm)
    if RELATIVE_UNITS.get(row.quantity, row.unit) != row.unit and row.kind != "sign":
        return None  # a mistake of its row, which no baseline learns from
    if target is None or target.derived or row.kind == "bound" or not is_relative(row):
        return None
    if row.quantity not in _COMPARED or arm.intervention is not None:
        return None
    hours = sampled_at(row)
    at_reference = row.reference is not None and row.reference[0].isdigit()
    dose = 0.0 if at_reference else _extra_dose(study, row, arm, simulator, hours)
    observed = math.nan if isinstance(row.value, str) else math.log(positive(row))
    return Ratio(
        study.id,
        row.observable,
        target.matrix,
        kind_of(row, target, arm, True),
        dose,
        hours / DAY_H,
        assay_variance(study, row, target, measurement),
        observed,
    )


def baselines_of(studies: Sequence[Study], simulator: Dosing, measurement: Measurement) -> dict[str, Baseline]:
    """Return the baselines fitted to the scored rows of the studies for calibration."""
    rows = []
    for study in studies:
        if study.use != "calibration":
            continue
        for row in study.observations:
            if row.is_scored and not isinstance(row.value, str):
                found = ratio_of(study, row, find_target(row, simulator.observables), simulator, measurement)
                if found is not None:
                    rows.append(found)
    in_view = measurement.unexplained is not None and measurement.unexplained.in_view
    return {name: Baseline.of(name, rows, measurement.table, in_view) for name in BASELINES}


def beside(
    row: Observation, ratio: Ratio | None, baselines: Mapping[str, Baseline], null: Null | None = None
) -> dict[str, Any]:
    """Return what each baseline predicts of a row, with its scores; empty for a row that they do not predict."""
    if ratio is None:
        return {}
    cells: dict[str, Any] = {"dose_at_sampling": ratio.dose}
    for name, baseline in baselines.items():
        middle, sd = baseline.log_normal(ratio)
        low, high = math.exp(middle - Z95 * sd), math.exp(middle + Z95 * sd)
        if row.kind == "sign":
            band = row.band if row.band is not None else DEFAULT_BAND_PERCENT
            said = sign_of(math.exp(middle), band if null is None else null.detectable)
            cells |= {f"{name}_predicted": said, f"{name}_inside": said == row.value}
            continue
        seen = positive(row)
        as_change = row.quantity == "change" or row.unit == "%"
        shown = [100.0 * (one - 1.0) if as_change else one for one in (math.exp(middle), low, high)]
        cells |= {
            **dict(zip((f"{name}_predicted", f"{name}_low", f"{name}_high"), shown, strict=True)),
            f"{name}_inside": low <= seen <= high,
            f"{name}_log_error": abs(math.log(seen) - middle),
            f"{name}_width": high / low,
            f"{name}_score": interval_score(low, high, seen),
            f"{name}_crps": normal_crps(middle, sd, math.log(seen)),
        }
    return cells


def sampled_at(row: Observation) -> float:
    """Return the time of sampling of a row, h since the first dose; the end of its window if it has one."""
    if row.window is not None:
        return parse_window(row.window)[1]
    assert row.at is not None
    return parse_time(row.at)


def positive(row: Observation) -> float:
    """Return the published figure on the scale of the prediction: a change as a ratio."""
    assert isinstance(row.value, float)
    return 1.0 + row.value / 100.0 if row.quantity == "change" else row.value


def _extra_dose(study: Study, row: Observation, arm: Arm, simulator: Dosing, hours: float) -> float:
    """Return the dose above that of the arm compared with."""
    other = next((one for one in study.arms if one.id == row.reference), None)
    own, others = (
        simulator.dose_at(one.plan, hours) if one is not None and one.plan and not one.untreated else 0.0
        for one in (arm, other)
    )
    return max(own - others, 0.0)
