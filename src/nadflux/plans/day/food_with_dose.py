"""Food in the stomach, from the meals of a day and from doses taken with food."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.day.contribution import Stretch
from nadflux.plans.day.input_steps import inside, joined, steps
from nadflux.plans.events import DayPart
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle
from nadflux.plans.phase import WITH_FOOD
from nadflux.plans.timing import CLOCK_AT_START, clock_text
from nadflux.units import DAY_H

FED = "gut_lumen.fed"


@dataclass(frozen=True, slots=True)
class Taken:
    """An oral dose with its time (h), taken ``with food`` or ``fasted``."""

    time_h: float
    food: str
    compound: str


def food_in_stomach(
    taken: Sequence[Taken],
    meals: Sequence[float] = (),
    fasts: Sequence[Stretch] = (),
    tables: LifestyleTables | None = None,
) -> DayPart:
    """Return the steps of ``gut_lumen.fed``, which is on for a while after each meal and each dose with food.

    Parameters
    ----------
    taken : sequence of Taken
    meals : sequence of float
        Times of meals, h.
    fasts : sequence of (start, stop)
        Hours without food.
    tables : LifestyleTables, optional
        The shipped ones by default.

    Raises
    ------
    PlanError
        For a dose with food within a fast, or a fasted one while a meal is in the stomach.
    """
    lasts = (tables or shipped_lifestyle()).number("meal", "fed", "h")
    fed = [(time, time + lasts) for time in meals]
    for dose in taken:
        _refuse_contradiction(dose, fed, fasts, lasts)
    own = [
        (dose.time_h, dose.time_h + lasts) for dose in taken if dose.food == WITH_FOOD and not inside(dose.time_h, fed)
    ]
    text = f"food with a dose keeps it in the stomach for {lasts:g} h as a meal does; nothing else of that food counts"
    return DayPart(
        tuple(steps(FED, [(start, stop, 1.0) for start, stop in joined(fed + own)])),
        notes=(Note(NoteCode.FOOD_WITH_DOSE, text),) if own else (),
    )


def _refuse_contradiction(dose: Taken, fed: Sequence[Stretch], fasts: Sequence[Stretch], lasts: float) -> None:
    if dose.food == WITH_FOOD and inside(dose.time_h, fasts):
        raise PlanError(f"{_said(dose)} lies within a fast; take it fasted or move it")
    if dose.food != WITH_FOOD and inside(dose.time_h, fed):
        raise PlanError(
            f"{_said(dose)} falls within {lasts:g} h after a meal of that day; give it another time of day, "
            "e.g. 'at 06:30'"
        )


def _said(dose: Taken) -> str:
    hour = clock_text(((dose.time_h + CLOCK_AT_START) % DAY_H,))
    return f"{dose.compound} {dose.food} at {hour} on day {dose.time_h // DAY_H:g}"
