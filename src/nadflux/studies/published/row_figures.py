"""Figures of simulated people behind a published row: of each person, as the statistic of an arm, in the row's unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nadflux.errors import StudyError, UnitError
from nadflux.network.tables import Observable
from nadflux.studies.published.arm_mean import Statistic, mean_statistic, ratio_statistic
from nadflux.studies.published.derived_endpoints import CLEARANCE, clearance, dose_per_excreted, tryptophan_mass_ratio
from nadflux.studies.published.endpoint import area_within, figure, recovered, resting_figure, value_at
from nadflux.studies.published.over_people import maximum_statistic
from nadflux.studies.published.quantities import parse_window
from nadflux.studies.published.schema import RELATIVE_UNITS, Observation, Study
from nadflux.studies.published.target import Target
from nadflux.units import compatible, convert, factor

Array = NDArray[np.float64]


class RowError(StudyError):
    """A mistake in one row, which leaves the other rows of the study as they are."""


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


def is_relative(row: Observation) -> bool:
    """Return whether a row is a ratio to its reference (signs except of a slope, changes, ratios, folds)."""
    if row.quantity == "slope":
        return False
    return row.quantity in ("change", "ratio") or row.kind == "sign" or row.unit == "fold"


def statistic_of(
    row: Observation, target: Target, people: ArmValues, observables: Sequence[Observable], n: int, repeat: float
) -> Statistic:
    """Return the statistic of an arm of n people; the repeat variance of the assay is of one measurement."""
    if row.statistic == "maximum":
        values, reference = _figures(row, target, people, observables)
        return maximum_statistic(values if reference is None else values / reference, n, repeat)
    values, reference = _figures(row, target, people, observables)
    if reference is not None:
        return ratio_statistic(values, reference)
    return mean_statistic(values, linear=row.quantity == "slope")


def _figures(
    row: Observation, target: Target, people: ArmValues, observables: Sequence[Observable]
) -> tuple[Array, Array | None]:
    """Return a row's figure of each person (draw, person), and what it is to be divided by."""
    relative = is_relative(row)
    if target.total:
        amount = _recovered(row, target, people, observables, relative)
        if relative and not _is_arm(row):
            return amount, _resting_amount(row, target, people, observables)
        if target.derived:
            return dose_per_excreted(people, _window(row), amount), None
        return amount, None
    values = combined(target, people)
    if target.derived == CLEARANCE:
        area = area_within(row, people.time, values) * factor(target.parts[0].unit, "umol/L")
        return clearance(people, _window(row), area), None
    computed = figure(row, people.time, values, relative=relative)
    reference = row.reference
    if not relative or reference is None or _is_arm(row):
        return computed, None
    if reference == "baseline" and people.counterfactual is not None:
        # Habits lead away from rest, so the baseline is the counterfactual at the same time.
        return computed, figure(row, people.time, combined(target, people.counterfactual), relative=True)
    level = value_at(people.time, values, "0 h" if reference == "baseline" else reference)
    return computed, resting_figure(row, level)


def _is_arm(row: Observation) -> bool:
    """Return whether a row is compared with another arm."""
    return row.reference is not None and row.reference != "baseline" and not row.reference[0].isdigit()


def combined(target: Target, people: ArmValues) -> Array:
    """Return the quantity of a target over time, shape (draw, person, time), in its unit."""
    parts = [people[part.id] for part in target.parts]
    if target.join == "ratio":
        with np.errstate(invalid="ignore", divide="ignore"):
            return parts[0] / parts[1]
    total = parts[0]
    # Part by part, added in the unit of the target.
    for part, observable in zip(parts[1:], target.parts[1:], strict=True):
        total = total + part * factor(observable.unit, target.unit)
    return total


def _recovered(
    row: Observation, target: Target, people: ArmValues, observables: Sequence[Observable], relative: bool = False
) -> Array:
    """Return the amount excreted in a row's window (draw, person); all of it for a ratio."""
    amounts = []
    for part in target.parts:
        rate = rate_of(part, observables)
        per_hour = people[rate.id][..., 0] * factor(rate.unit, f"{part.unit}/h")
        unit = target.parts[0].unit
        amount = recovered(
            row, people.time, people[part.id], 0.0 * per_hour if relative else per_hour, above_rest=bool(target.derived)
        )
        amounts.append(amount * factor(part.unit, unit))
    return np.asarray(np.sum(amounts, axis=0))


def _resting_amount(row: Observation, target: Target, people: ArmValues, observables: Sequence[Observable]) -> Array:
    """Return the amount that the resting excretion gives in a row's window, shape (draw, person), in its unit."""
    start, end = _window(row)
    unit = target.parts[0].unit
    amounts = []
    for part in target.parts:
        rate = rate_of(part, observables)
        amounts.append(people[rate.id][..., 0] * factor(rate.unit, f"{unit}/h") * (end - start))
    return np.asarray(np.sum(amounts, axis=0))


def rate_of(total: Observable, observables: Sequence[Observable]) -> Observable:
    """Return the observable of which an amount since the start is the integral.

    Raises
    ------
    StudyError
        If it is not among the observables.
    """
    for observable in observables:
        if observable.id == total.integral_of:
            return observable
    raise StudyError(
        f"observable {total.id!r} is the integral of {total.integral_of!r}, which is not among the observables; "
        "add it to observables.csv"
    )


def check_unit(row: Observation, target: Target) -> None:
    """Check that a row's unit fits its kind of figure, before anything is computed of it.

    Raises
    ------
    RowError
        If it does not fit.
    """
    needed = RELATIVE_UNITS.get(row.quantity)
    if row.unit is None:
        return
    if needed is not None and row.unit != needed:
        raise _misfit(row, f"a {row.quantity}", f"write unit: {needed!r}")
    if row.unit == "fold" and row.reference is None:
        raise _misfit(row, f"a {row.quantity} of nothing", "add from: baseline, a time, or the id of another arm")
    if row.unit == "ratio" and not compatible(target.unit, "dimensionless"):
        raise _misfit(row, repr(target.unit), "correct the unit, or name both quantities: 'A/B'")


def to_row_unit(study: Study, row: Observation, target: Target, people: ArmValues) -> float:
    """Return the factor from the computed figure to the row's unit.

    Raises
    ------
    RowError
        If the unit does not fit.
    """
    assert row.unit is not None
    unit = _computed_unit(row, target)
    try:
        if row.figure in ("tmax", "half-life"):
            return convert(1.0, unit, row.unit)
        if row.unit == "% of dose":
            return 100.0 * factor(unit, "umol") / people.dose(*_window(row))
        if row.unit == "ratio":
            return 1.0
        if target.total and target.derived:
            return tryptophan_mass_ratio() * factor(unit, row.unit)
        if row.molar_mass is not None:
            return row.molar_mass * factor(f"{unit}*ug/umol", row.unit)
        return factor(unit, row.unit)
    except ZeroDivisionError as error:
        raise _misfit(row, "an arm without a dose", "no dose is taken within the window") from error
    except UnitError as error:
        raise _misfit(row, repr(unit), "correct the unit, or give molar_mass where it is a mass") from error


def _computed_unit(row: Observation, target: Target) -> str:
    """Return the unit in which a row's figure is computed."""
    if row.figure in ("tmax", "half-life"):
        return "h"
    if row.figure == "slope":
        return f"{target.unit}/h"
    return f"{target.unit}*h" if row.figure == "auc" and not target.total else target.unit


def _misfit(row: Observation, what: str, remedy: str) -> RowError:
    where = f"arm {row.arm}, {row.observable} in {row.matrix} ({row.kind})"
    return RowError(f"{where}: unit {row.unit!r} does not fit {what}; {remedy}")


def _window(row: Observation) -> tuple[float, float]:
    assert row.window is not None
    return parse_window(row.window)
