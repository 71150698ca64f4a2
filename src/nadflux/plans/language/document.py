"""Plans as plain data and as YAML, equivalent to their sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nadflux.errors import PlanError, UnknownNameError
from nadflux.network.read_yaml import parse_yaml
from nadflux.notes import Note
from nadflux.plans.catalogue import Catalogue, route_word, salt_note, shipped
from nadflux.plans.habits.registry import HABIT_ENTRIES, habit_of_entry
from nadflux.plans.language.fields import amount_of, check_fields, phases_of, phases_out
from nadflux.plans.language.sentence import parse_plan
from nadflux.plans.plan import Plan, Regimen

_REGIMEN_FIELDS = ("compound", "route", "phases")
_YAML = re.compile(r"\s*(?:#.*\n\s*)*(?:---\s|-\s+(?:\{|\w+\s*:(?:\s|$))|\[)")


def to_document(plan: Plan) -> list[dict[str, Any]]:
    """Return a plan as plain lists and mappings of strings, one entry for each habit and regimen."""
    return [habit.to_entry() for habit in plan.lifestyle] + [
        {
            "compound": regimen.compound,
            "route": regimen.route,
            "phases": phases_out(regimen.phases),
            **({} if regimen.washout is None else {"washout": str(regimen.washout)}),
        }
        for regimen in plan.regimens
    ]


def from_document(document: object, catalogue: Catalogue | None = None) -> Plan:
    """Read a plan from the output of `to_document`, or from a sentence.

    Raises
    ------
    PlanError
        For a field that is not understood; the message names it.
    """
    catalogue = catalogue or shipped()
    if isinstance(document, str):
        return parse_plan(document, catalogue)
    if not isinstance(document, list) or not document:
        raise PlanError(
            "a plan is a sentence or a list: regimens with compound, route and phases, or habits with lifestyle"
        )
    regimens, lifestyle = [], []
    notes: list[Note] = []
    for entry in document:
        if isinstance(entry, Mapping) and entry.keys() & HABIT_ENTRIES:
            lifestyle.append(habit_of_entry(entry))
            continue
        check_fields("regimen", entry, (*_REGIMEN_FIELDS, "washout"), _REGIMEN_FIELDS)
        name = str(entry["compound"])
        compound = catalogue.names.get(name.casefold())
        if compound is None:
            raise PlanError(str(UnknownNameError("compound", name, catalogue.names)))
        note = salt_note(name, catalogue.compounds[compound])
        notes += [note] if note else []
        route = route_word(str(entry["route"]))
        if route is None:
            routes = catalogue.routes_of(compound)
            raise PlanError(str(UnknownNameError("route", str(entry["route"]), routes)))
        catalogue.route(compound, route)
        washout = amount_of("washout", entry["washout"]) if "washout" in entry else None
        regimens.append(Regimen(compound, route, phases_of(compound, entry["phases"]), washout))
    return Plan(tuple(regimens), tuple(dict.fromkeys(notes)), tuple(lifestyle))


def from_text(text: str, catalogue: Catalogue | None = None) -> Plan:
    """Read a plan from a sentence or from YAML; raises `PlanError`."""
    if isinstance(text, str) and _YAML.match(text):
        return from_yaml(text, catalogue)
    return parse_plan(text, catalogue)


def to_yaml(plan: Plan) -> str:
    """Return the plan as YAML text."""
    import yaml

    return yaml.safe_dump(to_document(plan), allow_unicode=True, sort_keys=False)


def from_yaml(text: str, catalogue: Catalogue | None = None) -> Plan:
    """Read a plan from the output of `to_yaml`; raises `PlanError`."""
    return from_document(parse_yaml(text, "the plan", PlanError), catalogue)
