"""Conserved moieties: sums of amounts that no reaction changes.

The integer left null space of the stoichiometric matrix, by exact elimination over the rational numbers
(Reder 1988, doi:10.1016/S0022-5193(88)80073-0), then made non-negative where one step can do it.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from fractions import Fraction

from nadflux.network.expression import Number
from nadflux.network.model import Model, Species, SpeciesReference

LARGEST_DENOMINATOR = 10_000


@dataclass(frozen=True)
class Moiety:
    """A conserved sum.

    Attributes
    ----------
    weights : tuple of (str, int)
        Species and how often its amount counts; weights have no common divisor.
    """

    weights: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        parts = []
        positive_first = sorted(self.weights, key=lambda pair: pair[1] < 0)
        for number, (species, weight) in enumerate(positive_first):
            sign = "-" if weight < 0 else "+" if number else ""
            size = "" if abs(weight) == 1 else f"{abs(weight)} "
            parts.append(f"{sign}{' ' if number else ''}{size}{species}")
        return " ".join(parts)


def conserved_moieties(model: Model) -> list[Moiety]:
    """Return the independent conserved sums of a model's species amounts.

    Species that a rule or event sets, boundary species and constants are left out: what they exchange is not
    conserved. Reactions whose stoichiometry varies, or species with a varying conversion factor, conserve
    nothing that they touch.

    Parameters
    ----------
    model : Model

    Returns
    -------
    list of Moiety
        One for each dimension of the left null space; species that no reaction touches are not listed.
    """
    species, columns = _stoichiometry(model)
    basis = _left_null_space([[column.get(name, Fraction(0)) for column in columns] for name in species])
    moieties = []
    for vector in _made_positive(basis):
        weights = tuple((name, weight) for name, weight in zip(species, vector, strict=True) if weight)
        moieties.append(Moiety(weights))
    return sorted(moieties, key=lambda moiety: (len(moiety.weights), moiety.weights))


def moiety_report(model: Model) -> str:
    """Return the conserved sums of a model, one line each."""
    moieties = conserved_moieties(model)
    if not moieties:
        return "no conserved moieties"
    head = "1 conserved moiety" if len(moieties) == 1 else f"{len(moieties)} conserved moieties"
    lines = [
        textwrap.fill(str(m), 108, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
        for m in moieties
    ]
    return "\n".join([f"{head} (sums of amounts)", *lines])


def _stoichiometry(model: Model) -> tuple[list[str], list[dict[str, Fraction]]]:
    """Return the species that reactions alone change, and the change by each reaction."""
    set_otherwise = {*model.assignment_rules, *model.rate_rules}
    set_otherwise |= {variable for event in model.events.values() for variable, _ in event.assignments}
    free = {
        s.id
        for s in model.species.values()
        if not (s.boundary or s.constant or s.id in set_otherwise or _converted(model, s))
    }
    touched: dict[str, None] = {}
    columns: list[dict[str, Fraction]] = []
    for reaction in model.reactions.values():
        column: dict[str, Fraction] = {}
        for sign, references in ((-1, reaction.reactants), (1, reaction.products)):
            for reference in references:
                if reference.species not in free:
                    continue
                touched[reference.species] = None
                amount = _fixed(model, reference, set_otherwise)
                if amount is None:
                    # a column of its own that no conserved sum can balance
                    columns.append({reference.species: Fraction(1)})
                else:
                    column[reference.species] = column.get(reference.species, Fraction(0)) + sign * amount
        columns.append({name: value for name, value in column.items() if value})
    return [name for name in model.species if name in touched], columns


def _converted(model: Model, species: Species) -> bool:
    """Tell whether amounts are rescaled, so that integer sums of them mean nothing."""
    return bool(species.conversion_factor or model.conversion_factor)


def _fixed(model: Model, reference: SpeciesReference, set_otherwise: set[str]) -> Fraction | None:
    varies = reference.id and (reference.id in set_otherwise or reference.id in model.initial_assignments)
    if varies or not isinstance(reference.stoichiometry, Number):
        return None
    value = reference.stoichiometry.value
    if not math.isfinite(value):
        return None
    return Fraction(value).limit_denominator(LARGEST_DENOMINATOR)


def _left_null_space(matrix: list[list[Fraction]]) -> list[list[int]]:
    """Return integer rows w with w·matrix = 0, from row elimination of [matrix | identity]."""
    size = len(matrix)
    rows = [{j: value for j, value in enumerate(row) if value} for row in matrix]
    combination = [{i: Fraction(1)} for i in range(size)]
    done: set[int] = set()
    width = len(matrix[0]) if matrix else 0
    for column in range(width):
        holders = [i for i in range(size) if i not in done and column in rows[i]]
        if not holders:
            continue
        pivot = min(holders, key=lambda i: (len(rows[i]), len(combination[i]), i))
        done.add(pivot)
        for i in holders:
            if i != pivot:
                factor = rows[i][column] / rows[pivot][column]
                _subtract(rows[i], rows[pivot], factor)
                _subtract(combination[i], combination[pivot], factor)
    return [_whole(combination[i], size) for i in range(size) if i not in done]


def _subtract(row: dict[int, Fraction], pivot: dict[int, Fraction], factor: Fraction) -> None:
    for j, value in pivot.items():
        left = row.get(j, Fraction(0)) - factor * value
        if left:
            row[j] = left
        else:
            row.pop(j, None)


def _whole(combination: dict[int, Fraction], size: int) -> list[int]:
    common = math.lcm(*(value.denominator for value in combination.values()))
    row = [0] * size
    for i, value in combination.items():
        row[i] = int(value * common)
    return _reduced(row)


def _reduced(row: list[int]) -> list[int]:
    divisor = math.gcd(*row) or 1
    first = next(value for value in row if value)
    negative = sum(value < 0 for value in row) > sum(value > 0 for value in row)
    if negative or (first < 0 and sum(value < 0 for value in row) == sum(value > 0 for value in row)):
        divisor = -divisor
    return [value // divisor for value in row]


def _made_positive(basis: list[list[int]]) -> list[list[int]]:
    """Replace rows with negative weights by sums with others, where that removes the negatives."""
    rows = [list(row) for row in basis]
    for i, row in enumerate(rows):
        if min(row) >= 0:
            continue
        for other in (r for k, r in enumerate(rows) if k != i and min(r) >= 0):
            needed = max((-a + b - 1) // b if b else 0 for a, b in zip(row, other, strict=True) if a < 0)
            candidate = [a + needed * b for a, b in zip(row, other, strict=True)]
            if needed > 0 and min(candidate) >= 0:
                rows[i] = _reduced(candidate)
                break
    return rows
