"""Operators of expressions become nodes with the value that SBML gives them."""

from __future__ import annotations

import math
from itertools import product

import pytest
from graph_values import value_of
from kernel_models import parse

from nadflux.errors import ModelError
from nadflux.kernel.graph import Graph
from nadflux.kernel.translate import FUNCTIONS, OF_RECIPROCAL, RECIPROCALS, translate
from nadflux.network.expression import Apply, Expression, Number, Symbol

NAMES = ("x", "y", "z")


def _translated(expression: Expression | str, exact: bool = False) -> tuple[Graph, int]:
    """Graph and node of an expression of the states ``x y z``; the rate of the k-th is parameter k."""
    graph = Graph()
    tree = parse(expression) if isinstance(expression, str) else expression
    node = translate(
        graph,
        tree,
        lambda name: graph.make("y", NAMES.index(name)),
        graph.make("t"),
        lambda name: graph.make("p", NAMES.index(name)),
        exact,
    )
    return graph, node


def _value(expression: Expression | str, *states: float, time: float = 0.0, rates: tuple[float, ...] = ()) -> float:
    graph, node = _translated(expression)
    return value_of(graph, node, parameters=rates, states=states, time=time)


def _apply(operation: str, *arguments: Expression | str) -> Apply:
    return Apply(operation, tuple(parse(a) if isinstance(a, str) else a for a in arguments))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y * z", 2.0 + 3.0 * 0.5),
        ("x - y - z", -1.5),
        ("x / y / z", 4.0 / 3.0),
        ("x^y^z", 2.0 ** (3.0**0.5)),
        ("-x^2", -4.0),
        ("max(x, y, z)", 3.0),
        ("min(x, y, z)", 0.5),
        ("quotient(-7, x)", -3.0),
        ("rem(-7, x)", -1.0),
        ("rem(7, -x)", 1.0),
        ("sign(-y) + sign(z)", 0.0),
        ("sign(x - 2)", 0.0),
        ("floor(-z) + ceil(z)", 0.0),
        ("time * x", 22.0),
        ("add()", 0.0),
        ("mul()", 1.0),
    ],
)
def test_arithmetic(text: str, expected: float) -> None:
    assert _value(text, 2.0, 3.0, 0.5, time=11.0) == pytest.approx(expected, rel=1e-14)


ANGLE = 0.6
BY_DEFINITION = {
    "exp": math.exp(ANGLE), "ln": math.log(ANGLE), "log10": math.log10(ANGLE), "sqrt": ANGLE**0.5, "abs": ANGLE,
    "floor": 0.0, "ceil": 1.0, "factorial": math.gamma(1.0 + ANGLE), "sin": math.sin(ANGLE), "cos": math.cos(ANGLE),
    "tan": math.tan(ANGLE), "sinh": math.sinh(ANGLE), "cosh": math.cosh(ANGLE), "tanh": math.tanh(ANGLE),
    "arcsin": math.asin(ANGLE), "arccos": math.acos(ANGLE), "arctan": math.atan(ANGLE), "arcsinh": math.asinh(ANGLE),
    "arctanh": math.atanh(ANGLE), "sec": 1 / math.cos(ANGLE), "csc": 1 / math.sin(ANGLE), "cot": 1 / math.tan(ANGLE),
    "sech": 1 / math.cosh(ANGLE), "csch": 1 / math.sinh(ANGLE), "coth": 1 / math.tanh(ANGLE),
    "arccsch": math.asinh(1 / ANGLE), "arcsech": math.acosh(1 / ANGLE), "arccot": math.atan(1 / ANGLE),
}  # fmt: skip
BEYOND_ONE = {"arccosh": math.acosh(1.7), "arcsec": math.acos(1 / 1.7), "arccsc": math.asin(1 / 1.7),
              "arccoth": math.atanh(1 / 1.7)}  # fmt: skip


def test_every_function_has_an_expected_value() -> None:
    assert {*BY_DEFINITION, *BEYOND_ONE} == {*FUNCTIONS, *RECIPROCALS, *OF_RECIPROCAL}


@pytest.mark.parametrize(
    ("name", "argument", "expected"),
    [(n, ANGLE, v) for n, v in BY_DEFINITION.items()] + [(n, 1.7, v) for n, v in BEYOND_ONE.items()],
)
def test_functions_by_their_definition(name: str, argument: float, expected: float) -> None:
    assert _value(_apply(name, "x"), argument) == pytest.approx(expected, rel=1e-14)


TRUTHS = (0.0, 1.0)
LOGIC = {
    "and": lambda a, b: bool(a and b), "or": lambda a, b: bool(a or b), "xor": lambda a, b: a != b,
    "implies": lambda a, b: bool(not a or b),
}  # fmt: skip


@pytest.mark.parametrize(("name", "a", "b"), list(product(LOGIC, TRUTHS, TRUTHS)))
def test_logic_by_truth_table(name: str, a: float, b: float) -> None:
    assert bool(_value(_apply(name, "x", "y"), a, b)) is LOGIC[name](a, b)
    assert bool(_value(_apply("not", _apply(name, "x", "y")), a, b)) is not LOGIC[name](a, b)


@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)))
def test_xor_of_many_is_odd_parity(truths: tuple[float, ...]) -> None:
    assert bool(_value(_apply("xor", "x", "y", "z"), *truths)) is (sum(truths) % 2 == 1)


@pytest.mark.parametrize("operation", ["and", "or", "xor"])
def test_logic_of_nothing_is_its_neutral_element(operation: str) -> None:
    assert _value(Apply(operation, ())) is (operation == "and")


@pytest.mark.parametrize(
    ("name", "states", "holds"),
    [
        ("lt", (1, 2, 3), True), ("lt", (1, 3, 2), False), ("lt", (1, 1, 2), False), ("le", (1, 1, 2), True),
        ("gt", (3, 2, 1), True), ("gt", (3, 1, 2), False), ("ge", (2, 2, 1), True), ("ge", (1, 2, 1), False),
        ("eq", (2, 2, 2), True), ("eq", (2, 2, 3), False),
    ],
)  # fmt: skip
def test_comparisons_chain(name: str, states: tuple[float, ...], holds: bool) -> None:
    assert bool(_value(_apply(name, "x", "y", "z"), *states)) is holds


def test_a_piece_is_taken_by_the_first_condition_that_holds() -> None:
    pieces = _apply("piecewise", "1", "x < 1", "2", "x < 2", "3")
    assert [_value(pieces, x) for x in (0.5, 1.5, 2.5)] == [1.0, 2.0, 3.0]


def test_without_an_otherwise_nothing_is_known() -> None:
    pieces = _apply("piecewise", "1", "x < 1")
    assert _value(pieces, 0.5) == 1.0
    assert math.isnan(_value(pieces, 1.5))


def test_pieces_that_are_truths_stay_truths() -> None:
    graph, node = _translated(_apply("piecewise", "y < 2", "x < 1", "y > 5"))
    assert graph.is_truth(node)
    for x, y in product((0.0, 2.0), (1.0, 3.0, 6.0)):
        assert bool(value_of(graph, node, states=(x, y))) is ((y < 2) if x < 1 else (y > 5))
    mixed, node = _translated(_apply("piecewise", "y < 2", "x < 1", "7"))
    assert not mixed.is_truth(node)
    assert value_of(mixed, node, states=(0.0, 1.0)) == 1.0 and value_of(mixed, node, states=(2.0, 1.0)) == 7.0


def test_truths_count_as_numbers_in_arithmetic() -> None:
    assert _value("3 * (x < y) + (x < 1)", 0.5, 2.0) == 4.0


@pytest.mark.parametrize("name", ["min", "max"])
@pytest.mark.parametrize("states", [(math.nan, 1.0), (1.0, math.nan)])
def test_a_missing_number_does_not_vanish_in_an_extreme(name: str, states: tuple[float, float]) -> None:
    assert math.isnan(_value(_apply(name, "x", "y"), *states))


def test_a_rate_is_asked_for_by_name() -> None:
    assert _value(Apply("add", (Apply("rate", (Symbol("y"),)), Number(1.0))), 9.0, 9.0, rates=(5.0, 7.0)) == 8.0


def test_where_a_rounding_could_flip_a_step_division_is_exact() -> None:
    for text in ("floor(x / y)", "x / y < z", "rem(x, y)", "ceil(1 + x / y)"):
        graph, _ = _translated(text)
        kinds = {node[0] for node in graph.nodes}
        assert "div" in kinds and "inv" not in kinds, text
    graph, _ = _translated("x / y")
    assert {node[0] for node in graph.nodes} >= {"inv", "mul"}
    graph, node = _translated("x / y", exact=True)
    assert graph.nodes[node][0] == "div"
    # 49 · (1/49) is not 1 in floating point; 49 / 49 is
    assert _value("floor(x / y)", 49.0, 49.0) == 1.0 and math.floor(49.0 * (1.0 / 49.0)) == 0


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        (Apply("rate", (Number(1.0),)), "rateOf takes the id of a variable"),
        (Apply("bessel", (Symbol("x"),)), "function 'bessel' is not known"),
        (Apply("pow", (Symbol("x"), Symbol("y"), Symbol("z"))), "'pow' with 3 arguments"),
        (Apply("div", ()), "'div' with 0 arguments"),
        (Apply("max", ()), "max needs at least one argument"),
    ],
)
def test_what_is_not_understood_is_named(expression: Expression, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        _translated(expression)
