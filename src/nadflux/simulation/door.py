"""The door of screening: every plan passes it before anything is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person
from nadflux.people.health import say_facts
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Schedule
from nadflux.plans.screening import ContraindicatedError, Screening, screen

_AUTOPHAGY = ("autophagy", "J_init", "J_seq", "J_deg")
_RULES_SAID = 4


def pass_door(
    who: Person | Cohort,
    plan: Plan | None,
    planned: Schedule,
    *,
    research: bool = False,
    supervised: bool = False,
    outputs: Iterable[str] = (),
) -> Screening | None:
    """Screen a plan and return what was found; None where nothing is planned.

    Parameters
    ----------
    who : Person or Cohort
    plan : Plan or None
    planned : Schedule
        Of the same plan.
    research : bool
        Whether a plan that screening stops is simulated all the same, and marked.
    supervised : bool
        Whether close supervision is stated; nobody verifies it.
    outputs : iterable of str
        Observables asked for: some rules concern readouts of autophagy.

    Raises
    ------
    ContraindicatedError
        For a plan that a rule stops, unless it is simulated for research.
    """
    if plan is None or plan.empty:
        return None
    autophagy = any(part in name for name in outputs for part in _AUTOPHAGY)
    found = screen(who, plan, planned=planned, supervised=supervised, autophagy=autophagy)
    if found.stopped and not research:
        raise ContraindicatedError(found)
    return found


def notes_on_screening(who: Person | Cohort, found: Screening | None) -> Iterator[Note]:
    """Yield what a run says of the screening of its plan, and of what is known of health and changes no number."""
    if isinstance(who, Person) and who.health:
        carried = ", ".join(say_facts(who.health))
        yield Note(NoteCode.CARRIED, f"known to screening alone, without effect on any number: {carried}")
    if found is None:
        return
    if found.stopped:
        stopping = ", ".join(dict.fromkeys(one.rule.rule for one in found.stopped))
        yield Note(NoteCode.RESEARCH, f"for research alone: screening stops this plan ({stopping})")
    if found.supervised:
        yield Note(NoteCode.SUPERVISED, "close supervision: stated, not verified")
    rules = list(dict.fromkeys(f"{one.rule.rule} {one.rule.severity}" for one in found.fired))
    said = f" ({'; '.join(rules[:_RULES_SAID])}{' …' if len(rules) > _RULES_SAID else ''})" if rules else ""
    of = ", of a group by the figures of its plan alone" if found.of_a_group else ""
    text = f"screened{of}: {found.verdict}{said}; 'nadflux screen' gives reasons and asks for what is not known"
    yield Note(NoteCode.SCREENED, text)
