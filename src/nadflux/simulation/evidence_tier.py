"""The tier of a quantity: no better than that of the weakest number on which it depends."""

from __future__ import annotations

from collections.abc import Iterable

from nadflux.network.assemble import Body
from nadflux.network.dependencies import Dependencies
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model
from nadflux.network.tables import TIERS, ParameterTable
from nadflux.people.posterior import Posterior


def tiers_of(body: Body) -> dict[str, str]:
    """Return the tier of each observable by id: that of the weakest row that drives it, at rest and under any plan.

    A level follows from the laws of all reactions that fill and empty its pool, and these from theirs: where pools
    are joined by blood nearly every row counts.
    """
    row_tier = _tier_by_id(body.table)
    dependencies = Dependencies.over_time(body.model, body.present.formulas)
    named = {observable.id: symbols(parse_infix(observable.formula)) for observable in body.observables}
    result: dict[str, str] = {}
    # The weakest tier first: what it leads to is settled, and the others go on with the rest.
    for tier in reversed(TIERS):
        reached = dependencies.leading_from(name for name, one in row_tier.items() if one == tier)
        result |= {one: tier for one, parts in named.items() if one not in result and parts & reached}
    return {one: result.get(one, weakest(set())) for one in named}


def tier_at_rest(model: Model, table: ParameterTable, name: str) -> str:
    """Return the weakest tier among all numbers from which a quantity follows at rest.

    Parameters
    ----------
    model : Model
    table : ParameterTable
        With the ids that each row sets.
    name : str
        Id of the quantity.
    """
    row_tier = _tier_by_id(table)
    return weakest({row_tier[found] for found in Dependencies.at_rest(model).behind([name]) & row_tier.keys()})


def answer_tier(
    observable: str, posterior: Posterior | None, otherwise: str, ways: Iterable[tuple[str, str]] = ()
) -> str:
    """Return ``fitted`` where published figures of this quantity informed the posterior in use, else ``otherwise``.

    Parameters
    ----------
    ways : iterable of (str, str)
        Compounds and routes that are taken: figures of the quantity under each of them must have informed the fit.
    """
    if posterior is None or observable not in posterior.informing:
        return otherwise
    return "fitted" if posterior.ways(observable).issuperset(ways) else otherwise


def weakest(found: set[str]) -> str:
    """Return the weakest of some tiers; ``derived`` where there is none."""
    return max(found, key=TIERS.index) if found else "derived"


def _tier_by_id(table: ParameterTable) -> dict[str, str]:
    rows = {row.key: row for row in table}
    return {identifier: rows[key].tier for key, ids in table.targets.items() for identifier in ids}
