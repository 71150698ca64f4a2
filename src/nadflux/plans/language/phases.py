"""Phases of a regimen or nutrient: a dose and its clauses, joined by 'then'."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nadflux.plans.language.clauses import CLAUSE_WORDS, read_clause
from nadflux.plans.language.reader import Reader
from nadflux.plans.phase import PERCENT, Phase, check_dose
from nadflux.plans.timing import Amount, clock_words, span_words

_THEN = re.compile(r"(?:and )?then", re.IGNORECASE)
HOW_MANY = re.compile(r"\d+\s*(?:times|sessions?|doses?|x|×|/)")
_EXAMPLE = "say e.g. 'twice daily at 8:00 and 20:00 for 8 weeks'"
_OF = re.compile(r"of", re.IGNORECASE)


def read_dose(reader: Reader) -> Amount:
    """Read a dose with its unit, checked."""
    dose, start, end = reader.amount("dose")
    with reader.pointing(start, end):
        check_dose(dose)
    reader.take(_OF)
    return dose


def read_phases(reader: Reader, dose: Amount, after_dose: Callable[[], object]) -> tuple[Phase, ...]:
    """Read all phases of a regimen after its first dose; ``after_dose`` reads words allowed after a later dose."""
    phases = [_phase(reader, dose, None)]
    # Phase by phase: each inherits from the one before.
    while not reader.done:
        if not reader.take(_THEN):
            raise reader.unknown("word", CLAUSE_WORDS, remedy=_EXAMPLE)
        if reader.done:
            raise reader.error("what comes after 'then' is missing", reader.end, reader.end + 1)
        starts_with_number = re.match(r"[-+.\d]|nan|inf", reader.word(), re.IGNORECASE)
        is_frequency = HOW_MANY.match(reader.text, reader.position, reader.end)
        if starts_with_number and not is_frequency:
            dose = read_dose(reader)
        after_dose()
        phases.append(_phase(reader, dose, phases[-1]))
    return tuple(phases)


def format_clauses(phase: Phase, before: Phase | None = None) -> str:
    """Return the clauses of a phase in a sentence, given the phase ``before`` it."""
    words = [] if phase.infusion is None else [f"over {phase.infusion}"]
    words.append(str(phase.frequency))
    words += [phase.food or "with or without food"] if phase.food or (before is not None and before.food) else []
    if phase.area is not None:
        words.append(f"on {phase.area}")
    return " ".join((*words, *clock_words(phase.times_of_day), *span_words(phase.duration, phase.start)))


def _phase(reader: Reader, dose: Amount, before: Phase | None) -> Phase:
    """Read clauses up to 'then'; infusion time, time of day and food default to those of the phase before."""
    begin = reader.position
    found: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    # Clause by clause, up to 'then' or the end.
    while not reader.done and not _THEN.match(reader.text, reader.position):
        if not read_clause(reader, found, spans):
            raise reader.unknown("word", CLAUSE_WORDS, remedy=_EXAMPLE)
    if before is not None:
        found.setdefault("infusion", before.infusion)
        found.setdefault("food", before.food)
        if dose.unit == PERCENT:
            found.setdefault("area", before.area)
        if "frequency" not in found:
            found["frequency"] = before.frequency
            found.setdefault("times_of_day", before.times_of_day)
    first = min((span[0] for span in spans.values()), default=begin)
    last = max((span[1] for span in spans.values()), default=reader.position)
    if "frequency" not in found and "duration" in found:
        raise reader.error("how often? say e.g. 'daily' or 'twice daily'", *spans["duration"])
    with reader.pointing(first, max(last, first + 1)):
        return Phase(dose, **found)
