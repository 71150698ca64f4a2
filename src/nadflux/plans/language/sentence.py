"""The regimen language: a sentence read into a `Plan`, and a plan written as a sentence.

NR chloride 500 mg oral twice daily for 8 weeks
NAD+ 500 mg IV over 4 h, 3 sessions/week for 4 weeks then 500 mg every 4 weeks for 3 months
NMN 250 mg oral daily fasted for 12 weeks
NAM 4 % topical twice daily on 300 cm² for 4 weeks
diet 6.1 mg NE daily for 35 days
diet of 150 g chicken breast, 300 g milk, 200 g brown rice daily for 2 weeks
16:8 eating window for 2 weeks + endurance 45 min at 70% VO2max 3/week at 18:00 for 2 weeks
NR chloride 300 mg oral daily for 8 weeks + NA 50 mg oral daily at 20:00 for 2 weeks from day 7
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from nadflux.errors import PlanError, nearest
from nadflux.notes import Note, NoteCode
from nadflux.plans.catalogue import (
    Catalogue,
    input_of,
    no_route,
    route_word,
    route_words,
    salt_note,
    shipped,
)
from nadflux.plans.foods import names_of, niacin_equivalents, shipped_foods
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.registry import HABIT_WORDS, read_habit
from nadflux.plans.language.clauses import CLAUSE_WORDS
from nadflux.plans.language.phases import format_clauses, read_dose, read_phases
from nadflux.plans.language.reader import Reader
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.phase import check_dose
from nadflux.plans.plan import FOOD, Plan, Regimen
from nadflux.plans.timing import Amount

_JOIN = re.compile(r"\s\+(?=\s|$)|;")
_OF = re.compile(r"of", re.IGNORECASE)
_CLAUSE_START = re.compile(rf"(?:{'|'.join(word.split()[0] for word in CLAUSE_WORDS)}|fed)\b|\d", re.IGNORECASE)
_NOT_MODELLED = re.compile(r"smok|stress|sauna|cold|walk|exercise", re.IGNORECASE)
DIET = "diet"


def parse_plan(sentence: str, catalogue: Catalogue | None = None) -> Plan:
    """Read a plan.

    Parameters
    ----------
    sentence : str
        Regimens and habits joined by ``+`` between spaces or by ``;``.
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
    """
    catalogue = catalogue or shipped()
    if not sentence.strip():
        raise PlanError("the plan is empty; write e.g. 'NR chloride 500 mg oral twice daily for 8 weeks'")
    regimens: list[Regimen] = []
    lifestyle: list[Habit] = []
    notes: list[Note] = []
    for start, end in _segments(sentence):
        reader = Reader(sentence, start, end)
        habit = read_habit(reader)
        if habit is not None:
            lifestyle.append(habit)
        else:
            regimens.append(_regimen(reader, catalogue, notes))
    return Plan(tuple(regimens), tuple(dict.fromkeys(notes)), tuple(lifestyle))


def format_plan(plan: Plan) -> str:
    """Return the sentence of a plan, which reads back to the same plan."""
    return " + ".join((*(habit.sentence() for habit in plan.lifestyle), *map(_format_regimen, plan.regimens)))


def _segments(sentence: str) -> Iterator[tuple[int, int]]:
    position = 0
    # From join to join; ``position`` is the start of the next segment.
    for join in [*_JOIN.finditer(sentence), None]:
        end = join.start() if join else len(sentence)
        if not sentence[position:end].strip():
            raise Reader(sentence).error("a regimen is missing here", position, max(position, end))
        yield position, end
        position = join.end() if join else end


def _regimen(reader: Reader, catalogue: Catalogue, notes: list[Note]) -> Regimen:
    begin = reader.position
    compound, written = _compound(reader, catalogue)
    note = salt_note(written, catalogue.compounds[compound])
    if note:
        notes.append(note)
    route = FOOD if compound == DIET and reader.take(_OF) else ""
    dose = _portions(reader, notes) if route else read_dose(reader)
    route = route or _route(reader, catalogue, compound)

    def same_route() -> None:
        if route_word(reader.word()) and _route(reader, catalogue, compound) != route:
            raise reader.error("a change of route needs a regimen of its own, joined by ' + '", begin, reader.end)

    phases = read_phases(reader, dose, same_route)
    with reader.pointing(begin, reader.end):
        return Regimen(compound, route, phases)


def _compound(reader: Reader, catalogue: Catalogue) -> tuple[str, str]:
    rest = reader.text[reader.position : reader.end]
    for name in sorted(catalogue.names, key=len, reverse=True):
        if rest.casefold().startswith(name) and not re.match(r"[\w+-]", rest[len(name) : len(name) + 1]):
            written = rest[: len(name)]
            reader.position += len(name)
            reader.skip()
            return catalogue.names[name], written
    if _NOT_MODELLED.match(rest):
        there = f"of lifestyle there is: {', '.join(HABIT_WORDS)}, and nutrients such as glucose or ethanol"
        raise reader.error(f"this is not modelled; {there}", reader.position, reader.end)
    drug = input_of(rest)
    if drug:
        raise reader.error(
            f"{drug.partition('.')[2]} has no dose here: it is an input, the concentration that cells meet; "
            f"give e.g. --set {drug}='0.1 µM'",
            reader.position,
            reader.position + len(reader.word()),
        )
    number = re.match(r"[\d:]+\s+(?=[^\W\d])", rest)
    if number:
        reader.position, rest = reader.position + number.end(), rest[number.end() :]
    before_dose = re.match(r"[^\d;]*[^\d\s;]", rest)
    known = [*catalogue.compounds, *(alias for c in catalogue.compounds.values() for alias in c.aliases)]
    known += [*HABIT_WORDS, *shipped_lifestyle().nutrient_names]
    raise reader.unknown(
        "compound or habit", known, len(before_dose.group()) if before_dose else None, "`nadflux plans` lists all"
    )


def _portions(reader: Reader, notes: list[Note]) -> Amount:
    """Read portions such as ``150 g chicken breast, 300 g milk`` as mg of niacin equivalents."""
    known = names_of(shipped_foods())
    portions: dict[str, float] = {}
    begin = reader.position
    # Portion by portion, as long as a number comes next.
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
    text = (
        f"the diet named holds {meal.total:.3g} mg niacin equivalents a day, {meal.tryptophan:.3g} of them as "
        "tryptophan; its split into forms is taken to be that of the usual diet"
    )
    notes.append(Note(NoteCode.FOODS_COUNTED, text, DIET))
    return dose


def _route(reader: Reader, catalogue: Catalogue, compound: str) -> str:
    start, word = reader.position, reader.word()
    if reader.text[start : reader.end].casefold().startswith("by mouth"):
        word = "by mouth"
    route = route_word(word)
    if route is None:
        if _CLAUSE_START.match(word) or not word:
            there = ", ".join(dict.fromkeys(catalogue.routes_of(compound)))
            raise reader.error(f"by which route? of {compound} there is: {there}", start, start + max(1, len(word)))
        routes = catalogue.routes_of(compound)
        close = nearest(word, [said for said in route_words() if route_word(said) in routes])
        near = f"; did you mean {' or '.join(map(repr, close))}?" if close else ";"
        message = f"unknown route {word!r}{near} of {compound} there is: {', '.join(routes)}"
        raise reader.error(message, start, start + len(word))
    if (compound, route) not in catalogue.routes:
        raise reader.error(no_route(catalogue, compound, route), start, start + len(word))
    reader.position += len(word)
    reader.skip()
    return route


def _format_regimen(regimen: Regimen) -> str:
    first = regimen.phases[0]
    words = [regimen.compound, str(first.dose), "NE" if regimen.route == FOOD else regimen.route, format_clauses(first)]
    for before, phase in itertools.pairwise(regimen.phases):
        words += ["then", str(phase.dose), format_clauses(phase, before)]
    return " ".join(word for word in words if word)
