"""The regimen language: a sentence read into a `Plan`, and a plan written as a sentence.

NR chloride 500 mg oral twice daily for 8 weeks
NAD+ 500 mg IV over 4 h, 3 sessions/week for 4 weeks then 500 mg every 4 weeks for 3 months
NAM 4 % topical twice daily on 300 cm² for 4 weeks
diet 6.1 mg NE daily for 35 days
diet of 150 g chicken breast, 300 g milk, 200 g brown rice daily for 2 weeks
NR chloride 300 mg oral daily for 8 weeks + NA 50 mg oral daily at 20:00 for 2 weeks from day 7
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nadflux.errors import PlanError
from nadflux.plans._clauses import CLAUSE_WORDS, read_clause
from nadflux.plans._reader import Reader
from nadflux.plans.catalogue import (
    Catalogue,
    no_route,
    route_word,
    route_words,
    salt_note,
    shipped,
)
from nadflux.plans.foods import names_of, niacin_equivalents, shipped_foods
from nadflux.plans.plan import PERCENT, Amount, Phase, Plan, Regimen, check_dose, clock_text

_JOIN = re.compile(r"\s\+(?=\s|$)|;")
_THEN = re.compile(r"(?:and )?then", re.IGNORECASE)
_OF = re.compile(r"of", re.IGNORECASE)
_LIFESTYLE = re.compile(
    r"fast|sleep|endurance|resistance|exercise|walk|ethanol|alcohol|\d+:\d+|eating|smok|diet|protein",
    re.IGNORECASE,
)
_DAYS = ("days",)
DIET, FOOD = "diet", "food"


def parse_plan(sentence: str, catalogue: Catalogue | None = None) -> Plan:
    """Read a plan.

    Parameters
    ----------
    sentence : str
        Regimens joined by ``+`` between spaces or by ``;``.
    catalogue : Catalogue, optional
        Compounds and routes; the shipped ones by default.

    Returns
    -------
    Plan
        With notes on what was assumed, e.g. the salt.

    Raises
    ------
    PlanError
        Points at the word that is not understood and names the nearest ones.
    """
    catalogue = catalogue or shipped()
    if not sentence.strip():
        raise PlanError("the plan is empty; write e.g. 'NR chloride 500 mg oral twice daily for 8 weeks'")
    regimens: list[Regimen] = []
    notes: list[str] = []
    for start, end in _segments(sentence):
        regimens.append(_regimen(Reader(sentence, start, end), catalogue, notes))
    return Plan(tuple(regimens), tuple(dict.fromkeys(notes)))


def format_plan(plan: Plan) -> str:
    """The sentence of a plan; reads back to the same plan."""
    return " + ".join(_format_regimen(regimen) for regimen in plan.regimens)


def _segments(sentence: str) -> Iterator[tuple[int, int]]:
    position = 0
    for join in [*_JOIN.finditer(sentence), None]:
        end = join.start() if join else len(sentence)
        if not sentence[position:end].strip():
            raise Reader(sentence).error("a regimen is missing here", position, max(position, end))
        yield position, end
        position = join.end() if join else end


def _regimen(reader: Reader, catalogue: Catalogue, notes: list[str]) -> Regimen:
    begin = reader.position
    compound, written = _compound(reader, catalogue)
    note = salt_note(written, catalogue.compounds[compound])
    if note:
        notes.append(note)
    route = FOOD if compound == DIET and reader.take(_OF) else ""
    dose = _portions(reader, notes) if route else _dose(reader)
    route = route or _route(reader, catalogue, compound)
    phases = [_phase(reader, dose, None)]
    while not reader.done:
        if not reader.take(_THEN):
            raise reader.unknown("word", CLAUSE_WORDS)
        if reader.done:
            raise reader.error("what comes after 'then' is missing", reader.end, reader.end + 1)
        starts_with_number = re.match(r"[-+.\d]|nan|inf", reader.word(), re.IGNORECASE)
        is_frequency = re.match(r"\d+\s*(?:times|sessions?|doses?|x|×|/)", reader.text[reader.position : reader.end])
        if starts_with_number and not is_frequency:
            dose = _dose(reader)
        if route_word(reader.word()):
            other = _route(reader, catalogue, compound)
            if other != route:
                raise reader.error("a change of route needs a regimen of its own, joined by ' + '", begin, reader.end)
        phases.append(_phase(reader, dose, phases[-1]))
    with reader.pointing(begin, reader.end):
        return Regimen(compound, route, tuple(phases))


def _compound(reader: Reader, catalogue: Catalogue) -> tuple[str, str]:
    rest = reader.text[reader.position : reader.end]
    for name in sorted(catalogue.names, key=len, reverse=True):
        if rest.casefold().startswith(name) and not re.match(r"[\w+-]", rest[len(name) : len(name) + 1]):
            written = rest[: len(name)]
            reader.position += len(name)
            reader.skip()
            return catalogue.names[name], written
    if _LIFESTYLE.match(rest):
        raise reader.error("lifestyle is not modelled yet; a plan holds compounds", reader.position, reader.end)
    before_dose = re.match(r"[^\d;]*[^\d\s;]", rest)
    known = [*catalogue.compounds, *(alias for c in catalogue.compounds.values() for alias in c.aliases)]
    raise reader.unknown("compound", known, len(before_dose.group()) if before_dose else None)


def _dose(reader: Reader) -> Amount:
    dose, start, end = reader.amount("dose")
    with reader.pointing(start, end):
        check_dose(dose)
    reader.take(_OF)
    return dose


def _portions(reader: Reader, notes: list[str]) -> Amount:
    """Portions such as ``150 g chicken breast, 300 g milk`` as mg of niacin equivalents."""
    known = names_of(shipped_foods())
    portions: dict[str, float] = {}
    begin = reader.position
    while re.match(r"[-+.\d]", reader.word()):
        amount, start, end = reader.amount("portion")
        with reader.pointing(start, end):
            grams = amount.to("g")
        rest = reader.text[reader.position : reader.end].casefold()
        name = next((n for n in sorted(known, key=len, reverse=True) if re.match(rf"{re.escape(n)}(?!\w)", rest)), None)
        if name is None:
            raise reader.unknown("food", known)
        portions[name] = portions.get(name, 0.0) + grams
        reader.position += len(name)
        reader.skip()
    if not portions:
        raise reader.error(
            "portions are needed after 'of', e.g. '150 g chicken breast'", begin, begin + len(reader.word())
        )
    with reader.pointing(begin, reader.position):
        meal = niacin_equivalents(portions)
        dose = Amount(round(meal.total, 6), "mg")
        check_dose(dose)
    notes.append(
        f"the diet named holds {meal.total:.3g} mg niacin equivalents a day, {meal.tryptophan:.3g} of them as "
        "tryptophan; its split into forms is taken to be that of the usual diet"
    )
    return dose


def _route(reader: Reader, catalogue: Catalogue, compound: str) -> str:
    start, word = reader.position, reader.word()
    if reader.text[start : reader.end].casefold().startswith("by mouth"):
        word = "by mouth"
    route = route_word(word)
    if route is None:
        raise reader.unknown("route", dict.fromkeys((*catalogue.routes_of(compound), *route_words())))
    if (compound, route) not in catalogue.routes:
        raise reader.error(no_route(catalogue, compound, route), start, start + len(word))
    reader.position += len(word)
    reader.skip()
    return route


def _phase(reader: Reader, dose: Amount, before: Phase | None) -> Phase:
    """Clauses up to 'then'; infusion time and time of day are kept from the phase before where not said."""
    begin = reader.position
    found: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    while not reader.done and not _THEN.match(reader.text, reader.position):
        if not read_clause(reader, found, spans):
            raise reader.unknown("word", CLAUSE_WORDS)
    if before is not None:
        found.setdefault("infusion", before.infusion)
        if dose.unit == PERCENT:
            found.setdefault("area", before.area)
        if "frequency" not in found:
            found["frequency"] = before.frequency
            found.setdefault("clock", before.clock)
    first = min((span[0] for span in spans.values()), default=begin)
    last = max((span[1] for span in spans.values()), default=reader.position)
    if "frequency" not in found and "duration" in found:
        raise reader.error("how often? say e.g. 'daily' or 'twice daily'", *spans["duration"])
    with reader.pointing(first, max(last, first + 1)):
        return Phase(dose, **found)


def _format_regimen(regimen: Regimen) -> str:
    first = regimen.phases[0]
    words = [regimen.compound, str(first.dose), regimen.route, _format_clauses(first)]
    for phase in regimen.phases[1:]:
        words += ["then", str(phase.dose), _format_clauses(phase)]
    return " ".join(word for word in words if word)


def _format_clauses(phase: Phase) -> str:
    words = []
    if phase.infusion is not None:
        words.append(f"over {phase.infusion}")
    words.append(str(phase.frequency))
    if phase.area is not None:
        words.append(f"on {phase.area}")
    if phase.clock:
        words.append(f"at {clock_text(phase.clock)}")
    if phase.duration is not None:
        words.append(f"for {phase.duration}")
    if phase.start is not None:
        days = phase.start.unit in _DAYS
        words.append(f"from day {str(phase.start).split()[0]}" if days else f"from {phase.start}")
    return " ".join(words)
