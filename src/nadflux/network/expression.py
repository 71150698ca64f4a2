"""Mathematical expressions of a model: a small immutable tree.

The tree is what the reader produces, the assembler rewrites, the writers print and the kernel lowers.
Function definitions are already inlined; a symbol is a model id (``liver__NAMPT__Km``), or an SBML id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A literal, with the id of its unit where the text gives one (``None``: no unit declared)."""

    value: float
    unit: str | None = None


@dataclass(frozen=True)
class Symbol:
    """A reference to a compartment, species, parameter, reaction or species reference of the model."""

    name: str


@dataclass(frozen=True)
class Time:
    """The independent variable."""


@dataclass(frozen=True)
class Apply:
    """An operator or function applied to arguments.

    Operators (``op``): n-ary ``add mul and or xor min max``; binary ``sub div pow rem quotient implies``;
    comparisons ``lt le gt ge eq ne`` (n-ary, chained as in MathML); unary ``neg not exp ln log10 sqrt abs
    floor ceil factorial sign``, trigonometric ``sin cos tan sec csc cot`` and their ``arc…``, hyperbolic ``…h``
    and ``arc…h`` forms; ``piecewise`` with arguments value, condition, value, condition, …, otherwise
    (the last one optional). ``rate`` (MathML rateOf) takes one Symbol.
    """

    op: str
    args: tuple[Expression, ...]


Expression = Number | Symbol | Time | Apply
COMPARISONS = frozenset(("lt", "le", "gt", "ge", "eq", "ne"))


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield every node of the tree, parents first."""
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Apply):
            stack.extend(reversed(node.args))


def symbols(expression: Expression) -> frozenset[str]:
    """Return the names of all symbols in the tree."""
    return frozenset(node.name for node in walk(expression) if isinstance(node, Symbol))


def substitute(expression: Expression, replacements: Mapping[str, Expression]) -> Expression:
    """Return the tree with each named symbol replaced by an expression."""
    return transform(expression, lambda node: replacements.get(node.name, node) if isinstance(node, Symbol) else node)


def rename(expression: Expression, new_name: Callable[[str], str]) -> Expression:
    """Return the tree with every symbol renamed."""
    return transform(expression, lambda node: Symbol(new_name(node.name)) if isinstance(node, Symbol) else node)


def transform(expression: Expression, leaf: Callable[[Expression], Expression]) -> Expression:
    """Return the tree rebuilt with ``leaf`` applied to every node that is not an ``Apply``."""
    if isinstance(expression, Apply):
        return Apply(expression.op, tuple(transform(argument, leaf) for argument in expression.args))
    return leaf(expression)
