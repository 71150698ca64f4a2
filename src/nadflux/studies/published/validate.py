"""Validation: published studies predicted without fitting, each row with its interval, scores and baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nadflux.errors import NadfluxError, StudyError, nearest
from nadflux.network.tables import Observable
from nadflux.studies.published.against_baselines import baselines_of, beside, ratio_of
from nadflux.studies.published.baselines import LAW, Baseline, PowerLaw
from nadflux.studies.published.endpoint import times_needed
from nadflux.studies.published.measurement import Measurement, read_measurement
from nadflux.studies.published.nulls import null_of
from nadflux.studies.published.predict import observables_needed, predict
from nadflux.studies.published.result import ERROR, LEFT_OUT, SEEN, Report, RowResult
from nadflux.studies.published.row_figures import ArmValues, RowError, is_relative
from nadflux.studies.published.schema import Arm, Observation, Study, StudyPopulation
from nadflux.studies.published.score_row import parts, scored
from nadflux.studies.published.target import Target, find_other, find_target

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

    def is_trait(self, observable: Observable) -> bool:
        """Return whether an observable is a trait of a person, which nothing moves during a run."""

    def run(
        self, arm: Arm, population: StudyPopulation, observables: Sequence[str], times: Array, fewest: int = 2
    ) -> ArmValues:
        """Simulate the people of an arm, with the same draws of typical values for every arm.

        Parameters
        ----------
        arm : Arm
        population : StudyPopulation
        observables : sequence of str
            Ids to keep.
        times : ndarray, shape (time,)
            Time since the first dose, h.
        fewest : int
            People per draw at least.
        """


LeftOut = Callable[[str], tuple[Simulator, Measurement] | None]

CORRELATED_PEOPLE = 8
"""People per draw, at least, where a row correlates two of their quantities."""


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
        Source of the baselines' calibration rows if ``studies`` has too few, or one study alone.
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
    if not _law(baselines).known or sum(study.use == "calibration" for study in studies) == 1:
        # One study alone would be its own baseline.
        behind = law_studies() or studies
        baselines = baselines_of(behind, simulator, measurement)
    in_view = measurement.of_study_in_view()
    beside_fitted = baselines_of(behind, simulator, in_view)
    rows: list[RowResult] = []
    interrupted = False
    try:
        # Study by study; a stop keeps the rows so far.
        for done, study in enumerate(studies):
            if progress is not None and not progress(done, len(studies), study.id):
                interrupted = True
                break
            if study.use == "calibration":
                found = list(_validate_study(study, simulator, beside_fitted, in_view))
            else:
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
    record = {**simulator.record, "does_not_act": _without_effect(studies)}
    return Report(tuple(rows), _law(baselines), people, draws, seed, interrupted, record, len(studies))


def _without_effect(studies: Sequence[Study]) -> dict[str, list[str]]:
    """Return the conditions and medicines of each study, none of which acts on its simulated people so far."""
    found: dict[str, list[str]] = {}
    for study in studies:
        populations = [study.population, *(arm.population for arm in study.arms if arm.population is not None)]
        words = dict.fromkeys(word for one in populations for word in (*one.conditions, *one.medicines))
        if words:
            found[study.id] = list(words)
    return found


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
    targets: list[Target | None] = []
    mistakes: dict[int, str] = {}
    # Row by row: one that cannot be understood is reported and leaves the others as they are.
    for index, row in enumerate(study.observations):
        target = None
        try:
            target = None if study.arm(row.arm).intervention else find_target(row, observables)
            if target is not None and row.against is not None:
                find_other(row, observables)
            if target is not None and _asks_traits_to_move(study, row, target, simulator):
                mistakes[index], target = _trait(row), None
        except StudyError as error:
            mistakes[index], target = str(error), None
        targets.append(target)
    simulated: dict[str, ArmValues] = {}

    def arm_values(arm: Arm) -> ArmValues:
        """Simulate an arm once, with everything that rows of the study need from it."""
        if arm.id not in simulated:
            wanted = [
                (row, target)
                for row, target in zip(study.observations, targets, strict=True)
                if target is not None and arm.id in (row.arm, row.reference)
            ]
            ids = dict.fromkeys(i for row, target in wanted for i in observables_needed(row, target, observables))
            times = np.unique(np.concatenate([times_needed(row) for row, _ in wanted]))
            population = arm.population or study.population
            fewest = {"fewest": CORRELATED_PEOPLE} if any(row.against is not None for row, _ in wanted) else {}
            simulated[arm.id] = simulator.run(arm, population, tuple(ids), times, **fewest)
        return simulated[arm.id]

    for index, (row, target) in enumerate(zip(study.observations, targets, strict=True)):
        mistake = mistakes.get(index, "")
        yield _row_result(study, row, target, mistake, simulator, baselines, measurement, arm_values)


def _asks_traits_to_move(study: Study, row: Observation, target: Target, simulator: Simulator) -> bool:
    """Return whether a row is a change of what nothing moves: people of other traits may well be compared."""
    other = next((arm for arm in study.arms if arm.id == row.reference), None)
    same = other is None or other.population == study.arm(row.arm).population
    return is_relative(row) and not target.derived and same and all(map(simulator.is_trait, target.parts))


def _trait(row: Observation) -> str:
    return (
        f"arm {row.arm}, {row.observable} in {row.matrix} ({row.kind}): {row.observable} is a trait of a person here, "
        "which neither a dose nor training moves, so no change of it is predicted; give its level, or a correlation"
    )


def _row_result(
    study: Study,
    row: Observation,
    target: Target | None,
    mistake: str,
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
        "figure": row.figure,
        "unit": row.unit or "",
        "observed": row.value,
        "use": study.use,
        "tier": row.tier,
        "n": study.people(row),
        "scored": row.is_scored,
        "bound": row.bound or "",
        "statistic": row.statistic,
        "against": row.against.observable if row.against is not None else "",
        "reference": row.reference or "",
        "source": row.source or study.citation.doi or study.citation.pmcid or study.citation.url or "",
        "note": row.note or "",
    }
    empty: dict[str, Any] = {"predicted": None, "low": None, "high": None, "inside": None, "fold_error": None}
    reason = mistake or _why_not(study, row, arm, target, simulator.observables)
    prediction = None
    if not reason and target is not None:
        try:
            prediction = predict(study, row, target, arm_values, simulator.observables, measurement)
        except RowError as error:
            mistake = reason = str(error)
        if prediction is None:
            reason = reason or f"no {row.figure} exists in the simulated people"
    if mistake:
        return RowResult(**cells, **empty, status=ERROR, reason=reason)
    if prediction is None:
        return RowResult(**cells, **empty, status="not modelled", reason=reason)
    null = null_of(study, row, prediction) if row.value == "none" else None
    found = scored(row, prediction, null)
    ends = parts(row, prediction)
    others = beside(row, ratio_of(study, row, target, simulator, measurement), baselines, null)
    return RowResult(**cells, **found, **ends, **others, status="predicted", reason=row.why_not_scored)


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
