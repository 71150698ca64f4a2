"""``docs/safety.md``: how plans are screened, every rule, and the facts of health."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from _text import folded, page, table

from nadflux.people.health import shipped_facts
from nadflux.people.health.fact_table import MEDICINE
from nadflux.plans import Plan
from nadflux.plans.language.person import read_person
from nadflux.plans.screening import screen, shipped_rules
from nadflux.plans.screening.plan_facts import PLAN_FACTS

EXAMPLES = (
    ("woman, 62 y, 70 kg", "NR 500 mg twice daily for 8 weeks"),
    ("woman, 30 y, pregnant", "NR 300 mg daily for 4 weeks"),
    ("man, 55 y, type 2 diabetes on insulin", "fast 36 h"),
    ("man, 60 y, creatinine 4 mg/dL", "NAM 500 mg daily for 4 weeks"),
    ("woman, 45 y, breast cancer in remission", "NMN 250 mg daily for 8 weeks"),
    ("man, 50 y", "NAD+ IV 750 mg over 6 h"),
    ("woman, 40 y, no history of cancer, not pregnant, no medicines", "16:8 for 4 weeks"),
)


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    return page(
        "# Screening",
        "Every plan passes one door before anything is simulated: the command, Python, scenarios from files and "
        "published arms alike. The rules are a table over facts of a person and of the plan. The most severe wins"
        ". A contraindication stops the plan; `--research` simulates it all the same and marks every output. Some "
        "plans need close supervision to be stated (`--supervised`), which nobody verifies. No outcome is a clearance: "
        "where no rule fires, the answer says how many of the facts that decide for this plan are known, and "
        "`nadflux screen` asks for the others. This is no medical advice.",
        table(("person", "plan", "outcome", "rules"), (_example(*pair) for pair in EXAMPLES)),
        "Conditions, medicines and laboratory values of a person change no number of a simulation, which "
        "a run says. Denied and past illness is read as such: *no history of cancer*, *breast cancer in remission*. A "
        "word that no table has is refused, with the remark that nothing was screened.",
        "## Rules",
        "`when` asks for facts of the person, `plan` for facts of the plan; an unknown fact leaves a rule undecided "
        "and becomes a question.",
        table(("rule", "severity", "of whom", "plan", "why", "documents", "known by"), _rules()),
        "## Facts of a plan",
        table(("fact", "meaning"), ((f"`{name}`", meaning) for name, meaning in PLAN_FACTS.items())),
        "## Facts of a person",
        folded("conditions and laboratory values", table(("written as", "words", "units", "question"), _facts())),
        folded("medicines, supplements and therapies", table(("class", "names"), _medicines())),
    )


def _example(person: str, plan: str) -> tuple[str, ...]:
    found = screen(read_person(person), Plan.parse(plan))
    rules = ", ".join(dict.fromkeys(one.rule.rule + (" (stops)" if one.stops else "") for one in found.fired))
    return (f"`{person}`", f"`{plan}`", found.verdict, rules or "–")


def _rules() -> Iterator[tuple[str, ...]]:
    for rule in shipped_rules():
        yield (
            rule.rule, rule.severity, f"{rule.condition} (`{rule.when.text}`)", f"{rule.plan} (`{rule.applies.text}`)",
            rule.reason, rule.documents, rule.known_by,
        )  # fmt: skip


def _facts() -> Iterator[tuple[str, ...]]:
    for fact in shipped_facts():
        if not fact.name.startswith(MEDICINE) and fact.words:
            units = ", ".join(unit for unit in (fact.unit, *fact.also) if unit)
            yield fact.said, ", ".join(fact.words), units, fact.asks


def _medicines() -> Iterator[tuple[str, ...]]:
    for medicine in shipped_facts().medicines:
        yield medicine.words[0], ", ".join(medicine.words)
