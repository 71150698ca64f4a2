"""Targets of published rows: the observables of the body behind each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nadflux.errors import StudyError
from nadflux.network.tables import Observable
from nadflux.people.covariate_table import AGE
from nadflux.studies.published.derived_endpoints import (
    AGAINST_AGE,
    CLEARANCE,
    NIACIN_METABOLITES,
    TRYPTOPHAN,
    base_label,
)
from nadflux.studies.published.schema import Observation


@dataclass(frozen=True)
class Target:
    """The observables behind a row.

    Attributes
    ----------
    parts : tuple of Observable
        Observables to combine, in order.
    join : {"one", "sum", "ratio"}
        Operation that combines the parts into the row's figure.
    total : bool
        Whether the parts are amounts since the start (a urinary recovery is then their difference).
    unit : str
        Unit of the combined figure.
    derived : str
        Figure of `nadflux.studies.published.derived_endpoints` made from it; empty for the observable itself.
    """

    parts: tuple[Observable, ...]
    join: Literal["one", "sum", "ratio"]
    total: bool
    unit: str
    derived: str = ""

    @property
    def matrix(self) -> str:
        """Matrix of the first part."""
        return self.parts[0].matrix


def find_target(row: Observation, observables: Sequence[Observable]) -> Target | None:
    """Find the observables of a row; None if the body has none of them.

    A label of the row is looked up as label or id among the observables of its matrix; in urine it also
    means its excretion. ``A/B`` is a ratio and ``A + B`` a sum, unless a label contains the sign itself.
    ``X against age``, ``X apparent clearance`` and ``tryptophan per niacin equivalent`` are derived.
    """
    label, derived = base_label(row.observable)
    if derived:
        return _derived(row, label, derived, observables)
    total = row.figure == "auc" and row.matrix.casefold() == "urine"
    whole = _look_up(row.observable, row.matrix, observables, total)
    if whole is not None:
        return Target((whole,), "one", total, whole.unit)
    for pattern, join in ((r"\s*/\s*", "ratio"), (r"\s+\+\s+", "sum")):
        names = re.split(pattern, row.observable)
        if len(names) < 2 or (join == "ratio" and len(names) != 2):
            continue
        parts = [_look_up(name, row.matrix, observables, total) for name in names]
        if any(part is None for part in parts):
            return None
        found = tuple(part for part in parts if part is not None)
        if join == "ratio":
            return Target(found, "ratio", total, "dimensionless")
        return Target(found, "sum", total, found[0].unit)
    return None


def find_other(row: Observation, observables: Sequence[Observable]) -> Observable | None:
    """Find the observable that a row is correlated with; None for age.

    Raises
    ------
    StudyError
        If the body has none.
    """
    assert row.against is not None
    if row.against.observable == AGE:
        return None
    matrix = row.against.matrix or row.matrix
    found = _look_up(row.against.observable, matrix, observables, False)
    if found is None:
        raise StudyError(f"no observable {row.against.observable!r} in {matrix} to correlate {row.observable!r} with")
    return found


def _derived(row: Observation, label: str, derived: str, observables: Sequence[Observable]) -> Target | None:
    if derived != AGAINST_AGE and row.window is None:
        raise StudyError(f"{row.observable!r} in {row.matrix} needs a window, e.g. window: 0 h to 24 h")
    if derived == TRYPTOPHAN and (row.reference is None or row.reference == "baseline" or row.reference[0].isdigit()):
        raise StudyError(f"{row.observable!r} compares two arms; write from: the id of the arm that took niacin")
    names = NIACIN_METABOLITES if derived == TRYPTOPHAN else (label,)
    found = [_look_up(name, row.matrix, observables, derived == TRYPTOPHAN) for name in names]
    parts = tuple(part for part in found if part is not None)
    if len(parts) < len(names):
        return None
    if derived == TRYPTOPHAN:
        return Target(parts, "sum", True, "mg/mg", derived)
    return Target(parts, "one", False, "L/h" if derived == CLEARANCE else "%/year", derived)


def _look_up(name: str, matrix: str, observables: Sequence[Observable], total: bool) -> Observable | None:
    if name in (o.id for o in observables):
        return next(o for o in observables if o.id == name)
    here = [o for o in observables if o.matrix.casefold() == matrix.casefold()]
    wanted = name.casefold()
    found = [o for o in here if o.label.casefold() == wanted and not o.integral_of]
    found += [o for o in here if o.analyte.casefold() == wanted and not o.integral_of]
    if not total:
        return found[0] if found else None
    fluxes = {o.id for o in found}
    return next((o for o in here if o.integral_of in fluxes), None)
