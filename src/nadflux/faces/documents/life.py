"""Lives side by side: tables by decade, hazard ratios, and the same for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.faces.documents.columns import Column, columns_of, document
from nadflux.faces.documents.terminal import console, print_notes, print_table, print_text, print_title
from nadflux.faces.labels import NOT_ADVICE
from nadflux.network.tables import Observable
from nadflux.simulation.experiments.life import GAIN
from nadflux.studies.life.lives import HazardRatio, Lives, OneLife, hazard_ratios, spread_at

SHOWN = (
    "il6", "crp", "immune_competence", "aerobic_capacity", "skin_damage", "skin_senescent", "adipose_senescent",
    "liver_NAD", "muscle_NAD", "skin_NAD", "brain_NAD",
)  # fmt: skip
"""Quantities of the table and the figure where none are named."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of one way of living at an age: median and central 90 % over people."""

    way: str
    quantity: str
    age: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class _Line:
    lives: Lives
    lived: OneLife
    observable: Observable


RATIOS: tuple[Column[HazardRatio], ...] = (
    Column(key="against", head="against", of=lambda one: one.against, widest=40),
    Column(key="age", head="age", below="y", of=lambda one: one.age, write="{:g}".format, right=True),
    Column(key="median", head="hazard ratio", of=lambda one: one.median, write="{:.2f}".format, right=True),
    Column(key="low", head="5 %", of=lambda one: one.low, write="{:.2f}".format, right=True),
    Column(key="high", head="95 %", of=lambda one: one.high, write="{:.2f}".format, right=True),
    Column(key="group", head="of the group", of=lambda one: one.group, write="{:.2f}".format, right=True),
)
"""Of each comparison and decade."""


def quantities_of(lives: Lives, chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the quantities to show, those named or the usual ones.

    Raises
    ------
    UnknownNameError
        For a quantity that a life does not have.
    """
    known = lives.lives[0].run.observables
    for name in chosen:
        if name not in known:
            raise UnknownNameError("quantity of a life", name, known)
    return tuple(chosen) or SHOWN


def life_document(lives: Lives) -> dict[str, Any]:
    """Return every quantity of every way at each decade, hazard ratios, loop gain and notes, for JSON."""
    first = lives.lives[0].run
    return {
        "who": lives.person.sex,
        "from": lives.begin,
        "to": lives.end,
        "people": len(first[GAIN]),
        "drawn_again": first.drawn_again,
        "held": list(lives.held),
        "ways": [{"way": lived.way.words, "inputs": dict(lived.way.inputs)} for lived in lives.lives],
        "quantities": [
            {"id": o.id, "label": o.label, "matrix": o.matrix, "kind": o.kind, "unit": o.unit}
            for o in first.observables.values()
            if not o.id.endswith("hazard")
        ],
        "values": document(_figures(lives), columns_of(Figure)),
        "hazard_ratios": document(hazard_ratios(lives), RATIOS),
        "notes": [*lives.notes, NOT_ADVICE],
    }


def print_life(lives: Lives, names: Sequence[str]) -> None:
    """Print a table by decade for each way of living, hazard ratios, the gain of the loop, and notes."""
    out = console()
    first = lives.lives[0]
    people = len(first.run[GAIN])
    print_title(out, f"{lives.person.sex}, {lives.begin:g} to {lives.end:g} y, {people} people: median (5 % to 95 %)")
    for lived in lives.lives:
        lines = [_Line(lives, lived, lived.run.observables[name]) for name in names]
        print_table(out, lines, _table_columns(lives.decades), title=lived.way.words, lead=2)
        out.print()
    ratios = hazard_ratios(lives)
    if ratios:
        print_title(out, f"Hazard of death, {first.way.words}, over that of the same people")
        print_table(out, ratios, RATIOS)
        out.print()
    low, median, high = spread_at(first.run, GAIN, lives.decades[0])
    late = spread_at(first.run, GAIN, lives.end)
    print_text(
        out,
        f"gain of the loop damage – senescence – inflammation – damage: {median:.2f} ({low:.2f} to {high:.2f}) at "
        f"{lives.begin:g} y, {late[1]:.2f} ({late[0]:.2f} to {late[2]:.2f}) at {lives.end:g} y",
    )
    print_notes(out, [*lives.notes, NOT_ADVICE])


def _table_columns(ages: Sequence[float]) -> tuple[Column[_Line], ...]:
    return (
        Column(head="quantity", of=lambda line: _named(line.observable), widest=34),
        Column(head="unit", of=lambda line: line.observable.unit),
        *(Column(head=f"{age:g} y", of=_spread(age), right=True, whole=True) for age in ages),
    )


def _spread(age: float) -> Callable[[_Line], str]:
    def of(line: _Line) -> str:
        low, median, high = spread_at(line.lived.run, line.observable.id, age)
        return f"{median:.3g} ({low:.2g}–{high:.2g})" if high < 100 else f"{median:.0f} ({low:.0f}–{high:.0f})"

    return of


def _named(observable: Observable) -> str:
    plain = observable.matrix in ("body", "plasma", "blood")
    return observable.label if plain else f"{observable.label}, {observable.matrix}"


def _figures(lives: Lives) -> Iterator[Figure]:
    """Yield all quantities but hazards, which are compared and never shown alone."""
    for lived in lives.lives:
        for name in lived.run.observables:
            if name.endswith("hazard"):
                continue
            for age in lives.decades:
                if np.isfinite(lived.run[name]).any():
                    yield Figure(lived.way.words, name, age, *spread_at(lived.run, name, age))
