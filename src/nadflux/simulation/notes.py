"""Notes of every run: what the bounds are over, what was assumed, what tiers mean."""

from __future__ import annotations

from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person, assumed_covariates
from nadflux.plans.schedule import Schedule
from nadflux.plans.screening import Screening
from nadflux.simulation.door import notes_on_screening
from nadflux.simulation.summary import bounds_in_words

FITTED = (
    "tier fitted: published figures of this very quantity under every compound and route of the plan informed the "
    "parameters, no number is set by hand, no day is lived and no dose is beyond any studied; else the weakest number "
    "that drives it"
)
GRADED = "tier: that of the weakest number that drives the quantity"
REPORTED_SHARE = 0.01  # of people who were drawn again, from which on a run says so
ADVICE = "research model, not medical advice; no dose is recommended"


def notes_of(
    who: Person | Cohort,
    planned: Schedule | None,
    uncertainty: bool,
    spread: bool,
    people: int,
    *,
    screening: Screening | None = None,
    tier: str = "",
    fitted: Note | None = None,
    unknown: Note | None = None,
) -> list[Note]:
    """Return the notes of a run, in the order in which they are printed.

    Parameters
    ----------
    planned : Schedule or None
        None for people at rest.
    uncertainty, spread : bool
        As in `nadflux.simulation.simulate`.
    people : int
        How many are drawn.
    screening : Screening, optional
        Of the plan; None where nothing is planned.
    tier : str
        The meaning of the tiers; empty where there are none.
    fitted : Note, optional
        The source of the parameters, printed after the note on the bounds.
    unknown : Note, optional
        Note on what the answer does not know of people.
    """
    notes = [_interval(who, uncertainty, spread, people)]
    notes += [fitted] if fitted is not None else []
    notes += assumed_covariates(who)
    if planned is not None:
        notes += planned.notes
        if planned.counterfactual:
            text = "what the plan does is its difference from usual days of the same people at the same time"
            notes.append(Note(NoteCode.AGAINST_USUAL_LIFE, text))
        notes += notes_on_screening(who, screening)
    notes += [unknown] if unknown is not None else []
    return [*notes, *([Note(NoteCode.TIER, tier)] if tier else []), Note(NoteCode.ADVICE, ADVICE)]


def drawn_again_note(again: int, people: int) -> list[Note]:
    """Return the note on people whose first numbers contradicted each other, where they are one in a hundred or more.

    Parameters
    ----------
    again : int
        How many were drawn again.
    people : int
        How many there are.
    """
    if again < REPORTED_SHARE * people:
        return []
    text = (
        f"the numbers of {again} of {people} people contradicted each other as first drawn (no resting state); they "
        "were drawn again, by a rule of seed and person alone"
    )
    return [Note(NoteCode.DRAWN_AGAIN, text)] if again else []


def _interval(who: Person | Cohort, uncertainty: bool, spread: bool, people: int) -> Note:
    """Return the note on what the bounds are over."""
    choices = ((uncertainty, "parameters"), (spread, "differences between people"))
    over = [words for asked, words in choices if asked]
    if isinstance(who, Person) and who.unknown:
        over.append(f"traits not described ({', '.join(who.unknown)})")
    if isinstance(who, Cohort):
        over.append("the traits of the cohort")
    if not over or people == 1:
        return Note(NoteCode.NO_INTERVAL, "one set of numbers: no interval")
    return Note(NoteCode.INTERVAL, f"the {bounds_in_words(people)} is over {', '.join(over)}")
