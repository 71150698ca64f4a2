"""Operators of the model's expressions as graph nodes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from itertools import pairwise

from nadflux.errors import ModelError
from nadflux.kernel.graph import Graph
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time

FUNCTIONS = {
    "exp": "exp", "ln": "log", "log10": "log10", "sqrt": "sqrt", "abs": "abs", "floor": "floor",
    "ceil": "ceil", "factorial": "factorial", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh",
}  # fmt: skip
RECIPROCALS = {"sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh", "coth": "tanh"}
OF_RECIPROCAL = {"arcsec": "acos", "arccsc": "asin", "arccot": "atan",
                 "arcsech": "acosh", "arccsch": "asinh", "arccoth": "atanh"}  # fmt: skip
DISCRETE = frozenset(("lt", "le", "gt", "ge", "eq", "ne", "floor", "ceil", "rem", "quotient"))


def translate(
    graph: Graph,
    expression: Expression,
    symbol: Callable[[str], int],
    time: int,
    rate: Callable[[str], int],
    exact: bool = False,
) -> int:
    """Return the node of an expression.

    Parameters
    ----------
    symbol, rate : callable
        Node of a symbol's value and of its time derivative.
    time : int
        Node of the independent variable.
    exact : bool
        Divide exactly instead of by shared reciprocals; always done where a rounding could flip a comparison.

    Raises
    ------
    ModelError
        For an operator that the kernel does not know or that has another number of arguments.
    """
    if isinstance(expression, Number):
        return graph.constant(expression.value)
    if isinstance(expression, Symbol):
        return symbol(expression.name)
    if isinstance(expression, Time):
        return time
    if expression.op == "rate":
        (argument,) = expression.args
        if not isinstance(argument, Symbol):
            raise ModelError("rateOf takes the id of a variable; write rateOf(x) with x an id of the model")
        return rate(argument.name)
    exact = exact or expression.op in DISCRETE
    children = [translate(graph, argument, symbol, time, rate, exact) for argument in expression.args]
    if expression.op in ("and", "or", "xor", "not", "implies"):
        return _logical(graph, expression.op, [graph.condition(child) for child in children])
    if expression.op == "piecewise":
        return _piecewise(graph, children)
    return _apply(graph, expression, [graph.number(child) for child in children], exact)


def _apply(graph: Graph, expression: Apply, children: list[int], exact: bool) -> int:
    operation = expression.op
    if operation == "add":
        return reduce(graph.add, children, graph.constant(0.0))
    if operation == "mul":
        return reduce(graph.mul, children, graph.constant(1.0))
    if operation in ("lt", "le", "gt", "ge", "eq", "ne"):
        return _chain(graph, operation, children)
    if operation in ("min", "max"):
        return _extreme(graph, operation, children)
    if len(children) == 1:
        return _function(graph, operation, children[0])
    if len(children) == 2:
        a, b = children
        if operation == "sub":
            return graph.sub(a, b)
        if operation == "div":
            return graph.div(a, b, exact)
        if operation == "pow":
            return graph.pow(a, b)
        if operation in ("quotient", "rem"):
            quotient = graph.function("trunc", graph.div(a, b, exact=True))
            return quotient if operation == "quotient" else graph.sub(a, graph.mul(b, quotient))
    raise ModelError(f"operator {operation!r} with {len(children)} arguments is not known to the kernel")


def _function(graph: Graph, operation: str, a: int) -> int:
    if operation == "neg" or operation == "sub":
        return graph.neg(a)
    if operation in FUNCTIONS:
        return graph.function(FUNCTIONS[operation], a)
    if operation in RECIPROCALS:
        return graph.inv(graph.function(RECIPROCALS[operation], a))
    if operation in OF_RECIPROCAL:
        return graph.function(OF_RECIPROCAL[operation], graph.inv(a))
    if operation == "sign":
        zero = graph.constant(0.0)
        negative = graph.select(graph.compare("lt", a, zero), graph.constant(-1.0), a)
        return graph.select(graph.compare("lt", zero, a), graph.constant(1.0), negative)
    raise ModelError(f"function {operation!r} is not known to the kernel")


def _chain(graph: Graph, operation: str, children: list[int]) -> int:
    name, swap = {"gt": ("lt", True), "ge": ("le", True)}.get(operation, (operation, False))
    result = graph.truth(True)
    # True as long as every pair is.
    for a, b in pairwise(children):
        result = graph.both(result, graph.compare(name, b, a) if swap else graph.compare(name, a, b))
    return result


def _extreme(graph: Graph, operation: str, children: list[int]) -> int:
    if not children:
        raise ModelError(f"{operation} needs at least one argument")
    result = children[0]
    # Keeps the least or largest so far.
    for child in children[1:]:
        first, second = (child, result) if operation == "min" else (result, child)
        # a NaN in the new argument wins, one in the old stays: neither may vanish
        keep = graph.compare("lt", first, second)
        result = graph.select(graph.either(keep, graph.compare("ne", child, child)), child, result)
    return result


def _logical(graph: Graph, operation: str, children: list[int]) -> int:
    if operation == "not":
        return graph.negate(children[0])
    if operation == "implies":
        return graph.either(graph.negate(children[0]), children[1])
    if operation == "and":
        return reduce(graph.both, children, graph.truth(True))
    if operation == "or":
        return reduce(graph.either, children, graph.truth(False))
    result = graph.truth(False)
    # True after an odd number of true arguments.
    for child in children:
        result = graph.either(graph.both(result, graph.negate(child)), graph.both(graph.negate(result), child))
    return result


def _piecewise(graph: Graph, children: list[int]) -> int:
    if len(children) % 2:
        result, pairs = children[-1], children[:-1]
    else:
        result, pairs = graph.constant(math.nan), children
    logical = all(graph.is_truth(a) for a in [result, *pairs[0::2]])
    convert = (lambda a: a) if logical else graph.number
    result = convert(result)
    # From the last pair to the first, so that the first true condition decides.
    for value, condition in reversed(list(zip(pairs[0::2], pairs[1::2], strict=True))):
        chosen, condition = convert(value), graph.condition(condition)
        if logical:
            result = graph.either(graph.both(condition, chosen), graph.both(graph.negate(condition), result))
        else:
            result = graph.select(condition, chosen, result)
    return result
