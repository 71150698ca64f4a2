"""Conditions such as ``egfr < 30 or dialysis`` over facts that may be unknown: true, false or undecided."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from nadflux.errors import TableError

ALWAYS = "always"
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """A condition in the syntax of Python: names, ``and``, ``or``, ``not``, and comparisons of a name with a number.

    Attributes
    ----------
    text : str
        ``always`` is true of everybody.
    place : str
        File and line, for errors.
    """

    text: str
    place: str = ""

    def __post_init__(self) -> None:
        if not self.always:
            _check(self._tree, self)

    @property
    def always(self) -> bool:
        """True where there is no condition."""
        return self.text == ALWAYS

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names that it uses, each once."""
        if self.always:
            return ()
        found = [node for node in ast.walk(self._tree) if isinstance(node, ast.Name)]
        return tuple(dict.fromkeys(node.id for node in sorted(found, key=lambda node: node.col_offset)))

    def holds(self, facts: Mapping[str, bool | float]) -> bool | None:
        """Return whether it holds; None where facts that decide it are unknown.

        Parameters
        ----------
        facts : mapping of str to bool or float
            What is known; a name that is left out is unknown.
        """
        return True if self.always else _holds(self._tree, facts)

    def undecided(self, facts: Mapping[str, bool | float]) -> tuple[str, ...]:
        """Return the unknown names that keep it undecided; empty where it is decided."""
        if self.always:
            return ()
        return tuple(dict.fromkeys(_undecided(self._tree, facts)))

    @cached_property
    def _tree(self) -> ast.expr:
        return _parsed(self.text, self.place)


@lru_cache(maxsize=1024)
def _parsed(text: str, place: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise TableError(f"{place}: condition {text!r} cannot be read: {error.msg}") from error


def _check(node: ast.expr, condition: Condition) -> None:
    """Refuse what is not evaluated here."""
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            _check(value, condition)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check(node.operand, condition)
    elif not isinstance(node, ast.Name) and not _is_comparison(node):
        raise TableError(
            f"{condition.place}: {ast.unparse(node)!r} cannot be part of the condition {condition.text!r}; "
            "write names, 'and', 'or', 'not', and comparisons such as 'egfr < 30'"
        )


def _is_comparison(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and type(node.ops[0]) in _COMPARISONS
        and isinstance(node.left, ast.Name)
        and isinstance(node.comparators[0], ast.Constant)
        and isinstance(node.comparators[0].value, int | float)
    )


def _holds(node: ast.expr, facts: Mapping[str, bool | float]) -> bool | None:
    if isinstance(node, ast.Name):
        value = facts.get(node.id)
        return None if value is None else bool(value)
    if isinstance(node, ast.UnaryOp):
        inner = _holds(node.operand, facts)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        parts = [_holds(value, facts) for value in node.values]
        decisive = isinstance(node.op, ast.Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    assert isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)
    left, right = facts.get(node.left.id), node.comparators[0]
    assert isinstance(right, ast.Constant) and isinstance(right.value, int | float)
    return None if left is None else _COMPARISONS[type(node.ops[0])](left, right.value)


def _undecided(node: ast.expr, facts: Mapping[str, bool | float]) -> Iterator[str]:
    if _holds(node, facts) is not None:
        return
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Name):
        yield node.left.id
    elif isinstance(node, ast.UnaryOp):
        yield from _undecided(node.operand, facts)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _undecided(value, facts)
