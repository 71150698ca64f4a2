"""Schedules: a plan turned into timed events of the model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.administration import (
    DIET,
    Administration,
    Interval,
    administrations,
    boluses,
    coincident,
    diets_of,
    doses_of,
    given_of,
    infusion_rates,
    overlapping_regimens,
    rate_steps,
    taken_with,
)
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.day.about_usual_life import about_usual_life
from nadflux.plans.day.daily_life import DailyLife, daily_life
from nadflux.plans.day.food_with_dose import Taken, food_in_stomach
from nadflux.plans.day.repeats import period_of
from nadflux.plans.dose_limits import warnings_of
from nadflux.plans.events import Dose, ScheduledEvent, Span
from nadflux.plans.habits.habit import Habit
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.occurrences import TINY, phase_end
from nadflux.plans.phase import PERCENT
from nadflux.plans.plan import TOPICAL, Plan, Regimen
from nadflux.units import DAY_H

# Time for which a single dose is followed if no length of run is given.
SINGLE_DOSE_H = 72.0
LONGEST_RUN_H = 100 * 8766.0
# A diet replaces the usual one: the input that turns it on, and the one for the niacin it offers.
CONTROLLED, OFFERED = "diet.controlled", "diet.offered"
USUAL_NIACIN = "diet.usual"


@dataclass(frozen=True)
class Schedule:
    """The events of a run, with doses, spans and notes.

    Attributes
    ----------
    events : tuple of ScheduledEvent
        In order of time.
    end_h : float
        End of the run, h.
    doses : tuple of Dose
    notes : tuple of Note
        Assumptions and overlaps.
    start_h : float
        Start of the run-in, at or before 0.
    spans : tuple of Span
        Meals, fasts, sleep and exercise, in order of time.
    counterfactual : tuple of ScheduledEvent
        Events of the same time without the plan, in the person's usual life; empty without habits.
    judged_h : float
        End of the 24 hours over which the plan is compared with its counterfactual, h: the end of the run, or of a
        fast that ends the plan, since food returns the day after.
    over_h : float
        When the last of the plan is taken or done, h; infinite where it does not end, or where nothing is planned.
    """

    events: tuple[ScheduledEvent, ...] = ()
    end_h: float = 0.0
    doses: tuple[Dose, ...] = ()
    notes: tuple[Note, ...] = ()
    start_h: float = 0.0
    spans: tuple[Span, ...] = ()
    counterfactual: tuple[ScheduledEvent, ...] = ()
    judged_h: float = 0.0
    over_h: float = math.inf


def schedule(
    plan: Plan, *, days: float | None = None, catalogue: Catalogue | None = None, usual: Sequence[Habit] = ()
) -> Schedule:
    """Return the schedule of a plan; time 0 is the morning (08:00) of day 0, at rest.

    Parameters
    ----------
    plan : Plan
    days : float, optional
        Length of the run; by default the plan's own.
    catalogue : Catalogue, optional
        Compounds and routes; the shipped ones by default.
    usual : sequence of Habit
        Habits of the person's usual life; with any, every day has its meals and nights.

    Returns
    -------
    Schedule
        Doses that coincide are added, and so are infusions that overlap.

    Raises
    ------
    PlanError
        If the length of the run is open, an infusion time is missing or misplaced, or doses and food contradict
        each other.
    """
    catalogue = catalogue or shipped()
    end_h = _end(plan, days)
    given = administrations(plan.regimens, end_h, catalogue)
    life = _life(plan, end_h, taken_with(given), usual)
    offered = next((row.target for row in catalogue.routes.values() if row.kind == DIET), OFFERED)
    events = (
        *boluses(given),
        *life.events,
        *_niacin(diets_of(given, end_h), life, offered, end_h),
        *_infusions(given, end_h),
    )
    doses = doses_of(given)
    counterfactual = _counterfactual(usual, end_h, offered) if plan.lifestyle or (usual and plan.regimens) else ()
    notes = (
        *plan.notes,
        *_about_usual_life(usual, counterfactual or events, life),
        *life.notes,
        *overlapping_regimens(given),
        *_about_doses(plan, given, catalogue),
        *warnings_of(given_of(given), catalogue),
        *_about_end(plan, days, end_h),
    )
    return Schedule(
        _in_time(events),
        end_h,
        tuple(sorted(doses, key=lambda dose: dose.time_h)),
        notes,
        life.start_h,
        life.spans,
        counterfactual,
        _judged(plan, usual, life, end_h) if days is None else end_h,
        _over(plan),
    )


def _infusions(given: Sequence[Administration], end_h: float) -> Iterator[ScheduledEvent]:
    for target, intervals in infusion_rates(given).items():
        yield from rate_steps(target, intervals, end_h)


def _life(plan: Plan, end_h: float, taken: Sequence[Taken], usual: Sequence[Habit]) -> DailyLife:
    """Return the days of the habits; without any, only the food taken with doses."""
    if plan.lifestyle or usual:
        return daily_life(plan.lifestyle, end_h, taken=taken, usual=usual)
    food = food_in_stomach(taken)
    return DailyLife(events=tuple(event for event in food.events if event.time_h < end_h - TINY), notes=food.notes)


def _counterfactual(usual: Sequence[Habit], end_h: float, offered: str) -> tuple[ScheduledEvent, ...]:
    """Return the events of the same time in usual life, without the plan."""
    life = daily_life((), end_h, usual=usual)
    return _in_time((*life.events, *_niacin((), life, offered, end_h)))


def _about_usual_life(usual: Sequence[Habit], events: Sequence[ScheduledEvent], life: DailyLife) -> Iterator[Note]:
    """Yield the note on usual life, whose events these are, where there is one."""
    if life.start_h < 0.0:
        yield about_usual_life(usual, life.start_h, period_of(events, life.start_h))


def _in_time(events: Sequence[ScheduledEvent]) -> tuple[ScheduledEvent, ...]:
    return tuple(sorted(events, key=lambda event: (event.time_h, event.target)))


def _about_doses(plan: Plan, given: Sequence[Administration], catalogue: Catalogue) -> Iterator[Note]:
    if any(phase.dose.unit == PERCENT for regimen in plan.regimens for phase in regimen.phases):
        text = f"topical: {catalogue.film:g} mg of product per cm² at each application is assumed"
        yield Note(NoteCode.FILM_ASSUMED, text, TOPICAL)
    together = coincident(given)
    if together:
        text = f"{together} doses fall together with another of the same compound and are added"
        yield Note(NoteCode.DOSES_COINCIDE, text)


def _about_end(plan: Plan, days: float | None, end_h: float) -> Iterator[Note]:
    ends, said = _ends(plan), [end for end in _said_ends(plan) if math.isfinite(end)]
    if said and any(math.isinf(end) for end in ends):  # what is open runs as long as the rest
        ends = said
    late = [end for end in ends if days is not None and end > end_h + TINY]
    if late:
        end = f" does (day {max(late) / 24:g})" if math.isfinite(max(late)) else ", which has no end"
        text = f"the run ends on day {end_h / 24:g}, before the plan{end}"
        yield Note(NoteCode.RUN_ENDS_EARLY, text)


def check_days(days: float) -> float:
    """Return the length of a run in hours; raises `PlanError` if it is not above 0 or out of range."""
    try:
        hours = float(days) * 24.0
    except (TypeError, ValueError, OverflowError):
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


def length_of(plan: Plan) -> float | None:
    """Return the length of a run that follows a plan to its end, h; None for a plan without an end."""
    try:
        return _end(plan, None)
    except PlanError:
        return None


def _ends(plan: Plan) -> list[float]:
    """Return the end of each regimen and habit, h; infinite for an open one."""
    return [_regimen_end(regimen) for regimen in plan.regimens] + _habit_ends(plan)


def _regimen_end(regimen: Regimen) -> float:
    """Return the end of the doses, h, and of the time without doses that is planned after them."""
    if regimen.washout is None:
        return phase_end(regimen.phases, SINGLE_DOSE_H)
    return phase_end(regimen.phases, DAY_H) + regimen.washout.to("h")


def _said_ends(plan: Plan) -> list[float]:
    """Return the ends given by a length; open regimens and habits run as long as the longest of these."""
    courses = [r for r in plan.regimens if r.phases[-1].frequency.kind != "once" or r.washout is not None]
    return [_regimen_end(regimen) for regimen in courses] + _habit_ends(plan)


def _habit_ends(plan: Plan) -> list[float]:
    return [habit.over_at(shipped_lifestyle()) for habit in plan.lifestyle]


def _over(plan: Plan) -> float:
    """Return when the last dose is taken and the last habit is over, h; infinite where one is open or there is none."""
    doses = [phase_end(regimen.phases, 0.0) for regimen in plan.regimens]
    habits = [habit.holds(math.inf, shipped_lifestyle())[1] for habit in plan.lifestyle]
    return max((*doses, *habits), default=math.inf)


def _judged(plan: Plan, usual: Sequence[Habit], life: DailyLife, end_h: float) -> float:
    """Return the end of the run, or of the single fast of a plan that does nothing afterwards, h."""
    alone = not plan.regimens and all(habit.judged_at_its_end and not habit.repeats for habit in plan.lifestyle)
    if not alone or not life.fasts or any(habit.judged_at_its_end for habit in usual):
        return end_h
    return max(stop for _, stop in life.fasts)


def _niacin(diets: Sequence[Interval], life: DailyLife, offered: str, end_h: float) -> list[ScheduledEvent]:
    """Return steps of the niacin in food, where it is not as usual: under a diet, a fast or restriction."""
    if not life.fasts and not life.energy:
        controlled = [(start, stop, 1.0) for start, stop, _ in diets]
        return [*rate_steps(offered, diets, end_h), *rate_steps(CONTROLLED, controlled, end_h)]
    edges = {edge for span in (*life.fasts, *life.energy, *diets) for edge in span[:2] if edge < end_h}
    return [event for edge in sorted(edges) for event in _niacin_from(edge, _niacin_at(edge, diets, life), offered)]


def _niacin_at(time: float, diets: Sequence[Interval], life: DailyLife) -> tuple[float, str] | None:
    """Return the niacin offered at a time (h) with the quantity that scales it; None if it is as usual."""
    if any(start <= time < stop for start, stop in life.fasts):
        return 0.0, ""
    diet = [given for start, stop, given in diets if start <= time < stop]
    if diet:
        return diet[0], ""
    share = math.prod(share for start, stop, share in life.energy if start <= time < stop)
    return None if share == 1.0 else (share, USUAL_NIACIN)


def _niacin_from(time: float, amount: tuple[float, str] | None, offered: str) -> Iterator[ScheduledEvent]:
    value, scale = amount or (0.0, "")
    yield ScheduledEvent(time, CONTROLLED, "set", 0.0 if amount is None else 1.0)
    yield ScheduledEvent(time, offered, "set", value, scale)
