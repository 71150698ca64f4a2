"""Values of a run at given times, next to those of the same people without the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.plans.language.moments import read_moment
from nadflux.simulation.acute import reference_of
from nadflux.simulation.resolved_values import resolved
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import Figures, middle_and_bounds


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One quantity at one time: medians over people with bounds, in its unit.

    Attributes
    ----------
    asked_h, time_h : float
        The time asked for, and the stored one nearest to it.
    value, reference : figures
        Under the plan, and of the same people without it at that time (at rest: their start).
    change_percent : figures
    """

    quantity: Quantity
    asked_h: float
    time_h: float
    value: Figures
    reference: Figures
    change_percent: Figures


def hours_of(times: Sequence[float | str]) -> tuple[float, ...]:
    """Return times as hours of a run: numbers are hours, words as in `nadflux.plans.language.moments`."""
    return tuple(read_moment(time) if isinstance(time, str) else float(time) for time in times)


def values_at(run: Run, names: Sequence[str], times: Sequence[float | str]) -> list[ValueRow]:
    """Return each of the named quantities at each of the times.

    Raises
    ------
    ValueOutOfRangeError
        For a time that the run does not reach.
    PlanError
        For words that are no time.
    """
    return [_value(run, name, hour) for name in names for hour in hours_of(times)]


def check_within(hours: Sequence[float], end_h: float) -> None:
    """Raise ValueOutOfRangeError for a time (h) that a run of ``end_h`` hours does not reach."""
    for hour in hours:
        if not 0.0 <= hour <= end_h:
            raise ValueOutOfRangeError(
                f"time {hour:g} h is not within the run, 0 h to {end_h:g} h; give one within, or make the run longer "
                "(days)"
            )


def _value(run: Run, name: str, hour: float) -> ValueRow:
    check_within([hour], float(run.times[-1]))
    at = int(np.argmin(np.abs(run.times - hour)))
    value, reference = (resolved(run, name, course[:, at]) for course in (run[name], reference_of(run, name)))
    whole = np.isfinite(value) & np.isfinite(reference)
    value, reference = value[whole], reference[whole]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = 100.0 * (value / reference - 1.0)
    return ValueRow(
        run.quantity(name),
        hour,
        float(run.times[at]),
        *(middle_and_bounds(figures) for figures in (value, reference, change[np.isfinite(change)])),
    )
