"""Formulas as text and back."""

from __future__ import annotations

import pytest

from nadflux.errors import ModelError
from nadflux.network.expression import Apply, Number, Symbol, Time
from nadflux.network.infix import parse_infix, to_infix


@pytest.mark.parametrize(
    "text",
    [
        "a + b * c - d / (e / f) - (g - h)",
        "-x^2",
        "(-x)^2",
        "a^b^c",
        "(a^b)^c",
        "x && y || !z",
        "piecewise(1, x < 3, 2)",
        "0.3 uM + S",
        "log(x) + ln(y) + log10(z)",
        "rateOf(S) * time",
        "-3 * x",
        "2^-3",
        "min(1, 2, x) + arccosh(y)",
        "a - (b + c)",
        "1e-9 * x",
        "rem(a, b) + quotient(a, b)",
    ],
)
def test_printing_and_reading_back_gives_the_same_tree(text: str) -> None:
    tree = parse_infix(text)
    assert parse_infix(to_infix(tree)) == tree


def test_meaning() -> None:
    assert parse_infix("V * S / (Km + S)") == Apply(
        "div", (Apply("mul", (Symbol("V"), Symbol("S"))), Apply("add", (Symbol("Km"), Symbol("S"))))
    )
    assert parse_infix("log(x)") == Apply("log10", (Symbol("x"),))
    assert parse_infix("0.3 uM") == Number(0.3, "uM")
    assert parse_infix("time") == Time()
    assert parse_infix("Time") == Symbol("Time")


def test_chained_comparison_prints_as_conjunction() -> None:
    chain = Apply("lt", (Symbol("a"), Symbol("b"), Symbol("c")))
    assert to_infix(chain) == "a < b && b < c"


@pytest.mark.parametrize("text", ["a +", "", "f(x)", "delay(x, 1)", "a ** b"])
def test_what_cannot_be_read_raises(text: str) -> None:
    with pytest.raises(ModelError, match="formula"):
        parse_infix(text)
