"""The expression graph: one node for equal things, folding that is true arithmetic, evaluation order."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from graph_values import value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from nadflux.kernel.graph import LARGEST_INTEGER_POWER, LEAVES, Graph

VALUES = (0.75, 2.5, -1.25)
BINARY = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b}
# A tree is a leaf (an index of VALUES or a literal) or an operation with its arguments.
LEAF = st.integers(0, 2).map(lambda i: ("leaf", i)) | st.sampled_from([-2.0, -1.0, 0.0, 1.0, 3.0]).map(
    lambda x: ("literal", x)
)
TREE = st.recursive(
    LEAF,
    lambda inner: (
        st.tuples(st.sampled_from(sorted(BINARY)), inner, inner)
        | st.tuples(st.just("neg"), inner)
        | st.tuples(st.just("power"), inner, st.integers(0, 5))
        | st.tuples(st.just("select"), inner, inner, inner, inner)
    ),
    max_leaves=12,
)


def _node(graph: Graph, tree: tuple) -> int:
    """The tree built by the methods of the graph."""
    kind, *rest = tree
    if kind == "leaf":
        return graph.make("y", rest[0])
    if kind == "literal":
        return graph.constant(rest[0])
    if kind == "power":
        return graph.pow(_node(graph, rest[0]), graph.constant(float(rest[1])))
    children = [_node(graph, child) for child in rest]
    if kind == "select":
        return graph.select(graph.compare("lt", children[0], children[1]), children[2], children[3])
    return graph.neg(children[0]) if kind == "neg" else getattr(graph, kind)(*children)


def _plain(tree: tuple) -> float:
    """The tree evaluated as it is written, without a graph."""
    kind, *rest = tree
    if kind == "leaf":
        return VALUES[rest[0]]
    if kind == "literal":
        return rest[0]
    if kind == "power":
        return _plain(rest[0]) ** rest[1]
    values = [_plain(child) for child in rest]
    if kind == "select":
        return values[2] if values[0] < values[1] else values[3]
    return -values[0] if kind == "neg" else BINARY[kind](*values)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TREE)
def test_simplified_nodes_have_the_value_of_what_was_written(tree: tuple) -> None:
    # The values are sums of powers of two, so that sums and products of few of them are exact.
    graph = Graph()
    assert value_of(graph, _node(graph, tree), states=VALUES) == pytest.approx(_plain(tree), rel=1e-12, abs=1e-12)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(TREE, min_size=1, max_size=4))
def test_no_node_stands_twice_and_children_precede_parents(trees: list[tuple]) -> None:
    graph = Graph()
    roots = [_node(graph, tree) for tree in trees]
    assert [_node(graph, tree) for tree in trees] == roots
    assert max(Counter(map(repr, graph.nodes)).values()) == 1
    for number, node in enumerate(graph.nodes):
        assert node[0] in LEAVES or all(child < number for child in node[1:])
    below = graph.below(roots)
    assert below == sorted(set(below)) and set(roots) <= set(below)
    assert all(child in below for number in below for child in graph.children(number))


def test_sums_and_products_do_not_know_order() -> None:
    graph = Graph()
    a, b = graph.make("y", 0), graph.make("p", 3)
    assert graph.add(a, b) == graph.add(b, a)
    assert graph.mul(a, b) == graph.mul(b, a)
    assert graph.sub(a, b) != graph.sub(b, a)
    assert graph.both(graph.compare("lt", a, b), graph.compare("eq", a, b)) == graph.both(
        graph.compare("eq", a, b), graph.compare("lt", a, b)
    )


def test_signs_are_gathered() -> None:
    graph = Graph()
    a, b = graph.make("y", 0), graph.make("y", 1)
    assert graph.neg(graph.neg(a)) == a
    assert graph.add(a, graph.neg(b)) == graph.sub(a, b)
    assert graph.sub(a, graph.neg(b)) == graph.add(a, b)
    assert graph.mul(graph.neg(a), graph.neg(b)) == graph.mul(a, b)
    assert graph.inv(graph.neg(a)) == graph.neg(graph.inv(a))
    assert graph.sub(a, a) == graph.constant(0.0)


def test_zero_and_one_vanish() -> None:
    graph = Graph()
    a, zero, one = graph.make("y", 0), graph.constant(0.0), graph.constant(1.0)
    assert graph.add(a, zero) == graph.sub(a, zero) == graph.mul(one, a) == graph.div(a, one) == a
    assert graph.mul(zero, a) == graph.div(zero, a) == zero
    assert graph.sub(zero, a) == graph.mul(graph.constant(-1.0), a) == graph.neg(a)
    assert graph.pow(one, a) == one


def test_literals_are_told_apart_by_their_bits() -> None:
    graph = Graph()
    assert graph.constant(0.0) != graph.constant(-0.0)
    assert graph.constant(math.nan) == graph.constant(math.nan)
    assert graph.constant(1.0) != graph.constant(math.nextafter(1.0, 2.0))


def test_all_that_divide_by_one_thing_share_its_reciprocal() -> None:
    graph = Graph()
    a, b, c = (graph.make("y", i) for i in range(3))
    graph.div(a, c), graph.div(b, c), graph.div(graph.constant(1.0), c)
    assert [node for node in graph.nodes if node[0] == "inv"] == [("inv", c)]
    assert not any(node[0] == "div" for node in graph.nodes)
    assert graph.inv(graph.inv(c)) == c
    assert graph.nodes[graph.div(a, c, exact=True)] == ("div", a, c)


@pytest.mark.parametrize(
    ("a", "b", "quotient"),
    [(1.0, 0.0, math.inf), (1.0, -0.0, -math.inf), (-3.0, 0.0, -math.inf), (0.0, 0.0, math.nan), (7.0, 2.0, 3.5)],
)
def test_literals_divide_as_ieee_says(a: float, b: float, quotient: float) -> None:
    graph = Graph()
    found = graph.value(graph.div(graph.constant(a), graph.constant(b)))
    assert found == quotient or (math.isnan(found) and math.isnan(quotient))  # type: ignore[arg-type]


@pytest.mark.parametrize(("power", "products"), [(2, 1), (3, 2), (8, 3), (15, 6), (LARGEST_INTEGER_POWER, 6)])
def test_whole_powers_are_products(power: int, products: int) -> None:
    graph = Graph()
    node = graph.pow(graph.make("y", 0), graph.constant(float(power)))
    assert sum(n[0] == "mul" for n in graph.nodes) == products
    assert not any(n[0] == "pow" for n in graph.nodes)
    assert value_of(graph, node, states=[1.5]) == pytest.approx(1.5**power, rel=1e-14)


@pytest.mark.parametrize("power", [-3.0, -0.5, 0.0, 0.5, 2.5, -2.5, 1.0])
def test_half_and_negative_powers_have_their_value_and_no_call_of_pow(power: float) -> None:
    graph = Graph()
    node = graph.pow(graph.make("y", 0), graph.constant(power))
    assert not any(n[0] == "pow" for n in graph.nodes)
    assert value_of(graph, node, states=[1.7]) == pytest.approx(1.7**power, rel=1e-14)


@pytest.mark.parametrize("power", [LARGEST_INTEGER_POWER + 1.0, 8.5, 0.3, math.inf])
def test_other_powers_stay_powers(power: float) -> None:
    graph = Graph()
    a, exponent = graph.make("y", 0), graph.constant(power)
    assert graph.nodes[graph.pow(a, exponent)] == ("pow", a, exponent)


def test_only_exact_functions_of_literals_are_folded() -> None:
    graph = Graph()
    assert graph.value(graph.function("floor", graph.constant(-1.5))) == -2.0
    assert graph.value(graph.function("trunc", graph.constant(-1.5))) == -1.0
    assert graph.value(graph.function("ceil", graph.constant(1.2))) == 2.0
    assert graph.value(graph.function("abs", graph.constant(-4.0))) == 4.0
    assert graph.value(graph.function("sqrt", graph.constant(9.0))) == 3.0
    for name, argument in (("exp", 1.0), ("log", 2.0), ("sqrt", -1.0), ("floor", math.inf)):
        assert graph.value(graph.function(name, graph.constant(argument))) is None, name


@pytest.mark.parametrize(("name", "holds"), [("lt", False), ("le", True), ("eq", True), ("ne", False)])
def test_comparisons_of_literals_are_known(name: str, holds: bool) -> None:
    graph = Graph()
    two = graph.constant(2.0)
    assert graph.nodes[graph.compare(name, two, two)] == ("b", holds)


def test_logic_keeps_what_matters() -> None:
    graph = Graph()
    a = graph.compare("lt", graph.make("y", 0), graph.make("y", 1))
    yes, no = graph.truth(True), graph.truth(False)
    assert graph.both(a, yes) == graph.either(no, a) == graph.both(a, a) == graph.either(a, a) == a
    assert graph.both(no, a) == no
    assert graph.either(a, yes) == yes
    assert graph.negate(graph.negate(a)) == a
    assert graph.negate(yes) == no


def test_a_choice_that_is_no_choice_is_none() -> None:
    graph = Graph()
    a, b = graph.make("y", 0), graph.make("y", 1)
    open_ = graph.compare("lt", a, b)
    assert graph.select(graph.truth(True), a, b) == graph.select(open_, a, a) == a
    assert graph.select(graph.truth(False), a, b) == b
    assert graph.nodes[graph.select(open_, a, b)] == ("select", open_, a, b)


def test_truth_and_number_convert_into_each_other() -> None:
    graph = Graph()
    a = graph.make("y", 0)
    less = graph.compare("lt", a, graph.constant(2.0))
    assert graph.condition(less) == less and graph.number(a) == a
    assert graph.is_truth(graph.condition(a)) and not graph.is_truth(graph.number(less))
    assert [value_of(graph, graph.number(less), states=[x]) for x in (1.0, 3.0)] == [1.0, 0.0]
    assert [value_of(graph, graph.condition(a), states=[x]) for x in (-1.0, 0.0)] == [True, False]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TREE, st.sampled_from(VALUES))
def test_rebuilding_with_other_leaves_is_evaluating_there(tree: tuple, other: float) -> None:
    graph = Graph()
    root = _node(graph, tree)
    (rebuilt,) = graph.rebuild([root], {graph.make("y", 0): graph.constant(other)})
    expected = value_of(graph, root, states=(other, *VALUES[1:]))
    assert value_of(graph, rebuilt, states=(math.nan, *VALUES[1:])) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_rebuilding_replaces_and_folds_again() -> None:
    graph = Graph()
    a, b = graph.make("y", 0), graph.make("y", 1)
    root = graph.div(graph.add(a, b), b, exact=True)
    assert graph.rebuild([root], {a: graph.constant(3.0), b: graph.constant(2.0)}) == [graph.constant(2.5)]
    assert graph.rebuild([root], {}) == [root]
    condition = graph.condition(graph.compare("ne", a, b))
    assert graph.rebuild([graph.negate(condition)], {b: a}) == [graph.negate(graph.compare("ne", a, a))]
    assert graph.rebuild([graph.function("sqrt", a)], {a: graph.constant(16.0)}) == [graph.constant(4.0)]
