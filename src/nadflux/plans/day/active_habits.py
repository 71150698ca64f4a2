"""Active habits: those of a plan from their start on, those of usual life wherever the plan says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nadflux.plans.day.contribution import Contribution, Stretch
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Habit
from nadflux.plans.lifestyle_tables import USUAL_STYLE, LifestyleTables
from nadflux.plans.occurrences import TINY


@dataclass(frozen=True)
class ActiveHabit:
    """A habit with the hours in which it holds and its contribution to them."""

    habit: Habit
    window: Window
    brings: Contribution

    @property
    def usual(self) -> bool:
        """True for a habit of the person's usual life."""
        return self.window.usual


def active_habits(
    habits: Sequence[Habit], usual: Sequence[Habit], start_h: float, end_h: float, tables: LifestyleTables
) -> tuple[ActiveHabit, ...]:
    """Return the habits of the plan, then those of usual life that no habit of the plan replaces.

    If a plan says when to eat but not what, the person's own style of meals is kept.

    Parameters
    ----------
    habits, usual : sequence of Habit
        Habits of the plan and of usual life.
    start_h, end_h : float
        Hours of the run; it starts with the run-in, before time 0.
    tables : LifestyleTables
    """
    style = next((habit.meal_style for habit in usual if habit.meal_style is not None), USUAL_STYLE)
    styled = [habit.in_style(style) for habit in habits]
    planned = [(habit, Window((habit.holds(end_h, tables),), start_h, end_h)) for habit in styled]
    kept = []
    for habit in usual:
        taken = [span for other, window in planned if other.subject == habit.subject for span in window.spans]
        kept.append((habit, Window(tuple(_without((start_h, end_h), taken)), start_h, end_h, usual=True)))
    return tuple(ActiveHabit(habit, window, habit.contribute(window, tables)) for habit, window in planned + kept)


def _without(whole: Stretch, taken: Iterable[Stretch]) -> Iterable[Stretch]:
    """Yield the parts of ``whole`` outside ``taken``."""
    begin, end = whole
    # From the left: each stretch taken moves the start of the remainder.
    for start, stop in sorted(taken):
        if start > begin + TINY:
            yield begin, min(start, end)
        begin = max(begin, stop)
    if begin < end - TINY:
        yield begin, end
