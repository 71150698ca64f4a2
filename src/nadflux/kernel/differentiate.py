"""Exact derivatives of graph nodes by the states and time (forward mode, sparse)."""

from __future__ import annotations

import math
from collections.abc import Iterable

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
        """For each root its non-zero partial derivatives by state index and by ``TIME``."""
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
        """Derivative of a function of one number; ``a`` is its value."""
        g = self.graph
        one = g.constant(1.0)
        if operation == "neg":
            return g.constant(-1.0)
        if operation == "inv":
            return g.neg(g.mul(a, a))
        if operation == "exp":
            return a
        if operation == "log":
            return g.inv(x)
        if operation == "log10":
            return g.mul(g.constant(1 / math.log(10.0)), g.inv(x))
        if operation == "sqrt":
            return g.mul(g.constant(0.5), self._inverse(a))
        if operation == "abs":
            return g.select(g.compare("lt", x, g.constant(0.0)), g.constant(-1.0), one)
        if operation == "sin":
            return g.function("cos", x)
        if operation == "cos":
            return g.neg(g.function("sin", x))
        if operation == "tan":
            return g.add(one, g.mul(a, a))
        if operation in ("asin", "acos"):
            slope = self._inverse(g.function("sqrt", g.mul(g.sub(one, x), g.add(one, x))))
            return slope if operation == "asin" else g.neg(slope)
        if operation == "atan":
            return g.inv(g.add(one, g.mul(x, x)))
        if operation == "sinh":
            return g.function("cosh", x)
        if operation == "cosh":
            return g.function("sinh", x)
        if operation == "tanh":
            return g.sub(one, g.mul(a, a))
        if operation == "asinh":
            return g.inv(g.function("sqrt", g.add(g.mul(x, x), one)))
        if operation == "acosh":
            return self._inverse(g.function("sqrt", g.mul(g.sub(x, one), g.add(x, one))))
        if operation == "atanh":
            return g.inv(g.mul(g.sub(one, x), g.add(one, x)))
        raise AssertionError(operation)

    def _inverse(self, x: int) -> int:
        """1 / x, and 0 where x is 0: a finite rate of infinite slope, such as sqrt(S) at S = 0, can be integrated."""
        g = self.graph
        zero = g.constant(0.0)
        return g.select(g.compare("eq", x, zero), zero, g.inv(x))


def _union(first: Gradient, second: Gradient) -> list[int]:
    return list(first) + [v for v in second if v not in first]


def _clean(graph: Graph, gradient: Gradient) -> Gradient:
    return {v: d for v, d in gradient.items() if graph.value(d) != 0}
