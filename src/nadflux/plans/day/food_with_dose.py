"""Food in the stomach: from the meals of a lived day, and from what a dose is said to be taken with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.day.input_steps import inside, joined, steps
from nadflux.plans.events import Lived
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle
from nadflux.plans.occurrences import DAY_H
from nadflux.plans.plan import WITH_FOOD
from nadflux.plans.timing import CLOCK_AT_START, clock_text

FED = "gut_lumen.fed"


@dataclass(frozen=True, slots=True)
class Taken:
    """A dose by mouth that is said to be taken ``with food`` or ``fasted``, hours."""

    time_h: float
    food: str
    compound: str


def feed(result: Lived, taken: Sequence[Taken], tables: LifestyleTables | None = None) -> None:
    """Add the steps of `gut_lumen.fed`: on for a while from each meal and each dose with food.

    Parameters
    ----------
    result : Lived
        With its meals and fasts; without any where the day is not lived.
    taken : sequence of Taken
    tables : LifestyleTables, optional
        The shipped ones by default.

    Raises
    ------
    PlanError
        For a dose with food within a fast, or a fasted one while a meal is in the stomach.
    """
    tables = tables or shipped_lifestyle()
    lasts = tables.number("meal", "fed", "h")
    meals = [(span.start_h, span.start_h + lasts) for span in result.spans if span.what == "meal"]
    own = []
    for dose in taken:
        if dose.food == WITH_FOOD:
            if inside(dose.time_h, result.fasts):
                raise PlanError(f"{_said(dose)} lies within a fast; take it fasted or move it")
            own += [] if inside(dose.time_h, meals) else [(dose.time_h, dose.time_h + lasts)]
        elif inside(dose.time_h, meals):
            raise PlanError(
                f"{_said(dose)} falls within {lasts:g} h after a meal of that day; give it another time of day, "
                "e.g. 'at 06:30'"
            )
    result.events += steps(FED, [(start, stop, 1.0) for start, stop in joined(meals + own)])
    if own:
        text = (
            f"food with a dose keeps it in the stomach for {lasts:g} h as a meal does; nothing else of that food counts"
        )
        result.notes.append(Note(NoteCode.FOOD_WITH_DOSE, text))


def _said(dose: Taken) -> str:
    hour = clock_text(((dose.time_h + CLOCK_AT_START) % DAY_H,))
    return f"{dose.compound} {dose.food} at {hour} on day {dose.time_h // DAY_H:g}"
