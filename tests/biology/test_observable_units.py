"""The unit that an observable shows is the unit of its formula, in kind and scale."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from nadflux import units
from nadflux.network.assemble import Body
from nadflux.network.check_scale import unit_of
from nadflux.network.infix import parse_infix
from nadflux.network.tables import Observable

SHORT = {"mole": "mol", "metre": "m", "second": "s", "kilogram": "kg", "joule": "J"}


def fits(body: Any, observable: Observable) -> bool:
    """Whether the formula has the unit of its row, in whatever holds a model."""
    found = unit_of(body.model, parse_infix(observable.formula))
    if found is None:
        return False
    kinds, factor = found
    base = " * ".join(f"{SHORT[kind]}^{exponent:g}" for kind, exponent in kinds.items()) or "1"
    if not units.compatible(observable.unit, base):
        return False
    return math.isclose(factor, units.factor(observable.unit, base), rel_tol=1e-9)


def test_every_observable_has_the_unit_of_its_formula(body: Body) -> None:
    assert [o.id for o in body.observables if not fits(body, o)] == []


@pytest.mark.parametrize("unit", ["mM", "kg", "umol/day"])
def test_a_wrong_unit_is_caught(body: Body, unit: str) -> None:
    level = next(o for o in body.observables if o.unit == "uM")
    assert not fits(body, dataclasses.replace(level, unit=unit))


def test_a_sum_of_unlike_quantities_is_caught(body: Body) -> None:
    level = next(o for o in body.observables if o.unit == "uM")
    assert not fits(body, dataclasses.replace(level, formula=f"{level.formula} + person__age"))
