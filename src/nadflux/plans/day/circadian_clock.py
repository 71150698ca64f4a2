"""The circadian clock of a run: its strength and its phase."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from nadflux.notes import Note, NoteCode
from nadflux.plans.day.active_habits import ActiveHabit
from nadflux.plans.events import DayPart, ScheduledEvent
from nadflux.plans.lifestyle_tables import LifestyleTables
from nadflux.plans.occurrences import TINY
from nadflux.units import DAY_H

STRENGTH, PHASE = "clock.strength", "clock.phase"


def circadian_clock(active: Sequence[ActiveHabit], start_h: float, end_h: float, tables: LifestyleTables) -> DayPart:
    """Return the steps of the clock: weaker under habits such as irregular sleep, late where sleep is late."""
    weak = [span for one in active for span in one.brings.strengths]
    late = [span for one in active for span in one.brings.lateness]
    text = "irregular sleep, shift work and overfeeding flatten the clock; by how much is assumed, see lifestyle.csv"
    return DayPart(
        (*_strength(weak, start_h, tables), *_phase(late, start_h, end_h, tables)),
        notes=(Note(NoteCode.CLOCK_FLATTENED, text),) if weak else (),
    )


def _strength(
    weak: Sequence[tuple[float, float, float]], start_h: float, tables: LifestyleTables
) -> Iterator[ScheduledEvent]:
    regular = tables.number("sleep", "strength", "fraction")
    yield ScheduledEvent(start_h, STRENGTH, "set", regular)
    # Factors that weaken the clock at the same time are multiplied.
    for edge in sorted({edge for start, stop, _ in weak for edge in (start, stop)}):
        left = math.prod(strength for start, stop, strength in weak if start <= edge < stop)
        yield ScheduledEvent(edge, STRENGTH, "set", regular * left)


def _phase(
    late: Sequence[tuple[float, float, float]], start_h: float, end_h: float, tables: LifestyleTables
) -> Iterator[ScheduledEvent]:
    """Yield steps by which the clock follows sleep, so much a day; on the first day it agrees with sleep."""
    pace = tables.number("clock", "re-entrainment", "h")
    first, phase = math.floor(start_h / DAY_H), 0.0
    # Day by day, as each day starts from the phase of the one before.
    for day in range(first, math.ceil(end_h / DAY_H)):
        target = next((hours for start, stop, hours in late if start - TINY <= day * DAY_H < stop - TINY), 0.0)
        if abs(target - phase) > TINY:
            phase += target - phase if day == first else max(-pace, min(pace, target - phase))
            yield ScheduledEvent(day * DAY_H, PHASE, "set", phase)
