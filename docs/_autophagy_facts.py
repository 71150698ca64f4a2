"""Published facts of cells beside what the model shows, for ``docs/autophagy.md``."""

from __future__ import annotations

from collections import Counter

from _text import folded, number, table

from nadflux.faces.documents.facts import tolerance
from nadflux.studies.experiments.facts import MISSED, OUT_OF_SCOPE, SHOWN, Fact, FactPart, check_facts

_QUICK = ("1",)


def facts_part(quick: bool) -> str:
    """Return the part of the page on facts: all of them with their verdict, misses in full."""
    found = check_facts(_QUICK if quick else ())
    facts = Counter(fact.verdict for fact in found)
    parts = Counter(part.verdict for fact in found for part in fact.parts)
    said = "; ".join(
        f"{what}: " + ", ".join(f"{counts[v]} {v}" for v in (SHOWN, MISSED, OUT_OF_SCOPE))
        for what, counts in (("facts", facts), ("their parts", parts))
    )
    overview = table(
        ("id", "fact", "parts shown", "verdict", "use", "source"),
        ((f.id, f.fact, _shown(f), _word(f.verdict), f.use, f.source) for f in found),
    )
    misses = [(f, p) for f in found for p in f.parts if p.verdict == MISSED]
    outside = [(f, p) for f in found for p in f.parts if p.verdict == OUT_OF_SCOPE]
    shown = [(f, p) for f in found for p in f.parts if p.verdict == SHOWN]
    return "\n\n".join(
        (
            "## Facts: shown and missed",
            f"`nadflux facts` runs each as an experiment on the cell; {said}. Tolerances were stated "
            "beforehand. A fact is "
            "shown where every part in scope is. *Calibration*: in view when numbers were chosen within their ranges; "
            "*check*: not in view.",
            overview,
            f"### Parts missed ({len(misses)})",
            _parts(misses) or "None.",
            folded(f"Parts shown ({len(shown)})", _parts(shown)),
            folded(
                f"Parts not in scope ({len(outside)}), with the reason",
                table(("id", "part", "published", "reason"), ((f.id, p.name, p.published, p.note) for f, p in outside)),
            )
            if outside
            else "",
        )
    )


def _parts(parts: list[tuple[Fact, FactPart]]) -> str:
    header = ("id", "part", "published", "simulated", "tolerance")
    return table(header, ((f.id, p.name, p.published, _simulated(p), tolerance(p.within)) for f, p in parts))


def _simulated(part: FactPart) -> str:
    unit = "" if part.unit in ("1", "sign", "rank") else f" {part.unit}"
    return f"{number(part.simulated)}{unit}"


def _shown(fact: Fact) -> str:
    inside = [part for part in fact.parts if part.verdict != OUT_OF_SCOPE]
    return f"{sum(part.verdict == SHOWN for part in inside)} of {len(inside)}"


def _word(verdict: str) -> str:
    return f"**{verdict}**" if verdict == MISSED else verdict
