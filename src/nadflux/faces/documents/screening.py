"""Screenings as text and JSON: rules that fired with their reasons, and questions that are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nadflux.faces.documents.terminal import console, print_notes, print_text
from nadflux.people import Person
from nadflux.people.health import FactValue, shipped_facts
from nadflux.people.health.fact_table import MEDICINE
from nadflux.plans import Plan
from nadflux.plans.screening import Fired, Screening, shipped_rules
from nadflux.plans.screening.plan_facts import PLAN_FACTS

_ASKED = 12
ADVICE = "this is no medical advice; a clinician decides"


def print_screening(who: Person, plan: Plan, adds: Sequence[str], found: Screening) -> None:
    """Print the verdict, each rule that fired, and what is asked."""
    out = console()
    print_text(out, f"{who}; {_planned(plan, adds)}", indent="  ")
    print_text(out, f"\n{found.verdict}")
    for one in found.fired:
        _print_fired(out, one)
    if found.questions:
        print_text(out, f"\nnot known, and decisive for this plan ({len(found.questions)}):")
        for question in found.questions[:_ASKED]:
            rules = ", ".join(question.rules)
            print_text(out, f"  {question.asks} ({question.severity}: {rules})", indent="    ")
        if len(found.questions) > _ASKED:
            print_text(out, f"  and {len(found.questions) - _ASKED} more; --json lists all")
    notes = ["close supervision: stated, not verified"] if found.supervised else []
    if found.stopped:
        notes.append("this plan is stopped: nadflux simulates it with --research alone, and marks every output")
    print_notes(out, (*notes, ADVICE))


def screening_document(who: Person, plan: Plan, adds: Sequence[str], found: Screening) -> dict[str, Any]:
    """Return a screening as JSON values."""
    return {
        "who": str(who),
        "plan": str(plan),
        "adds": list(adds),
        "verdict": found.verdict,
        "severity": found.severity or None,
        "stopped": bool(found.stopped),
        "supervised": found.supervised,
        "known": found.known,
        "asked": found.asked,
        "fired": [_fired_document(one) for one in found.fired],
        "questions": [
            {"fact": q.fact, "asks": q.asks, "severity": q.severity, "rules": list(q.rules)} for q in found.questions
        ],
        "advice": ADVICE,
    }


def print_rules() -> None:
    """Print every rule with its condition, the plans it speaks of, severity, reason and source."""
    out = console()
    for rule in shipped_rules():
        print_text(out, f"{rule.rule} {rule.severity}: {rule.condition} – {rule.plan}", indent="    ")
        print_text(out, f"    when {rule.when.text}; the plan: {rule.applies.text}", indent="      ")
        print_text(out, f"    {rule.reason} ({rule.known_by}: {rule.source})", indent="      ")


def print_facts() -> None:
    """Print the facts of health that can be written, with the words that are read."""
    out = console()
    for fact in shipped_facts():
        if not fact.name.startswith(MEDICINE) and fact.words:
            unit = f", {' or '.join(u for u in (fact.unit, *fact.also) if u)}" if fact.number else ""
            print_text(out, f"{fact.said}{unit}: {', '.join(word.rstrip('*') for word in fact.words)}", indent="    ")
    for medicine in shipped_facts().medicines:
        print_text(out, f"on {medicine.words[0]}: {', '.join(medicine.words)}", indent="    ")


def _print_fired(out: Any, one: Fired) -> None:
    rule = one.rule
    stops = ", stops the plan" if one.stops else ""
    print_text(out, f"\n{rule.rule} {rule.severity}{stops}: {rule.condition} – {rule.plan}", indent="    ")
    print_text(out, f"    because {_because(one.because)}", indent="      ")
    print_text(out, f"    {rule.reason} ({rule.known_by}: {rule.source})", indent="      ")
    if rule.documents:
        print_text(out, f"    the rule is stricter than the documents: {rule.documents}", indent="      ")


def _because(facts: Mapping[str, FactValue]) -> str:
    """Return the facts by which a rule fired, in words."""
    said = []
    for name, value in facts.items():
        about = PLAN_FACTS.get(name)
        if about is not None:
            what, _, unit = about.rpartition(", ")
            said.append(f"{what or unit}: {value:.6g}{f' {unit}' if what else ''}")
            continue
        fact = shipped_facts().by_name.get(name)
        words = fact.said if fact is not None and fact.said else name.replace("_", " ")
        if fact is not None and fact.number:
            said.append(words.replace("#", f"{value:.6g}") if "#" in words else f"{words} {value:.6g} {fact.unit}")
        else:
            said.append(words if value else f"no {words}")
    return "; ".join(said) or "it holds for everybody"


def _fired_document(one: Fired) -> dict[str, Any]:
    rule = one.rule
    return {
        "rule": rule.rule, "severity": rule.severity, "stops": one.stops, "condition": rule.condition,
        "plan": rule.plan, "because": dict(one.because), "reason": rule.reason, "documents": rule.documents or None,
        "source": rule.source, "known_by": rule.known_by, "url": rule.url or None,
    }  # fmt: skip


def _planned(plan: Plan, adds: Sequence[str]) -> str:
    parts = [*([str(plan)] if not plan.empty else []), *adds]
    return " + ".join(parts)
