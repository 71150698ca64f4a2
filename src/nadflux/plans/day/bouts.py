"""Exercise: bouts as steps of intensity or resistance, and training as their weekly dose."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from nadflux.errors import PlanError
from nadflux.plans.day.active_habits import Held, happens
from nadflux.plans.day.input_steps import steps, switch
from nadflux.plans.events import Lived, ScheduledEvent
from nadflux.plans.lifestyle import ENDURANCE, Exercise
from nadflux.plans.lifestyle_tables import LifestyleTables
from nadflux.plans.occurrences import DAY_H, TINY

INTENSITY, RESISTING = "exercise.intensity", "exercise.resistance"
TRAINING = {ENDURANCE: "training.aerobic", "resistance": "training.resistance"}
WEEK_H = 168.0


def exercise(result: Lived, held: Sequence[Held], end_h: float, tables: LifestyleTables) -> None:
    """Add bouts and the training they make to a lived day; raises `PlanError` where bouts overlap."""
    planned: list[tuple[float, float]] = []
    bouts: dict[str, list[tuple[float, float, float]]] = {}
    dose: dict[str, list[tuple[float, float, float]]] = {}
    for one in held:
        habit = one.habit
        if not isinstance(habit, Exercise):
            continue
        hours = habit.length.to("h")
        times = [time for time, _ in happens(one, result.start_h, end_h, tables)]
        if one.usual:
            times = [time for time in times if not _overlaps(time, time + hours, planned)]
        else:
            planned += [(time, time + hours) for time in times]
        share = _intensity(habit, tables)
        bouts.setdefault(habit.sort, []).extend((time, time + hours, share) for time in times)
        weekly = _weekly(habit)
        if weekly and times:
            level = weekly * hours * _per_reference(habit.sort, share, tables)
            dose.setdefault(habit.sort, []).extend((begin, stop, level) for begin, stop in one.spans)
            if one.usual:  # who has always trained is trained when the run begins
                result.events.append(ScheduledEvent(result.start_h, f"{TRAINING[habit.sort]}_level", "add", level))
    for sort, spans in bouts.items():
        switch(result, INTENSITY if sort == ENDURANCE else RESISTING, sorted(spans), sort)
    every = sorted(span for spans in bouts.values() for span in spans)
    for before, after in itertools.pairwise(every):
        if after[0] < before[1] - TINY:
            raise PlanError(f"two bouts of exercise overlap on day {after[0] / DAY_H:.3g}; move one of them")
    for sort, spans in dose.items():
        result.events += steps(TRAINING[sort], spans)


def _overlaps(start: float, stop: float, spans: Sequence[tuple[float, float]]) -> bool:
    return any(start < b - TINY and a < stop - TINY for a, b in spans)


def _per_reference(sort: str, share: float, tables: LifestyleTables) -> float:
    """Training dose of an hour a week, in programmes of reference."""
    if sort == ENDURANCE:
        return share / tables.number("training", "intensity", "fraction") / tables.number("training", "minutes", "h")
    return 1.0 / tables.number("training", "resistance", "h")


def _intensity(habit: Exercise, tables: LifestyleTables) -> float:
    if habit.sort != ENDURANCE:
        return 1.0
    return tables.number("endurance", "intensity", "fraction") if habit.intensity is None else habit.intensity / 100.0


def _weekly(habit: Exercise) -> float:
    """Bouts in a week; none where there is one bout only, which is no training."""
    frequency = habit.frequency
    if frequency.interval is not None:
        return WEEK_H / frequency.interval.to("h")
    return {"weekly": 1.0, "daily": 7.0}.get(frequency.kind, 0.0) * frequency.count
