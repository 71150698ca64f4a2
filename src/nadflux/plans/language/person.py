"""People with their usual life: ``"woman, 60 y, 70 kg, trains 3 times a week, sleeps 6 h, vegetarian"``.

The layer of people lies below plans and knows no habits: a `Person` and a `Cohort` store sentences, read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from nadflux.errors import PlanError
from nadflux.people import Cohort, Person
from nadflux.plans.catalogue import shipped
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.registry import HABIT_WORDS, read_habit
from nadflux.plans.language.parts import parts_of
from nadflux.plans.language.reader import Reader
from nadflux.plans.language.sentence import parse_plan
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.words.table import NOTHING

T = TypeVar("T", bound=Person | Cohort)
_HINT = "say how they live, e.g. 'trains 3 times a week', 'sleeps 6 h', 'vegetarian'"


def read_person(text: str) -> Person:
    """Read a described person, with the habits of their usual life.

    Raises
    ------
    PlanError
        For a habit that is not understood, is not part of usual life, or contradicts another.
    NadfluxError
        As `nadflux.people.Person.parse`.
    """
    person = Person.parse(text, _sentences_of, (*HABIT_WORDS, *shipped_lifestyle().style_names))
    usual_habits(person)
    return person


def usual_habits(who: Person | Cohort) -> tuple[Habit, ...]:
    """Return the habits of usual life, in the order given.

    Raises
    ------
    PlanError
        For a sentence that is no habit, has a length, or concerns the same subject as another.
    """
    return check_usual(who.habits)


def check_usual(sentences: Sequence[str]) -> tuple[Habit, ...]:
    """Read habits from sentences; raises `PlanError` as `usual_habits`."""
    habits = tuple(_usual(Reader(sentence)) for sentence in sentences)
    _one_of_each(habits)
    return habits


def at_rest(who: T) -> T:
    """Return the people if they have no habits, for questions about a body at rest; raises `PlanError` otherwise."""
    if who.habits:
        raise PlanError(f"this is asked of a body at rest; leave out how people live: {', '.join(who.habits)}")
    return who


def _sentences_of(text: str) -> tuple[str, ...] | None:
    """Return the full sentences of habits, or None if the text says none."""
    habits: list[Habit] = []
    for part in parts_of(text, shipped(), parse_plan):
        reader = Reader(part.said)
        if reader.word().casefold() == NOTHING:
            raise reader.error("this is without effect in this model; leave it out", 0, reader.end)
        if read_habit(reader) is None:
            return None
        habits.append(_usual(Reader(part.said)))
    return tuple(habit.sentence() for habit in habits)


def _usual(reader: Reader) -> Habit:
    habit = read_habit(reader)
    if habit is None:
        raise reader.error(f"this is no habit; {_HINT}", 0, reader.end)
    if habit.bounded:
        raise reader.error("usual life has no start and no length; leave out from when and for how long", 0, reader.end)
    if not habit.repeats:
        raise reader.error("how often? of usual life say e.g. 'daily' or '3 times a week'", 0, reader.end)
    return habit


def _one_of_each(habits: Sequence[Habit]) -> None:
    seen: dict[str, Habit] = {}
    # In the order given: each is compared with those before it.
    for habit in habits:
        other = seen.get(habit.subject)
        if other is not None and habit.one_of_each:
            raise PlanError(
                f"usual life holds two of {habit.subject}, {other.sentence()!r} and {habit.sentence()!r}; keep one"
            )
        seen[habit.subject] = habit
