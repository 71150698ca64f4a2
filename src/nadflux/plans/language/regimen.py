"""A regimen read off a part of a plan: its compound, dose, route and phases."""

from __future__ import annotations

import re

from nadflux.errors import AmbiguousError, NotModelledError, PlanError, nearest
from nadflux.notes import Note, NoteCode
from nadflux.plans.catalogue import Catalogue, input_of, no_route, route_word, route_words, salt_note
from nadflux.plans.foods import names_of, niacin_equivalents, shipped_foods
from nadflux.plans.habits.registry import HABIT_WORDS
from nadflux.plans.language.clauses import CLAUSE_WORDS
from nadflux.plans.language.phases import Clauses, format_clauses, number_next, read_dose, read_phases
from nadflux.plans.language.reader import Reader
from nadflux.plans.language.wording import asked_back
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.phase import PERCENT, Phase, check_dose
from nadflux.plans.plan import IV, ORAL, TOPICAL, Regimen
from nadflux.plans.timing import Amount

_OF = re.compile(r"of", re.IGNORECASE)
_AND = re.compile(r"and(?=\s+[.\d])", re.IGNORECASE)
_COLON = re.compile(r"\s*:")
_CLAUSE_START = re.compile(
    rf"(?:{'|'.join(re.escape(word.split()[0]) for word in CLAUSE_WORDS)}|fed|until|nothing|then)\b|\d", re.IGNORECASE
)
DIET = "diet"


def read_regimen(reader: Reader, catalogue: Catalogue, notes: list[Note]) -> Regimen:
    """Read a regimen from a part of a plan; notes on what was assumed are added to ``notes``.

    Raises
    ------
    PlanError
        For a word that is not understood; the message points at it.
    AmbiguousError
        Where the route is open.
    """
    begin = reader.position
    compound, written = _compound(reader, catalogue)
    _pass_same_name(reader, catalogue, compound)
    note = salt_note(written, catalogue.compounds[compound])
    if note:
        notes.append(note)
    routes = _Routes(reader, catalogue, compound, begin)
    clauses = Clauses(reader, also=routes.read)
    dose = _portions(reader, notes) if compound == DIET and reader.take(_OF) else _dose(reader, clauses, routes)
    if compound != DIET and not routes.read():
        routes.refuse_unknown(clauses)
    phases, washout = read_phases(reader, dose, routes.read, clauses)
    route = routes.given or routes.assumed(phases, notes, reader, begin)
    with reader.pointing(begin, reader.end):
        return Regimen(compound, route, phases, washout)


class _Routes:
    """The route of a regimen, as given anywhere in it."""

    def __init__(self, reader: Reader, catalogue: Catalogue, compound: str, begin: int) -> None:
        self.reader, self.catalogue, self.compound, self.begin = reader, catalogue, compound, begin
        self.given = ""

    def read(self) -> bool:
        """Read a route if one comes next; raises `PlanError` for one that is not modelled, or for a second one."""
        reader, start = self.reader, self.reader.position
        word = next(
            (w for w in ("by mouth",) if reader.text[start : reader.end].casefold().startswith(w)), reader.word()
        )
        route = route_word(word)
        if route is None:
            return False
        if (self.compound, route) not in self.catalogue.routes:
            message = no_route(self.catalogue, self.compound, route)
            raise reader.error(message, start, start + len(word), NotModelledError)
        if self.given and route != self.given:
            raise reader.error("a change of route needs a regimen of its own, joined by ' + '", self.begin, reader.end)
        self.given = route
        reader.position += len(word)
        reader.skip()
        return True

    def refuse_unknown(self, clauses: Clauses) -> None:
        """Refuse a word after the dose that is neither a route nor a clause; raises `PlanError` with the nearest."""
        reader, word = self.reader, self.reader.word()
        if self.given or not word or _CLAUSE_START.match(word) or clauses.next():
            return
        routes = self.catalogue.routes_of(self.compound)
        close = nearest(word, [said for said in route_words() if route_word(said) in routes])
        near = f"; did you mean {' or '.join(map(repr, close))}?" if close else ";"
        message = f"unknown route {word!r}{near} of {self.compound} there is: {', '.join(routes)}"
        raise reader.error(message, reader.position, reader.position + len(word))

    def assumed(self, phases: tuple[Phase, ...], notes: list[Note], reader: Reader, begin: int) -> str:
        """Return the only or usual route, with a note; raises `AmbiguousError` where it is open."""
        routes = self.catalogue.routes_of(self.compound)
        if len(routes) == 1:
            return routes[0]
        if phases[0].dose.unit == PERCENT and TOPICAL in routes:
            route, why = TOPICAL, "as the dose is a strength"
        elif phases[0].infusion is not None and IV in routes:
            route, why = IV, "as it is infused"
        elif ORAL in routes and not self.catalogue.route(self.compound, ORAL).without_kinetics:
            route, why = ORAL, "as no route is given"
        else:
            readings = [self._with_route(phases[0], route) for route in routes if route != TOPICAL]
            said = asked_back(
                reader.text[begin : reader.end], f"by which route? of {self.compound} none is usual", readings
            )
            raise reader.error(said, begin, reader.end, AmbiguousError)
        notes.append(Note(NoteCode.READ_AS, f"{self.compound} {route}, {why}", self.compound))
        return route

    def _with_route(self, phase: Phase, route: str) -> str:
        words = format_clauses(phase)
        return f"{self.compound} {phase.dose} {route} {'over 4 h ' if route == IV else ''}{words}"


def _dose(reader: Reader, clauses: Clauses, routes: _Routes) -> Amount:
    """Read the dose, and what is written between the compound and the dose."""
    start = reader.position
    # Route or clause, one by one, up to the dose.
    while not reader.done and not number_next(reader):
        if not routes.read() and not clauses.read():
            break
    if not number_next(reader):
        reader.position = start
    return read_dose(reader)


def _pass_same_name(reader: Reader, catalogue: Catalogue, compound: str) -> None:
    """Move past another name of the same compound: ``nicotinamide riboside (NR)``."""
    start = reader.position
    if start < reader.end and any(
        reader.text[start : reader.end].casefold().startswith(name)
        for name, named in catalogue.names.items()
        if named == compound
    ):
        try:
            _compound(reader, catalogue)
        except PlanError:
            reader.position = start


def _compound(reader: Reader, catalogue: Catalogue) -> tuple[str, str]:
    rest = reader.text[reader.position : reader.end]
    for name in sorted(catalogue.names, key=len, reverse=True):
        if rest.casefold().startswith(name) and not re.match(r"[\w+-]", rest[len(name) : len(name) + 1]):
            written = rest[: len(name)]
            reader.position += len(name)
            reader.take(_COLON)
            reader.skip()
            return catalogue.names[name], written
    drug = input_of(rest)
    if drug:
        raise reader.error(
            f"{drug.partition('.')[2]} has no dose here: it is an input, the concentration that cells meet; "
            f"give e.g. --set {drug}='0.1 µM'",
            reader.position,
            reader.position + len(reader.word()),
            NotModelledError,
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
        reader.take(_AND)
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
