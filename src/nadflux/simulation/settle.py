"""A scenario with its schedule, made once, and the body that has all it names."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.errors import SimulationError
from nadflux.network.names import to_id, to_name
from nadflux.plans.events import ScheduledEvent
from nadflux.plans.habits import Habit
from nadflux.plans.language.person import usual_habits
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Schedule, check_days, schedule
from nadflux.plans.screening import Screening
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.door import pass_door
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.select_body import prepare_for
from nadflux.simulation.tolerances import plan_tolerance
from nadflux.units import DAY_H

_DEFAULT_DAYS = 28.0


@dataclass(frozen=True, eq=False)
class Settled:
    """A scenario with its schedule and its body, ready to be run.

    Attributes
    ----------
    scenario : Scenario
        It names its body and its tolerance.
    planned : Schedule
    prepared : Prepared
    also_at : tuple of float, h
        Times to store beside those of the scenario.
    screening : Screening or None
        Of the plan; None where nothing is planned.
    """

    scenario: Scenario
    planned: Schedule
    prepared: Prepared
    also_at: tuple[float, ...] = ()
    screening: Screening | None = None

    def keeping(self, outputs: Sequence[str] | None, peaks: Sequence[str]) -> Settled:
        """Return the same, with other observables to keep and other peaks to look for."""
        kept = None if outputs is None else tuple(outputs)
        return dataclasses.replace(self, scenario=self.scenario.changed(outputs=kept, peaks=tuple(peaks)))


def settle(scenario: Scenario) -> Settled:
    """Schedule the plan of a scenario and prepare the body that it needs, each once; the body gives the tolerance.

    Raises
    ------
    ContraindicatedError
        For a plan that screening stops, unless it is simulated for research.
    NadfluxError
        For a plan, switches or names that no body has.
    """
    planned = schedule_of(scenario.plan, scenario.times, scenario.days, usual_habits(scenario.who))
    outputs = (*(scenario.outputs or ()), *scenario.peaks)
    screening = pass_door(
        scenario.who,
        scenario.plan,
        planned,
        research=scenario.research,
        supervised=scenario.supervised,
        outputs=outputs,
        settings=scenario.settings,
    )
    prepared = prepare_for(
        scenario.body,
        who=scenario.who,
        switches=scenario.switches,
        events=planned.events,
        outputs=outputs,
        settings=scenario.settings,
    )
    body = prepared.body.name
    changed = scenario.changed(body=body, rtol=plan_tolerance(body, scenario.rtol))
    return Settled(changed, planned, prepared, screening=screening)


def schedule_of(
    plan: Plan | None,
    times: Sequence[float] | np.ndarray | None = None,
    days: float | None = None,
    usual: Sequence[Habit] = (),
) -> Schedule:
    """Return the schedule of a plan, as long as asked for, up to the last of the times, or as the plan itself.

    Parameters
    ----------
    plan : Plan or None
        None where nothing is taken; the run then lasts 28 days unless another length is asked for.
    times : array (time,), h, optional
    days : float, optional
    usual : sequence of Habit
        Habits of people's usual life.

    Raises
    ------
    PlanError
        As `nadflux.plans.schedule.schedule`.
    """
    if days is None and times is not None and len(times):
        days = float(times[-1]) / DAY_H or None
    if plan is None:
        days = _DEFAULT_DAYS if days is None else days
        return schedule(Plan(()), days=days, usual=usual) if usual else Schedule(end_h=check_days(days))
    return schedule(plan, days=days, usual=usual)


def with_inputs(planned: Schedule, stepped: Mapping[str, float]) -> Schedule:
    """Return the same schedule with inputs that are set from time 0 on, in the counterfactual as under the plan.

    Where there are only usual days, those without the inputs become the counterfactual, which shows the inputs' effect.

    Parameters
    ----------
    stepped : mapping of str to float
        By id, in the model's unit (see `nadflux.simulation.parameters.from_time_zero`).
    """
    if not stepped:
        return planned
    first = [ScheduledEvent(0.0, to_name(name), "set", value) for name, value in stepped.items()]

    def merged(events: Sequence[ScheduledEvent]) -> tuple[ScheduledEvent, ...]:
        return tuple(sorted((*first, *events), key=lambda event: event.time_h))

    over = planned.over_h if planned.counterfactual else math.inf
    without = merged(planned.counterfactual)
    if not planned.counterfactual:
        without = planned.events if planned.start_h < 0 else ()
    return dataclasses.replace(planned, events=merged(planned.events), counterfactual=without, over_h=over)


def check_lived(prepared: Prepared, planned: Schedule) -> None:
    """Raise `SimulationError` for habits in a body without the inputs that they act on."""
    known = {*prepared.program.states, *prepared.program.inputs}
    missing = [event.target for event in planned.events if to_id(event.target) not in known]
    if planned.start_h < 0 and missing:
        raise SimulationError(
            f"this body has no {missing[0]}, which a lifestyle acts on; take the whole body (body='whole')"
        )
