"""From a plan to a schedule: when how much of what enters where."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass

from nadflux import units
from nadflux.errors import PlanError
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.plan import PERCENT, Phase, Plan, Regimen
from nadflux.plans.studied import warnings_of

# How long a single dose is followed where no length of run is asked for.
SINGLE_DOSE_H = 72.0
LONGEST_RUN_H = 100 * 8766.0
DAY_H = 24.0
# A diet takes the place of the usual one: kind of its route, and the input that says so.
DIET, CONTROLLED = "diet", "diet.controlled"
_MOST_DOSES = 200_000
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """One change at one time.

    Attributes
    ----------
    time_h : float
        Hours from the start of the run.
    target : str
        Name in the model, e.g. ``gut_lumen.NR`` or ``plasma.infusion.NAD``.
    kind : str
        ``add`` an amount (µmol) to a species, or ``set`` an input (µmol/h).
    value : float
    """

    time_h: float
    target: str
    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose as planned, for figures and the record: hours, compound, route, µmol and hours of infusion."""

    time_h: float
    compound: str
    route: str
    amount: float
    infusion_h: float = 0.0


@dataclass(frozen=True)
class Schedule:
    """All that happens in a run.

    Attributes
    ----------
    events : tuple of ScheduledEvent
        In order of time.
    end_h : float
        End of the run.
    doses : tuple of Dose
    notes : tuple of str
        What was assumed and what overlaps.
    """

    events: tuple[ScheduledEvent, ...] = ()
    end_h: float = 0.0
    doses: tuple[Dose, ...] = ()
    notes: tuple[str, ...] = ()


def schedule(plan: Plan, *, days: float | None = None, catalogue: Catalogue | None = None) -> Schedule:
    """The schedule of a plan; time 0 is the morning (08:00) of day 0, at rest.

    Parameters
    ----------
    plan : Plan
    days : float, optional
        Length of the run; by default the plan's own.
    catalogue : Catalogue, optional
        Compounds and routes; the shipped ones by default.

    Returns
    -------
    Schedule
        Doses that coincide are added, and so are infusions that overlap.

    Raises
    ------
    PlanError
        Where the length of the run is open, or an infusion time is missing or out of place.
    """
    catalogue = catalogue or shipped()
    end_h = _end(plan, days)
    notes = list(plan.notes)
    boluses: dict[tuple[float, str], float] = defaultdict(float)
    rates: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    doses: list[Dose] = []
    spans: list[tuple[str, float, float]] = []
    diets: list[tuple[float, float, float]] = []
    coincident = 0
    for regimen in plan.regimens:
        row = catalogue.route(regimen.compound, regimen.route)
        compound = catalogue.compounds[regimen.compound]
        times = [(time, phase) for time, phase in _dose_times(regimen, end_h) if time < end_h - _TINY]
        if len(times) + len(doses) > _MOST_DOSES:
            raise PlanError(f"this plan has more than {_MOST_DOSES} doses; shorten it or give 'days'")
        if times:
            last = times[-1][0] + _infusion_hours(times[-1][1], regimen, row.kind)
            spans.append((regimen.compound, times[0][0], last))
        if row.kind == DIET:
            diets += [(time, min(time + DAY_H, end_h), _offered(phase, compound.molar_mass)) for time, phase in times]
            continue
        for time, phase in times:
            given = _micromoles(phase, compound.molar_mass, catalogue.film)
            amount = given * row.fraction
            hours = _infusion_hours(phase, regimen, row.kind)
            doses.append(Dose(time, regimen.compound, regimen.route, given, hours))
            if row.kind == "infusion":
                rates[row.target].append((time, time + hours, amount / hours))
            else:
                coincident += (time, row.target) in boluses
                boluses[time, row.target] += amount
    events = [ScheduledEvent(time, target, "add", amount) for (time, target), amount in boluses.items()]
    if diets:
        offered = next(row.target for row in catalogue.routes.values() if row.kind == DIET)
        rates[offered] = _side_by_side(diets)
        rates[CONTROLLED] = [(start, stop, 1.0) for start, stop, _ in diets]
    for target, intervals in rates.items():
        events += _rate_steps(target, intervals, end_h)
    notes += _overlaps(spans)
    if any(phase.dose.unit == PERCENT for regimen in plan.regimens for phase in regimen.phases):
        notes.append(f"topical: {catalogue.film:g} mg of product per cm² at each application is assumed")
    if coincident:
        notes.append(f"{coincident} doses fall together with another of the same compound and are added")
    notes += warnings_of(doses, catalogue)
    late = [d for d in _ends(plan) if days is not None and d > end_h + _TINY]
    if late:
        notes.append(f"the run ends on day {end_h / 24:g}, before the plan does (day {max(late) / 24:g})")
    events.sort(key=lambda event: (event.time_h, event.target))
    return Schedule(tuple(events), end_h, tuple(sorted(doses, key=lambda dose: dose.time_h)), tuple(notes))


def check_days(days: float) -> float:
    """Length of a run in hours; raises `PlanError` where it is not above 0 or beyond sense."""
    try:
        hours = float(days) * 24.0
    except (TypeError, ValueError):
        hours = math.nan
    if not 0 < hours <= LONGEST_RUN_H:
        raise PlanError(f"a run of {days!s} days cannot be simulated; give a number above 0 up to 36525 (100 years)")
    return hours


def _end(plan: Plan, days: float | None) -> float:
    if days is not None:
        return check_days(days)
    ends = _ends(plan)
    if any(math.isinf(end) for end in ends):
        raise PlanError("the plan does not end; say e.g. 'for 8 weeks' in it, or give the length of the run in days")
    return math.ceil(max(ends) / 24.0 - _TINY) * 24.0


def _ends(plan: Plan) -> list[float]:
    """When each regimen is over, in hours; infinite where it is open."""
    ends = []
    for regimen in plan.regimens:
        end = 0.0
        for phase in regimen.phases:
            begin = end if phase.start is None else phase.start.to("h")
            if phase.frequency.kind == "once":
                end = begin + (SINGLE_DOSE_H if phase is regimen.phases[-1] else 24.0)
            else:
                end = math.inf if phase.duration is None else begin + phase.duration.to("h")
        ends.append(end)
    return ends


def _dose_times(regimen: Regimen, end_h: float) -> list[tuple[float, Phase]]:
    times: list[tuple[float, Phase]] = []
    cursor = 0.0
    for phase in regimen.phases:
        begin = cursor if phase.start is None else phase.start.to("h")
        if begin < cursor - _TINY:
            raise PlanError(
                f"{regimen.compound}: a phase from day {begin / 24:g} starts before the one before it ends "
                f"(day {cursor / 24:g}); join it as a regimen of its own with ' + '"
            )
        if phase.frequency.kind == "once":
            times.append((_first_hour(begin, phase), phase))
            cursor = begin + 24.0
            continue
        stop = math.inf if phase.duration is None else begin + phase.duration.to("h")
        times += [(time, phase) for time in _repeats(begin, min(stop, end_h), phase)]
        cursor = stop
    return times


def _first_hour(begin: float, phase: Phase) -> float:
    """The first time at or after ``begin`` that keeps the time of day asked for."""
    if not phase.clock:
        return begin
    day, hour = math.floor(begin / 24.0) * 24.0, phase.hours()[0]
    return day + hour if day + hour >= begin - _TINY else day + 24.0 + hour


def _repeats(begin: float, stop: float, phase: Phase) -> list[float]:
    """Dose times from ``begin`` to before ``stop``; times of day, where asked for, count from midnight."""
    frequency, hours = phase.frequency, phase.hours()
    offsets: tuple[float, ...] = (0.0,)
    if frequency.interval is not None:
        step = frequency.interval.to("h")
        begin = _first_hour(begin, phase)
    elif frequency.kind == "weekly":
        begin = _first_hour(begin, phase)
        step, offsets = (
            168.0,
            tuple(24.0 * math.floor(i * 7 / frequency.count) for i in range(frequency.count)),
        )
    elif phase.clock:
        step, offsets = 24.0, hours
        day = math.floor(begin / 24.0) * 24.0
        return _series(day, stop, step, offsets, begin)
    else:
        step, offsets = 24.0, hours
    return _series(begin, stop, step, offsets, begin)


def _series(origin: float, stop: float, step: float, offsets: tuple[float, ...], first: float) -> list[float]:
    count = math.ceil((stop - origin) / step) + 1
    if count * len(offsets) > _MOST_DOSES:
        raise PlanError(f"this plan has more than {_MOST_DOSES} doses; shorten it or give 'days'")
    every = (origin + step * i + offset for i in range(count) for offset in offsets)
    return [time for time in every if first - _TINY <= time < stop - _TINY]


def _micromoles(phase: Phase, molar_mass: float, film: float | None) -> float:
    if phase.dose.unit == PERCENT:
        if film is None or phase.area is None:
            raise PlanError(f"a strength of {phase.dose} needs an area and the film that people spread")
        return phase.dose.value / 100.0 * film * phase.area.to("cm²") / molar_mass
    if units.compatible(phase.dose.unit, "mg"):
        return phase.dose.to("mg") / molar_mass
    return phase.dose.to("µmol")


def _offered(phase: Phase, molar_mass: float) -> float:
    """Niacin equivalents of a diet, mg/day."""
    if (phase.frequency.kind, phase.frequency.count) != ("daily", 1) or phase.clock:
        raise PlanError("a diet is eaten over the day; write e.g. 'diet 6.1 mg NE daily for 35 days'")
    return _micromoles(phase, molar_mass, None) * molar_mass


def _side_by_side(diets: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """The same diets, none of which may run beside another; raises `PlanError`."""
    diets = sorted(diets)
    for before, after in itertools.pairwise(diets):
        if after[0] < before[1] - _TINY:
            raise PlanError(
                f"two diets are eaten at once on day {after[0] / DAY_H:g}; one takes the place of the other"
            )
    return diets


def _infusion_hours(phase: Phase, regimen: Regimen, kind: str) -> float:
    if kind == "infusion" and phase.infusion is None:
        raise PlanError(f"{regimen.compound} {regimen.route} is infused; say over how long, e.g. 'over 4 h'")
    if kind != "infusion" and phase.infusion is not None:
        raise PlanError(f"{regimen.compound} {regimen.route} is not infused; leave out 'over {phase.infusion}'")
    return 0.0 if phase.infusion is None else phase.infusion.to("h")


def _rate_steps(target: str, intervals: list[tuple[float, float, float]], end_h: float) -> list[ScheduledEvent]:
    """Steps of one input; rates of overlapping infusions are added, and the last step is to exactly 0."""
    starts = sorted(intervals)
    edges = sorted({time for start, stop, _ in intervals for time in (start, stop)})
    steps = []
    running: list[tuple[float, float, float]] = []
    for edge in edges:
        running = [interval for interval in running if interval[1] > edge]
        while starts and starts[0][0] <= edge:
            running.append(starts.pop(0))
        if edge <= end_h:
            rate = math.fsum(rate for _, stop, rate in running if stop > edge)
            steps.append(ScheduledEvent(edge, target, "set", rate))
    return steps


def _overlaps(spans: list[tuple[str, float, float]]) -> list[str]:
    notes = []
    for i, (compound, start, stop) in enumerate(spans):
        for other, other_start, other_stop in spans[i + 1 :]:
            if compound == other and start <= other_stop and other_start <= stop:
                low, high = max(start, other_start) / 24, min(stop, other_stop) / 24
                notes.append(
                    f"two regimens of {compound} overlap from day {math.floor(low)} "
                    f"to day {math.floor(high)}; doses add"
                )
    return notes
