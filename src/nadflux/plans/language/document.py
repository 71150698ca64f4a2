"""A plan as plain data and as YAML; the same thing as its sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from nadflux.errors import PlanError, UnknownNameError
from nadflux.notes import Note
from nadflux.plans._habits import HABIT_WORDS, head_of, read_habit
from nadflux.plans.catalogue import Catalogue, route_word, salt_note, shipped
from nadflux.plans.language.clauses import area_from, clock_from, food_from, frequency_from
from nadflux.plans.language.reader import Reader
from nadflux.plans.language.sentence import parse_plan
from nadflux.plans.lifestyle import Habit, Nutrient
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.plan import EITHER, Phase, Plan, Regimen
from nadflux.plans.timing import ONCE, Amount, Timed, clock_text

_PHASE_FIELDS = ("dose", "frequency", "at", "over", "for", "from", "on", "food")
_REGIMEN_FIELDS = ("compound", "route", "phases")
_NUTRIENT_FIELDS = ("nutrient", "phases")
_TIMES = {"for": "duration", "from": "start"}
_HABIT_FIELDS = ("lifestyle", "frequency", "at", "for", "from")


def to_document(plan: Plan) -> list[dict[str, Any]]:
    """Plain lists and mappings of strings, one entry for each habit and regimen."""
    return [_habit_out(habit) for habit in plan.lifestyle] + [
        {
            "compound": regimen.compound,
            "route": regimen.route,
            "phases": [_phase_out(p) for p in regimen.phases],
        }
        for regimen in plan.regimens
    ]


def from_document(document: object, catalogue: Catalogue | None = None) -> Plan:
    """Read what `to_document` wrote, or a sentence.

    Raises
    ------
    PlanError
        Names the field that is not understood.
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
        if isinstance(entry, Mapping) and entry.keys() & {"lifestyle", "nutrient"}:
            lifestyle.append(_habit_in(entry))
            continue
        _fields("regimen", entry, _REGIMEN_FIELDS)
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
        regimens.append(Regimen(compound, route, _phases_in(compound, entry["phases"])))
    return Plan(tuple(regimens), tuple(dict.fromkeys(notes)), tuple(lifestyle))


def to_yaml(plan: Plan) -> str:
    """The plan as YAML text."""
    import yaml

    return yaml.safe_dump(to_document(plan), allow_unicode=True, sort_keys=False)


def from_yaml(text: str, catalogue: Catalogue | None = None) -> Plan:
    """Read `to_yaml`; raises `PlanError`."""
    import yaml

    try:
        return from_document(yaml.safe_load(text), catalogue)
    except yaml.YAMLError as error:
        raise PlanError(f"the plan is not valid YAML: {' '.join(str(error).split())}") from error


def _habit_out(habit: Habit) -> dict[str, Any]:
    if isinstance(habit, Nutrient):
        return {"nutrient": habit.name, "phases": [_phase_out(phase) for phase in habit.phases]}
    fields = {"lifestyle": head_of(habit)}
    if isinstance(habit, Timed):
        fields["frequency"] = str(habit.frequency)
        if habit.clock:
            fields["at"] = clock_text(habit.clock)
    fields |= {name: str(v) for name, v in (("for", habit.duration), ("from", habit.start)) if v is not None}
    return fields


def _habit_in(entry: Mapping[str, Any]) -> Habit:
    if "nutrient" in entry:
        _fields("nutrient", entry, _NUTRIENT_FIELDS)
        name = shipped_lifestyle().nutrient_names.get(str(entry["nutrient"]).casefold())
        if name is None:
            raise PlanError(
                str(UnknownNameError("nutrient", str(entry["nutrient"]), shipped_lifestyle().nutrient_names))
            )
        return Nutrient(name, _phases_in(name, entry["phases"]))
    _fields("habit", entry, _HABIT_FIELDS, required=("lifestyle",))
    reader = Reader(str(entry["lifestyle"]))
    habit = read_habit(reader)
    if habit is None or isinstance(habit, Nutrient):
        raise reader.unknown("habit", HABIT_WORDS)
    given: dict[str, Any] = {name: _amount(key, entry[key]) for key, name in _TIMES.items() if key in entry}
    if not isinstance(habit, Timed) and entry.keys() & {"frequency", "at"}:
        raise PlanError(f"{entry['lifestyle']!r} holds every day; leave out 'frequency' and 'at'")
    if "frequency" in entry:
        given["frequency"] = frequency_from(str(entry["frequency"]))
    if "at" in entry:
        given["clock"] = clock_from(str(entry["at"]))
    return dataclasses.replace(habit, **given)


def _phases_in(name: str, phases: object) -> tuple[Phase, ...]:
    if not isinstance(phases, list):
        raise PlanError(f"phases of {name} must be a list")
    return tuple(_phase_in(phase) for phase in phases)


def _phase_out(phase: Phase) -> dict[str, str]:
    fields = {"dose": str(phase.dose), "frequency": str(phase.frequency)}
    if phase.clock:
        fields["at"] = clock_text(phase.clock)
    for name, value in (("over", phase.infusion), ("for", phase.duration), ("from", phase.start), ("on", phase.area)):
        if value is not None:
            fields[name] = str(value)
    if phase.food:
        fields["food"] = phase.food
    return fields


def _phase_in(fields: object) -> Phase:
    given = _fields("phase", fields, _PHASE_FIELDS, required=("dose",))
    return Phase(
        dose=_amount("dose", given["dose"]),
        frequency=frequency_from(str(given["frequency"])) if "frequency" in given else ONCE,
        clock=clock_from(str(given["at"])) if "at" in given else (),
        infusion=_amount("over", given["over"]) if "over" in given else None,
        duration=_amount("for", given["for"]) if "for" in given else None,
        start=_amount("from", given["from"]) if "from" in given else None,
        area=area_from(str(given["on"])) if "on" in given else None,
        food=food_from(str(given["food"])) if "food" in given else EITHER,
    )


def _amount(name: str, text: object) -> Amount:
    reader = Reader(str(text))
    value, _, _ = reader.amount(name)
    if not reader.done:
        raise PlanError(f"{name} {text!r} is not one number with a unit")
    return value


def _fields(
    what: str, given: object, known: tuple[str, ...], required: tuple[str, ...] | None = None
) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise PlanError(f"a {what} must be a mapping with {', '.join(known)}")
    for name in given:
        if name not in known:
            raise PlanError(str(UnknownNameError(f"field of a {what}", str(name), known)))
    for name in known if required is None else required:
        if name not in given:
            raise PlanError(f"a {what} lacks its {name}")
    return given
