"""The registry of habits: each is read from a sentence or a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nadflux.plans.habits.eating_window import EatingWindow
from nadflux.plans.habits.energy_eaten import Overfeeding, Restriction
from nadflux.plans.habits.exercise import Exercise
from nadflux.plans.habits.fast import Fast
from nadflux.plans.habits.habit import ENTRY, Habit
from nadflux.plans.habits.meals import Meals
from nadflux.plans.habits.nutrient import NUTRIENT_ENTRY, Nutrient
from nadflux.plans.habits.set_meal import SetMeal
from nadflux.plans.habits.shift_work import ShiftWork
from nadflux.plans.habits.sleep import Sleep
from nadflux.plans.language.fields import check_fields
from nadflux.plans.language.reader import Reader, word_pattern

HABITS: tuple[type[Habit], ...] = (
    Meals,
    SetMeal,
    EatingWindow,
    Fast,
    Restriction,
    Overfeeding,
    Exercise,
    Sleep,
    ShiftWork,
    Nutrient,
)
"""Tried in turn on a sentence; adding a habit means adding its file and its line here."""

HABIT_WORDS: tuple[str, ...] = tuple(word for kind in HABITS for word in kind.words)
"""Words that begin a habit, for errors; a habit may also begin with a nutrient or a style of meals."""

HABIT_ENTRIES = frozenset({ENTRY, NUTRIENT_ENTRY})
"""Fields that mark an entry of a document as a habit."""

_EATS = word_pattern(r"eats|drinks|takes")


def read_habit(reader: Reader) -> Habit | None:
    """Read a habit from a stretch of a sentence; return None without moving if there is none.

    Raises
    ------
    PlanError
        For a word that is not understood; the message points at it.
    """
    begin = reader.position
    reader.take(_EATS)
    for kind in HABITS:
        habit = kind.read(reader, begin)
        if habit is not None:
            return habit
    reader.position = begin
    return None


def habit_of_entry(entry: Mapping[str, Any]) -> Habit:
    """Read a document entry written by `Habit.to_entry`; raises `PlanError`, which names the field."""
    if NUTRIENT_ENTRY in entry:
        return Nutrient.from_entry(entry)
    check_fields("habit", entry, (ENTRY, "frequency", "at", "for", "from"), required=(ENTRY,))
    reader = Reader(str(entry[ENTRY]))
    habit = read_habit(reader)
    if habit is None:
        raise reader.unknown("habit", HABIT_WORDS)
    return habit.with_timing(entry)
