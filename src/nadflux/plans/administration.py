"""Administrations: each dose at its time, and the events, doses and rates that they add up to."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nadflux import units
from nadflux.errors import PlanError
from nadflux.network.tables import Route
from nadflux.notes import Note, NoteCode
from nadflux.plans.catalogue import Catalogue
from nadflux.plans.day.food_with_dose import Taken
from nadflux.plans.events import Dose, ScheduledEvent
from nadflux.plans.occurrences import MOST_DOSES, TINY, phase_times
from nadflux.plans.phase import PERCENT, Phase
from nadflux.plans.plan import Regimen
from nadflux.units import DAY_H

INFUSION, DIET = "infusion", "diet"
Interval = tuple[float, float, float]
"""Start (h), stop (h) and amount or rate between them."""


@dataclass(frozen=True, slots=True)
class Administration:
    """One dose, infusion or day of a diet.

    Attributes
    ----------
    time_h : float
    compound, route : str
    kind : str
        Kind of the route: ``infusion`` at a rate, ``diet`` in place of the usual diet, else a bolus.
    target : str
        Species or input of the model that it enters.
    given : float
        Amount given, µmol.
    amount : float
        Amount that enters the target: µmol, or for a diet mg niacin equivalents a day.
    hours : float
        Duration of the infusion or diet, h; 0 for a bolus.
    food : str
        ``with food``, ``fasted``, or empty where the plan does not say.
    regimen : int
        Index of its regimen in the plan.
    """

    time_h: float
    compound: str
    route: str
    kind: str
    target: str
    given: float
    amount: float
    hours: float
    food: str
    regimen: int


def administrations(regimens: Sequence[Regimen], end_h: float, catalogue: Catalogue) -> list[Administration]:
    """Return the administrations before the end of a run (h), regimen by regimen.

    Raises
    ------
    PlanError
        For a missing or misplaced infusion time, a diet that is not eaten over the day, or too many doses.
    """
    result: list[Administration] = []
    for index, regimen in enumerate(regimens):
        row = catalogue.route(regimen.compound, regimen.route)
        times = [one for one in phase_times(regimen.compound, regimen.phases, end_h) if one[0] < end_h - TINY]
        if len(times) + sum(one.kind != DIET for one in result) > MOST_DOSES:
            raise PlanError(f"this plan has more than {MOST_DOSES} doses; shorten it or give 'days'")
        mass = catalogue.compounds[regimen.compound].molar_mass
        result += [_administration(time, phase, row, mass, catalogue.film, index) for time, phase in times]
    return result


def doses_of(given: Sequence[Administration]) -> list[Dose]:
    """Return the doses as planned, without diets, for figures and the record."""
    return [Dose(one.time_h, one.compound, one.route, one.given, one.hours) for one in given if one.kind != DIET]


def given_of(given: Sequence[Administration]) -> list[Dose]:
    """Return the doses and the days of diets, to compare with studied doses."""
    return [Dose(one.time_h, one.compound, one.route, one.given, one.hours) for one in given]


def taken_with(given: Sequence[Administration]) -> list[Taken]:
    """Return the doses for which the plan says *with food* or *fasted*."""
    return [Taken(one.time_h, one.food, one.compound) for one in given if one.food and one.kind != DIET]


def boluses(given: Sequence[Administration]) -> list[ScheduledEvent]:
    """Return the boluses as events; amounts into the same target at the same time are added."""
    amounts: dict[tuple[float, str], float] = defaultdict(float)
    for one in _at_once(given):
        amounts[one.time_h, one.target] += one.amount
    return [ScheduledEvent(time, target, "add", amount) for (time, target), amount in amounts.items()]


def coincident(given: Sequence[Administration]) -> int:
    """Return the number of boluses that share target and time with another."""
    at_once = list(_at_once(given))
    return len(at_once) - len({(one.time_h, one.target) for one in at_once})


def infusion_rates(given: Sequence[Administration]) -> dict[str, list[Interval]]:
    """Return the infusions by input, each as start (h), stop (h) and rate (µmol/h)."""
    rates: dict[str, list[Interval]] = defaultdict(list)
    for one in given:
        if one.kind == INFUSION:
            rates[one.target].append((one.time_h, one.time_h + one.hours, one.amount / one.hours))
    return dict(rates)


def diets_of(given: Sequence[Administration], end_h: float) -> list[Interval]:
    """Return the days of diets in order, each as start (h), stop (h) and mg niacin equivalents a day.

    Raises
    ------
    PlanError
        If two diets overlap.
    """
    diets = sorted((one.time_h, min(one.time_h + DAY_H, end_h), one.amount) for one in given if one.kind == DIET)
    for before, after in itertools.pairwise(diets):
        if after[0] < before[1] - TINY:
            raise PlanError(
                f"two diets are eaten at once on day {after[0] / DAY_H:g}; one takes the place of the other"
            )
    return diets


def rate_steps(target: str, intervals: Sequence[Interval], end_h: float) -> list[ScheduledEvent]:
    """Return the steps of one input; overlapping rates are added, and the last step is to exactly 0."""
    starts = sorted(intervals)
    edges = sorted({time for start, stop, _ in intervals for time in (start, stop)})
    steps = []
    running: list[Interval] = []
    # From edge to edge: infusions that have ended leave ``running``, those that start join it.
    for edge in edges:
        running = [interval for interval in running if interval[1] > edge]
        while starts and starts[0][0] <= edge:
            running.append(starts.pop(0))
        if edge <= end_h:
            rate = math.fsum(rate for _, stop, rate in running if stop > edge)
            steps.append(ScheduledEvent(edge, target, "set", rate))
    return steps


def overlapping_regimens(given: Sequence[Administration]) -> Iterator[Note]:
    """Yield a note for each pair of overlapping regimens of one compound."""
    spans = [(one[0].compound, one[0].time_h, one[-1].time_h + one[-1].hours) for one in _by_regimen(given)]
    for (compound, start, stop), (other, other_start, other_stop) in itertools.combinations(spans, 2):
        if compound == other and start <= other_stop and other_start <= stop:
            low, high = max(start, other_start) / DAY_H, min(stop, other_stop) / DAY_H
            text = f"two regimens of {compound} overlap from day {math.floor(low)} to day {math.floor(high)}; doses add"
            yield Note(NoteCode.REGIMENS_OVERLAP, text, compound)


def _administration(
    time: float, phase: Phase, row: Route, molar_mass: float, film: float | None, regimen: int
) -> Administration:
    hours = _infusion_hours(phase, row)
    given = _micromoles(phase, molar_mass, film)
    amount = given * row.fraction
    if row.kind == DIET:
        amount = _offered(phase, molar_mass)
    return Administration(
        time, row.compound, row.route, row.kind, row.target, given, amount, hours, phase.food, regimen
    )


def _at_once(given: Sequence[Administration]) -> Iterator[Administration]:
    return (one for one in given if one.kind not in (INFUSION, DIET))


def _by_regimen(given: Sequence[Administration]) -> list[list[Administration]]:
    return [list(group) for _, group in itertools.groupby(given, key=lambda one: one.regimen)]


def _micromoles(phase: Phase, molar_mass: float, film: float | None) -> float:
    if phase.dose.per_kg:
        raise PlanError(
            f"a dose of {phase.dose} needs the weight of one described person: say it, e.g. 'woman, 62 y, 70 kg'"
        )
    if phase.dose.unit == PERCENT:
        if film is None or phase.area is None:
            raise PlanError(f"a strength of {phase.dose} needs an area and the film that people spread")
        return phase.dose.value / 100.0 * film * phase.area.to("cm²") / molar_mass
    if units.compatible(phase.dose.unit, "mg"):
        return phase.dose.to("mg") / molar_mass
    return phase.dose.to("µmol")


def _offered(phase: Phase, molar_mass: float) -> float:
    """Return the niacin equivalents of a diet, mg/day."""
    if (phase.frequency.kind, phase.frequency.count) != ("daily", 1) or phase.times_of_day:
        raise PlanError("a diet is eaten over the day; write e.g. 'diet 6.1 mg NE daily for 35 days'")
    return _micromoles(phase, molar_mass, None) * molar_mass


def _infusion_hours(phase: Phase, row: Route) -> float:
    if row.kind == INFUSION and phase.infusion is None:
        raise PlanError(f"{row.compound} {row.route} is infused; say over how long, e.g. 'over 4 h'")
    if row.kind != INFUSION and phase.infusion is not None:
        raise PlanError(f"{row.compound} {row.route} is not infused; leave out 'over {phase.infusion}'")
    return 0.0 if phase.infusion is None else phase.infusion.to("h")
