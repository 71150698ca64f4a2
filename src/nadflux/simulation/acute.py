"""The effect of a plan of a few days: difference from the same people without it, its time and its area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.simulation.judged_window import Window, judged_window
from nadflux.simulation.resolved_values import resolved
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import SHORT, Figures, middle_and_bounds

DIFFERS = 0.01
"""Share of a reference, at the time or as its mean over the run where that is more, beyond which a course differs: a
hundred times the tolerance of the integration, and less than anybody can measure."""


@dataclass(frozen=True, slots=True)
class AcuteRow:
    """Effect of a plan on one quantity while it differs; figures are over the people in whom it differs.

    The reference is the same people's usual life at the same time, or their resting state where no days are simulated.

    Attributes
    ----------
    persons, differing : int
        People with numbers, and those of them whose course differs from the reference.
    peak, peak_h : figures
        Largest value while it differs, in the unit of the quantity, and its time in h.
    furthest_percent, furthest_h : figures
        Largest difference from the reference, in percent of it at that time, and when, h.
    area, area_percent : figures
        Area above the reference while it differs (below it: negative), in ``area_unit`` and in percent of the area of
        the reference.
    starts_h, stops_h : figures
        First and last stored time at which it differs.
    still : int
        People in whom it still differs at the end of the run.
    """

    quantity: Quantity
    persons: int
    differing: int
    peak: Figures
    peak_h: Figures
    furthest_percent: Figures
    furthest_h: Figures
    area: Figures
    area_percent: Figures
    starts_h: Figures
    stops_h: Figures
    still: int

    @property
    def area_unit(self) -> str:
        """The unit of the area: that of the quantity times hours; of a flux the amount."""
        return _area_unit(self.quantity.units)[1]


def is_acute(run: Run) -> bool:
    """Tell whether the plan of a run is over within four days, so that its result is a course, not a new level."""
    over = run.record.get("plan_over_h")
    return over is not None and over <= SHORT


def over_before_judged(run: Run) -> bool:
    """Tell whether the plan is over where the judged window starts, so that figures of that window miss it."""
    return is_acute(run) and run.record["plan_over_h"] <= judged_window(run).start_h


def acute_rows(run: Run, names: Sequence[str]) -> list[AcuteRow]:
    """Return the effect of the plan on each of the named quantities while it differs from the reference.

    Cumulative quantities are left out: they grow without a plan too.
    """
    return [_row(run, name) for name in names if run.quantity(name).kind != "cumulative"]


def differing_window(run: Run, rows: Sequence[AcuteRow]) -> Window | None:
    """Return the hours in which anything differs, over all rows and people; None where nothing does."""
    found = [row for row in rows if row.differing]
    if not found:
        return None
    stop = max(float(run.times[-1]) if row.still else row.stops_h[2] for row in found)
    return Window(min(row.starts_h[1] for row in found), stop)


def reference_of(run: Run, name: str) -> np.ndarray:
    """Return the course without the plan, shape (person, time), in the unit of the quantity."""
    if run.lived:
        return run.without_plan[name]
    values = run[name]
    return np.broadcast_to(values[:, :1], values.shape)


def _row(run: Run, name: str) -> AcuteRow:
    after = run.times >= 0.0
    times, courses = run.times[after], (run[name], reference_of(run, name))
    plan, counterfactual = (resolved(run, name, course[:, after]) for course in courses)
    whole = np.isfinite(plan).all(axis=1) & np.isfinite(counterfactual).all(axis=1)
    people = [_person(times, *pair) for pair in zip(plan[whole], counterfactual[whole], strict=True)]
    found = np.array([person for person in people if person is not None]).reshape(-1, 8)
    found[:, 4] *= _area_unit(run.quantity(name).units)[0]
    peak, peak_h, furthest, furthest_h, area, share, starts, stops = (
        middle_and_bounds(column[np.isfinite(column)]) for column in found.T
    )
    return AcuteRow(
        run.quantity(name), int(whole.sum()), len(found), peak, peak_h, furthest, furthest_h, area, share, starts,
        stops, int(np.sum(found[:, 7] >= times[-1])),
    )  # fmt: skip


def _person(times: np.ndarray, plan: np.ndarray, counterfactual: np.ndarray) -> tuple[float, ...] | None:
    """Return the figures of one person in the order of `AcuteRow`; None where the courses do not differ.

    Parameters
    ----------
    times : ndarray, shape (time,), h
    plan, counterfactual : ndarray, shape (time,), in the unit of the quantity
    """
    apart = plan - counterfactual
    size = np.abs(counterfactual)
    limit = DIFFERS * np.maximum(size, size.mean())
    beyond = np.flatnonzero(np.abs(apart) > np.where(size.any(), limit, DIFFERS * np.abs(apart).max()))
    if not beyond.size:
        return None
    first, last = beyond[0], beyond[-1]
    highest = first + int(np.argmax(plan[first : last + 1]))
    furthest = int(np.argmax(np.abs(apart)))
    around = slice(max(first - 1, 0), last + 2)
    area, below = (float(np.trapezoid(course[around], times[around])) for course in (apart, counterfactual))
    with np.errstate(divide="ignore", invalid="ignore"):
        percents = 100.0 * np.array([apart[furthest], area]) / np.array([counterfactual[furthest], below])
    return (
        plan[highest], times[highest], percents[0], times[furthest], area, percents[1], times[first], times[last],
    )  # fmt: skip


def _area_unit(unit: str) -> tuple[float, str]:
    """Return the factor and unit of an area under a quantity over hours."""
    for per, hours in (("/day", 24.0), ("/h", 1.0)):
        if unit.endswith(per):
            return 1.0 / hours, unit.removesuffix(per)
    return 1.0, f"{unit} h"
