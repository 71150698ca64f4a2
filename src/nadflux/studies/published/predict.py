"""Prediction of a published row: from simulated people to the distribution of the arm's figure in its own unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nadflux.errors import StudyError
from nadflux.network.tables import Observable
from nadflux.studies.published.arm_mean import Statistic, components, predictive
from nadflux.studies.published.derived_endpoints import AGAINST_AGE, PERCENT, slope_over_age
from nadflux.studies.published.endpoint import value_at
from nadflux.studies.published.measurement import Measurement
from nadflux.studies.published.over_people import correlation_statistic, reliability_of
from nadflux.studies.published.row_figures import (
    ArmValues,
    check_unit,
    combined,
    is_relative,
    rate_of,
    statistic_of,
    to_row_unit,
)
from nadflux.studies.published.schema import Arm, Observation, Study
from nadflux.studies.published.target import Target, find_other
from nadflux.studies.published.unexplained import kind_of

Array = NDArray[np.float64]
_EXACT = 1e-9


@dataclass(frozen=True)
class Prediction:
    """The prediction of one row.

    Attributes
    ----------
    samples : array (sample,)
        Arm figure on a positive scale (level, ratio, time) in the row's unit; may be negative where
        ``linear``.
    linear : bool
        Whether the scale is linear (a slope).
    components : mapping of str to (float, float)
        Ends of the interval from each source alone: ``parameters``, ``people``, ``assay`` (repeat error, laboratory,
        storage), ``studies`` (heterogeneity between them) and ``model`` (its discrepancy).
    standard_error : float
        Of the figure that the trial observes, from people and assay: natural log, or its own unit where ``linear``.
    span : float
        What a null of a linear figure is multiplied by to be percent: years between the youngest and the oldest for a
        change with age, 100 for a correlation; else 0.
    certain : bool
        Whether every draw gives exactly no change: nothing that is taken reaches the figure.
    """

    samples: Array
    linear: bool = False
    components: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    standard_error: float = 0.0
    span: float = 0.0
    certain: bool = False

    def interval(self, coverage: float = 0.9) -> tuple[float, float, float]:
        """Return the median and the ends of the central interval."""
        tail = 50 * (1 - coverage)
        middle, low, high = np.percentile(self.samples, [50, tail, 100 - tail])
        return float(middle), float(low), float(high)


def observables_needed(row: Observation, target: Target, observables: Sequence[Observable]) -> tuple[str, ...]:
    """Return the ids to simulate for a row: its parts, their rates if the resting rate matters, what it goes with."""
    ids = [part.id for part in target.parts]
    other = find_other(row, observables) if row.against is not None else None
    if other is not None:
        ids.append(other.id)
    if target.total:
        ids += [rate_of(part, observables).id for part in target.parts]
    return tuple(ids)


@dataclass(frozen=True)
class ArmFigure:
    """A row's figure as the arm of the trial would show it, with the errors of the instrument.

    Attributes
    ----------
    statistic : Statistic
        Statistic of the simulated people, natural log (linear for a slope).
    n : float
        People in the trial's arm.
    repeat_variance : float
        Variance of the assay's repeat error, divided by the people it averages over.
    laboratory_sd, storage_sd : float
        Log standard deviations of the laboratory's scale and of the loss in storage; 0 for a ratio.
    shift : float
        Loss in storage, natural log.
    scale : float
        Factor from the computed figure to the row's unit.
    """

    statistic: Statistic
    n: float
    repeat_variance: float
    laboratory_sd: float
    storage_sd: float
    shift: float
    scale: float


def predict(
    study: Study,
    row: Observation,
    target: Target,
    arm_values: Callable[[Arm], ArmValues],
    observables: Sequence[Observable],
    measurement: Measurement,
) -> Prediction | None:
    """Predict the distribution of a row's arm figure; None if no person has one (e.g. nothing declines).

    Raises
    ------
    RowError
        If the row's unit does not fit its observable.
    """
    if row.kind == "correlation":
        return _correlation(study, row, target, arm_values, observables, measurement)
    arm = arm_figure(study, row, target, arm_values, observables, measurement)
    errors = {
        "assay": arm.repeat_variance + arm.laboratory_sd**2 + arm.storage_sd**2,
        **_unexplained(study, row, target, arm, measurement),
    }
    samples = predictive(arm.statistic, arm.n, sum(errors.values()))
    if samples.size == 0:
        return None

    def shown(figure: Array) -> Array:
        return np.asarray((figure if arm.statistic.linear else np.exp(figure + arm.shift)) * arm.scale)

    parts = {
        name: (float(shown(np.array(low))), float(shown(np.array(high))))
        for name, (low, high) in components(arm.statistic, arm.n, errors).items()
    }
    people = arm_values(study.arm(row.arm))
    return Prediction(
        shown(samples),
        arm.statistic.linear,
        parts,
        _standard_error(arm),
        float(np.ptp(people.age)) if target.derived == AGAINST_AGE else 0.0,
        is_relative(row) and _unmoved(arm.statistic),
    )


def arm_figure(
    study: Study,
    row: Observation,
    target: Target,
    arm_values: Callable[[Arm], ArmValues],
    observables: Sequence[Observable],
    measurement: Measurement,
) -> ArmFigure:
    """Return the figure of a row per draw, and the errors of its measurement; raises `StudyError` as `predict`."""
    check_unit(row, target)
    people = arm_values(study.arm(row.arm))
    other = next((a for a in study.arms if a.id == row.reference), None)
    if target.derived == AGAINST_AGE:
        assert row.at is not None
        levels = value_at(people.time, combined(target, people), row.at)
        statistic = slope_over_age(levels, people.age, measurement.repeat_sd(target.matrix))
        return ArmFigure(statistic, study.people(row), 0.0, 0.0, 0.0, 0.0, 1.0)
    n = study.people(row)
    repeat = measurement.repeat_sd(target.matrix) ** 2
    statistic = statistic_of(row, target, people, observables, n, repeat)
    relative = is_relative(row)
    error, laboratory = assay_variance(study, row, target, measurement), 0.0
    if other is not None:
        n_other = other.n or n
        compared = _compared(row, people, other, arm_values)
        reference = statistic_of(row, target, compared, observables, other.n or n, repeat)
        # The two arms may differ in size: scale the reference's variance to the n of this arm.
        scaled = Statistic(
            reference.centre,
            reference.variance * n / n_other,
            reference.people * n / n_other,
            reference.linear,
        )
        statistic = statistic.minus(scaled)
    elif not relative and target.join != "ratio":
        laboratory = measurement.laboratory_sd(target.matrix)
    if row.quantity in ("tmax", "half-life") or statistic.linear:
        error, laboratory = 0.0, 0.0
    if row.statistic == "maximum":
        error = 0.0  # each person's, within the statistic
    error += _beyond(row, n, statistic, error)
    shift = storage = 0.0
    if row.storage is not None and not relative:
        shift = float(np.log(measurement.retained(target.matrix, row.storage)))
        storage = measurement.retained_sd(target.matrix, row.storage)
    scale = 1.0 if relative else to_row_unit(study, row, target, people)
    return ArmFigure(statistic, n, error, laboratory, storage, shift, scale)


def assay_variance(study: Study, row: Observation, target: Target, measurement: Measurement) -> float:
    """Return the variance of a row's figure from the repeat error of the assay, natural log, as a mean over people."""
    n = study.people(row)
    repeat = measurement.repeat_sd(target.matrix) ** 2 * (2 if target.join == "ratio" else 1)
    other = next((a for a in study.arms if a.id == row.reference), None)
    if other is not None:
        return repeat / n + repeat / (other.n or n)
    return repeat / n * (2 if is_relative(row) else 1)


def _standard_error(arm: ArmFigure) -> float:
    variance = arm.statistic.variance[np.isfinite(arm.statistic.variance)]
    return float(np.sqrt(np.mean(variance) / max(arm.n, 1.0) + arm.repeat_variance))


def _unmoved(statistic: Statistic) -> bool:
    """Return whether a ratio is exactly 1 in every draw and person."""
    return bool(np.all(np.abs(statistic.centre) < _EXACT) and np.all(statistic.variance < _EXACT**2))


def _unexplained(
    study: Study, row: Observation, target: Target, arm: ArmFigure, measurement: Measurement
) -> dict[str, float]:
    """Return the variances of heterogeneity between studies and of the model's discrepancy; 0 for a slope."""
    centre = arm.statistic.centre[np.isfinite(arm.statistic.centre)]
    if measurement.unexplained is None or arm.statistic.linear or not centre.size:
        return {"studies": 0.0, "model": 0.0}
    kind = kind_of(row, target, study.arm(row.arm), is_relative(row))
    return measurement.unexplained.variances(kind, float(np.median(centre)))


def _beyond(row: Observation, n: int, statistic: Statistic, error: float) -> float:
    """Return the variance (natural log) by which the published standard error of a mean is above the simulated one."""
    deviation = row.deviation(n)
    if deviation is None or isinstance(row.value, str) or statistic.linear or row.statistic == "maximum":
        return 0.0
    if row.kind == "bound" or row.value == 0:
        return 0.0
    size = 100.0 + row.value if row.quantity == "change" else abs(row.value)
    variance = statistic.variance[np.isfinite(statistic.variance)]
    simulated = (float(np.mean(variance)) if variance.size else 0.0) / max(n, 1) + error
    return max(0.0, (deviation / size) ** 2 / n - simulated)


def _correlation(
    study: Study,
    row: Observation,
    target: Target,
    arm_values: Callable[[Arm], ArmValues],
    observables: Sequence[Observable],
    measurement: Measurement,
) -> Prediction | None:
    """Predict a correlation over people; None if too few people were simulated, or the trial had fewer than four."""
    assert row.against is not None and row.at is not None
    people, n = arm_values(study.arm(row.arm)), study.people(row)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.log(value_at(people.time, combined(target, people), row.at))
        reliability = reliability_of(first, measurement.repeat_sd(target.matrix) ** 2)
        other = find_other(row, observables)
        if other is None:
            second = people.age
        else:
            second = np.log(value_at(people.time, people[other.id], row.at))
            reliability *= reliability_of(second, measurement.repeat_sd(other.matrix) ** 2)
    statistic = correlation_statistic(first, second, reliability)
    samples = predictive(statistic, n - 3.0, 0.0) if n > 3 else np.empty(0)
    if samples.size == 0:
        return None
    parts = components(statistic, n - 3.0, {})
    shown = {name: (float(np.tanh(low)), float(np.tanh(high))) for name, (low, high) in parts.items()}
    return Prediction(np.tanh(samples), True, shown, float(1.0 / np.sqrt(n - 3.0)), PERCENT)


def _compared(row: Observation, people: ArmValues, other: Arm, arm_values: Callable[[Arm], ArmValues]) -> ArmValues:
    """Return the arm to compare a row with; under habits, an untreated arm is the counterfactual of the same people."""
    if people.counterfactual is not None and other.untreated:
        return people.counterfactual
    compared = arm_values(other)
    if (people.counterfactual is None) != (compared.counterfactual is None):
        raise StudyError(
            f"arm {row.arm} and arm {other.id} cannot be compared: one lives its days and the other is fed evenly; "
            "add a habit to the plan of the other, e.g. 'sleep 23:00-07:00'"
        )
    return compared
