"""Routes side by side, as tables and for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.faces.documents.columns import Column, document, fields
from nadflux.faces.documents.figures import (
    LEAST,
    bounds_document,
    documented,
    floored,
    headline,
    known,
    median_head,
    share,
)
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_text, print_title
from nadflux.faces.documents.tracer import SHARES, TIER, trace_document
from nadflux.faces.labels import compound_name, place_name, readable_unit
from nadflux.notes import Note, NoteCode
from nadflux.plans.dose_limits import BEYOND, NO_KINETICS, TypicalUse
from nadflux.simulation.run import Quantity
from nadflux.simulation.tracer.tracer import Trace
from nadflux.studies.experiments.compare_routes import Cell, Outcome, RouteComparison, RouteResult
from nadflux.studies.experiments.route_organs import built_share, known_organs

if TYPE_CHECKING:
    from rich.console import Console

_JOINED = {
    NoteCode.NO_HUMAN_DOSE: f"{BEYOND}: no human dose in the collected data of ",
    NoteCode.NO_KINETICS: f"{NO_KINETICS}, so that what is shown rests on a wide prior, of ",
}
# The ways in which a dose reaches an organ, as the tables name them; any other forms follow.
_REACHES = (("intact, as NR or NMN", ("NR", "NMN")), ("as NAM", ("NAM",)), ("as NA", ("NA",)))


def outcome_columns(quantity: Quantity | None = None) -> tuple[Column[Outcome], ...]:
    """Return the columns of the effect of a route on an observable; its unit is in the table."""

    def figures(key: str, head: str, below: str) -> Column[Outcome]:
        return Column(
            key=key, head=head, below=below, of=lambda outcome: getattr(outcome, key), plain=_cell, right=True,
            write=_time if key == "time_to_half" else _figure,
        )  # fmt: skip

    area = f"{readable_unit(quantity.units)}·day" if quantity is not None else ""
    return (
        figures("rise", "rise", "%"),
        figures("time_to_half", "time to half", "days"),
        figures("exposure", "exposure", area),
        figures("ripple", "ripple", "%"),
        figures("between_people", "between people", "rise, %"),
    )


USE: tuple[Column[TypicalUse], ...] = (
    Column(key="use", of=lambda use: use.use),
    Column(key="tier", of=lambda use: use.tier),
    Column(key="source", of=lambda use: use.source),
)
"""Usual practice."""
ROUTES: tuple[Column[RouteResult], ...] = (
    Column(key="compound", of=lambda route: route.compound),
    Column(key="route", of=lambda route: route.route),
    Column(key="flags", of=lambda route: route.flags),
    Column(key="route_tier", of=lambda route: route.row.tier),
    Column(key="route_source", of=lambda route: route.row.source),
    Column(key="route_note", of=lambda route: route.row.note),
    Column(
        key="dose",
        of=lambda route: {"mg": route.dose_mg, "umol": route.dose_umol, "infusion_h": route.infusion_h},
    ),
    Column(key="refused", of=lambda route: route.refused),
    Column(key="typical_use", of=lambda route: None if route.typical is None else fields(route.typical, USE)),
    Column(
        key="observables",
        of=lambda route: {name: fields(outcome, outcome_columns()) for name, outcome in route.outcomes.items()},
    ),
    Column(merged=True, of=lambda route: route.reach, plain=lambda reach: {} if reach is None else _tracer(reach)),
)
"""Of each route, for JSON."""


def table_columns(name: str, quantity: Quantity, people: int) -> tuple[Column[RouteResult], ...]:
    """Return the columns of the table of one observable, over so many people."""
    return (
        Column(
            head=f"{quantity.long_name}, {quantity.matrix}", below=median_head(people), of=lambda route: route.label
        ),
        Column(
            head="dose", below="mg; µmol", of=lambda route: f"{route.dose_mg:.4g}; {route.dose_umol:.4g}", right=True
        ),
        *(column.within(lambda route: route.outcomes[name]) for column in outcome_columns(quantity)),
        Column(head="tier", of=lambda route: route.outcomes[name].rise.tier),
    )


def reach_columns(
    ways: str, forms: Sequence[str], organs: Sequence[str], below: str
) -> tuple[Column[RouteResult], ...]:
    """Return the columns of the table of one way in which doses reach organs."""

    def organ_column(organ: str) -> Column[RouteResult]:
        return Column(
            head=place_name(organ), of=lambda route: _built(route, organ, forms), write=share, right=True
        )  # fmt: skip

    return (
        Column(head=f"built in {ways}", below=below, of=lambda route: route.label),
        *map(organ_column, organs),
        Column(head="tier", of=lambda route: TIER),
    )


def routes_document(result: RouteComparison) -> dict[str, Any]:
    """Return everything for JSON, with all digits, each cell with median, interval, unit and tier."""
    return {
        "person": result.who,
        "dose": result.dose,
        "equal_moles": result.equal_moles,
        "days": result.days,
        **bounds_document(result.people),
        "persons": result.people,
        "routes": document(result.routes, ROUTES),
        **notes_document(joined_notes(result)),
        "record": {**result.record, "switches": dict(result.record.get("switches", {}))},
    }


def print_routes(result: RouteComparison, organs: Sequence[str]) -> None:
    """Print the effect of each route on each observable, where its dose is built in, and usual practice.

    Parameters
    ----------
    organs : sequence of str
        Organs of the tracer tables, see `nadflux.studies.experiments.route_organs.organs_shown`.
    """
    out = console()
    dosing = f"{result.dose}, once a day for {result.days} days by every route"
    print_title(out, headline(result.who, dosing, result.people))
    for name in dict.fromkeys(name for route in result.routes for name in route.outcomes):
        routes = [route for route in result.routes if name in route.outcomes]
        print_table(out, routes, table_columns(name, routes[0].outcomes[name].quantity, result.people))
        out.print()
    _print_reach(out, result, organs)
    hidden = len(known_organs(result)) - len(organs)
    if hidden > 0:
        words = f"{len(organs)} of {len(organs) + hidden} organs are shown; --organs all shows each"
        print_text(out, words, style="dim")
        out.print()
    for line in _usual_practice(result.routes):
        print_text(out, line, indent="  ")
    print_notes(out, joined_notes(result))


def joined_notes(result: RouteComparison) -> list[Note]:
    """Return the notes, with each that holds for several routes given once for all of them."""
    joined = []
    for code, words in _JOINED.items():
        ways = ", ".join(note.about for note in result.notes if note.code == code)
        joined += [Note(code, words + ways, ways)] if ways else []
    return [*joined, *_said_once([note for note in result.notes if note.code not in _JOINED], len(result.routes))]


def _said_once(notes: Iterable[Note], routes: int) -> Iterator[Note]:
    """Yield the notes of people who failed, each once with its routes, or with their number if there are many."""
    about: dict[Note, list[str]] = {}
    for note in notes:
        bare = note
        if note.code == NoteCode.PEOPLE_FAILED:
            bare = Note(note.code, note.text.removeprefix(f"{note.about}: "))
        about.setdefault(bare, []).append(note.about)
    for note, ways in about.items():
        if note.code != NoteCode.PEOPLE_FAILED:
            yield note
        elif len(ways) == 1:
            yield Note(note.code, f"{ways[0]}: {note}", ways[0])
        else:
            yield Note(note.code, f"by {len(ways)} of {routes} routes: {note}", ", ".join(ways))


def _print_reach(out: Console, result: RouteComparison, organs: Sequence[str]) -> None:
    """Print a table for each way in which a dose reaches organs, with the routes of which any part does."""
    traced = [route for route in result.routes if route.reach is not None]
    for ways, forms in _ways(traced):
        found = [route for route in traced if _reaches(route, organs, forms)]
        if not found:
            continue
        below = f"% of one dose in {_hours(traced)}, {median_head(result.people)}"
        print_table(out, found, reach_columns(ways, forms, organs, below))
        left = len(traced) - len(found)
        if left:
            many = "s" if left > 1 else ""
            print_text(out, f"{left} other route{many}: below {LEAST} % in each of these organs", style="dim")
        out.print()


def _ways(traced: Sequence[RouteResult]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the ways in which doses reach organs, each with its forms: the named ones, then each unnamed form."""
    forms = dict.fromkeys(form for route in traced if route.reach is not None for form in route.reach.forms)
    named = {form for _, group in _REACHES for form in group}
    return [*_REACHES, *((f"as {compound_name(form)}", (form,)) for form in forms if form not in named)]


def _reaches(route: RouteResult, organs: Sequence[str], forms: Sequence[str]) -> bool:
    """Tell whether any of the organs builds in a share large enough to print."""
    return any(100.0 * _built(route, organ, forms)[2] >= LEAST for organ in organs)


def _built(route: RouteResult, organ: str, forms: Sequence[str]) -> tuple[float, float, float]:
    assert route.reach is not None
    return known(built_share(route.reach, organ, forms))


def _hours(traced: Sequence[RouteResult]) -> str:
    reach = traced[0].reach
    return f"{reach.times[-1]:g} h" if reach is not None else ""


def _tracer(reach: Trace) -> dict[str, Any]:
    whole = trace_document(reach)
    return {"tracer": {key: whole[key] for key in SHARES}}


def _cell(cell: Cell) -> dict[str, Any]:
    return {**documented(known(cell.values)), "unit": cell.unit, "tier": cell.tier}


def _figure(cell: Cell) -> str:
    return floored(known(cell.values))


def _time(cell: Cell) -> str:
    """Return a time only if most people have one."""
    return "–" if 2 * np.isfinite(cell.values).sum() <= len(cell.values) else _figure(cell)


def _usual_practice(routes: Sequence[RouteResult]) -> Iterator[str]:
    """Yield usual practice in words, then in one line the routes that have none."""
    without = []
    for route in routes:
        if route.refused:
            yield f"{route.label}: not compared: {route.refused}"
        elif route.typical is None:
            without.append(f"{route.compound} {route.route}")
        else:
            use = route.typical
            yield f"{route.label}: usually {use.use}; {use.tier}, {use.source}"
    if without:
        yield f"no usual practice in the collected data: {', '.join(without)}"
