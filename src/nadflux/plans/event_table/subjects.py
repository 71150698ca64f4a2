"""People of an event table: the columns that describe them, constant over their rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from nadflux.errors import NadfluxError
from nadflux.people import Person
from nadflux.people.person import FIELDS
from nadflux.people.read_covariates import shipped_covariates
from nadflux.user_table import UserRow

SEX, FEMALE = "SEX", "FEMALE"
_WRITTEN = {"WT": "weight", "WEIGHT": "weight", "BW": "weight", "HT": "height", "HEIGHT": "height", "AGE": "age"}
_WOMAN, _MAN = ("f", "female", "woman", "w"), ("m", "male", "man")


def covariate_columns() -> dict[str, str]:
    """Return the names of columns that describe people, in small letters, and as rows have them."""
    names = {row.name: row.name for row in shipped_covariates() if row.name != "female"}
    return {name.casefold(): given for name, given in {**names, **_WRITTEN, SEX: SEX, FEMALE: FEMALE}.items()}


def person_of(rows: Sequence[UserRow], who: Person | None) -> Person | None:
    """Return the person that the columns of their rows describe, beside what is known of everybody.

    Parameters
    ----------
    rows : sequence of UserRow
        Of one ID.
    who : Person, optional
        What holds for all; columns come before it.

    Raises
    ------
    TableError
        For a covariate that changes, a sex that is not understood, or people who cannot be simulated.
    """
    given = _constant(rows)
    if not given:
        return who
    sex = _sex(rows[0], given)
    numbers = {name: rows[0].number_of(name) for name in given if name not in (SEX, FEMALE)}
    sex = sex or (None if who is None else who.sex)
    age = numbers.get("age", None if who is None else who.age)
    if sex is None or age is None:
        missing = "SEX" if sex is None else "AGE"
        raise rows[0].error(missing, f"{missing.lower()} is missing; add the column, or say who it is for all")
    fields: dict[str, Any] = {name: numbers.pop(name) for name in FIELDS if name in numbers}
    others = {**({} if who is None else who.covariates), **numbers}
    try:
        if who is None:
            return Person(sex, **{"age": age, **fields}, covariates=others)
        return dataclasses.replace(who, sex=sex, **fields, covariates=others)
    except NadfluxError as error:
        column = next(iter(given))
        raise rows[0].error(column, str(error)) from error


def _constant(rows: Sequence[UserRow]) -> Mapping[str, str]:
    """Return the cells of the first row that describe a person; a change in a later one is refused."""
    columns = tuple(dict.fromkeys(covariate_columns().values()))
    given = {column: rows[0].cells[column] for column in columns if column in rows[0]}
    for row in rows[1:]:
        for column in columns:
            if column in row and row.cells[column] != given.get(column):
                was = given.get(column, "missing")
                raise row.error(
                    column, f"changes within an ID (row {rows[0].number}: {was}); people keep their covariates here"
                )
    return given


def _sex(row: UserRow, given: Mapping[str, str]) -> str | None:
    if FEMALE in given:
        share = row.whole(FEMALE)
        if share not in (0, 1):
            raise row.error(FEMALE, "neither 1 for a woman nor 0 for a man; give one of them")
        return "woman" if share else "man"
    word = given.get(SEX, "").casefold()
    if not word:
        return None
    if word in _WOMAN or word in _MAN:
        return "woman" if word in _WOMAN else "man"
    raise row.error(SEX, "may mean either sex; write F or M, or a column FEMALE with 1 for a woman and 0 for a man")
