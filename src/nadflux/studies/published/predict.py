"""Prediction of a published row: from simulated people to the distribution of the arm's figure in its own unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nadflux.errors import StudyError, UnitError
from nadflux.network.tables import Observable
from nadflux.studies.published.arm_mean import Statistic, components, mean_statistic, predictive, ratio_statistic
from nadflux.studies.published.derived_endpoints import (
    AGAINST_AGE,
    CLEARANCE,
    clearance,
    dose_per_excreted,
    slope_over_age,
    tryptophan_mass_ratio,
)
from nadflux.studies.published.endpoint import area_within, figure, recovered, value_at
from nadflux.studies.published.measurement import Measurement
from nadflux.studies.published.schema import Arm, Observation, Study
from nadflux.studies.published.target import Target
from nadflux.studies.published.unexplained import kind_of
from nadflux.units import convert, factor

Array = NDArray[np.float64]
_EXACT = 1e-9


class ArmValues(Protocol):
    """Simulated people of one arm."""

    @property
    def time(self) -> Array:
        """Time since the first dose, h, shape (time,)."""

    @property
    def age(self) -> Array:
        """Age in years, shape (draw, person)."""

    @property
    def counterfactual(self) -> ArmValues | None:
        """The same people without the plan, which is their baseline under habits; None without habits."""

    def __getitem__(self, observable: str) -> Array:
        """Return the values (draw, person, time) of an observable by id, in its unit."""

    def dose(self, start: float, end: float) -> float:
        """Return the µmol given to one person from ``start`` (included) to ``end`` (excluded), hours."""


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
        Years between the youngest and the oldest, for a change with age; else 0.
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


def observables_needed(target: Target, observables: Sequence[Observable]) -> tuple[str, ...]:
    """Return the ids to simulate for a target: its parts, and their rates if the resting rate matters."""
    ids = [part.id for part in target.parts]
    if target.total:
        ids += [_rate_of(part, observables).id for part in target.parts]
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
    StudyError
        If the row's unit does not fit its observable.
    """
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
    people = arm_values(study.arm(row.arm))
    other = next((a for a in study.arms if a.id == row.reference), None)
    if target.derived == AGAINST_AGE:
        assert row.at is not None
        levels = value_at(people.time, _combined(target, people), row.at)
        statistic = slope_over_age(levels, people.age, measurement.repeat_sd(target.matrix))
        return ArmFigure(statistic, study.people(row), 0.0, 0.0, 0.0, 0.0, 1.0)
    statistic = _statistic(row, target, people, observables)
    n = study.people(row)
    relative = is_relative(row)
    error, laboratory = assay_variance(study, row, target, measurement), 0.0
    if other is not None:
        n_other = other.n or n
        reference = _statistic(row, target, _compared(row, people, other, arm_values), observables)
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
    shift = storage = 0.0
    if row.storage is not None and not relative:
        shift = float(np.log(measurement.retained(target.matrix, row.storage)))
        storage = measurement.retained_sd(target.matrix, row.storage)
    scale = 1.0 if relative else _to_row_unit(study, row, target, people)
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


def is_relative(row: Observation) -> bool:
    """Return whether a row is a ratio to its reference (signs except of a slope, changes, ratios, folds)."""
    if row.quantity == "slope":
        return False
    return row.quantity in ("change", "ratio") or row.kind == "sign" or row.unit == "fold"


def _statistic(row: Observation, target: Target, people: ArmValues, observables: Sequence[Observable]) -> Statistic:
    if target.total:
        amount = _recovered(row, target, people, observables)
        if target.derived:
            return mean_statistic(dose_per_excreted(people, _window(row), amount))
        return mean_statistic(amount)
    values = _combined(target, people)
    if target.derived == CLEARANCE:
        area = area_within(row, people.time, values) * factor(target.parts[0].unit, "umol/L")
        return mean_statistic(clearance(people, _window(row), area))
    computed = figure(row, people.time, values)
    reference = row.reference
    if is_relative(row) and reference == "baseline" and people.counterfactual is not None:
        # Habits lead away from rest, so the baseline is the counterfactual at the same time.
        return ratio_statistic(computed, figure(row, people.time, _combined(target, people.counterfactual)))
    if is_relative(row) and reference is not None and (reference == "baseline" or reference[0].isdigit()):
        return ratio_statistic(computed, value_at(people.time, values, "0 h" if reference == "baseline" else reference))
    return mean_statistic(computed, linear=row.quantity == "slope")


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


def _combined(target: Target, people: ArmValues) -> Array:
    parts = [people[part.id] for part in target.parts]
    if target.join == "ratio":
        with np.errstate(invalid="ignore", divide="ignore"):
            return parts[0] / parts[1]
    total = parts[0]
    # Part by part, added in the unit of the target.
    for part, observable in zip(parts[1:], target.parts[1:], strict=True):
        total = total + part * factor(observable.unit, target.unit)
    return total


def _recovered(row: Observation, target: Target, people: ArmValues, observables: Sequence[Observable]) -> Array:
    amounts = []
    for part in target.parts:
        rate = _rate_of(part, observables)
        per_hour = people[rate.id][..., 0] * factor(rate.unit, f"{part.unit}/h")
        unit = target.parts[0].unit
        amount = recovered(row, people.time, people[part.id], per_hour, above_rest=bool(target.derived))
        amounts.append(amount * factor(part.unit, unit))
    return np.asarray(np.sum(amounts, axis=0))


def _rate_of(total: Observable, observables: Sequence[Observable]) -> Observable:
    for observable in observables:
        if observable.id == total.integral_of:
            return observable
    raise StudyError(
        f"observable {total.id!r} is the integral of {total.integral_of!r}, which is not among the observables; "
        "add it to observables.csv"
    )


def _to_row_unit(study: Study, row: Observation, target: Target, people: ArmValues) -> float:
    """Return the factor from the computed figure to the row's unit."""
    quantity = row.quantity
    assert row.unit is not None
    try:
        if quantity in ("tmax", "half-life"):
            return convert(1.0, "h", row.unit)
        if row.unit == "% of dose":
            given = people.dose(*_window(row))
            return 100.0 * factor(target.unit, "umol") / given
        if row.unit == "ratio":
            return 1.0
        unit = target.unit
        if target.total and target.derived:
            return tryptophan_mass_ratio() * factor(unit, row.unit)
        if quantity == "slope":
            unit = f"{unit}/h"
        elif quantity == "auc" and not target.total:
            unit = f"{unit}*h"
        if row.molar_mass is not None:
            return row.molar_mass * factor(f"{unit}*ug/umol", row.unit)
        return factor(unit, row.unit)
    except (UnitError, ZeroDivisionError) as error:
        raise StudyError(
            f"arm {row.arm}, {row.observable} in {row.matrix} ({row.kind}): "
            f"unit {row.unit!r} does not fit {target.unit!r}: {error}; "
            "correct the unit, or give molar_mass where it is a mass"
        ) from error


def _window(row: Observation) -> tuple[float, float]:
    from nadflux.studies.published.quantities import parse_window

    assert row.window is not None
    return parse_window(row.window)
