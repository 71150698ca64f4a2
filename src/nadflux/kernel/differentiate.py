"""Exact derivatives of graph nodes by the states and time (forward mode, sparse)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from nadflux.kernel.graph import LEAVES, TRUTH, Graph

TIME = -1
Gradient = dict[int, int]  # state index (or TIME) -> node of the partial derivative
FLAT = frozenset(("floor", "ceil", "trunc", "factorial"))


class Differentiator:
    """Gradients of nodes of one graph, remembered between calls."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known: dict[int, Gradient] = {}

    def gradients(self, roots: Iterable[int]) -> list[Gradient]:
        """Return for each root its non-zero partial derivatives by state index and by ``TIME``."""
        roots = list(roots)
        for a in self._missing(roots):
            self._known[a] = self._gradient(a)
        return [self._known[a] for a in roots]

    def _missing(self, roots: list[int]) -> list[int]:
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            a = stack.pop()
            if a not in seen and a not in self._known:
                seen.add(a)
                stack.extend(self.graph.children(a))
        return sorted(seen)

    def _gradient(self, a: int) -> Gradient:
        g, known = self.graph, self._known
        operation, *rest = g.nodes[a]
        if operation == "y":
            return {rest[0]: g.constant(1.0)}
        if operation == "t":
            return {TIME: g.constant(1.0)}
        if operation in LEAVES or operation in TRUTH or operation in FLAT:
            return {}
        if operation == "select":
            first, second = known[rest[1]], known[rest[2]]
            zero = g.constant(0.0)
            return {v: g.select(rest[0], first.get(v, zero), second.get(v, zero)) for v in _union(first, second)}
        if operation in ("add", "sub"):
            return self._combine(operation, known[rest[0]], known[rest[1]])
        if len(rest) == 1:
            if not known[rest[0]]:
                return {}
            slope = self._slope(operation, a, rest[0])
            return _clean(g, {v: g.mul(slope, d) for v, d in known[rest[0]].items()})
        first, second = known[rest[0]], known[rest[1]]
        total: Gradient = {}
        if first:
            slope = self._slope_first(operation, a, *rest)
            total = {v: g.mul(slope, d) for v, d in first.items()}
        if second and rest[0] != rest[1]:
            slope = self._slope_second(operation, a, *rest)
            total = self._combine("add", total, {v: g.mul(slope, d) for v, d in second.items()})
        return _clean(g, total)

    def _combine(self, operation: str, first: Gradient, second: Gradient) -> Gradient:
        g = self.graph
        zero = g.constant(0.0)
        join = g.add if operation == "add" else g.sub
        return _clean(g, {v: join(first.get(v, zero), second.get(v, zero)) for v in _union(first, second)})

    def _slope_first(self, operation: str, a: int, x: int, y: int) -> int:
        g = self.graph
        if operation == "mul":
            return g.mul(g.constant(2.0), x) if x == y else y
        if operation == "div":
            return g.inv(y)
        if operation == "pow":
            if x == y:
                return g.mul(a, g.add(g.constant(1.0), g.function("log", x)))
            # y·x^y/x shares the power, but 0/0 at x = 0 has a limit that must be stated, or 0 where it is infinite
            one, zero = g.constant(1.0), g.constant(0.0)
            at_one = g.select(g.compare("eq", y, one), one, g.constant(math.inf))
            at_zero = g.select(g.compare("le", zero, y), g.select(g.compare("eq", y, one), one, zero), at_one)
            return g.select(g.compare("eq", x, zero), at_zero, g.mul(y, g.mul(a, g.inv(x))))
        raise AssertionError(operation)

    def _slope_second(self, operation: str, a: int, x: int, y: int) -> int:
        g = self.graph
        if operation == "mul":
            return x
        if operation == "div":
            return g.neg(g.mul(a, g.inv(y)))
        if operation == "pow":
            zero = g.constant(0.0)
            return g.select(g.compare("eq", x, zero), zero, g.mul(a, g.function("log", x)))
        raise AssertionError(operation)

    def _slope(self, operation: str, a: int, x: int) -> int:
        """Return the derivative of a function of one number; ``a`` is its value."""
        # Made first, whichever slope needs it: the order of nodes decides that of the code.
        self.graph.constant(1.0)
        return _SLOPES[operation](self.graph, a, x)


def _inverse(g: Graph, x: int) -> int:
    """Return 1 / x, and 0 where x is 0.

    A finite rate of infinite slope, such as sqrt(S) at S = 0, can then be integrated.
    """
    zero = g.constant(0.0)
    return g.select(g.compare("eq", x, zero), zero, g.inv(x))


def _one(g: Graph) -> int:
    return g.constant(1.0)


def _sign(g: Graph, x: int) -> int:
    return g.select(g.compare("lt", x, g.constant(0.0)), g.constant(-1.0), _one(g))


def _arc(g: Graph, x: int) -> int:
    """Return 1 / sqrt((1 - x)(1 + x))."""
    return _inverse(g, g.function("sqrt", g.mul(g.sub(_one(g), x), g.add(_one(g), x))))


# Slope of each function of one number, from the number x and its value a.
_SLOPES: Mapping[str, Callable[[Graph, int, int], int]] = {
    "neg": lambda g, a, x: g.constant(-1.0),
    "inv": lambda g, a, x: g.neg(g.mul(a, a)),
    "exp": lambda g, a, x: a,
    "log": lambda g, a, x: g.inv(x),
    "log10": lambda g, a, x: g.mul(g.constant(1 / math.log(10.0)), g.inv(x)),
    "sqrt": lambda g, a, x: g.mul(g.constant(0.5), _inverse(g, a)),
    "abs": lambda g, a, x: _sign(g, x),
    "sin": lambda g, a, x: g.function("cos", x),
    "cos": lambda g, a, x: g.neg(g.function("sin", x)),
    "tan": lambda g, a, x: g.add(_one(g), g.mul(a, a)),
    "asin": lambda g, a, x: _arc(g, x),
    "acos": lambda g, a, x: g.neg(_arc(g, x)),
    "atan": lambda g, a, x: g.inv(g.add(_one(g), g.mul(x, x))),
    "sinh": lambda g, a, x: g.function("cosh", x),
    "cosh": lambda g, a, x: g.function("sinh", x),
    "tanh": lambda g, a, x: g.sub(_one(g), g.mul(a, a)),
    "asinh": lambda g, a, x: g.inv(g.function("sqrt", g.add(g.mul(x, x), _one(g)))),
    "acosh": lambda g, a, x: _inverse(g, g.function("sqrt", g.mul(g.sub(x, _one(g)), g.add(x, _one(g))))),
    "atanh": lambda g, a, x: g.inv(g.mul(g.sub(_one(g), x), g.add(_one(g), x))),
}


def _union(first: Gradient, second: Gradient) -> list[int]:
    return list(first) + [v for v in second if v not in first]


def _clean(graph: Graph, gradient: Gradient) -> Gradient:
    return {v: d for v, d in gradient.items() if graph.value(d) != 0}
