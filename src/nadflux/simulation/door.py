"""The door of screening: every plan passes it before anything is simulated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from nadflux.notes import Note, NoteCode
from nadflux.people import Cohort, Person
from nadflux.people.health import read_facts, say_facts
from nadflux.plans.administration import INFUSION
from nadflux.plans.catalogue import shipped
from nadflux.plans.language.person import usual_habits
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Schedule
from nadflux.plans.screening import ContraindicatedError, Screening, screen

_AUTOPHAGY = ("autophagy", "J_init", "J_seq", "J_deg")
_DRUGS = "drugs."
_RULES_SAID = 4


def pass_door(
    who: Person | Cohort,
    plan: Plan | None,
    planned: Schedule,
    *,
    research: bool = False,
    supervised: bool = False,
    outputs: Iterable[str] = (),
    settings: Mapping[str, str | float] | None = None,
) -> Screening | None:
    """Screen a plan and return what was found; None where nothing is planned and usual life meets no rule.

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
    settings : mapping of str to str or float, optional
        Numbers set by hand: a drug among them is taken as a medicine that the plan adds, an infusion as one every day.

    Raises
    ------
    ContraindicatedError
        For a plan that a rule stops, unless it is simulated for research.
    """
    plan = Plan(()) if plan is None else plan
    adds, daily = medicines_set(settings or {}), infusions_set(settings or {})
    if plan.empty and not adds and not daily and not usual_habits(who):
        return None
    autophagy = any(part in name for name in outputs for part in _AUTOPHAGY)
    found = screen(who, plan, planned=planned, supervised=supervised, autophagy=autophagy, adds=adds, infused=daily)
    if plan.empty and not adds and not daily and not found.fired:
        return None
    if found.stopped and not research:
        raise ContraindicatedError(found)
    return found


def medicines_set(settings: Mapping[str, str | float]) -> tuple[str, ...]:
    """Return the medicines and supplements among numbers set by hand that screening knows, in words."""
    given = [name.removeprefix(_DRUGS).replace("_", " ") for name, value in settings.items() if _drug(name, value)]
    return tuple(name for name in given if read_facts(name))


def infusions_set(settings: Mapping[str, str | float]) -> tuple[str, ...]:
    """Return the compounds whose infusion is set by hand."""
    targets = {row.target: row.compound for row in shipped().routes.values() if row.kind == INFUSION}
    return tuple(targets[name] for name, value in settings.items() if name in targets and _on(value))


def _drug(name: str, value: str | float) -> bool:
    return name.startswith(_DRUGS) and _on(value)


def _on(value: str | float) -> bool:
    """Tell whether a number set by hand is other than zero; what cannot be read counts."""
    number = re.match(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?", str(value))
    try:
        return number is None or float(number.group()) != 0.0
    except ValueError:
        return True


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
