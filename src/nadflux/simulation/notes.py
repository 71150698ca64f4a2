"""What every run says of itself beside its numbers: what the bounds are over, what was assumed, what tiers mean."""

from __future__ import annotations

from nadflux.people import Cohort, Person, assumed_traits
from nadflux.plans.schedule import Schedule
from nadflux.simulation.summary import bounds_in_words

FITTED = (
    "tier fitted: published figures of this very quantity under every compound and route of the plan informed the "
    "parameters, and nothing is set by hand, lived or beyond any studied dose; else the weakest number that drives it"
)
GRADED = "tier: that of the weakest number that drives the quantity"
ADVICE = "research model, not medical advice; no dose is recommended"


def notes_of(
    who: Person | Cohort,
    planned: Schedule | None,
    uncertainty: bool,
    spread: bool,
    people: int,
    *,
    planning: bool = True,
    tier: str = "",
) -> list[str]:
    """Notes of a run, in the order in which they are printed.

    Parameters
    ----------
    planned : Schedule or None
        None for people at rest.
    uncertainty, spread : bool
        As in `nadflux.simulation.simulate`.
    people : int
        How many are drawn.
    planning : bool
        Whether somebody planned what happens.
    tier : str
        What the tiers beside the numbers mean; nothing is said where there are none.
    """
    choices = ((uncertainty, "parameters"), (spread, "differences between people"))
    over = [words for asked, words in choices if asked]
    if isinstance(who, Person) and who.unknown:
        over.append(f"traits not described ({', '.join(who.unknown)})")
    if isinstance(who, Cohort):
        over.append("the traits of the cohort")
    if not over or people == 1:
        notes = ["one set of numbers: no interval"]
    else:
        notes = [f"the {bounds_in_words(people)} is over {', '.join(over)}"]
    notes += assumed_traits(who)
    if planned is not None:
        notes += planned.notes
        if planned.usual:
            notes.append("what the plan does is its difference from usual days of the same people at the same time")
        if planning:
            notes.append("not screened: nobody has checked this plan against the person's conditions")
    return [*notes, *([tier] if tier else []), ADVICE]
