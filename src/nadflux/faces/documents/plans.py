"""Sentences of plans, and the events under a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.terminal import console, print_notes, print_text
from nadflux.plans import Plan
from nadflux.plans.dosing_options import Doseable, doseable, refused_routes
from nadflux.plans.language.examples import Example, examples
from nadflux.plans.lifestyle_tables import shipped_lifestyle
from nadflux.plans.schedule import Schedule
from nadflux.plans.timing import CLOCK_AT_START, clock_text
from nadflux.units import DAY_H

_SHOWN = 4  # times of each thing that happens
_NOT_SCREENED = "not screened, as no person is given: nadflux screen WHO --plan ..."

EXAMPLES: tuple[Column[Example], ...] = (
    Column(key="topic", of=lambda example: example.topic),
    Column(key="sentence", head="sentence", of=lambda example: example.sentence),
    Column(key="means", head="means", of=lambda example: example.means),
)
"""Of each sentence that a plan may hold."""


@dataclass(frozen=True)
class Happening:
    """One kind of thing that a plan lets happen.

    Attributes
    ----------
    starts : tuple of float
        Hours from the start of the plan.
    """

    what: str
    starts: tuple[float, ...]


HAPPENINGS: tuple[Column[Happening], ...] = (
    Column(key="what", head="what", of=lambda one: one.what),
    Column(key="times", head="times", of=lambda one: len(one.starts), right=True),
    Column(key="starts_h", head="first", of=lambda one: one.starts, write=lambda starts: _first(starts)),
)
"""Of each kind of thing that happens."""


def happenings(planned: Schedule) -> list[Happening]:
    """Return what happens under a plan from its start on, in the order in which it is first planned."""
    found: dict[str, list[float]] = {}
    for span in planned.spans:
        starts = found.setdefault(span.what, [])
        if span.start_h >= 0:
            starts.append(span.start_h)
    return [Happening(what, tuple(starts)) for what, starts in found.items() if starts]


def print_plan(plan: Plan, planned: Schedule | None) -> None:
    """Print the full sentence of a plan, what happens when, and what was assumed.

    Without a schedule, as of doses by weight, for which a person is needed, the sentence and what was assumed.
    """
    out = console()
    print_text(out, str(plan), indent="  ")
    if planned is None:
        needs = ["doses by weight need a person: nadflux simulate WHO --plan ..."] if plan.by_weight else []
        print_notes(out, (*plan.notes, *needs, _NOT_SCREENED))
        return
    print_text(
        out, f"{planned.end_h / DAY_H:g} days, {len(planned.doses)} doses; a day runs from 08:00 to 08:00"
    )  # fmt: skip
    what, times, first = HAPPENINGS
    for one in happenings(planned):
        print_text(out, f"{what.write(what.of(one))}: {times.write(times.of(one))} ({first.write(first.of(one))})")
    print_notes(out, (*planned.notes, _NOT_SCREENED))


def print_plan_language() -> None:
    """Print every example by topic, how sentences are joined, and what can be dosed."""
    out, tables = console(), shipped_lifestyle()
    _, sentence, means = EXAMPLES
    for number, (topic, group) in enumerate(groupby(examples(), key=lambda example: example.topic)):
        print_text(out, f"\n{topic}" if number else topic)
        for example in group:
            print_text(out, f"  {sentence.write(sentence.of(example))}", indent="    ")
            print_text(out, f"      {means.write(means.of(example))}")
    for line in (
        "\nregimens and habits are joined by ' + ' or ';'",
        "people's own words are read too, as '500 mg NR bid for one week and a 72 h fast', '62yo F' or 'two beers'",
        "'nothing' is a plan, to compare with; a plan may be a file, .yaml, .json or .txt",
        "'for 2 weeks' gives a length, 'from day 3' a start, 'at 20:00' a time of day",
        "'with food' or 'fasted' says how a dose by mouth is taken",
        "styles of meals: " + ", ".join(tables.styles),
        "nutrients: " + ", ".join(tables.nutrients),
        "\nwhat can be dosed (doses are mg of the salt named; more than was studied is simulated and flagged)",
        *_compounds(doseable()),
        f"  refused, as no human data exist: {', '.join(refused_routes())}",
        "  inhibitors and activators are concentrations: --set drugs.FK866='0.01 µM'; nadflux describe drugs\n",
        "nadflux plans SENTENCE reads one; nadflux simulate WHO --plan SENTENCE runs it. Not medical advice.",
    ):
        print_text(out, line)


def _compounds(known: Sequence[Doseable]) -> list[str]:
    """Return the lines of each compound: its salt, then what is known of each route."""
    lines = []
    for one in known:
        lines.append(f"  {one.compound}: {one.salt}, {one.molar_mass:.2f} g/mol")
        lines += [f"      {one.compound} {route}" + (f": {said}" if said else "") for route, said in one.routes.items()]
    return lines


def _first(starts: Sequence[float]) -> str:
    """Return the first times, as days and clock times."""
    shown = ", ".join(f"day {start // DAY_H:g} {_clock(start)}" for start in starts[:_SHOWN])
    return f"{shown}, …" if len(starts) > _SHOWN else shown


def _clock(hours: float) -> str:
    return clock_text(((hours + CLOCK_AT_START) % DAY_H,))
