"""Quantities of a place that are sums over organs, written out as formulas."""

from __future__ import annotations

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.body_spec import Sums
from nadflux.network.expression import Apply, Expression, Symbol, rename
from nadflux.network.infix import parse_infix
from nadflux.network.names import join, to_id, to_name
from nadflux.network.organs import Parts

ORGAN = "cell__"
"""What stands for the organ in the formula of a term."""


def add_sums(parts: Parts, place: str, sums: Sums) -> None:
    """Add the sums of a place to the parts, in place.

    Parameters
    ----------
    parts : Parts
        Without a formula of the same name so far.
    place : str
        Where the sums stand, e.g. ``"tissues"``.
    sums : Sums
        As in ``body.yaml``.

    Raises
    ------
    UnknownNameError
        For an organ that the body has not.
    ModelError
        For a formula that cannot be read.
    """
    for organ in sums.over:
        if organ not in parts.organs:
            raise UnknownNameError(f"organ of the sums of {place}", organ, parts.organs)
    for kept, terms in ((parts.initial_assignments, sums.of), (parts.assignment_rules, sums.rules)):
        for name, term in terms.items():
            formula = parse_infix(term)
            kept[join(place, to_id(name))] = Apply("add", tuple(_of(o, formula) for o in sums.over))


def give_each(parts: Parts, place: str, sums: Sums) -> None:
    """Give each organ the numbers of the place that it takes, in place; after the modules of the place.

    Parameters
    ----------
    parts : Parts
        With the modules of the place and its sums.
    place : str
    sums : Sums

    Raises
    ------
    ModelError
        For a sum, or a number to take, that no module of the place declares with its unit.
    """
    for name in (*sums.of, *sums.rules, *sums.each.values()):
        if join(place, to_id(name)) not in parts.parameters:
            raise ModelError(
                f"{place}.{name} of the sums of {place} has no unit; write '{to_id(name)} has <unit>' "
                f"in a module of {place}"
            )
    for inner, outer in sums.each.items():
        for organ in sums.over:
            parts.initial_assignments[join(organ, to_id(inner))] = Symbol(join(place, to_id(outer)))


def _of(organ: str, formula: Expression) -> Expression:
    def named(name: str) -> str:
        if not name.startswith(ORGAN):
            raise ModelError(f"the term of a sum names {to_name(name)}; write {ORGAN}NAME for that of each organ")
        return join(organ, name.removeprefix(ORGAN))

    return rename(formula, named)
