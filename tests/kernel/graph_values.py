"""Values of graph nodes in plain Python floats: the reference that the tests of graph and symbols compare with."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nadflux.kernel.graph import Graph

_TWO = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b, "and": lambda a, b: a and b, "or": lambda a, b: a or b,
}  # fmt: skip
_ONE = {
    "neg": lambda a: -a, "inv": lambda a: 1.0 / a, "not": lambda a: not a, "abs": abs, "sqrt": math.sqrt,
    "exp": math.exp, "log": math.log, "log10": math.log10, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "asinh": math.asinh, "acosh": math.acosh, "atanh": math.atanh, "floor": math.floor, "ceil": math.ceil,
    "trunc": math.trunc, "factorial": lambda a: math.gamma(a + 1.0),
}  # fmt: skip


def value_of(
    graph: Graph,
    root: int,
    parameters: Sequence[float] = (),
    states: Sequence[float] = (),
    inputs: Sequence[float] = (),
    time: float = 0.0,
    start: float = 0.0,
) -> float:
    """Return the value of one node; ``start`` is the time at which initial assignments hold."""
    leaves = {"p": parameters, "y": states, "u": inputs}
    known: dict[int, float] = {}
    for number in graph.below([root]):
        operation, *rest = graph.nodes[number]
        if operation in "cb":
            known[number] = rest[0]
        elif operation in ("t", "o"):
            known[number] = time if operation == "t" else start
        elif operation in leaves:
            known[number] = leaves[operation][rest[0]]
        elif operation == "select":
            condition, a, b = (known[child] for child in rest)
            known[number] = a if condition else b
        elif len(rest) == 2:
            known[number] = _TWO[operation](known[rest[0]], known[rest[1]])
        else:
            known[number] = _ONE[operation](known[rest[0]])
    return known[root]
