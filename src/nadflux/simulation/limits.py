"""Physiological limits of a whole body, with which every run of it is compared.

A limit is a row of ``whole/ranges.csv``. A run belongs to no state of the table, so the widest limits of each quantity
count: nobody survives outside these, or the model is wrong there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import StudyError
from nadflux.network.assemble import Body
from nadflux.network.records import records
from nadflux.network.tables import TIERS
from nadflux.notes import Note, NoteCode
from nadflux.shipped import BIOLOGY

COLUMNS = ("quantity", "state", "relative", "low", "high", "unit", "tier", "source", "note")
NAMED = 3
"""Limits that a note names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The range of a quantity in a state; ``relative`` limits are multiples of the person's own resting value."""

    quantity: str
    state: str
    relative: bool
    low: float
    high: float
    unit: str
    tier: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A limit with the observable that is compared with it.

    Attributes
    ----------
    id : str
        The observable.
    words : str
        Its name in words.
    unit : str
    relative : bool
        Whether the limits are multiples of its first value.
    low, high : float
    """

    id: str
    words: str
    unit: str
    relative: bool
    low: float
    high: float


def read_limits(file: Path | None = None) -> tuple[Limit, ...]:
    """Read the rows of ``whole/ranges.csv``.

    Raises
    ------
    StudyError
        For a row without numbers, tier or source, or with low not below high.
    """
    limits = []
    for place, cells in records(file or BIOLOGY / "whole" / "ranges.csv", COLUMNS, optional=("note",)):
        try:
            low, high = float(cells["low"]), float(cells["high"])
        except ValueError as error:
            raise StudyError(f"{place}: low and high must be numbers") from error
        if (
            not low < high
            or cells["relative"] not in ("yes", "no")
            or cells["tier"] not in TIERS
            or not cells["source"]
        ):
            raise StudyError(f"{place}: needs low below high, relative yes or no, a tier and a source")
        numbers: dict[str, Any] = {"relative": cells["relative"] == "yes", "low": low, "high": high}
        limits.append(Limit(**{**cells, **numbers}))
    return tuple(limits)


def limits_of(body: Body) -> tuple[Checked, ...]:
    """Return the widest limits of every observable that the body has; none for a body without cells."""
    if not body.cells:
        return ()
    known = {o.id: o for o in body.observables}
    found = []
    for quantity, relative in _kinds():
        rows = [row for row in _shipped() if (row.quantity, row.relative) == (quantity, relative)]
        low, high = min(row.low for row in rows), max(row.high for row in rows)
        for name in observables_of(body, quantity):
            words = f"{known[name].label}, {known[name].matrix}"
            found.append(Checked(name, words, "of time 0" if relative else rows[0].unit, relative, low, high))
    return tuple(found)


def observables_of(body: Body, quantity: str) -> dict[str, str]:
    """Return the observables that a quantity of a limit names, each with its organ; empty for a circulating one."""
    known = {o.id for o in body.observables}
    places = {quantity: "", **{f"{organ}_{quantity}": organ for organ in body.cells}}
    return {name: organ for name, organ in places.items() if name in known}


def left_by(limits: Sequence[Checked], values: np.ndarray, times: np.ndarray) -> dict[str, dict[str, Any]]:
    """Count the people who leave each limit from time 0 on.

    Parameters
    ----------
    limits : sequence of Checked
    values : ndarray, shape (person, time, limit), each in the unit of its observable
    times : ndarray, shape (time,), h

    Returns
    -------
    dict
        By position of a limit that somebody leaves: ``people`` who do and the ``value`` furthest out. Text as keys, so
        that a record can hold it.
    """
    zero = int(np.searchsorted(times, 0.0))
    found = {}
    for k, limit in enumerate(limits):
        mine = values[:, :, k]
        mine = mine[np.isfinite(mine).all(axis=1)]
        if limit.relative:
            with np.errstate(divide="ignore", invalid="ignore"):
                mine = mine / mine[:, zero, None]
        lowest, highest = mine[:, zero:].min(axis=1, initial=np.inf), mine[:, zero:].max(axis=1, initial=-np.inf)
        low, high = lowest < limit.low, highest > limit.high
        if low.any() or high.any():
            value = lowest.min() if low.sum() >= high.sum() else highest.max()
            found[str(k)] = {"people": int((low | high).sum()), "value": float(value)}
    return found


def joined_counts(parts: Iterable[Mapping[str, Mapping[str, Any]]], limits: Sequence[Checked]) -> dict[str, Any]:
    """Return the counts of different people as one."""
    whole: dict[str, dict[str, Any]] = {}
    # People add up and the value furthest out stays, part by part.
    for part in parts:
        for place, count in part.items():
            if place not in whole:
                whole[place] = dict(count)
                continue
            mine, limit = whole[place], limits[int(place)]
            further = max if count["value"] > limit.high else min
            mine["people"] += count["people"]
            mine["value"] = further(mine["value"], count["value"])
    return whole


def notes_on_limits(limits: Sequence[Checked], counts: Mapping[str, Mapping[str, Any]], people: int) -> Iterator[Note]:
    """Yield one note on the limits that people leave, the most of them first; none where nobody does."""
    if not counts:
        return
    ranked = sorted(counts.items(), key=lambda item: (-item[1]["people"], int(item[0])))
    named = [_in_words(limits[int(place)], count, people) for place, count in ranked[:NAMED]]
    more = f"; and {len(ranked) - NAMED} more limits" if len(ranked) > NAMED else ""
    most = ranked[0][1]["people"]
    advice = "not survivable: do not read the rest" if 2 * most >= people else "read these people's figures with care"
    text = f"outside physiological limits: {'; '.join(named)}{more}: {advice}"
    yield Note(NoteCode.OUTSIDE_LIMITS, text, limits[int(ranked[0][0])].id)


def _in_words(limit: Checked, count: Mapping[str, Any], people: int) -> str:
    unit = f" {limit.unit}" if limit.unit not in ("1", "") else ""
    figures = f"{count['value']:.3g}{unit} (limits {limit.low:g} to {limit.high:g})"
    return f"{limit.words} {figures} in {count['people']} of {people} people"


@cache
def _shipped() -> tuple[Limit, ...]:
    return read_limits()


def _kinds() -> list[tuple[str, bool]]:
    return list(dict.fromkeys((limit.quantity, limit.relative) for limit in _shipped()))
