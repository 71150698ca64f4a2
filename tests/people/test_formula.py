"""Formulas of the table of covariates: exact arithmetic, and refusal of all else."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import TableError
from nadflux.people.formula import evaluate, names_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("161.3", 161.3),
        ("bmi * (height / 100)^2", 25 * 1.7 * 1.7),
        ("100 * sqrt(bmi / 4)", 250.0),
        ("-bmi + max(height, 200) - min(bmi, 3)", 172.0),
        ("exp(ln(bmi))", 25.0),
        ("abs(bmi - 30)", 5.0),
    ],
)
def test_values(text: str, value: float) -> None:
    found = evaluate(text, {"bmi": np.full(3, 25.0), "height": 170.0})
    assert np.broadcast_to(found, 3) == pytest.approx([value] * 3)


def test_a_power_is_multiplied_out() -> None:
    x = np.random.default_rng(1).uniform(0.1, 10, 1000)
    assert np.array_equal(evaluate("x^3", {"x": x}), x * x * x)


def test_names_stand_in_their_order() -> None:
    assert names_in("bmi * (height / 100)^2 + sqrt(bmi)") == ("bmi", "height")
    assert names_in("28.8") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("bmi *", "cannot be read"),
        ("sin(bmi)", "no function 'sin'"),
        ("max(bmi)", "max takes 2"),
        ("bmi^0.5", "whole power"),
        ("bmi^height", "whole power"),
        ("bmi if height else 1", "not evaluated"),
        ("person.age", "not evaluated"),
        ("'text'", "not evaluated"),
        ("age", "age is not known"),
    ],
)
def test_refusals(text: str, says: str) -> None:
    with pytest.raises(TableError, match=says):
        evaluate(text, {"bmi": 25.0, "height": 170.0})
