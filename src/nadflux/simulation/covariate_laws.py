"""Laws of covariates: the numbers of a body that follow from them, evaluated by the kernel."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping

import numpy as np

from nadflux.errors import TableError, UnknownNameError
from nadflux.kernel.at_rest import AtRest
from nadflux.network.body_spec import WHOLE
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model, Parameter
from nadflux.network.names import to_id, to_name
from nadflux.people import Cohort, Covariates, Person
from nadflux.people.covariate_table import ALWAYS, CovariateRow, Law
from nadflux.people.read_covariates import shipped_covariates
from nadflux.simulation.compiled import Prepared

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")


def apply_laws(prepared: Prepared, rows: np.ndarray, covariates: Covariates) -> None:
    """Set the numbers that covariates drive, in place.

    A law that is a name alone copies the value. Every other one may use covariates by their names and numbers of the
    body by theirs (``person.surface``), and is evaluated by the kernel; a number of the body that covariates drive has
    the value that its own law has not changed yet.

    Parameters
    ----------
    prepared : Prepared
    rows : ndarray, shape (person, parameter), each in its own unit
        In the order of ``prepared.program.parameters``.
    covariates : Covariates

    Raises
    ------
    TableError
        For a law whose target or names the whole body does not have.
    """
    column = {name: k for k, name in enumerate(prepared.program.parameters)}
    formulas: dict[str, str] = {}
    for row, law in _laws():
        if row.name not in covariates or not _has(prepared, row, law, column):
            continue
        target = to_id(law.target)
        if law.formula == row.name:
            rows[:, column[target]] = covariates[row.name]
        else:
            formulas[target] = _checked(prepared, row, law, covariates)
    for target, values in _evaluated(prepared, rows, covariates, formulas).items():
        rows[:, column[target]] = values


def described_targets() -> frozenset[str]:
    """Return the names of numbers that covariates always give, which nobody can set by hand."""
    return frozenset(law.target for row, law in _laws() if row.drawn or row.name in ALWAYS)


def described_by(who: Person | Cohort) -> tuple[str, ...]:
    """Return the names of the numbers that the description of people determines."""
    return tuple(law.target for row, law in _laws() if row.name in who.described)


def _laws() -> Iterator[tuple[CovariateRow, Law]]:
    return ((row, law) for row in shipped_covariates() for law in row.laws)


def _has(prepared: Prepared, row: CovariateRow, law: Law, column: Mapping[str, int]) -> bool:
    """Tell whether a body has the number that a law gives; the whole body has all of them."""
    if to_id(law.target) in column:
        return True
    if prepared.body.name == WHOLE:
        error = UnknownNameError("number", law.target, map(to_name, column))
        raise TableError(f"{row.place}: {row.name} drives what no body has: {error}")
    return False


def names_of_law(formula: str) -> tuple[str, ...]:
    """Return the covariates and numbers of the model that the text of a law names, in its order."""
    return tuple(_NAME.findall(formula))


def _checked(prepared: Prepared, row: CovariateRow, law: Law, covariates: Covariates) -> str:
    """Return the formula of a law with ids for names; refuse one that is neither of the body nor a known covariate."""
    model = prepared.body.model
    for name in names_of_law(law.formula):
        if "." in name:
            if to_id(name) not in {**model.parameters, **model.species, **model.compartments}:
                raise TableError(f"{row.place}: {UnknownNameError('number', name, map(to_name, model.parameters))}")
        elif name in shipped_covariates() and name not in covariates:
            raise TableError(f"{row.place}: the law of {law.target} needs {name}, which drives nothing or is not drawn")
    return _NAME.sub(lambda match: to_id(match.group()), law.formula)


def _evaluated(
    prepared: Prepared, rows: np.ndarray, covariates: Covariates, formulas: Mapping[str, str]
) -> dict[str, np.ndarray]:
    """Return the values of formulas by the id that they set, each of shape (person,), in the unit of the model."""
    if not formulas:
        return {}
    model = prepared.body.model
    laws = {f"covariate_law_{k}": parse_infix(text) for k, text in enumerate(formulas.values())}
    extended: Model = dataclasses.replace(
        model,
        parameters={
            **model.parameters,
            **{name: Parameter(name, 0.0) for name in covariates},
            **{name: Parameter(name) for name in laws},
        },
        initial_assignments={**model.initial_assignments, **laws},
    )
    given = np.column_stack([rows, *(np.broadcast_to(value, len(rows)) for value in covariates.values())])
    found = AtRest(extended, prepared.program.inputs).values(laws, (*prepared.program.parameters, *covariates), given)
    return {target: found[name] for target, name in zip(formulas, laws, strict=True)}
