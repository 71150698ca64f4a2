"""Error types. Every message names the thing, its value and unit, and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NadfluxError(Exception):
    """Base of every error nadflux raises on purpose; the command line exits 2 on it."""


class UnknownNameError(NadfluxError):
    """A name that the model, the tables or the language does not know."""

    def __init__(self, kind: str, name: str, known: Iterable[str], remedy: str = "") -> None:
        known = sorted(known)
        close = nearest(name, known)
        hint = f"; did you mean {', '.join(repr(c) for c in close)}?" if close else ""
        if not close and known and len(known) <= 12:
            hint = f"; known: {', '.join(known)}"
        elif not close and known and not remedy:
            hint = f"; {len(known)} are known, such as {', '.join(known[:: max(1, len(known) // 3)][:3])}"
        stop = "." if remedy[:1].isupper() and not hint.endswith("?") else ""
        super().__init__(f"unknown {kind} {shortened(name)}{hint}{stop}" + (f" {remedy}" if remedy else ""))
        self.kind = kind
        self.name = name
        self.close = close


class UnitError(NadfluxError):
    """A unit that does not exist or does not fit the quantity."""


class ValueOutOfRangeError(NadfluxError):
    """A number that is missing, not finite or outside what makes sense."""


class TableError(NadfluxError):
    """A row of a table that cannot be used; names file, row and column."""


class ModelError(NadfluxError):
    """A model text that cannot be read or is inconsistent."""


class UnsupportedModelError(ModelError):
    """An SBML construct that nadflux refuses; ``report`` lists what and where.

    Attributes
    ----------
    report : list of (str, str)
        Pairs (construct, place), e.g. ``("algebraic rule", "rule 3")``.
    """

    def __init__(self, report: list[tuple[str, str]]) -> None:
        self.report = report
        lines = "; ".join(f"{what} ({where})" for what, where in report)
        super().__init__(f"this model uses what nadflux does not simulate: {lines}")


class PlanError(NadfluxError):
    """A regimen sentence or schedule that cannot be understood; points at the word."""


class AmbiguousError(PlanError):
    """Words about a plan or a person that may mean two things; asks back with the readings."""


class NotModelledError(PlanError):
    """Words about a plan or a person that name what the model does not have; names what can be written instead."""


class StudyError(NadfluxError):
    """A study file with a mistake; names file, line, field and remedy."""


class SimulationError(NadfluxError):
    """A simulation that could not be started or continued."""


class RecordMismatchError(NadfluxError):
    """A stored file whose model, schema or names do not fit what is loaded."""


def shortened(value: object, longest: int = 80) -> str:
    """Return a value as Python writes it, cut where it is longer than an error can show."""
    try:
        text = repr(value)
    except ValueError:  # Python prints no whole number of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def shortened_lines(text: str, longest: int = 2000) -> str:
    """Return a text of which lines that no terminal can show as a whole are cut in their middle."""
    half = longest // 2
    return "\n".join(line if len(line) <= longest else f"{line[:half]} … {line[-half:]}" for line in text.split("\n"))


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return names in ``known`` that look like ``name``, closest first, ignoring case."""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), candidate)
    found = difflib.get_close_matches(name.casefold(), by_fold, n=count, cutoff=0.6)
    return [by_fold[f] for f in found]
