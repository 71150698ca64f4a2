"""The stoichiometric matrix of a model, its independent rows and its conserved sums."""

from __future__ import annotations

import numpy as np
import scipy.linalg

from nadflux.errors import ModelError, UnsupportedModelError
from nadflux.kernel.at_state import AtState
from nadflux.network.expression import Number
from nadflux.network.model import Model
from nadflux.network.moieties import conserved_moieties
from nadflux.sbml.table import NamedTable

_RANK = 1e-10


def stoichiometry(model: Model) -> NamedTable:
    """Return how many of each species a reaction makes: species that reactions change by reactions.

    Raises
    ------
    UnsupportedModelError
        For a stoichiometry that is not a number.
    """
    free = moved_species(model)
    place = {name: i for i, name in enumerate(free)}
    values = np.zeros((len(free), len(model.reactions)))
    varying: list[tuple[str, str]] = []
    # Reaction by reaction: adds products and takes away reactants.
    for j, reaction in enumerate(model.reactions.values()):
        for sign, side in ((-1.0, reaction.reactants), (1.0, reaction.products)):
            for reference in side:
                if reference.species not in place:
                    continue
                fixed = reference.stoichiometry
                if not isinstance(fixed, Number) or (reference.id and reference.id in model.assignment_rules):
                    varying.append(("stoichiometry that is no number", f"reaction {reaction.id}"))
                    continue
                values[place[reference.species], j] += sign * fixed.value
    if varying:
        raise UnsupportedModelError(varying)
    return NamedTable("stoichiometry", "species", "reaction", free, tuple(model.reactions), values)


def moieties(model: Model) -> NamedTable:
    """Return the conserved sums of amounts: one row for each, with the weight of each species, and its total at start.

    Raises
    ------
    ModelError
        Where the start of a species has no value.
    """
    found = conserved_moieties(model)
    names = tuple(dict.fromkeys(name for moiety in found for name, _ in moiety.weights))
    weights = np.zeros((len(found), len(names) + 1))
    equations = AtState(model)
    start = dict(zip(equations.states, equations.start().tolist(), strict=True))
    for i, moiety in enumerate(found):
        for name, weight in moiety.weights:
            weights[i, names.index(name)] = weight
        weights[i, -1] = sum(weight * start.get(name, np.nan) for name, weight in moiety.weights)
    rows = tuple(str(moiety) for moiety in found)
    return NamedTable("conserved moieties (sums of amounts)", "moiety", "species", rows, (*names, "total"), weights)


def moved_species(model: Model) -> tuple[str, ...]:
    """Return the species that reactions change, in the order of the text."""
    touched = {r.species for x in model.reactions.values() for r in (*x.reactants, *x.products)}
    ruled = {*model.assignment_rules, *model.rate_rules}
    return tuple(
        s.id for s in model.species.values() if s.id in touched and not (s.boundary or s.constant or s.id in ruled)
    )


def reduced(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return independent rows of a stoichiometric matrix and the link from them to all rows (Reder 1988).

    Parameters
    ----------
    matrix : ndarray, shape (species, reaction), no unit

    Returns
    -------
    (ndarray of int, ndarray), shapes (independent,) and (species, independent), no unit

    Raises
    ------
    ModelError
        For a model in which no reaction changes any species.
    """
    if not matrix.size or not np.any(matrix):
        raise ModelError("no reaction changes any species of this model, so it has no control to speak of")
    _, triangle, order = scipy.linalg.qr(matrix.T, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int(np.sum(diagonal > _RANK * diagonal[0]))
    independent = np.sort(order[:rank])
    link = np.linalg.lstsq(matrix[independent].T, matrix.T, rcond=None)[0].T
    return independent, np.where(np.abs(link) < _RANK, 0.0, link)
