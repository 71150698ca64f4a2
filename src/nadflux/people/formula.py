"""Formulas of the table of covariates, evaluated for many people at once: the same bits on every processor.

The syntax is that of the model text. Each operation is one that IEEE 754 rounds correctly, or a function of
`nadflux.elementary`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from nadflux.elementary import exp, log
from nadflux.errors import TableError

_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
}  # fmt: skip
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "sqrt": (1, np.sqrt), "exp": (1, exp), "ln": (1, log), "abs": (1, np.abs), "min": (2, np.minimum),
    "max": (2, np.maximum),
}  # fmt: skip
_HIGHEST_POWER = 9


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that a formula uses, in the order in which they stand.

    Raises
    ------
    TableError
        For a formula that cannot be read.
    """
    tree = _tree(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    return tuple(dict.fromkeys(node.id for node in sorted(found, key=lambda node: node.col_offset)))


def evaluate(text: str, values: Mapping[str, np.ndarray | float]) -> np.ndarray:
    """Return the values of a formula.

    Parameters
    ----------
    text : str
        Of numbers, names, ``+ - * / ^`` (whole powers), brackets, ``sqrt exp ln abs min max``.
    values : mapping of str to ndarray, shape (person,), or float
        By name, each in the unit the formula reckons in.

    Returns
    -------
    ndarray, shape (person,), in the unit of what the formula stands for

    Raises
    ------
    TableError
        For a formula that cannot be read or uses something else.
    """
    with np.errstate(all="ignore"):
        return np.asarray(_value(_tree(text), values, text), dtype=float)


@lru_cache(maxsize=256)
def _tree(text: str) -> ast.expr:
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except SyntaxError as error:
        raise TableError(f"formula {text!r} cannot be read: {error.msg}") from error
    _check(tree, text)
    return tree


def _check(tree: ast.expr, text: str) -> None:
    """Refuse what is not evaluated here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
            if name not in _FUNCTIONS:
                raise TableError(f"formula {text!r}: no function {name!r}; there are {', '.join(_FUNCTIONS)}")
            if len(node.args) != _FUNCTIONS[name][0] or node.keywords:
                raise TableError(f"formula {text!r}: {name} takes {_FUNCTIONS[name][0]} of {len(node.args)} values")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            power = node.right.value if isinstance(node.right, ast.Constant) else None
            if not isinstance(power, int) or not 1 <= power <= _HIGHEST_POWER:
                raise TableError(f"formula {text!r}: write a whole power from 1 to {_HIGHEST_POWER}")
        elif not isinstance(node, _READ) or (
            isinstance(node, ast.Constant) and not isinstance(node.value, int | float)
        ):
            raise TableError(f"formula {text!r} uses what is not evaluated: {type(node).__name__}")


_READ = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.Load, ast.USub, ast.Pow, *_OPERATIONS)


def _value(node: ast.expr, values: Mapping[str, np.ndarray | float], text: str) -> Any:
    if isinstance(node, ast.Constant):
        return np.float64(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise TableError(f"formula {text!r}: {node.id} is not known")
        return np.asarray(values[node.id], dtype=float)
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, values, text)
    if isinstance(node, ast.Call):
        return _FUNCTIONS[node.func.id][1](*(_value(part, values, text) for part in node.args))  # type: ignore[attr-defined]
    assert isinstance(node, ast.BinOp)
    left = _value(node.left, values, text)
    if isinstance(node.op, ast.Pow):
        return _power(left, node.right.value)  # type: ignore[attr-defined]
    return _OPERATIONS[type(node.op)](left, _value(node.right, values, text))


def _power(base: np.ndarray, count: int) -> np.ndarray:
    """Raise to a whole power by multiplication, which unlike ``pow`` is the same everywhere."""
    result = base
    for _ in range(count - 1):
        result = result * base
    return result
