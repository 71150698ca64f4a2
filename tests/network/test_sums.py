"""Sums over organs, declared once."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.body_spec import Sums
from nadflux.network.evaluate import evaluate
from nadflux.network.expression import Symbol
from nadflux.network.model import Parameter
from nadflux.network.organs import Parts
from nadflux.network.sums import add_sums, give_each

ORGANS = frozenset({"all_of_it", "liver", "heart", "skin"})
SUMS = Sums(("liver", "skin", "heart"), {"use.J": "cell__use__k * cell__cell"}, {"use.scale": "scale"})


def _parts() -> Parts:
    parts = Parts(ORGANS)
    for name in ("all_of_it__use__J", "all_of_it__scale"):
        parts.parameters[name] = Parameter(name, unit="umol_per_h")
    return parts


def test_a_sum_adds_its_term_over_the_organs_in_order() -> None:
    parts = _parts()
    add_sums(parts, "all_of_it", SUMS)
    formula = parts.initial_assignments["all_of_it__use__J"]
    values = {}
    for number, organ in enumerate(SUMS.over, start=1):
        values |= {f"{organ}__use__k": np.asarray(0.1 * number), f"{organ}__cell": np.asarray(number / 7)}
    assert evaluate(formula, values) == 0.1 * (1 / 7) + 0.2 * (2 / 7) + 0.1 * 3 * (3 / 7)


def test_each_organ_takes_the_number_of_the_place() -> None:
    parts = _parts()
    give_each(parts, "all_of_it", SUMS)
    assert parts.initial_assignments == {f"{organ}__use__scale": Symbol("all_of_it__scale") for organ in SUMS.over}


def test_mistakes_are_named() -> None:
    with pytest.raises(UnknownNameError, match="skin"):
        add_sums(_parts(), "all_of_it", Sums(("skn",), {}, {}))
    with pytest.raises(ModelError, match="names use; write cell__NAME"):
        add_sums(_parts(), "all_of_it", Sums(("skin",), {"a": "use"}, {}))
    with pytest.raises(ModelError, match=r"all_of_it\.use\.J .* has no unit; write 'use__J has <unit>'"):
        give_each(Parts(ORGANS), "all_of_it", SUMS)
