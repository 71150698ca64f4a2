"""Hash-consed expression graph: equal subexpressions are one node, children always precede parents.

A node is a tuple. Leaves: ``("c", value)`` literal, ``("b", bool)`` truth value, ``("p", i)`` parameter of a
person, ``("o",)`` time at which the initial assignments hold, ``("y", i)`` state, ``("u", i)`` input, ``("t",)``
time. Every other node is ``(operation, child, ...)`` with node numbers as children.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

Node = tuple[Any, ...]  # (operation, child numbers ...) or a leaf as listed above
LEAVES = frozenset("cbpoyut")
COMPARISONS = frozenset(("lt", "le", "eq", "ne"))
TRUTH = COMPARISONS | {"and", "or", "not", "b"}
LARGEST_INTEGER_POWER = 64
LARGEST_HALF_POWER = 8


class Graph:
    """A growing graph; every method returns the number of a node.

    Attributes
    ----------
    nodes : list of tuple
        The nodes in an order in which each can be evaluated.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._number: dict[Node, int] = {}

    def make(self, *node: object) -> int:
        """Return the number of the node, which is added if it is new."""
        key = ("c", float(node[1]).hex()) if node[0] == "c" else node  # type: ignore[arg-type]
        number = self._number.get(key)
        if number is None:
            number = len(self.nodes)
            self.nodes.append(node)
            self._number[key] = number
        return number

    def constant(self, value: float) -> int:
        """Return a literal."""
        return self.make("c", float(value))

    def truth(self, value: bool) -> int:
        """Return a truth value."""
        return self.make("b", bool(value))

    def value(self, a: int) -> float | None:
        """Return the value of a literal, or None for any other node."""
        node = self.nodes[a]
        return node[1] if node[0] == "c" else None

    def is_truth(self, a: int) -> bool:
        """Tell whether the node is a truth value rather than a number."""
        return self.nodes[a][0] in TRUTH

    def add(self, a: int, b: int) -> int:
        """Return a + b."""
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(x + y)
        if x == 0:
            return b
        if y == 0:
            return a
        if self.nodes[b][0] == "neg":
            return self.sub(a, self.nodes[b][1])
        if self.nodes[a][0] == "neg":
            return self.sub(b, self.nodes[a][1])
        return self.make("add", min(a, b), max(a, b))

    def sub(self, a: int, b: int) -> int:
        """Return a - b."""
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(x - y)
        if y == 0:
            return a
        if x == 0:
            return self.neg(b)
        if a == b:
            return self.constant(0.0)
        if self.nodes[b][0] == "neg":
            return self.add(a, self.nodes[b][1])
        return self.make("sub", a, b)

    def neg(self, a: int) -> int:
        """Return -a."""
        x = self.value(a)
        if x is not None:
            return self.constant(-x)
        if self.nodes[a][0] == "neg":
            return int(self.nodes[a][1])
        return self.make("neg", a)

    def mul(self, a: int, b: int) -> int:
        """Return a · b."""
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(x * y)
        for known, other in ((x, b), (y, a)):
            if known == 0:
                return self.constant(0.0)
            if known == 1:
                return other
            if known == -1:
                return self.neg(other)
        if self.nodes[a][0] == "neg":
            return self.neg(self.mul(self.nodes[a][1], b))
        if self.nodes[b][0] == "neg":
            return self.neg(self.mul(a, self.nodes[b][1]))
        return self.make("mul", min(a, b), max(a, b))

    def inv(self, a: int) -> int:
        """Return 1 / a, one node for all that divide by ``a``."""
        x = self.value(a)
        if x is not None:
            return self.constant(_divide(1.0, x))
        if self.nodes[a][0] == "inv":
            return int(self.nodes[a][1])
        if self.nodes[a][0] == "neg":
            return self.neg(self.inv(self.nodes[a][1]))
        return self.make("inv", a)

    def div(self, a: int, b: int, exact: bool = False) -> int:
        """Return a / b, by the shared reciprocal unless ``exact`` asks for the correctly rounded quotient."""
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(_divide(x, y))
        if x == 0 or y == 1:
            return a
        if exact and x != 1:
            return self.make("div", a, b)
        return self.mul(a, self.inv(b))

    def pow(self, a: int, b: int) -> int:
        """Return a ** b; integer and half-integer literals become multiplications and a square root."""
        exponent = self.value(b)
        if exponent is not None and math.isfinite(exponent):
            if exponent == int(exponent) and abs(exponent) <= LARGEST_INTEGER_POWER:
                return self.integer_power(a, int(exponent))
            if 2 * exponent == int(2 * exponent) and abs(exponent) <= LARGEST_HALF_POWER:
                whole = self.integer_power(a, int(abs(exponent)))
                power = self.mul(whole, self.make("sqrt", a))
                return self.inv(power) if exponent < 0 else power
        if self.value(a) == 1:
            return a
        return self.make("pow", a, b)

    def integer_power(self, a: int, n: int) -> int:
        """Return a ** n by repeated multiplication."""
        if n == 0:
            return self.constant(1.0)
        if n < 0:
            return self.inv(self.integer_power(a, -n))
        if n == 1:
            return a
        half = self.integer_power(a, n // 2)
        square = self.mul(half, half)
        return self.mul(square, a) if n % 2 else square

    def function(self, name: str, a: int) -> int:
        """Return a function of one number, such as ``exp``; only exact ones are folded here."""
        x = self.value(a)
        if x is not None and math.isfinite(x):
            if name == "abs":
                return self.constant(abs(x))
            if name in ("floor", "ceil", "trunc"):
                return self.constant(float(getattr(math, name)(x)))
            if name == "sqrt" and x >= 0:
                return self.constant(math.sqrt(x))
        return self.make(name, a)

    def compare(self, name: str, a: int, b: int) -> int:
        """Return a comparison ``lt le eq ne`` of two numbers."""
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.truth({"lt": x < y, "le": x <= y, "eq": x == y, "ne": x != y}[name])
        return self.make(name, a, b)

    def both(self, a: int, b: int) -> int:
        """Return the logical and."""
        for known, other in ((a, b), (b, a)):
            if self.nodes[known][0] == "b":
                return other if self.nodes[known][1] else known
        return a if a == b else self.make("and", min(a, b), max(a, b))

    def either(self, a: int, b: int) -> int:
        """Return the logical or."""
        for known, other in ((a, b), (b, a)):
            if self.nodes[known][0] == "b":
                return known if self.nodes[known][1] else other
        return a if a == b else self.make("or", min(a, b), max(a, b))

    def negate(self, a: int) -> int:
        """Return the logical not."""
        node = self.nodes[a]
        if node[0] == "b":
            return self.truth(not node[1])
        return node[1] if node[0] == "not" else self.make("not", a)

    def select(self, condition: int, a: int, b: int) -> int:
        """Return ``a`` where the condition holds, else ``b``."""
        node = self.nodes[condition]
        if node[0] == "b":
            return a if node[1] else b
        return a if a == b else self.make("select", condition, a, b)

    def number(self, a: int) -> int:
        """Return a truth value as 1 or 0, and a number as it is."""
        return self.select(a, self.constant(1.0), self.constant(0.0)) if self.is_truth(a) else a

    def condition(self, a: int) -> int:
        """Return a number as the truth value "not zero", and a truth value as it is."""
        return a if self.is_truth(a) else self.compare("ne", a, self.constant(0.0))

    def children(self, a: int) -> tuple[int, ...]:
        """Return the numbers of the children."""
        node = self.nodes[a]
        return () if node[0] in LEAVES else node[1:]

    def below(self, roots: Iterable[int]) -> list[int]:
        """Return the roots and all nodes they are built of, in evaluation order."""
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            a = stack.pop()
            if a not in seen:
                seen.add(a)
                stack.extend(self.children(a))
        return sorted(seen)

    def rebuild(self, roots: Iterable[int], leaves: dict[int, int]) -> list[int]:
        """Return the roots with some leaves replaced by other nodes."""
        roots = list(roots)
        new = dict(leaves)
        for a in self.below(roots):
            if a not in new:
                new[a] = self._with_children(a, new)
        return [new[a] for a in roots]

    def _with_children(self, a: int, new: dict[int, int]) -> int:
        operation, *rest = self.nodes[a]
        if operation in LEAVES:
            return a
        children = [new[child] for child in rest]
        named: dict[str, Callable[..., int]] = {
            "add": self.add, "sub": self.sub, "mul": self.mul, "neg": self.neg, "inv": self.inv, "pow": self.pow,
            "select": self.select, "and": self.both, "or": self.either, "not": self.negate,
        }  # fmt: skip
        if operation in named:
            return named[operation](*children)
        if operation in COMPARISONS:
            return self.compare(operation, *children)
        if operation == "div":
            return self.div(children[0], children[1], exact=True)
        return self.function(operation, *children)


def _divide(a: float, b: float) -> float:
    """Divide as IEEE 754 does, also by zero."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)
