"""Published facts next to the results of the model, as a table and for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nadflux.faces.documents.columns import Column, columns_of, document
from nadflux.faces.documents.terminal import console, print_notes, print_table, print_text
from nadflux.faces.labels import NOT_ADVICE
from nadflux.studies.experiments.facts import MISSED, OUT_OF_SCOPE, SHOWN, Fact, FactPart, verdict_counts

_COLOURS = {SHOWN: "green", MISSED: "red", OUT_OF_SCOPE: "dim"}
_NO_UNIT = ("1", "sign", "rank")
_NO_BOUND = 1000.0  # a tolerance from or to here is open at that end
NOTES = (
    "calibration: the fact was in view when numbers of the tables were chosen within their ranges; check: it was not.",
    "A fact carries a verdict and no tier: what is simulated comes from the tables' typical values, of which some "
    f"are assumed (`nadflux describe`). {NOT_ADVICE.capitalize()}.",
)
NOTES_ON_AGEING = (
    NOTES[0],
    "Figures are medians over people drawn from the tables, or of the group of those still alive. "
    f"{NOT_ADVICE.capitalize()}.",
)

PARTS = columns_of(FactPart)
"""Of each part of a fact, for JSON."""
FACTS: tuple[Column[Fact], ...] = (
    *columns_of(Fact, ("id", "fact", "source", "use", "verdict")),
    Column(key="published", of=lambda fact: "; ".join(f"{part.name}: {part.published}" for part in fact.parts)),
    Column(
        key="simulated",
        of=lambda fact: "; ".join(f"{part.name}: {_figure(part.simulated)}" for part in fact.parts),
    ),
    Column(key="parts", of=lambda fact: document(fact.parts, PARTS)),
)
"""Of each fact, for JSON."""


@dataclass(frozen=True)
class _Line:
    """A line of the table: a fact, or a part of one."""

    fact: Fact
    part: FactPart | None = None

    @property
    def verdict(self) -> str:
        return self.fact.verdict if self.part is None else self.part.verdict


def table_columns(draws: int) -> tuple[Column[_Line], ...]:
    """Return the columns of the table; with draws, also the share of them that show each part."""
    shares: tuple[Column[_Line], ...] = (
        Column(head=f"of {draws} draws", of=lambda line: line.part, write=_share, right=True),
    )
    return (
        Column(head="id", of=lambda line: line.fact.id if line.part is None else "", whole=True),
        Column(
            head="fact", widest=56, of=lambda line: line, style=lambda line: "bold" if line.part is None else "",
            write=lambda line: f"{line.fact.fact} ({line.fact.use})" if line.part is None else f"· {line.part.name}",
        ),
        Column(head="published", of=lambda line: line.part, write=lambda part: "" if part is None else part.published),
        Column(head="simulated", of=lambda line: line.part, write=_simulated),
        Column(
            head="tolerance", of=lambda line: line.part,
            write=lambda part: "" if part is None else tolerance(part.within),
        ),
        Column(head="verdict", of=lambda line: line.verdict, style=lambda verdict: _COLOURS[verdict], whole=True),
        *(shares if draws else ()),
    )  # fmt: skip


def facts_document(found: Sequence[Fact]) -> dict[str, Any]:
    """Return facts with their parts for JSON, and how many of each use were shown, missed and not in scope."""
    return {"facts": document(found, FACTS), "totals": totals(found)}


def totals(found: Sequence[Fact]) -> dict[str, dict[str, dict[str, int]]]:
    """Return the counts of verdicts on facts and on their parts, by use; in view and not in view stay apart."""
    counts = {}
    for use in dict.fromkeys(fact.use for fact in found):
        of_use = [fact for fact in found if fact.use == use]
        counts[use] = {
            "facts": verdict_counts(fact.verdict for fact in of_use),
            "parts": verdict_counts(part.verdict for fact in of_use for part in fact.parts),
        }
    return counts


def print_facts(found: Sequence[Fact], draws: int, notes: Sequence[str] = NOTES) -> None:
    """Print every fact with its parts, why parts were missed, and how many were shown; then notes on the figures."""
    out = console()
    lines = [line for fact in found for line in (_Line(fact), *(_Line(fact, part) for part in fact.parts))]
    print_table(out, lines, table_columns(draws), lead=2)
    for line in lines:
        if line.part is not None and line.part.note and line.part.simulated is not None:
            print_text(out, f"{line.fact.id}, {line.part.name}: missed, for {line.part.note}", indent="  ")
    for use, kinds in totals(found).items():
        for what, counts in kinds.items():
            print_text(out, f"{use}, {what}: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    print_notes(out, notes)


def tolerance(within: tuple[float, float] | None) -> str:
    """Return a tolerance in words: ``≤ 0.8``, ``0.2 to 0.8``; nothing if there is none."""
    if within is None:
        return ""
    low, high = within
    if high >= _NO_BOUND:
        return f"≥ {low:g}"
    return f"≤ {high:g}" if low in (0.0, -_NO_BOUND) else f"{low:g} to {high:g}"


def _simulated(part: FactPart | None) -> str:
    if part is None:
        return ""
    unit = "" if part.unit in _NO_UNIT else f" {part.unit}"
    return part.note if part.simulated is None else f"{_figure(part.simulated)}{unit}"


def _share(part: FactPart | None) -> str:
    return "" if part is None or part.share is None else f"{part.share:.0%}"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return "not defined" if not math.isfinite(value) else f"{value:.3g}"
