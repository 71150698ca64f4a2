"""Note on the usual life that people of a run live before time 0, and wherever the plan says nothing."""

from __future__ import annotations

from collections.abc import Sequence

from nadflux.notes import Note, NoteCode
from nadflux.plans.habits.habit import Habit
from nadflux.plans.lifestyle_tables import USUAL_MEALS, LifestyleTables, shipped_lifestyle
from nadflux.plans.timing import clock_text
from nadflux.units import DAY_H


def about_usual_life(
    usual: Sequence[Habit], start_h: float, period: float | None, tables: LifestyleTables | None = None
) -> Note:
    """Return the note on usual life.

    Parameters
    ----------
    usual : sequence of Habit
    start_h : float
        Start of the run-in, before time 0, h.
    period : float or None
        Hours after which usual life repeats; None where it does not.
    tables : LifestyleTables, optional
        The shipped ones by default.
    """
    tables = tables or shipped_lifestyle()
    if period is None:
        begin = (
            f"{-start_h / DAY_H:g} such days are run before time 0, and what takes longer to build up is not at its end"
        )
    else:
        days = "days" if period == DAY_H else f"{period / DAY_H:g} days"
        begin = f"people begin where such {days} repeat themselves, as after years of them"
    if usual:
        said = " + ".join(habit.sentence() for habit in usual)
        return Note(NoteCode.USUAL_LIFE, f"usual life is {said}; the rest is the usual day; {begin}")
    meals = tuple(tables.number(meal, "time", "h") for meal in USUAL_MEALS)
    night = "-".join(clock_text((tables.number("sleep", edge, "h"),)) for edge in ("start", "end"))
    day = f"meals at {clock_text(meals)}, sleep {night}, no exercise"
    return Note(NoteCode.USUAL_DAY, f"what the plan does not say is the usual day: {day}; {begin}")
