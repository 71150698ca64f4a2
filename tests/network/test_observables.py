"""Observables of a body: those of the cell for each organ, and means over organs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.body_spec import read_body_spec
from nadflux.network.evaluate import evaluate
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.observables import read_body_observables
from nadflux.shipped import BIOLOGY

PLAN = read_body_spec(BIOLOGY, "whole")


def test_a_mean_weighs_the_organs() -> None:
    found = {o.id: o for o in read_body_observables(BIOLOGY, PLAN)}
    for name in PLAN.means["body"]["of"]:
        mean = found[f"body_{name}"]
        formula = parse_infix(mean.formula)
        rng = np.random.default_rng(1)
        values = {symbol: np.asarray(rng.uniform(1, 2)) for symbol in symbols(formula)}
        each = [evaluate(parse_infix(found[f"{organ}_{name}"].formula), values) for organ in PLAN.cells]
        weights = [values[f"person__healthy__{organ}"] for organ in PLAN.cells]
        assert np.isclose(evaluate(formula, values), np.average(each, weights=weights), rtol=1e-12)
        assert (mean.matrix, mean.unit) == ("whole body", found[f"liver_{name}"].unit)


def test_a_mean_of_what_no_cell_has_is_refused() -> None:
    plan = dataclasses.replace(PLAN, means={"body": {**PLAN.means["body"], "of": ["J_dge"]}})
    with pytest.raises(UnknownNameError, match="J_deg"):
        read_body_observables(BIOLOGY, plan)


@pytest.mark.parametrize("change", [{"spleen": "person.spleen_volume"}, {"liver": None}])
def test_a_mean_without_the_weight_of_an_organ_is_refused(change: dict[str, str | None]) -> None:
    weights = {o: name for o, name in {**PLAN.means["body"]["weights"], **change}.items() if name is not None}
    plan = dataclasses.replace(PLAN, means={"body": {**PLAN.means["body"], "weights": weights}})
    with pytest.raises(ModelError, match=next(iter(change))):
        read_body_observables(BIOLOGY, plan)
