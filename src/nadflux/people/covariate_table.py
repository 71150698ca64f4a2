"""Table of covariates: what may be known of a person, how it is written, and the numbers of the model it drives."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nadflux.errors import NadfluxError, UnknownNameError, ValueOutOfRangeError
from nadflux.people.formula import names_in
from nadflux.units import compatible, convert, parse_quantity

SEX, AGE = "female", "age"
ALWAYS = (SEX, AGE)
"""Covariates without which nobody is described."""
_NUMBER_FIRST = re.compile(r"[-+]?[.\d]|[-+]?(nan|inf)", re.IGNORECASE)
PLACE = "#"


@dataclass(frozen=True)
class Law:
    """A number of the model, by its name, and the formula by which covariates give it."""

    target: str
    formula: str


@dataclass(frozen=True)
class CovariateRow:
    """One covariate.

    Attributes
    ----------
    name : str
        As in formulas, e.g. ``eGFR``.
    said : tuple of str
        Ways to say it, ``#`` for the number: ``# kg``, ``eGFR #``; the first is the one that is printed.
    unit : str
    low, high : float
        Range of what can be simulated, in ``unit``.
    laws : tuple of Law
        Numbers of the model that it drives; none for one that only others follow from.
    median : (str, str)
        Formulas of other covariates, or numbers: the median of women and that of men of whom it is not known. Empty
        for what is never drawn.
    cv : (float, float)
        Coefficient of variation between women, and between men: the distribution is lognormal.
    follows : str
        Formula that gives it where all covariates in it are known already.
    correlated : str
        Covariate with which it varies together; empty for none.
    correlation : float
        Of the normal scores of the two, -1 to 1.
    tier, source, note : str
    place : str
        File and line.
    """

    name: str
    said: tuple[str, ...]
    unit: str
    low: float
    high: float
    laws: tuple[Law, ...]
    median: tuple[str, str]
    cv: tuple[float, float]
    follows: str
    correlated: str
    correlation: float
    tier: str
    source: str
    note: str
    place: str

    @property
    def drawn(self) -> bool:
        """True if it is drawn, or follows from what is drawn, where it is not described."""
        return bool(self.median[0])

    @property
    def varies(self) -> bool:
        """True if people differ in it beyond what its median follows from."""
        return self.drawn and max(self.cv) > 0

    @property
    def readable_unit(self) -> str:
        """The unit as it is printed behind a number; empty for a pure number."""
        return "" if self.unit == "dimensionless" else f" {self.unit}"

    @property
    def words(self) -> str:
        """The name as it is printed."""
        first = self.said[0] if self.said else PLACE
        return self.name.replace("_", " ") if first.startswith(PLACE) else first.replace(PLACE, "").strip()

    def say(self, value: object) -> str:
        """Return the covariate as a description of a person has it: ``70 kg``, ``eGFR 45``."""
        return self.said[0].replace(PLACE, plain(value) if isinstance(value, float | int) else str(value))

    def check(self, value: object) -> float:
        """Return the value as a float; raises `ValueOutOfRangeError` where it cannot be simulated."""
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not self.low <= number <= self.high:
            given = value if math.isnan(number) else f"{number:g}"
            raise ValueOutOfRangeError(
                f"{self.words} {given}{self.readable_unit} cannot be simulated; "
                f"give one between {self.low:g} and {self.high:g}{self.readable_unit}"
            )
        return number


@dataclass(frozen=True)
class CovariateTable:
    """All covariates, in the order of the table, in which they are drawn and printed."""

    rows: tuple[CovariateRow, ...]

    def __iter__(self) -> Iterator[CovariateRow]:
        return iter(self.rows)

    def __contains__(self, name: str) -> bool:
        return any(row.name == name for row in self.rows)

    def row(self, name: str) -> CovariateRow:
        """Return the row with this name; raises `UnknownNameError` with the nearest."""
        for row in self.rows:
            if row.name == name:
                return row
        raise UnknownNameError("covariate", name, (row.name for row in self.rows))

    @property
    def said_words(self) -> tuple[str, ...]:
        """Return the words of all covariates in descriptions."""
        return tuple(
            w for row in self.rows for said in row.said if (w := said.replace(PLACE, "").strip()) and _leads(said)
        )

    def read_words(self, text: str) -> tuple[str, float] | None:
        """Return name and value of the covariate that begins with its words (``eGFR 45``), or None for another text.

        Raises
        ------
        UnitError
            For a unit that does not exist or fit.
        ValueOutOfRangeError
            For a number that is missing, not finite or out of range.
        """
        for row in self.rows:
            for said in filter(_leads, row.said):
                words = said.replace(PLACE, "").strip()
                start, rest = text[: len(words)], text[len(words) :]
                if start.casefold() == words.casefold() and not rest[:1].isalpha():
                    return row.name, _number(row, text, rest.lstrip(" =:"))
        return None

    def read_quantity(self, word: str) -> tuple[str, float] | None:
        """Return name and value of the covariate whose unit a quantity has (``70 kg``), or None where it is no number.

        Raises
        ------
        UnitError
            For a unit that does not exist.
        ValueOutOfRangeError
            For a number without unit, not finite or out of range, or a unit that no covariate has.
        """
        if not _NUMBER_FIRST.match(word):
            return None
        word = re.sub(r"[-\s]*(years?[-\s]old|yo|years?|yrs?)$", " y", word, flags=re.I)
        rows = {row.name: row for row in self.rows if row.said and row.said[0].startswith(PLACE)}
        bare = re.fullmatch(r"([-+]?(?:nan|inf))\s*([a-z]*)", word, re.I)
        if bare:
            next((row for row in rows.values() if row.unit == bare.group(2)), rows[AGE]).check(bare.group(1))
        remedy = ", ".join(f"{'years' if name == AGE else name} as {row.unit!r}" for name, row in rows.items())
        try:
            value, unit = parse_quantity(word)
            if unit == "dimensionless":
                raise ValueOutOfRangeError(f"{word!r} has no unit; write {remedy}")
            for name, row in rows.items():
                if compatible(unit, row.unit):
                    return name, row.check(convert(value, unit, row.unit))
        except ValueOutOfRangeError:
            raise
        except NadfluxError as error:
            raise type(error)(f"in {word!r}: {error}; write {remedy}") from error
        *names, last = rows
        raise ValueOutOfRangeError(f"{word!r} is neither {', '.join(names)} nor {last}; write {remedy}")


def needed(row: CovariateRow) -> tuple[str, ...]:
    """Return the covariates from which one is drawn."""
    names = [name for formula in row.median if formula for name in names_in(formula)]
    return tuple(dict.fromkeys([*names, *([row.correlated] if row.correlated else [])]))


def plain(value: float) -> str:
    """Return the shortest decimal that reads back to the same number."""
    return repr(int(value)) if value == int(value) else repr(float(value))


def _leads(said: str) -> bool:
    """Tell whether words come before the number."""
    return not said.startswith(PLACE)


def _number(row: CovariateRow, word: str, rest: str) -> float:
    """Return the number behind the words of a covariate, in its unit."""
    if not _NUMBER_FIRST.match(rest):
        raise ValueOutOfRangeError(f"{word!r} gives no number; write e.g. {row.say((row.low + row.high) / 2)!r}")
    if re.fullmatch(r"[-+]?(nan|inf)", rest, re.I):
        return row.check(rest)
    try:
        value, unit = parse_quantity(rest)
        value = value if unit == "dimensionless" else convert(value, unit, row.unit)
    except NadfluxError as error:
        raise type(error)(f"in {word!r}: {error}") from error
    return row.check(value)
