"""From a plan to a schedule: when how much of what enters where."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nadflux import units
from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.day.food_with_dose import Taken, feed
from nadflux.plans.day.lived import habit_ends, lived
from nadflux.plans.dose_limits import warnings_of
from nadflux.plans.events import Dose, Lived, ScheduledEvent, Span
from nadflux.plans.lifestyle import Fast, Habit
from nadflux.plans.occurrences import DAY_H, MOST_DOSES, TINY, phase_end, phase_times
from nadflux.plans.plan import PERCENT, Phase, Plan, Regimen

# How long a single dose is followed where no length of run is asked for.
SINGLE_DOSE_H = 72.0
LONGEST_RUN_H = 100 * 8766.0
# A diet takes the place of the usual one: kind of its route, the input that says so, and what it offers.
DIET, CONTROLLED, OFFERED = "diet", "diet.controlled", "diet.offered"
USUAL_NIACIN = "diet.intake"


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
    notes : tuple of Note
        What was assumed and what overlaps.
    start_h : float
        Where usual days are run before time 0: their start, below 0.
    spans : tuple of Span
        Meals, fasts, sleep and exercise, in order of time.
    usual : tuple of ScheduledEvent
        What would happen in the same time to the same person in her usual life, without the plan; none without habits.
    judged_h : float
        End of the 24 hours by which the plan is judged beside usual days: of the run, or of a fast that ends the plan,
        as the day after it is a day of food.
    """

    events: tuple[ScheduledEvent, ...] = ()
    end_h: float = 0.0
    doses: tuple[Dose, ...] = ()
    notes: tuple[Note, ...] = ()
    start_h: float = 0.0
    spans: tuple[Span, ...] = ()
    usual: tuple[ScheduledEvent, ...] = ()
    judged_h: float = 0.0


def schedule(
    plan: Plan, *, days: float | None = None, catalogue: Catalogue | None = None, usual: Sequence[Habit] = ()
) -> Schedule:
    """The schedule of a plan; time 0 is the morning (08:00) of day 0, at rest.

    Parameters
    ----------
    plan : Plan
    days : float, optional
        Length of the run; by default the plan's own.
    catalogue : Catalogue, optional
        Compounds and routes; the shipped ones by default.
    usual : sequence of Habit
        How the person lives anyway; with any, every day is lived.

    Returns
    -------
    Schedule
        Doses that coincide are added, and so are infusions that overlap.

    Raises
    ------
    PlanError
        Where the length of the run is open, an infusion time is missing or out of place, or doses and food contradict
        each other.
    """
    catalogue = catalogue or shipped()
    end_h = _end(plan, days)
    notes = list(plan.notes)
    boluses: dict[tuple[float, str], float] = defaultdict(float)
    rates: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    doses: list[Dose] = []
    taken: list[Taken] = []
    spans: list[tuple[str, float, float]] = []
    diets: list[tuple[float, float, float]] = []
    coincident = 0
    for regimen in plan.regimens:
        row = catalogue.route(regimen.compound, regimen.route)
        compound = catalogue.compounds[regimen.compound]
        times = [
            (time, phase) for time, phase in phase_times(regimen.compound, regimen.phases, end_h) if time < end_h - TINY
        ]
        if len(times) + len(doses) > MOST_DOSES:
            raise PlanError(f"this plan has more than {MOST_DOSES} doses; shorten it or give 'days'")
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
            taken += [Taken(time, phase.food, regimen.compound)] if phase.food else []
            if row.kind == "infusion":
                rates[row.target].append((time, time + hours, amount / hours))
            else:
                coincident += (time, row.target) in boluses
                boluses[time, row.target] += amount
    events = [ScheduledEvent(time, target, "add", amount) for (time, target), amount in boluses.items()]
    life = Lived(0.0)
    if plan.lifestyle or usual:
        life = lived(plan.lifestyle, end_h, taken=taken, usual=usual)
    else:
        feed(life, taken)
    events += life.events
    notes += life.notes
    offered = next((row.target for row in catalogue.routes.values() if row.kind == DIET), OFFERED)
    if life.fasts or life.restrictions:
        events += _niacin(diets, life, offered, end_h)
    elif diets:
        rates[offered] = _side_by_side(diets)
        rates[CONTROLLED] = [(start, stop, 1.0) for start, stop, _ in diets]
    for target, intervals in rates.items():
        events += _rate_steps(target, intervals, end_h)
    notes += _overlaps(spans)
    if any(phase.dose.unit == PERCENT for regimen in plan.regimens for phase in regimen.phases):
        text = f"topical: {catalogue.film:g} mg of product per cm² at each application is assumed"
        notes.append(Note(NoteCode.FILM_ASSUMED, text, "topical"))
    if coincident:
        text = f"{coincident} doses fall together with another of the same compound and are added"
        notes.append(Note(NoteCode.DOSES_COINCIDE, text))
    notes += warnings_of(doses, catalogue)
    late = [d for d in _ends(plan) if days is not None and d > end_h + TINY]
    if late:
        text = f"the run ends on day {end_h / 24:g}, before the plan does (day {max(late) / 24:g})"
        notes.append(Note(NoteCode.RUN_ENDS_EARLY, text))
    events.sort(key=_in_time)
    doses.sort(key=lambda dose: dose.time_h)
    without = _without_plan(usual, end_h, offered) if plan.lifestyle or (usual and plan.regimens) else ()
    judged_h = end_h if days is not None or any(isinstance(h, Fast) for h in usual) else _judged(plan, life, end_h)
    return Schedule(
        tuple(events), end_h, tuple(doses), tuple(notes), life.start_h, tuple(life.spans), without, judged_h
    )


def _without_plan(usual: Sequence[Habit], end_h: float, offered: str) -> tuple[ScheduledEvent, ...]:
    """Usual life beside the plan."""
    life = lived((), end_h, usual=usual)
    events = [*life.events, *(_niacin([], life, offered, end_h) if life.fasts or life.restrictions else ())]
    return tuple(sorted(events, key=_in_time))


def _in_time(event: ScheduledEvent) -> tuple[float, str]:
    return event.time_h, event.target


def check_days(days: float) -> float:
    """Length of a run in hours; raises `PlanError` where it is not above 0 or beyond sense."""
    try:
        hours = float(days) * 24.0
    except (TypeError, ValueError):
        hours = math.nan
    if not 0 < hours <= LONGEST_RUN_H:
        given = days if math.isnan(hours) else f"{hours / 24.0:g}"
        raise PlanError(f"a run of {given} days cannot be simulated; give a number above 0 up to 36525 (100 years)")
    return hours


def _end(plan: Plan, days: float | None) -> float:
    if days is not None:
        return check_days(days)
    ends = _ends(plan)
    if any(math.isinf(end) for end in ends):
        ends = [end for end in _said_ends(plan) if math.isfinite(end)]
    if not ends:
        raise PlanError(
            "the plan does not end; say e.g. 'for 8 weeks' in it, or give the length of the run in days (--days)"
        )
    return math.ceil(max(ends) / 24.0 - TINY) * 24.0


def _ends(plan: Plan) -> list[float]:
    """When each regimen and habit is over, in hours; infinite where it is open."""
    return [phase_end(regimen.phases, SINGLE_DOSE_H) for regimen in plan.regimens] + habit_ends(plan.lifestyle)


def _said_ends(plan: Plan) -> list[float]:
    """Ends that a plan says by a length; what has none of its own runs as long as the longest of them."""
    courses = [r.phases for r in plan.regimens if r.phases[-1].frequency.kind != "once"]
    return [phase_end(phases, SINGLE_DOSE_H) for phases in courses] + habit_ends(plan.lifestyle)


def _judged(plan: Plan, life: Lived, end_h: float) -> float:
    """End of the run, or of the one fast of a plan that does nothing else afterwards."""
    others = [regimen.phases for regimen in plan.regimens]
    fasts = [habit for habit in plan.lifestyle if isinstance(habit, Fast) and habit.frequency.kind == "once"]
    if others or not life.fasts or len(fasts) < len(plan.lifestyle):
        return end_h
    return max(stop for _, stop in life.fasts)


def _niacin(diets: list[tuple[float, float, float]], life: Lived, offered: str, end_h: float) -> list[ScheduledEvent]:
    """Niacin of the food where habits change how much is eaten: none in a fast, less under restriction."""
    diets = _side_by_side(diets)
    spans = [*life.fasts, *((a, b) for a, b, _ in life.restrictions), *((a, b) for a, b, _ in diets)]
    events = []
    for edge in sorted({edge for span in spans for edge in span if edge < end_h}):
        diet = [given for a, b, given in diets if a <= edge < b]
        left = math.prod(share for a, b, share in life.restrictions if a <= edge < b)
        amount, scale = (diet[0], "") if diet else (left, USUAL_NIACIN)
        if any(a <= edge < b for a, b in life.fasts):
            amount, scale = 0.0, ""
        usual = scale == USUAL_NIACIN and left == 1.0
        events.append(ScheduledEvent(edge, CONTROLLED, "set", 0.0 if usual else 1.0))
        events.append(ScheduledEvent(edge, offered, "set", 0.0 if usual else amount, "" if usual else scale))
    return events


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
        if after[0] < before[1] - TINY:
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


def _overlaps(spans: list[tuple[str, float, float]]) -> list[Note]:
    notes = []
    for i, (compound, start, stop) in enumerate(spans):
        for other, other_start, other_stop in spans[i + 1 :]:
            if compound == other and start <= other_stop and other_start <= stop:
                low, high = max(start, other_start) / 24, min(stop, other_stop) / 24
                text = (
                    f"two regimens of {compound} overlap from day {math.floor(low)} "
                    f"to day {math.floor(high)}; doses add"
                )
                notes.append(Note(NoteCode.REGIMENS_OVERLAP, text, compound))
    return notes
