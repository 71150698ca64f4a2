"""Fate of a labelled dose, as a table and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nadflux.faces.documents.columns import Column, fields
from nadflux.faces.documents.figures import (
    LEAST,
    Bounds,
    bounds_document,
    documented,
    floored,
    headline,
    known,
    median_head,
)
from nadflux.faces.documents.run_notes import understood, without_reading
from nadflux.faces.documents.terminal import console, notes_document, print_notes, print_table, print_text, print_title
from nadflux.faces.labels import compound_name, place_name
from nadflux.simulation.tracer.tracer import Trace

TIER = "assumed"
"""Of every share: no human tracer data were fitted."""
SHARES = ("unit", "tier", "end_h", "organs", "where_percent", "compounds_percent", "balance")
"""Keys of `trace_document` that hold the shares themselves, without the settings of the run."""
_LOST = "lost"
_SITES = {"topical": "worn off the skin", "subcutaneous": "left at the site", "intramuscular": "left at the site"}
_COMPOUNDS_SHOWN = 6


@dataclass(frozen=True)
class FormShare:
    """Share of the dose, % with bounds, that an organ built in as one form, and that it now holds as NAD+."""

    form: str
    built: Bounds
    held: Bounds


@dataclass(frozen=True)
class OrganShare:
    """Shares of an organ in all forms together, and by form."""

    organ: str
    forms: tuple[FormShare, ...]
    built: Bounds
    held: Bounds


@dataclass(frozen=True)
class LabelShare:
    """Share of the dose, % with bounds, that is in one place, or in one compound, by the end."""

    id: str
    name: str
    share: Bounds


_BUILT_AND_HELD: tuple[Column[Any], ...] = (
    Column(key="built_in_percent", of=lambda row: row.built, plain=documented),
    Column(key="held_percent", of=lambda row: row.held, plain=documented),
)
FORM: tuple[Column[FormShare], ...] = _BUILT_AND_HELD
"""Of one form in one organ."""
ORGAN: tuple[Column[OrganShare], ...] = (
    Column(key="forms", of=lambda row: {one.form: fields(one, FORM) for one in row.forms}),
    *_BUILT_AND_HELD,
)
"""Of one organ."""
LABEL: tuple[Column[LabelShare], ...] = (
    Column(key="name", of=lambda row: row.name),
    Column(merged=True, of=lambda row: row.share, plain=documented),
)
"""Of all label in one place or compound."""


def table_columns(result: Trace, organs: Sequence[OrganShare]) -> tuple[Column[LabelShare], ...]:
    """Return the columns of the table of places; those that build in NAD+ have their shares by form."""
    by_place = {one.organ: one for one in organs}
    people, below = people_of(result), f"at {result.times[-1]:g} h"

    def form(number: int, name: str) -> Column[LabelShare]:
        return Column(
            head="built in", below=f"as {compound_name(name)}", right=True, write=_shown,
            of=lambda place: by_place[place.id].forms[number].built if place.id in by_place else None,
        )  # fmt: skip

    return (
        Column(head=f"% of the dose; tier {TIER}", below=median_head(people), of=lambda place: place.name),
        *(form(f, name) for f, name in enumerate(result.forms) if (100 * result.built[:, -1, :, f] >= LEAST).any()),
        Column(
            head="held as NAD+", below=below, right=True, write=_shown,
            of=lambda place: by_place[place.id].held if place.id in by_place else None,
        ),
        Column(head="all label", below=below, right=True, write=_shown, of=lambda place: place.share),
    )  # fmt: skip


def trace_document(result: Trace) -> dict[str, Any]:
    """Return the table for JSON, with all digits, by organ and form."""
    people = people_of(result)
    return {
        "labelled": result.compound,
        "unit": "% of the labelled dose",
        "tier": TIER,
        **bounds_document(people),
        "persons": people,
        "end_h": float(result.times[-1]),
        "organs": {one.organ: fields(one, ORGAN) for one in organs_of(result)},
        "where_percent": {one.id: fields(one, LABEL) for one in places_of(result)},
        "compounds_percent": {one.id: fields(one, LABEL) for one in compounds_of(result)},
        "balance": result.balance,
        "flags": list(result.record.get("flags", ())),
        **notes_document(result.notes),
        "failures": len(result.failures),
        "record": {**result.record, "switches": dict(result.record["switches"])},
    }


def people_of(result: Trace) -> int:
    """Return how many people have numbers to the end."""
    return len(result.built) - len(result.failures)


def organs_of(result: Trace) -> list[OrganShare]:
    """Return the shares that each organ built in, and holds at the end."""
    built, held = 100 * result.built[:, -1], 100 * result.held[:, -1]
    return [
        OrganShare(
            organ,
            tuple(FormShare(form, known(built[:, o, f]), known(held[:, o, f])) for f, form in enumerate(result.forms)),
            known(100 * result.built[:, -1, o].sum(axis=-1)),
            known(100 * result.held[:, -1, o].sum(axis=-1)),
        )
        for o, organ in enumerate(result.organs)
    ]


def places_of(result: Trace) -> list[LabelShare]:
    """Return all label at the end, by place."""
    return _label(result.places, [place_name(place) for place in result.places], result.where)


def compounds_of(result: Trace) -> list[LabelShare]:
    """Return all label at the end, by compound; for label that left the body unused, by where it went."""
    return _label(result.compounds, [_compound(result, name) for name in result.compounds], result.what)


def print_trace(result: Trace) -> None:
    """Print the shares that organs built in and hold, and all label by place and compound."""
    out = console()
    plan = understood(result.record["plan"], result.notes)
    print_title(out, headline(result.record["who"], plan, people_of(result), result.record.get("flags", ())))
    places = {place.id: place for place in places_of(result)}
    never = _empty(result)
    rows = [
        *(places[organ] for organ in result.organs),
        *(place for name, place in places.items() if name not in result.organs and name not in never),
    ]
    print_table(out, rows, table_columns(result, organs_of(result)))
    print_text(out, f"all label at {result.times[-1]:g} h by compound, %: {_by_compound(result)}")
    balance = f"label balance closes to {result.balance:.0e} of the dose; seed {result.record['seed']}"
    print_notes(out, (*without_reading(result.notes), balance))


def _label(ids: Sequence[str], names: Sequence[str], label: np.ndarray) -> list[LabelShare]:
    """Return the shares of places or compounds, from label of shape (person, time, place or compound)."""
    named = enumerate(zip(ids, names, strict=True))
    return [LabelShare(one, name, known(100 * label[:, -1, k])) for k, (one, name) in named]


def _shown(bounds: Bounds | None) -> str:
    return "" if bounds is None else floored(bounds)


def _empty(result: Trace) -> set[str]:
    """Return the places that no label ever entered: sites of injection and of the skin after a dose by mouth."""
    sites = [place for place in (*_SITES, "diet") if place in result.places]
    return {place for place in sites if not (result.where[..., result.places.index(place)] > 0).any()}


def _compound(result: Trace, name: str) -> str:
    """Return the usual name of a compound; for label that left the body unused, where it went."""
    if name != _LOST:
        return compound_name(name)
    never = _empty(result)
    ways = [_SITES[place] for place in ("subcutaneous", "intramuscular", "topical") if place not in never]
    return " or ".join(dict.fromkeys([*ways, "in faeces"]))


def _by_compound(result: Trace) -> str:
    """Return the compounds that hold most label, the largest first."""
    largest = sorted((one for one in compounds_of(result) if one.share[0] > 0), key=lambda one: -one.share[0])
    return ", ".join(f"{one.name} {floored(one.share)}" for one in largest[:_COMPOUNDS_SHOWN])
