"""From the habits of a plan to what happens when: events of the model, and the timeline that figures show."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from nadflux.notes import Note, NoteCode
from nadflux.plans._habits import format_habit
from nadflux.plans.day.active_habits import hold
from nadflux.plans.day.bouts import exercise
from nadflux.plans.day.food_with_dose import Taken, feed
from nadflux.plans.day.input_steps import at_usual_hour, switch
from nadflux.plans.day.meals_eaten import eat
from nadflux.plans.day.patterns import Holding, nights_of, span_of
from nadflux.plans.dose_limits import BEYOND
from nadflux.plans.events import Lived, ScheduledEvent
from nadflux.plans.lifestyle import EnergyEaten, Exercise, Fast, Habit, Lasting, Nutrient, Overfeeding, ShiftWork, Sleep
from nadflux.plans.lifestyle_tables import STUDIED, USUAL_MEALS, LifestyleTables, shipped_lifestyle
from nadflux.plans.occurrences import DAY_H, TINY, phase_end, phase_times
from nadflux.plans.timing import clock_text

FEEDING, ASLEEP = "feeding.constant", "sleep.asleep"
STRENGTH, PHASE = "clock.strength", "clock.phase"


def habit_ends(habits: Sequence[Habit]) -> list[float]:
    """When each habit is over, in hours; infinite where it is open; what happens once is followed for a day."""
    ends = []
    for habit in habits:
        if isinstance(habit, Lasting):
            ends.append(span_of(habit, math.inf)[1])
        elif isinstance(habit, Nutrient):
            ends.append(phase_end(habit.phases, DAY_H))
        elif habit.frequency.kind == "once":
            length = habit.length.to("h") if isinstance(habit, Fast | Exercise) else 0.0
            ends.append(phase_times("", [at_usual_hour(habit, shipped_lifestyle())], math.inf)[0][0] + length + DAY_H)
        else:
            ends.append(phase_end([habit], DAY_H))
    return ends


def lived(
    habits: Sequence[Habit],
    end_h: float,
    tables: LifestyleTables | None = None,
    taken: Sequence[Taken] = (),
    usual: Sequence[Habit] = (),
) -> Lived:
    """Events of the habits from the run-in to the end.

    Parameters
    ----------
    habits : sequence of Habit
        None for usual days throughout.
    end_h : float
    tables : LifestyleTables, optional
        The shipped ones by default.
    taken : sequence of Taken
        Doses that are said to be taken with food or fasted.
    usual : sequence of Habit
        How the person lives anyway: they hold from the run-in on, wherever none of ``habits`` takes their place.

    Raises
    ------
    PlanError
        For habits that cannot hold together, such as two patterns of meals or a set meal within a fast, and for doses
        that contradict the meals.
    """
    tables = tables or shipped_lifestyle()
    start_h = -DAY_H * math.ceil(tables.number("run-in", "habits" if usual else "duration", "d"))
    result = Lived(start_h)
    result.events += [ScheduledEvent(start_h, FEEDING, "set", 0.0)]
    result.notes.append(_about_usual_day(tables, -start_h / DAY_H, usual))
    held = hold(habits, usual, start_h, end_h, tables)
    spans = [(one.habit, one.spans) for one in held]
    nights = nights_of(spans, start_h, end_h, tables)
    eat(result, held, nights, end_h, tables)
    feed(result, taken, tables)
    switch(result, ASLEEP, [(n.start_h, n.stop_h, 1.0) for n in nights], "sleep")
    _keep_time(result, spans, end_h, tables)
    exercise(result, held, end_h, tables)
    _beyond(result, (*habits, *usual), tables)
    result.events = [event for event in result.events if event.time_h < end_h - TINY]
    result.spans = sorted(
        dataclasses.replace(span, stop_h=min(span.stop_h, end_h)) for span in result.spans if span.start_h < end_h
    )
    return result


def _keep_time(result: Lived, held: Sequence[Holding], end_h: float, tables: LifestyleTables) -> None:
    """The clock: flat where sleep is irregular, shifts are worked or too much is eaten, late where sleep is."""
    regular = tables.number("sleep", "strength", "fraction")
    names = {ShiftWork: "shift work", Sleep: "irregular sleep", Overfeeding: Overfeeding.name}
    weak = [
        (*span, tables.number(names[type(h)], "strength", "fraction"))
        for h, spans in held
        if isinstance(h, ShiftWork | Overfeeding) or (isinstance(h, Sleep) and h.irregular)
        for span in spans
    ]
    result.events.append(ScheduledEvent(result.start_h, STRENGTH, "set", regular))
    # What flattens it at the same time acts in product.
    for edge in sorted({edge for start, stop, _ in weak for edge in (start, stop)}):
        left = math.prod(strength for start, stop, strength in weak if start <= edge < stop)
        result.events.append(ScheduledEvent(edge, STRENGTH, "set", regular * left))
    if weak:
        text = (
            "irregular sleep, shift work and overfeeding flatten the clock; by how much is assumed, see lifestyle.csv"
        )
        result.notes.append(Note(NoteCode.CLOCK_FLATTENED, text))
    usual = Sleep(tables.number("sleep", "start", "h"), tables.number("sleep", "end", "h"))
    pace = tables.number("clock", "re-entrainment", "h")
    phase = 0.0
    moved = [(*span, _lateness(h, usual)) for h, spans in held if isinstance(h, Sleep) for span in spans]
    first = math.floor(result.start_h / DAY_H)
    for day in range(first, math.ceil(end_h / DAY_H)):
        target = next((late for start, stop, late in moved if start - TINY <= day * DAY_H < stop - TINY), 0.0)
        if abs(target - phase) > TINY:
            phase += target - phase if day == first else max(-pace, min(pace, target - phase))
            result.events.append(ScheduledEvent(day * DAY_H, PHASE, "set", phase))


def _lateness(sleep: Sleep, usual: Sleep) -> float:
    """Hours by which the middle of sleep is later than usual, between -12 and 12."""
    middle, reference = sleep.begins + sleep.length / 2.0, usual.begins + usual.length / 2.0
    return (middle - reference + 12.0) % DAY_H - 12.0


def _beyond(result: Lived, habits: Sequence[Habit], tables: LifestyleTables) -> None:
    """Habits beyond anything in the collected data: simulated, and said."""
    said = [habit.length.to("h") for habit in habits if isinstance(habit, Fast)]
    joined = max((stop - start for start, stop in result.fasts), default=0.0)
    studied = tables.number("fast", STUDIED, "h") if ("fast", STUDIED) in tables.figures else math.inf
    if said and joined > studied * (1 + 1e-9) >= max(said):
        text = f"{BEYOND}: fasts joined to {joined:g} h; the longest in the collected data is {studied:g} h"
        result.notes.append(Note(NoteCode.FAST_BEYOND, text, "fast"))
    for habit in habits:
        sizes: list[tuple[str, float, str, str]] = []
        if isinstance(habit, Fast):
            sizes.append(("fast", habit.length.to("h"), "h", f"a fast of {habit.length}"))
        elif isinstance(habit, EnergyEaten):
            sizes.append((habit.name, habit.percent, "%", f"{habit.said} {habit.percent:g} %"))
        elif isinstance(habit, Exercise) and habit.intensity is not None:
            sizes.append((habit.sort, habit.intensity, "%", f"exercise at {habit.intensity:g} % of VO2max"))
        elif isinstance(habit, Nutrient):
            largest = max(habit.phases, key=lambda phase: phase.dose.to("g")).dose
            sizes.append((habit.name, largest.to("g"), "g", f"{largest} of {habit.name} at once"))
        for what, size, unit, words in sizes:
            limit = tables.figures.get((what, STUDIED))
            if limit is None:
                text = f"{BEYOND}: no size of {what} is in the collected data"
                result.notes.append(Note(NoteCode.NO_HABIT_SIZE, text, what))
            elif size > tables.number(what, STUDIED, unit) * (1 + 1e-9):
                known = f"{limit.value:g} {limit.unit} ({limit.source})"
                text = f"{BEYOND}: {words}; the largest in the collected data is {known}"
                result.notes.append(Note(NoteCode.HABIT_BEYOND, text, what))


def _about_usual_day(tables: LifestyleTables, days: float, usual: Sequence[Habit]) -> Note:
    meals = tuple(tables.number(meal, "time", "h") for meal in USUAL_MEALS)
    night = "-".join(clock_text((tables.number("sleep", edge, "h"),)) for edge in ("start", "end"))
    if usual:
        text = (
            f"usual life is {' + '.join(map(format_habit, usual))}; the rest is the usual day; {days:g} such days are "
            "run before time 0, and what takes longer to build up is not at its end"
        )
        return Note(NoteCode.USUAL_LIFE, text)
    text = (
        f"what the plan does not say is the usual day: meals at {clock_text(meals)}, sleep {night}, no exercise; "
        f"{days:g} such days are run before time 0"
    )
    return Note(NoteCode.USUAL_DAY, text)
