"""Bounds of doses, food and habits, from ``whole/bounds.csv``: the largest studied and the largest possible amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nadflux import units
from nadflux.errors import PlanError, TableError
from nadflux.network.records import records
from nadflux.network.tables import TIERS
from nadflux.plans.table_numbers import amount
from nadflux.shipped import BIOLOGY

STUDIED, POSSIBLE = "studied", "possible"
ONCE, DAY, COURSE, LEAST, BREAK = "once", "day", "course", "least", "break"
# Rounding: an amount equal to the bound is not beyond it.
SLACK = 1.0 + 1e-9
_KINDS, _PERS = (STUDIED, POSSIBLE), (ONCE, DAY, COURSE, LEAST, BREAK)
_COLUMNS = ("what", "of", "kind", "per", "value", "unit", "at", "tier", "source", "note")


@dataclass(frozen=True, slots=True)
class Bound:
    """One row of the table of bounds.

    Attributes
    ----------
    what : str
        Such as ``fast``, ``protein`` or ``endurance``.
    of : tuple of str
        Nutrients that are added up, for a bound of food; else empty.
    kind : str
        ``studied`` (largest in people in the collected data) or ``possible`` (largest possible at all).
    per : str
        ``once``, ``day``, ``course`` (how long it goes on), ``least`` (the smallest at once), or ``break`` (the time
        without a dose from which the next is a course of its own).
    value : float
        In ``unit``.
    at : float
        Intensity up to which the bound holds, 0 to 1; 0 where it holds at any.
    """

    what: str
    of: tuple[str, ...]
    kind: str
    per: str
    value: float
    unit: str
    at: float
    source: str

    def to(self, unit: str) -> float:
        """Return the value in another unit."""
        return units.convert(self.value, self.unit, unit)

    def __str__(self) -> str:
        at = f" at {100.0 * self.at:g} %" if self.at else ""
        return f"{self.value:g} {self.unit}{at} ({self.source})"


class Bounds:
    """The bounds of a table.

    Parameters
    ----------
    rows : iterable of Bound
    """

    def __init__(self, rows: Iterable[Bound]) -> None:
        self.rows = tuple(rows)

    def bound(self, what: str, kind: str, per: str, at: float = 0.0) -> Bound | None:
        """Return the bound of an amount, or of exercise at an intensity ``at`` (0 to 1); None if the table has none.

        Of several rows that hold at this intensity, the largest is returned.
        """
        rows = [row for row in self.rows if (row.what, row.kind, row.per) == (what, kind, per)]
        holding = [row for row in rows if row.at == 0.0 or row.at * SLACK >= at]
        return max(holding, key=lambda row: row.to(rows[0].unit)) if holding else None

    def of_food(self, kind: str, per: str) -> tuple[Bound, ...]:
        """Return the bounds of nutrients."""
        return tuple(row for row in self.rows if row.of and (row.kind, row.per) == (kind, per))

    def possible(self, what: str, unit: str, per: str = ONCE) -> float:
        """Return the largest possible amount (with ``per`` *least* the smallest); raises `TableError` without a row."""
        found = self.bound(what, POSSIBLE, per)
        if found is None:
            raise TableError(f"bounds.csv has no row for the possible {what}")
        return found.to(unit)

    def course_break(self) -> float:
        """Return the gap between doses (h) from which a new course begins; raises `TableError` without a row."""
        found = self.bound(COURSE, STUDIED, BREAK)
        if found is None:
            raise TableError("bounds.csv has no row for the break of a course")
        return found.to("h")


@lru_cache(maxsize=1)
def shipped_bounds() -> Bounds:
    """Return the shipped bounds."""
    return read_bounds(BIOLOGY / "whole" / "bounds.csv")


def read_bounds(file: Path) -> Bounds:
    """Read a table of bounds.

    Raises
    ------
    TableError
        For a missing column or cell, an unknown kind, tier or unit, a number that is not above 0, or a bound that is
        listed twice.
    """
    result: dict[tuple[str, str, str, float], Bound] = {}
    for place, cells in records(file, _COLUMNS, optional=("of", "at", "note")):
        for column, known in (("kind", _KINDS), ("per", _PERS), ("tier", TIERS)):
            if cells[column] not in known:
                raise TableError(f"{place}: unknown {column} {cells[column]!r}; there is: {', '.join(known)}")
        value = amount(place, "value", cells["value"], zero=False)
        of = tuple(name.strip() for name in cells["of"].split(";") if name.strip())
        at = share_of(place, "at", cells["at"])
        row = Bound(cells["what"], of, cells["kind"], cells["per"], value, cells["unit"], at, cells["source"])
        key = (row.what, row.kind, row.per, row.at)
        if key in result:
            raise TableError(f"{place}: {row.kind} {row.per} of {row.what} is listed twice; keep one")
        result[key] = row
    return Bounds(result.values())


def share_of(place: str, column: str, text: str) -> float:
    """Return the share in a cell such as ``80 %``, 0 for an empty one; raises `TableError`."""
    number, _, unit = text.partition(" ")
    return units.convert(amount(place, column, number), unit.strip(), "fraction") if text else 0.0


def refuse_impossible(what: str, value: float, unit: str, said: str, remedy: str = "") -> None:
    """Refuse an amount beyond the largest possible at once; raises `PlanError`.

    Parameters
    ----------
    what : str
        Row of the table.
    value : float
    unit : str
    said : str
        The amount in words, such as ``a fast of 90 days``.
    remedy : str
        Advice that the error ends with.
    """
    largest = shipped_bounds().possible(what, unit)
    if not value <= largest * SLACK:
        raise PlanError(f"{said} is out of range; at most {largest:g} {unit}{remedy}")
