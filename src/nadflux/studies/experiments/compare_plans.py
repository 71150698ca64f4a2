"""Plans side by side on the same people: where each ends, and the difference person by person."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nadflux.errors import PlanError, ValueOutOfRangeError
from nadflux.network.body_spec import WHOLE
from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person
from nadflux.plans import Meals, Plan
from nadflux.plans.language.person import usual_habits
from nadflux.plans.schedule import length_of
from nadflux.simulation import Run, Scenario, settle
from nadflux.simulation.judged_window import AnyWindow
from nadflux.simulation.not_known import told_of
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.run import Quantity
from nadflux.simulation.settle import Settled
from nadflux.simulation.simulate import simulate_settled
from nadflux.simulation.summary import Figures, final, middle_and_bounds
from nadflux.simulation.views import Drawn
from nadflux.units import DAY_H

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class PlanRow:
    """One quantity under one plan.

    Attributes
    ----------
    quantity : Quantity
    plan : str
        Letter of the plan.
    persons : int
        People with a number under this plan and the first.
    end : figures
        Median over people with the central interval, in the unit of the quantity.
    difference : figures or None
        This plan less the first, person by person; None for the first.
    difference_percent : figures or None
        The same in percent of the first.
    """

    quantity: Quantity
    plan: str
    persons: int
    end: Figures
    difference: Figures | None
    difference_percent: Figures | None


@dataclass(frozen=True, repr=False)
class PlanComparison(Drawn):
    """Runs of the same people under several plans.

    Attributes
    ----------
    runs : tuple of Run
        In the order of the plans; the first is the one that others are compared with.
    notes : tuple of Note
        What was done to make the plans comparable.
    """

    shown_as: ClassVar[str] = "comparison"

    runs: tuple[Run, ...]
    notes: tuple[Note, ...] = ()

    def rows(self, names: Sequence[str], window: AnyWindow | None = None) -> list[PlanRow]:
        """Return a row for each of the named quantities under each plan.

        Parameters
        ----------
        names : sequence of str
            Ids of quantities.
        window : (float, float), h, or str, optional
            Hours over which the ends are means, instead of the run's own.
        """
        return [_row(self, index, name, window) for name in names for index in range(len(self.runs))]


def compare_plans(
    who: Person | Cohort | str,
    plans: Sequence[Plan | str | None],
    *,
    days: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    **asked: Any,
) -> PlanComparison:
    """Simulate the same people under several plans, for the same time and in the same body.

    Parameters
    ----------
    who : Person, Cohort or str
    plans : sequence of Plan, str or None
        Two or more; ``"nothing"`` or None takes nothing.
    days : float, optional
        Length of every run; that of the longest plan by default.
    threads : int, optional
    progress : callable, optional
        Called with the fraction done.
    asked : Any
        As for `nadflux.simulate`.

    Raises
    ------
    ValueOutOfRangeError
        For fewer than two plans.
    NadfluxError
        As `nadflux.simulate`.
    """
    settled, notes = settle_together(who, plans, days=days, **asked)
    return compare_settled(settled, notes, threads=threads, progress=progress)


def compare_settled(
    settled: Sequence[Settled],
    notes: tuple[Note, ...] = (),
    *,
    shown: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> PlanComparison:
    """Run the scenarios of `settle_together`, with notes on the quantities shown alone; else as `compare_plans`."""
    runs = [
        simulate_settled(one, threads=threads, progress=part_of(progress, index, 1.0, len(settled)))
        for index, one in enumerate(settled)
    ]
    if shown is not None:
        runs = [told_of(run, one, shown) for run, one in zip(runs, settled, strict=True)]
    return PlanComparison(tuple(runs), notes)


def settle_together(
    who: Person | Cohort | str, plans: Sequence[Plan | str | None], *, days: float | None = None, **asked: Any
) -> tuple[list[Settled], tuple[Note, ...]]:
    """Return the settled scenarios of several plans, of the same length and in the same body, and notes on it.

    Raises
    ------
    ValueOutOfRangeError
        For fewer than two plans.
    NadfluxError
        As `nadflux.simulation.settle.settle`.
    """
    if not 2 <= len(plans) <= len(LETTERS):
        raise ValueOutOfRangeError(f"{len(plans)} plans cannot be compared; give two or more, up to {len(LETTERS)}")
    scenarios = [Scenario.of(who, plan, **asked) for plan in plans]
    scenarios, notes = _all_lived(scenarios)
    days = _longest(scenarios) if days is None else days
    settled = [settle(one.changed(days=days)) for one in scenarios]
    if len({one.prepared.body.name for one in settled}) > 1:
        settled = [settle(one.changed(days=days, body=WHOLE)) for one in scenarios]
    return settled, notes


def _all_lived(scenarios: list[Scenario]) -> tuple[list[Scenario], tuple[Note, ...]]:
    """Return the scenarios with the usual meals in plans without habits, where another plan has some."""
    lived = [bool(one.plan is not None and one.plan.lifestyle) for one in scenarios]
    if all(lived) or not any(lived) or usual_habits(scenarios[0].who):
        return scenarios, ()
    changed = [
        one if is_lived else one.changed(plan=dataclasses.replace(one.plan or Plan(()), lifestyle=(Meals(),)))
        for one, is_lived in zip(scenarios, lived, strict=True)
    ]
    text = "plans without habits are compared in the usual days of meals and sleep, as the others are ('3 meals a day')"
    return changed, (Note(NoteCode.READ_AS, text),)


def _longest(scenarios: Sequence[Scenario]) -> float | None:
    """Return the days of the longest plan; None where no plan has a length.

    Raises
    ------
    PlanError
        Where a plan is given, and none says how long.
    """
    planned = [one.plan for one in scenarios if one.plan is not None]
    lengths = [length for plan in planned if (length := length_of(plan)) is not None]
    if planned and not lengths:
        raise PlanError(
            "none of the plans ends; say e.g. 'for 8 weeks' in one, or give the length of the runs (--days)"
        )
    return max(lengths) / DAY_H if lengths else None


def _row(comparison: PlanComparison, index: int, name: str, window: AnyWindow | None) -> PlanRow:
    first, other = (final(run, name, window) for run in (comparison.runs[0], comparison.runs[index]))
    known = np.isfinite(first) & np.isfinite(other)
    first, other = first[known], other[known]
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100.0 * (other / first - 1.0)
    alone = index == 0
    return PlanRow(
        comparison.runs[index].quantity(name),
        LETTERS[index],
        int(known.sum()),
        middle_and_bounds(other),
        None if alone else middle_and_bounds(other - first),
        None if alone else middle_and_bounds(percent[np.isfinite(percent)]),
    )
