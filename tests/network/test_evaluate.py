from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import ModelError
from nadflux.network.evaluate import evaluate, initial_values
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model, Parameter


@pytest.mark.parametrize(
    ("formula", "value"),
    [("2 + 3 * x", 8.0), ("max(x, 1) ^ 2", 4.0), ("piecewise(1, x > 3, 7)", 7.0), ("sqrt(x * 8)", 4.0)],
)
def test_formulas(formula: str, value: float) -> None:
    assert evaluate(parse_infix(formula), {"x": np.asarray(2.0)}) == pytest.approx(value)


def test_what_is_undefined_is_not_a_number() -> None:
    assert np.isnan(evaluate(parse_infix("sqrt(x)"), {"x": np.asarray(-1.0)}))


def test_formulas_that_need_each_other_are_refused() -> None:
    model = Model(
        id="m",
        parameters={"a": Parameter("a"), "b": Parameter("b")},
        initial_assignments={"a": parse_infix("b + 1"), "b": parse_infix("a + 1")},
    )
    with pytest.raises(ModelError, match="need each other"):
        initial_values(model)


def test_a_quantity_without_value_is_named() -> None:
    model = Model(id="m", parameters={"a": Parameter("a")}, initial_assignments={"a": parse_infix("liver__x")})
    with pytest.raises(ModelError, match=r"liver\.x has no value"):
        initial_values(model)
