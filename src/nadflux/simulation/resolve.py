"""Course, record, notes and quantities of a settled scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nadflux.notes import Note
from nadflux.people import Posterior
from nadflux.plans.dose_limits import BEYOND
from nadflux.plans.schedule import Schedule
from nadflux.simulation.check_work import check_work
from nadflux.simulation.chosen_links import chosen_links
from nadflux.simulation.compiled import BALANCE, Prepared
from nadflux.simulation.counterfactual import course_of
from nadflux.simulation.course import Course
from nadflux.simulation.evidence_tier import answer_tier
from nadflux.simulation.limits import Checked, limits_of
from nadflux.simulation.not_known import not_known
from nadflux.simulation.notes import FITTED, GRADED, notes_of
from nadflux.simulation.numbers import DrawnNumbers
from nadflux.simulation.output_names import kept_outputs
from nadflux.simulation.parameters import from_time_zero, notes_on_settings, read_overrides
from nadflux.simulation.record import record_of
from nadflux.simulation.run import Quantity
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.select_posterior import find_posterior
from nadflux.simulation.settle import Settled, check_lived, with_inputs
from nadflux.simulation.time_grid import solved_times, stored_times
from nadflux.simulation.tolerances import plan_tolerance


@dataclass(frozen=True, eq=False)
class Resolved:
    """A scenario ready to be run in chunks of people.

    Attributes
    ----------
    scenario : Scenario
    planned : Schedule
        With inputs set from time 0 on.
    prepared : Prepared
    course : Course
        Outputs of its last segment are the quantities, then the balances, then the observables of limits.
    quantities : tuple of Quantity
    moieties : tuple of str
        Moieties whose balance is checked.
    limits : tuple of Checked
        Physiological limits that are checked.
    times : ndarray, shape (time,), h
        Times to store.
    solved : ndarray, shape (time,), h
        The same with time 0, from which totals count.
    record : mapping
    notes : tuple of Note
    """

    scenario: Scenario
    planned: Schedule
    prepared: Prepared
    course: Course
    quantities: tuple[Quantity, ...]
    moieties: tuple[str, ...]
    limits: tuple[Checked, ...]
    times: np.ndarray
    solved: np.ndarray
    record: Mapping[str, Any]
    notes: tuple[Note, ...]


def resolve(settled: Settled) -> Resolved:
    """Find the numbers, times, outputs and segments of a settled scenario.

    Raises
    ------
    NadfluxError
        For settings, outputs, times, habits or a posterior that do not fit the body, and for more work than a run may
        be.
    """
    scenario, prepared = settled.scenario, settled.prepared
    overrides = read_overrides(prepared, scenario.settings)
    constants, stepped = from_time_zero(prepared, overrides)
    planned = with_inputs(settled.planned, stepped)
    names = kept_outputs(prepared, scenario.outputs, scenario.peaks)
    check_lived(prepared, planned)
    times = stored_times(scenario.times, planned.end_h, planned.start_h)
    if settled.also_at:
        times = np.union1d(times, settled.also_at)
    lives = 2 if planned.counterfactual else 1
    check_work(scenario.index.size, planned.start_h, planned.end_h, lives, times.size, len(names))
    solved = solved_times(times, planned.start_h)
    fitted, said = find_posterior(prepared.body, scenario.posterior)
    balances = [name for name in prepared.program.outputs if name.startswith(BALANCE)]
    limits = limits_of(prepared.body)
    checked = [limit.id for limit in limits]
    course = course_of(
        prepared, planned, _numbers(scenario, fitted, constants), solved, names,
        also=[*balances, *checked], peaks=scenario.peaks, rtol=plan_tolerance(prepared.body.name, scenario.rtol),
    )  # fmt: skip
    settled = dataclasses.replace(settled, planned=planned)
    record = record_of(settled, float(times[-1]), fitted)
    if course.life is not None:
        record["run_in_h"] = course.life.period
    notes = (
        *_notes(settled, names, fitted, said),
        *chosen_links(prepared.body, scenario.switches),
        *notes_on_settings(prepared, scenario.settings, overrides, stepped),
    )
    quantities = _quantities(settled, names, fitted, record["flags"])
    moieties = tuple(name.removeprefix(BALANCE) for name in balances)
    return Resolved(scenario, planned, prepared, course, quantities, moieties, limits, times, solved, record, notes)


def _numbers(scenario: Scenario, fitted: Posterior | None, constants: Mapping[str, float]) -> DrawnNumbers:
    return DrawnNumbers(
        scenario.who,
        scenario.seed,
        uncertainty=scenario.uncertainty,
        spread=scenario.spread,
        group=scenario.group,
        posterior=fitted,
        constants=constants,
    )


def _notes(settled: Settled, names: Sequence[str], fitted: Posterior | None, said: Note | None) -> list[Note]:
    scenario = settled.scenario
    return notes_of(
        scenario.who,
        settled.planned,
        scenario.uncertainty,
        scenario.spread,
        scenario.index.size,
        screening=settled.screening,
        tier=FITTED if fitted is not None else GRADED,
        fitted=said,
        unknown=not_known(settled, names),
    )


def _quantities(
    settled: Settled, names: Sequence[str], fitted: Posterior | None, flags: Sequence[str]
) -> tuple[Quantity, ...]:
    scenario, prepared = settled.scenario, settled.prepared
    # No fitted study had numbers set by hand, days of meals and sleep, or doses beyond any studied.
    if scenario.settings or settled.planned.counterfactual or BEYOND in flags:
        fitted = None
    ways = scenario.plan.ways if scenario.plan is not None else ()
    observables = {o.id: o for o in prepared.body.observables}
    return tuple(
        Quantity(
            o.id,
            o.label,
            o.unit,
            o.matrix,
            o.kind,
            answer_tier(o.id, fitted, prepared.tiers[o.id], ways),
            o.integral_of,
            o.clinic,
        )
        for o in (observables[name] for name in names)
    )
