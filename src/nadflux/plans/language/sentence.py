"""The regimen language: a sentence read into a `Plan`, and a plan written as a sentence.

NR chloride 500 mg oral twice daily for 8 weeks
NAD+ 500 mg IV over 4 h, 3 sessions/week for 4 weeks then 500 mg every 4 weeks for 3 months
NMN 250 mg oral daily fasted for 12 weeks
NAM 4 % topical twice daily on 300 cm² for 4 weeks
diet 6.1 mg NE daily for 35 days
diet of 150 g chicken breast, 300 g milk, 200 g brown rice daily for 2 weeks
16:8 eating window for 2 weeks + endurance 45 min at 70% VO2max 3/week at 18:00 for 2 weeks
NR chloride 300 mg oral daily for 8 weeks + NA 50 mg oral daily at 20:00 for 2 weeks from day 7

People write otherwise: ``500 mg NR bid for one week``. The table of words (`nadflux.words`) brings that into this
canonical wording first.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nadflux.errors import AmbiguousError, PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.catalogue import Catalogue, route_word, shipped
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.nutrient import Nutrient
from nadflux.plans.habits.registry import read_habit
from nadflux.plans.language.clauses import CLAUSE_WORDS, read_clause
from nadflux.plans.language.parts import AFTER, COMMA, SOFTLY, Part, parts_of
from nadflux.plans.language.phases import Clauses, format_clauses, number_next
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.language.regimen import read_regimen
from nadflux.plans.language.wording import asked_back
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.occurrences import TINY, phase_end
from nadflux.plans.plan import FOOD, Plan, Regimen
from nadflux.plans.timing import Amount, span_words
from nadflux.units import DAY_H
from nadflux.words.table import NOTHING

_NOTHING = word_pattern(NOTHING)


@dataclass(frozen=True)
class Nothing:
    """A part of a plan that has no effect, such as coffee or placebo, with how often and how long in words."""

    clauses: str
    duration: Amount | None


_Read = Sequence[tuple[Part, Regimen | Habit | Nothing]]
"""Parts of a plan that have been read, each with what it says."""
_ONCE = re.compile(r"\b(?:once|single)\b", re.IGNORECASE)


def parse_plan(sentence: str, catalogue: Catalogue | None = None) -> Plan:
    """Read a plan.

    Parameters
    ----------
    sentence : str
        Regimens and habits joined by ``+`` between spaces, by ``;`` or by *and*; ``nothing`` is a plan without any.
    catalogue : Catalogue, optional
        Compounds and routes; the shipped ones by default.

    Returns
    -------
    Plan
        With notes on what was assumed, e.g. the salt.

    Raises
    ------
    PlanError
        For a word that is not understood; the message points at it and names the nearest ones.
    AmbiguousError
        For words that may mean two things; the message has both readings.
    NotModelledError
        For words that name what is not modelled.
    """
    catalogue = catalogue or shipped()
    if not sentence.strip():
        raise PlanError("the plan is empty; write e.g. 'NR chloride 500 mg oral twice daily for 8 weeks'")
    notes: list[Note] = []
    read: list[tuple[Part, Regimen | Habit | Nothing]] = []

    def again(text: str) -> Plan:
        return parse_plan(text, catalogue)

    for part in parts_of(sentence, catalogue, again):
        notes += part.notes
        one = _read(part, catalogue, notes)
        read.append((part, _after(read, part, one) if _comes_after(read, part) else one))
    _ask_how_often(read, again)
    _ask_when(read)
    regimens = tuple(one for _, one in read if isinstance(one, Regimen))
    if any(isinstance(one, Nothing) and one.duration for _, one in read) and len(read) == 1:
        notes.append(Note(NoteCode.READ_AS, "a plan of nothing has no length of its own: give it by --days"))
    return Plan(regimens, tuple(dict.fromkeys(notes)), tuple(one for _, one in read if isinstance(one, Habit)))


def format_plan(plan: Plan) -> str:
    """Return the sentence of a plan, which reads back to the same plan."""
    parts = (*(habit.sentence() for habit in plan.lifestyle), *map(_format_regimen, plan.regimens))
    return " + ".join(parts) or NOTHING


def _read(part: Part, catalogue: Catalogue, notes: list[Note]) -> Regimen | Habit | Nothing:
    """Read a part of a plan."""
    reader = Reader(part.said)
    if reader.take(_NOTHING):
        return _nothing(reader)
    habit = read_habit(reader)
    return habit if habit is not None else read_regimen(reader, catalogue, notes)


def _nothing(reader: Reader) -> Nothing:
    """Read the amount and the clauses of what has no effect; raises `PlanError` for any other word."""
    found: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    # Word by word, to the end.
    while not reader.done:
        if not number_next(reader) or Clauses(reader).next():
            if not read_clause(reader, found, spans):
                raise reader.unknown("word", CLAUSE_WORDS)
        else:
            reader.amount("amount")
    clauses = " ".join(reader.text[start:end] for start, end in sorted(spans.values()))
    return Nothing(clauses, found.get("duration"))


def _comes_after(read: _Read, part: Part) -> bool:
    """Tell whether a part begins at the end of the one before it: after 'then', or after a time without doses."""
    before = read[-1][1] if read else None
    waits = isinstance(before, Regimen) and before.washout is not None and part.join == COMMA
    return part.join == AFTER or waits


def _after(read: _Read, part: Part, one: Regimen | Habit | Nothing) -> Regimen | Habit | Nothing:
    """Return a regimen or habit that starts at the end of the one before it; raises `PlanError` where that is open."""
    before = read[-1][1]
    reader = Reader(part.said)
    if isinstance(one, Nothing):
        return one
    end_h = _end_h(before)
    if math.isinf(end_h):
        raise reader.error("for how long before that? give what comes before 'then' a length", 0, reader.end)
    start = _length(before) or Amount(end_h / DAY_H, "days")
    if isinstance(one, Regimen):
        first, *others = one.phases
        if first.start is not None:
            return one
        return dataclasses.replace(one, phases=(dataclasses.replace(first, start=start), *others))
    if getattr(one, "start", start) is not None or not dataclasses.is_dataclass(one):
        raise reader.error("say when it starts, e.g. 'from day 14', and join it by ' + '", 0, reader.end)
    return dataclasses.replace(one, start=start)


def _length(one: Regimen | Habit | Nothing) -> Amount | None:
    """Return the length of a regimen of one phase from the start, or of a habit; None where it must be computed."""
    timed = one.phases[0] if isinstance(one, Regimen) and len(one.phases) == 1 and one.washout is None else one
    start: Amount | None = getattr(timed, "start", None)
    length: Amount | None = getattr(timed, "duration", None)
    return length if start is None else None


def _end_h(one: Regimen | Habit | Nothing) -> float:
    if isinstance(one, Nothing):
        return math.inf if one.duration is None else one.duration.to("h")
    if isinstance(one, Regimen):
        washout = 0.0 if one.washout is None else one.washout.to("h")
        return phase_end(one.phases, DAY_H) + washout
    return DAY_H * math.ceil(one.holds(math.inf, shipped_lifestyle())[1] / DAY_H - TINY)


def _ask_how_often(read: _Read, again: Callable[[str], Plan]) -> None:
    """Ask back where one of two parts joined in words, or without routes, has no frequency and the other has one."""
    for (first, one), (second, other) in itertools.pairwise(read):
        if second.join not in (SOFTLY, COMMA) and not _route_assumed(first, one):
            continue
        for (part, alone), (rest, full) in (((first, one), (second, other)), ((second, other), (first, one))):
            clauses = _clauses_of(rest, full)
            if isinstance(alone, Regimen | Nutrient) and _unsaid(part, alone) and clauses:
                readings = [str(again(f"{part.said.text} {words}")) for words in (clauses, "once")]
                said = asked_back(part.said.text, "how often is open beside the other", readings)
                raise Reader(part.said).error(said, 0, len(part.said.text), AmbiguousError)


def _ask_when(read: _Read) -> None:
    """Ask back where only a comma joins two courses of doses: they may be side by side or one after the other."""
    for (first, one), (second, other) in itertools.pairwise(read):
        if second.join != COMMA or not (isinstance(one, Regimen) and isinstance(other, Regimen)):
            continue
        if one.phases[-1].duration is None or other.phases[0].duration is None or other.phases[0].start is not None:
            continue
        later = _after([(first, one)], second, other)
        readings = [format_plan(Plan((one, each))) for each in (other, later) if isinstance(each, Regimen)]
        said = asked_back(second.said.text, "a comma may join it as taken at the same time, or afterwards", readings)
        raise Reader(second.said).error(said, 0, len(second.said.text), AmbiguousError)


def _clauses_of(part: Part, one: Regimen | Habit | Nothing) -> str:
    """Return how often and how long a part is taken, in words; empty where it does not say how often."""
    if isinstance(one, Regimen | Nutrient):
        first = one.phases[0]
        return (
            ""
            if first.frequency.kind == "once"
            else " ".join((str(first.frequency), *span_words(first.duration, first.start)))
        )
    return one.clauses if isinstance(one, Nothing) else ""


def _unsaid(part: Part, one: Regimen | Nutrient) -> bool:
    """Tell whether a regimen or nutrient is a single dose without a word that says so."""
    return one.phases[0].frequency.kind == "once" and not _ONCE.search(part.said.text)


def _route_assumed(part: Part, one: Regimen | Habit | Nothing) -> bool:
    """Tell whether a regimen has no word for its route."""
    return isinstance(one, Regimen) and not any(route_word(word) for word in part.said.text.split())


def _format_regimen(regimen: Regimen) -> str:
    first = regimen.phases[0]
    words = [regimen.compound, str(first.dose), "NE" if regimen.route == FOOD else regimen.route, format_clauses(first)]
    for before, phase in itertools.pairwise(regimen.phases):
        words += ["then", str(phase.dose), format_clauses(phase, before)]
    words += [] if regimen.washout is None else [f"then nothing for {regimen.washout}"]
    return " ".join(word for word in words if word)
