"""Validation: published studies predicted without fitting, each row with its interval, scores and baselines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nadflux.errors import NadfluxError, StudyError, nearest
from nadflux.network.tables import Observable
from nadflux.studies.published.against_baselines import baselines_of, beside, positive, ratio_of
from nadflux.studies.published.baselines import LAW, Baseline, PowerLaw
from nadflux.studies.published.endpoint import times_needed
from nadflux.studies.published.measurement import Measurement, read_measurement
from nadflux.studies.published.nulls import Null, null_of
from nadflux.studies.published.predict import ArmValues, Prediction, is_relative, observables_needed, predict
from nadflux.studies.published.result import LEFT_OUT, SEEN, Report, RowResult
from nadflux.studies.published.schema import DEFAULT_BAND_PERCENT, Arm, Observation, Study, StudyPopulation
from nadflux.studies.published.score import bound_error, fold_error, interval_score, sample_crps, sign_of
from nadflux.studies.published.target import Target, find_target

Array = NDArray[np.float64]
Baselines = Mapping[str, Baseline]
Progress = Callable[[int, int, str], bool]


class Simulator(Protocol):
    """The part of the simulation that a validation needs."""

    @property
    def observables(self) -> Sequence[Observable]:
        """Observables of the body."""

    @property
    def record(self) -> dict[str, Any]:
        """Hashes and versions for the report."""

    def dose_at(self, plan: str, hours: float) -> float:
        """Return the µmol of precursor a day that are taken at a time, h since the first dose."""

    def run(self, arm: Arm, population: StudyPopulation, observables: Sequence[str], times: Array) -> ArmValues:
        """Simulate the people of an arm, with the same draws of typical values for every arm.

        Parameters
        ----------
        arm : Arm
        population : StudyPopulation
        observables : sequence of str
            Ids to keep.
        times : ndarray, shape (time,)
            Time since the first dose, h.
        """


LeftOut = Callable[[str], tuple[Simulator, Measurement] | None]


def validate(
    studies: Sequence[Study],
    simulator: Simulator,
    *,
    people: int,
    draws: int,
    seed: int,
    law_studies: Callable[[], Sequence[Study]] = tuple,
    measurement: Measurement | None = None,
    left_out: LeftOut | None = None,
    why_not: Callable[[Study], str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Predict every row of every study.

    Parameters
    ----------
    studies : sequence of Study
    simulator : Simulator
    people, draws, seed : int
        People per draw, draws of the typical values and seed of the random numbers; written into the report.
    law_studies : callable () -> sequence of Study
        Source of the baselines' calibration rows if ``studies`` has too few.
    measurement : Measurement, optional
        The shipped assay table by default.
    left_out : callable (study id) -> (Simulator, Measurement) or None, optional
        Gives the fit without a calibration study. Its rows are predicted again by it, with use ``left out``,
        beside baselines fitted without the study.
    why_not : callable (Study) -> str, optional
        Says why a study for validation is none (`nadflux.studies.published.freeze.standing`): its rows are then
        ``seen``. By default none is doubted.
    progress : callable (done, total, name) -> bool, optional
        Called before each study; False stops with the finished studies.

    Returns
    -------
    Report
        ``interrupted`` if it was stopped (by ``progress`` or Ctrl-C); finished studies are kept.
    """
    measurement = measurement or read_measurement()
    behind = studies
    baselines = baselines_of(studies, simulator, measurement)
    if not _law(baselines).known:
        behind = law_studies()
        baselines = baselines_of(behind, simulator, measurement)
    rows: list[RowResult] = []
    interrupted = False
    try:
        # Study by study; a stop keeps the rows so far.
        for done, study in enumerate(studies):
            if progress is not None and not progress(done, len(studies), study.id):
                interrupted = True
                break
            found = list(_validate_study(study, simulator, baselines, measurement))
            doubt = why_not(study) if why_not is not None and study.use == "validation" else ""
            if doubt:
                found = [replace(row, use=SEEN, standing=doubt) for row in found]
            without = left_out(study.id) if left_out is not None and study.use == "calibration" else None
            if without is not None:
                others = baselines_of([one for one in behind if one.id != study.id], simulator, without[1])
                again = list(_validate_study(study, without[0], others, without[1]))
                found += [replace(row, use=LEFT_OUT) for row in again]
            rows += found
        else:
            if progress is not None:
                progress(len(studies), len(studies), "")
    except KeyboardInterrupt:
        interrupted = True
    return Report(tuple(rows), _law(baselines), people, draws, seed, interrupted, simulator.record, len(studies))


def _law(baselines: Baselines) -> PowerLaw:
    law = baselines[LAW].centre
    assert isinstance(law, PowerLaw)
    return law


def _validate_study(
    study: Study, simulator: Simulator, baselines: Baselines, measurement: Measurement
) -> Iterator[RowResult]:
    try:
        yield from _rows_of(study, simulator, baselines, measurement)
    except NadfluxError as error:
        raise StudyError(f"study {study.id}: {error}") from error


def _rows_of(study: Study, simulator: Simulator, baselines: Baselines, measurement: Measurement) -> Iterator[RowResult]:
    observables = simulator.observables
    targets = [None if study.arm(row.arm).intervention else find_target(row, observables) for row in study.observations]
    simulated: dict[str, ArmValues] = {}

    def arm_values(arm: Arm) -> ArmValues:
        """Simulate an arm once, with everything that rows of the study need from it."""
        if arm.id not in simulated:
            wanted = [
                (row, target)
                for row, target in zip(study.observations, targets, strict=True)
                if target is not None and arm.id in (row.arm, row.reference)
            ]
            ids = dict.fromkeys(i for _, target in wanted for i in observables_needed(target, observables))
            times = np.unique(np.concatenate([times_needed(row) for row, _ in wanted]))
            population = arm.population or study.population
            simulated[arm.id] = simulator.run(arm, population, tuple(ids), times)
        return simulated[arm.id]

    for row, target in zip(study.observations, targets, strict=True):
        yield _row_result(study, row, target, simulator, baselines, measurement, arm_values)


def _row_result(
    study: Study,
    row: Observation,
    target: Target | None,
    simulator: Simulator,
    baselines: Baselines,
    measurement: Measurement,
    arm_values: Callable[[Arm], ArmValues],
) -> RowResult:
    arm = study.arm(row.arm)
    cells: dict[str, Any] = {
        "study": study.id,
        "arm": row.arm,
        "observable": row.observable,
        "matrix": row.matrix,
        "at": row.at or row.window or "",
        "kind": row.kind,
        "of": row.quantity,
        "unit": row.unit or "",
        "observed": row.value,
        "use": study.use,
        "tier": row.tier,
        "n": study.people(row),
        "scored": row.is_scored,
        "bound": row.bound or "",
        "reference": row.reference or "",
        "source": row.source or study.citation.doi or study.citation.pmcid or study.citation.url or "",
        "note": row.note or "",
    }
    empty: dict[str, Any] = {"predicted": None, "low": None, "high": None, "inside": None, "fold_error": None}
    reason = _why_not(study, row, arm, target, simulator.observables)
    prediction = None
    if not reason and target is not None:
        prediction = predict(study, row, target, arm_values, simulator.observables, measurement)
        if prediction is None:
            reason = f"no {row.quantity} exists in the simulated people"
    if prediction is None:
        return RowResult(**cells, **empty, status="not modelled", reason=reason)
    null = null_of(study, row, prediction) if row.value == "none" else None
    found = _scored(row, prediction, null)
    parts = _parts(row, prediction)
    others = beside(row, ratio_of(study, row, target, simulator, measurement), baselines, null)
    return RowResult(**cells, **found, **parts, **others, status="predicted", reason=row.why_not_scored)


def _parts(row: Observation, prediction: Prediction) -> dict[str, Any]:
    """Return the interval from each source of spread, on the scale of the row's own interval."""
    as_change = row.quantity == "change" or (row.kind == "sign" and not prediction.linear)
    shown = _to_published if as_change else float
    ends: dict[str, Any] = {}
    for name, (low, high) in prediction.components.items():
        ends |= {f"{name}_low": shown(low), f"{name}_high": shown(high)}
    return ends


def _why_not(study: Study, row: Observation, arm: Arm, target: Target | None, observables: Sequence[Observable]) -> str:
    if arm.intervention:
        return f"intervention: {arm.intervention}"
    other = next((a for a in study.arms if a.id == row.reference), None)
    if other is not None and other.intervention:
        return f"intervention of the compared arm: {other.intervention}"
    if target is not None:
        return ""
    matrices = {observable.matrix.casefold(): observable.matrix for observable in observables}
    close = [] if row.matrix.casefold() in matrices else nearest(row.matrix, matrices.values(), 1)
    hint = f"; did you mean matrix {close[0]!r}?" if close else ""
    why = f": {row.reason}" if row.reason else ""
    return f"no observable {row.observable!r} in {row.matrix}{hint}{why}"


def _scored(row: Observation, prediction: Prediction, null: Null | None) -> dict[str, Any]:
    """Return predicted, low, high and the scores of one row."""
    middle, low, high = prediction.interval()
    if row.kind == "sign":
        return _scored_sign(row, prediction, null)
    assert isinstance(row.value, float)
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
    """Return the scores of the sign of a slope; a null is judged by the change over all ages of the arm."""
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
