"""Reading the table of covariates, with an error for each row that cannot be used."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path

from nadflux.errors import TableError, UnknownNameError
from nadflux.network.records import records
from nadflux.network.tables import TIERS
from nadflux.people.covariate_table import ALWAYS, PLACE, CovariateRow, CovariateTable, Law, needed
from nadflux.people.formula import names_in
from nadflux.shipped import BIOLOGY

FILE = "covariates.csv"
COLUMNS = (
    "name", "said", "unit", "low", "high", "drives", "woman", "man", "cv_woman", "cv_man", "follows", "correlation",
    "tier", "source", "note",
)  # fmt: skip
_OPTIONAL = ("said", "drives", "woman", "man", "cv_woman", "cv_man", "follows", "correlation", "note")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LAW = re.compile(r"([A-Za-z]\w*(?:\.\w+)+)\s*=\s*(.+)")


@lru_cache(maxsize=4)
def read_covariates(file: Path) -> CovariateTable:
    """Read a table of covariates.

    Raises
    ------
    TableError
        For a row that cannot be used; the message names file, line and column.
    """
    rows = tuple(_row(place, cells) for place, cells in records(file, COLUMNS, _OPTIONAL))
    _check_together(rows, file)
    return CovariateTable(rows)


def shipped_covariates() -> CovariateTable:
    """Return the covariates of the shipped biology."""
    return read_covariates(BIOLOGY / FILE)


def _row(place: str, cells: dict[str, str]) -> CovariateRow:
    name = cells["name"]
    if not _NAME.fullmatch(name):
        raise TableError(f"{place}: {name!r} is no name for formulas; write letters, digits and _")
    if cells["tier"] not in TIERS:
        raise TableError(f"{place}: tier {cells['tier']!r} is not one of {', '.join(TIERS)}")
    said = tuple(part.strip() for part in cells["said"].split(";") if part.strip())
    for way in said:
        if way.count(PLACE) != 1 or not (way.startswith(PLACE) or way.endswith(PLACE)):
            raise TableError(f"{place}: said {way!r} needs one # for the number, at its start or end")
    low, high = _cell(place, cells, "low"), _cell(place, cells, "high")
    if not low < high:
        raise TableError(f"{place}: low {low:g} is not below high {high:g}")
    median = (cells["woman"], cells["man"])
    if bool(median[0]) != bool(median[1]):
        raise TableError(f"{place}: a median stands for women or men alone; give both, or none")
    cv = (_cell(place, cells, "cv_woman"), _cell(place, cells, "cv_man")) if median[0] else (0.0, 0.0)
    if min(cv) < 0:
        raise TableError(f"{place}: cv_woman and cv_man may not be negative")
    correlated, correlation = _correlation(place, cells["correlation"])
    return CovariateRow(
        name, said, cells["unit"], low, high, _laws(place, cells["drives"]), median, cv, cells["follows"],
        correlated, correlation, cells["tier"], cells["source"], cells["note"], place,
    )  # fmt: skip


def _cell(place: str, cells: dict[str, str], column: str) -> float:
    try:
        number = float(cells[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise TableError(f"{place}: {column} {cells[column]!r} is no number; write one")
    return number


def _laws(place: str, text: str) -> tuple[Law, ...]:
    laws = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        match = _LAW.fullmatch(part)
        if match is None:
            raise TableError(f"{place}: drives {part!r} is no law; write e.g. 'person.weight = weight'")
        laws.append(Law(match.group(1), match.group(2).strip()))
    return tuple(laws)


def _correlation(place: str, text: str) -> tuple[str, float]:
    if not text:
        return "", 0.0
    match = re.fullmatch(r"([A-Za-z]\w*)\s+([-+]?[\d.]+)", text)
    if match is None or not -1.0 < float(match.group(2)) < 1.0:
        raise TableError(f"{place}: correlation {text!r}; write a covariate and a number inside -1 and 1: 'bmi -0.4'")
    return match.group(1), float(match.group(2))


def _check_together(rows: tuple[CovariateRow, ...], file: Path) -> None:
    """Refuse names that are given twice or missing, and circles among medians and correlations."""
    known = {row.name: row for row in rows}
    if len(known) < len(rows):
        twice = next(row for row in rows if known[row.name] is not row)
        raise TableError(f"{twice.place}: {twice.name} is given twice; keep one row")
    for name in ALWAYS:
        if name not in known:
            raise TableError(f"{file.name}: no row for {name}, without which nobody is described; add it")
    for row in rows:
        _check_names(row, known)
    for row in rows:
        _refuse_circle(row, known)


def _check_names(row: CovariateRow, known: dict[str, CovariateRow]) -> None:
    """Refuse formulas that cannot be read, unknown names, and a correlation of what does not vary."""
    try:
        names = [name for formula in filter(None, (*row.median, row.follows)) for name in names_in(formula)]
    except TableError as error:
        raise TableError(f"{row.place}: {error}") from error
    for name in filter(None, (*names, row.correlated)):
        if name not in known:
            raise TableError(f"{row.place}: {UnknownNameError('covariate', name, known)}")
    if row.correlated and not (row.varies and min(known[row.correlated].cv) > 0):
        raise TableError(f"{row.place}: {row.name} and {row.correlated} cannot be correlated; both need median and cv")


def _refuse_circle(row: CovariateRow, known: dict[str, CovariateRow]) -> None:
    waiting, seen = list(needed(row)), set[str]()
    # Each name adds those it needs, until all have been seen or the row itself turns up.
    while waiting:
        name = waiting.pop()
        if name == row.name:
            raise TableError(f"{row.place}: {row.name} is drawn from itself by way of {', '.join(sorted(seen))}")
        if name not in seen:
            seen.add(name)
            waiting += needed(known[name])
