"""The tier of a quantity: no better than the weakest number it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from nadflux.network.assemble import Body
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.tables import ParameterTable
from nadflux.people.posterior import Posterior

TIERS = ("measured", "derived", "fitted", "assumed")
"""From strongest to weakest."""


def tiers_of(body: Body) -> dict[str, str]:
    """Tier of each observable by id: the weakest row among all that drive it, at rest and under any plan.

    A level follows from the laws of all reactions that fill and empty its pool, and these from theirs: where pools
    are joined by blood nearly every row counts.
    """
    row_tier = _tier_by_id(body.table)
    behind = _dependencies(body)
    result = {}
    for observable in body.observables:
        seen: set[str] = set()
        waiting = list(symbols(parse_infix(observable.formula)))
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += behind.get(name, ())
        result[observable.id] = weakest({row_tier[name] for name in seen if name in row_tier})
    return result


def answer_tier(
    observable: str, posterior: Posterior | None, otherwise: str, ways: Iterable[tuple[str, str]] = ()
) -> str:
    """``fitted`` where published figures of this very quantity informed the posterior in use, else ``otherwise``.

    Parameters
    ----------
    ways : iterable of (str, str)
        Compounds and routes that are taken: figures of the quantity under each of them must have informed the fit.
    """
    if posterior is None or observable not in posterior.informing:
        return otherwise
    return "fitted" if posterior.ways(observable).issuperset(ways) else otherwise


def _dependencies(body: Body) -> dict[str, set[str]]:
    """What the value of each name is computed from, by id; of a state also the laws that change it."""
    model = body.model
    behind: dict[str, set[str]] = {}
    for formulas in (model.initial_assignments, model.assignment_rules, model.rate_rules):
        for name, formula in formulas.items():
            behind.setdefault(name, set()).update(symbols(formula))
    for reaction in model.reactions.values():
        law = symbols(reaction.law) if reaction.law is not None else set()
        behind.setdefault(reaction.id, set()).update(law)
        for side in (reaction.reactants, reaction.products):
            for reference in side:
                behind.setdefault(reference.species, set()).update(law)
    return behind


def weakest(found: set[str]) -> str:
    """The weakest of some tiers; ``derived`` where there is none."""
    return max(found, key=TIERS.index) if found else "derived"


def _tier_by_id(table: ParameterTable) -> dict[str, str]:
    rows = {row.key: row for row in table}
    return {identifier: rows[key].tier for key, ids in table.targets.items() for identifier in ids}
