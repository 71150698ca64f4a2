"""Exercise: bouts as steps of intensity or resistance, and training as their weekly dose."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from nadflux.errors import PlanError
from nadflux.plans._events import Lived
from nadflux.plans._happens import occurrences, steps, switch
from nadflux.plans._times import DAY_H, TINY
from nadflux.plans.lifestyle import ENDURANCE, Exercise, Habit
from nadflux.plans.lifestyle_tables import LifestyleTables

INTENSITY, RESISTING = "exercise.intensity", "exercise.resistance"
TRAINING = {ENDURANCE: "training.aerobic", "resistance": "training.resistance"}
WEEK_H = 168.0


def exercise(result: Lived, habits: Sequence[Habit], end_h: float, tables: LifestyleTables) -> None:
    """Add bouts and the training they make to a lived day; raises `PlanError` where bouts overlap."""
    bouts: dict[str, list[tuple[float, float, float]]] = {}
    dose: dict[str, list[tuple[float, float, float]]] = {}
    for habit in (h for h in habits if isinstance(h, Exercise)):
        hours = habit.length.to("h")
        times = occurrences(habit, end_h, tables)
        share = _intensity(habit, tables)
        bouts.setdefault(habit.sort, []).extend((time, time + hours, share) for time in times)
        weekly = _weekly(habit)
        if weekly and times:
            begin = 0.0 if habit.start is None else habit.start.to("h")
            stop = end_h if habit.duration is None else min(end_h, begin + habit.duration.to("h"))
            dose.setdefault(habit.sort, []).append(
                (begin, stop, weekly * hours * _per_reference(habit.sort, share, tables))
            )
    for sort, spans in bouts.items():
        switch(result, INTENSITY if sort == ENDURANCE else RESISTING, sorted(spans), sort)
    every = sorted(span for spans in bouts.values() for span in spans)
    for before, after in itertools.pairwise(every):
        if after[0] < before[1] - TINY:
            raise PlanError(f"two bouts of exercise overlap on day {after[0] / DAY_H:.3g}; move one of them")
    for sort, spans in dose.items():
        result.events += steps(TRAINING[sort], spans)


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
