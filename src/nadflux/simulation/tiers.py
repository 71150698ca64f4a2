"""The tier of a quantity: no better than the weakest number it rests on."""

from __future__ import annotations

from nadflux.network.assemble import Body
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.tables import ParameterTable

TIERS = ("measured", "derived", "fitted", "assumed")
"""From strongest to weakest."""


def tiers_of(body: Body) -> dict[str, str]:
    """Tier of each observable by id: the weakest row among those its own formula and pools rest on.

    A prediction rests on the whole model; what is graded here is the resting level itself: the rows that set
    the species, sizes and capacities in the observable's formula, one step of the resting state deep.
    """
    model, table = body.model, body.table
    row_tier = _tier_by_id(table)
    result = {}
    for observable in body.observables:
        names = set(symbols(parse_infix(observable.formula)))
        for name in tuple(names):
            for formulas in (model.initial_assignments, model.assignment_rules):
                if name in formulas:
                    names |= symbols(formulas[name])
        found = {row_tier[name] for name in names if name in row_tier}
        result[observable.id] = weakest(found)
    return result


def weakest(found: set[str]) -> str:
    """The weakest of some tiers; ``derived`` where there is none."""
    return max(found, key=TIERS.index) if found else "derived"


def _tier_by_id(table: ParameterTable) -> dict[str, str]:
    rows = {row.key: row for row in table}
    return {identifier: rows[key].tier for key, ids in table.targets.items() for identifier in ids}
