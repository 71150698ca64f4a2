"""Phases of a regimen or nutrient: a dose and its clauses, joined by 'then'."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nadflux.errors import PlanError
from nadflux.plans.language.clauses import CLAUSE_WORDS, read_clause
from nadflux.plans.language.reader import Reader
from nadflux.plans.occurrences import phase_end
from nadflux.plans.phase import PERCENT, Phase, check_dose
from nadflux.plans.timing import Amount, Frequency, clock_words, span_words
from nadflux.units import DAY_H

_THEN = re.compile(r"(?:and )?then", re.IGNORECASE)
_NOTHING = re.compile(r"nothing(?:\s+for)?", re.IGNORECASE)
HOW_MANY = re.compile(r"\d+\s*(?:times|sessions?|doses?|x|×|/|days?\s+on\b)")
_NEXT_DOSE = re.compile(r"\d+(?:\.\d+)?\s*(?:mg|g|µg|µmol|mmol|%)", re.IGNORECASE)
_EXAMPLE = "say e.g. 'twice daily at 8:00 and 20:00 for 8 weeks'"
_OF = re.compile(r"of", re.IGNORECASE)
_NUMBER = re.compile(r"[-+.\d]|nan|inf", re.IGNORECASE)
_SHORTEST_COURSE_H = 2 * DAY_H


class Clauses:
    """The clauses of one phase, as far as they have been read.

    Parameters
    ----------
    reader : Reader
    also : callable, optional
        Reads another word that is allowed among them, such as a route; returns whether there was one.
    """

    def __init__(self, reader: Reader, also: Callable[[], object] | None = None) -> None:
        self.reader = reader
        self.begin = reader.position
        self.found: dict[str, Any] = {}
        self.spans: dict[str, tuple[int, int]] = {}
        self._also = also

    def read(self) -> bool:
        """Read one clause, or another allowed word; return False if none comes next."""
        return read_clause(self.reader, self.found, self.spans) or bool(self._also is not None and self._also())

    def next(self) -> bool:
        """Tell whether a clause comes next, without moving."""
        start = self.reader.position
        try:
            return read_clause(self.reader, {}, {})
        except PlanError:
            return True
        finally:
            self.reader.position = start


def read_dose(reader: Reader) -> Amount:
    """Read a dose with its unit, checked."""
    dose, start, end = reader.amount("dose")
    with reader.pointing(start, end):
        check_dose(dose)
    reader.take(_OF)
    return dose


def number_next(reader: Reader) -> bool:
    """Return whether an amount comes next, and not a count such as ``3/week``."""
    return bool(_NUMBER.match(reader.word())) and not HOW_MANY.match(reader.text, reader.position, reader.end)


def read_phases(
    reader: Reader, dose: Amount, after_dose: Callable[[], object], first: Clauses | None = None
) -> tuple[tuple[Phase, ...], Amount | None]:
    """Read all phases of a regimen after its first dose, and the time without doses that ends it.

    Parameters
    ----------
    reader : Reader
    dose : Amount
        Of the first phase.
    after_dose : callable
        Reads words allowed among the clauses, such as a route.
    first : Clauses, optional
        Those of the first phase that have been read.

    Raises
    ------
    PlanError
        For a word that is not understood; the message points at it.
    """
    phases = [_phase(reader, dose, first or Clauses(reader, after_dose), [])]
    # Phase by phase: each inherits from the one before.
    while not reader.done:
        if not _goes_on(reader, phases):
            raise reader.unknown("word", CLAUSE_WORDS, remedy=_EXAMPLE)
        if reader.done:
            raise reader.error("what comes after 'then' is missing", reader.end, reader.end + 1)
        gap = _gap(reader)
        if gap is not None and reader.done:
            return tuple(phases), gap
        if gap is not None and not reader.take(_THEN):
            raise reader.unknown("word", ("then",))
        if number_next(reader):
            dose = read_dose(reader)
        after_dose()
        phases.append(_phase(reader, dose, Clauses(reader, after_dose), phases, gap))
    return tuple(phases), None


def format_clauses(phase: Phase, before: Phase | None = None) -> str:
    """Return the clauses of a phase in a sentence, given the phase ``before`` it."""
    words = [] if phase.infusion is None else [f"over {phase.infusion}"]
    words.append(str(phase.frequency))
    words += [phase.food or "with or without food"] if phase.food or (before is not None and before.food) else []
    if phase.area is not None:
        words.append(f"on {phase.area}")
    return " ".join((*words, *clock_words(phase.times_of_day), *span_words(phase.duration, phase.start)))


def _goes_on(reader: Reader, phases: list[Phase]) -> bool:
    """Read 'then'; return False where no phase follows. A dose after a phase with a length begins the next as well."""
    if reader.take(_THEN):
        return True
    return phases[-1].duration is not None and bool(_NEXT_DOSE.match(reader.text, reader.position, reader.end))


def _gap(reader: Reader) -> Amount | None:
    """Read ``nothing for 2 weeks``; return None if it does not come next."""
    start = reader.position
    if not reader.take(_NOTHING):
        return None
    if reader.done:
        raise reader.error("for how long nothing? say e.g. 'then nothing for 2 weeks'", start, reader.end)
    gap, begin, end = reader.amount("time without doses")
    with reader.pointing(begin, end):
        if not gap.to("h") > 0:
            raise PlanError(f"{gap} without doses cannot be planned; give a time above 0")
    return gap


def _phase(reader: Reader, dose: Amount, clauses: Clauses, earlier: list[Phase], gap: Amount | None = None) -> Phase:
    """Read clauses up to 'then'; infusion time, time of day and food default to those of the phase before."""
    # Clause by clause, up to 'then', the next dose or the end.
    while not reader.done and not _THEN.match(reader.text, reader.position):
        if "duration" in clauses.found and _NEXT_DOSE.match(reader.text, reader.position, reader.end):
            break
        if not clauses.read():
            raise reader.unknown("word", CLAUSE_WORDS, remedy=_EXAMPLE)
    found, spans = clauses.found, clauses.spans
    if earlier:
        _inherit(found, earlier[-1], dose)
    first = min((span[0] for span in spans.values()), default=clauses.begin)
    last = max((span[1] for span in spans.values()), default=reader.position)
    with reader.pointing(first, max(last, first + 1)):
        _settle_end(found, earlier)
        if gap is not None and "start" not in found:
            found["start"] = _after(earlier, gap)
    if "frequency" not in found and "duration" in found:
        found["frequency"] = _daily_at(found)
        if found["frequency"] is None:
            raise reader.error("how often? say e.g. 'daily' or 'twice daily'", *spans.get("duration", (first, last)))
    with reader.pointing(first, max(last, first + 1)):
        return Phase(dose, **found)


def _inherit(found: dict[str, Any], before: Phase, dose: Amount) -> None:
    """Fill in what a phase keeps from the one before it."""
    found.setdefault("infusion", before.infusion)
    found.setdefault("food", before.food)
    if dose.unit == PERCENT:
        found.setdefault("area", before.area)
    if "frequency" not in found:
        found["frequency"] = before.frequency
        found.setdefault("times_of_day", before.times_of_day)


def _daily_at(found: dict[str, Any]) -> Frequency | None:
    """Return the frequency of times of day for a length of days: once or several times daily."""
    hours, duration = found.get("times_of_day", ()), found["duration"]
    return Frequency("daily", len(hours)) if hours and duration.to("h") >= _SHORTEST_COURSE_H else None


def _settle_end(found: dict[str, Any], earlier: list[Phase]) -> None:
    """Replace a last day by a length; raises `PlanError`."""
    until = found.pop("until", None)
    if until is None:
        return
    if "duration" in found:
        raise PlanError("the end is given twice, by a length and by a day; give it once")
    begin_h = phase_end(earlier, DAY_H) if found.get("start") is None else found["start"].to("h")
    days = until.value - begin_h / DAY_H
    if not days > 0:
        raise PlanError(f"day {until.value:g} is not after the start on day {begin_h / DAY_H:g}")
    found["duration"] = Amount(days, "d")


def _after(earlier: list[Phase], gap: Amount) -> Amount:
    """Return the start of a phase after a time without doses, in the unit of the phases where they share one."""
    if any(phase.duration is None and phase.frequency.kind != "once" for phase in earlier):
        raise PlanError("every phase before a 'then' needs a length, e.g. 'for 4 weeks'")
    lengths = [phase.duration for phase in earlier]
    in_turn = all(phase.start is None for phase in earlier)
    if in_turn and all(length is not None and length.unit == gap.unit for length in lengths):
        return Amount(sum(length.value for length in lengths if length is not None) + gap.value, gap.unit)
    return Amount((phase_end(earlier, DAY_H) + gap.to("h")) / DAY_H, "days")
