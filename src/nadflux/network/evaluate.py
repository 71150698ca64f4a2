"""Resting state and rates of a model for many people at once, in NumPy: for checks, not for simulation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from nadflux.errors import ModelError
from nadflux.network.expression import Apply, Expression, Number, Symbol, symbols
from nadflux.network.model import Model
from nadflux.network.names import to_name

_UNARY = {
    "neg": np.negative, "exp": np.exp, "ln": np.log, "log10": np.log10, "sqrt": np.sqrt, "abs": np.abs,
    "sin": np.sin, "cos": np.cos, "floor": np.floor, "ceil": np.ceil, "not": np.logical_not,
}  # fmt: skip
_NARY = {
    "add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum, "and": np.logical_and,
    "or": np.logical_or,
}  # fmt: skip
_BINARY = {
    "sub": np.subtract, "div": np.divide, "pow": np.power, "lt": np.less, "le": np.less_equal,
    "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal,
}  # fmt: skip


def initial_values(
    model: Model, given: Mapping[str, np.ndarray | float] | None = None, wanted: Iterable[str] | None = None
) -> dict[str, np.ndarray]:
    """Return every compartment, species (concentration), parameter and reaction rate at time zero.

    Parameters
    ----------
    model : Model
    given : mapping of str to ndarray, shape (person,) or scalar, optional
        Values of constants that differ from the model's own, in the model's units.
    wanted : iterable of str, optional
        Formulas to solve, with all they need, instead of every one; names that the model does not have are ignored.

    Returns
    -------
    dict of str to ndarray, shape (person,) or scalar
        In the model's units.

    Raises
    ------
    ModelError
        For formulas that need each other, or a quantity without value.
    """
    values: dict[str, np.ndarray] = {}
    own: dict[str, float] = {}
    for name, compartment in model.compartments.items():
        if compartment.size is not None:
            own[name] = compartment.size
    for name, species in model.species.items():
        if species.concentration is not None:
            own[name] = species.concentration
    for name, parameter in model.parameters.items():
        if parameter.value is not None:
            own[name] = parameter.value
    formulas = {**model.assignment_rules, **model.initial_assignments}
    for name, number in {**own, **(given or {})}.items():
        if name not in formulas:
            values[name] = np.asarray(number, dtype=float)
    for name, reaction in model.reactions.items():
        if reaction.law is not None:
            formulas[name] = reaction.law
    for name in formulas if wanted is None else (name for name in wanted if name in formulas):
        _solve(name, formulas, values)
    return values


def rates(model: Model, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the change of every species' amount per time at the given values.

    Parameters
    ----------
    model : Model
    values : mapping of str to ndarray, shape (person,) or scalar
        As from `initial_values`, in the model's units.

    Returns
    -------
    dict of str to ndarray, shape (person,) or scalar
        In the model's unit of extent per time.
    """
    result: dict[str, np.ndarray] = {name: np.zeros(()) for name in model.species}
    for reaction in model.reactions.values():
        for sign, side in ((-1.0, reaction.reactants), (1.0, reaction.products)):
            for reference in side:
                count = evaluate(reference.stoichiometry, values)
                result[reference.species] = result[reference.species] + sign * count * values[reaction.id]
    return result


def evaluate(expression: Expression, values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return a formula at the given values; not a number where it is undefined.

    Parameters
    ----------
    expression : Expression
    values : mapping of str to ndarray, shape (person,) or scalar
        Value of each symbol, in the units of the formula.

    Returns
    -------
    ndarray, shape (person,) or scalar
        In the unit of the formula.
    """
    with np.errstate(all="ignore"):
        return _evaluate(expression, values)


def _evaluate(node: Expression, values: Mapping[str, np.ndarray]) -> np.ndarray:
    if isinstance(node, Number):
        return np.asarray(node.value)
    if isinstance(node, Symbol):
        return values[node.name]
    if not isinstance(node, Apply):
        return np.asarray(0.0)
    if node.op == "piecewise":
        *pairs, otherwise = node.args if len(node.args) % 2 else (*node.args, Number(np.nan))
        result = _evaluate(otherwise, values)
        for value, condition in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
            result = np.where(_evaluate(condition, values), _evaluate(value, values), result)
        return result
    arguments = [_evaluate(argument, values) for argument in node.args]
    if node.op in _UNARY:
        return np.asarray(_UNARY[node.op](arguments[0]))
    if node.op in _NARY:
        result = arguments[0]
        for argument in arguments[1:]:
            result = _NARY[node.op](result, argument)
        return np.asarray(result)
    if node.op in _BINARY:
        return np.asarray(_BINARY[node.op](*arguments))
    raise ModelError(f"the operator {node.op!r} is not evaluated here")


def _solve(name: str, formulas: Mapping[str, Expression], values: dict[str, np.ndarray]) -> None:
    """Solve for ``name`` and all it needs, without recursion (chains are long)."""
    stack, open_names = [name], set()
    while stack:
        current = stack[-1]
        if current in values:
            stack.pop()
            continue
        if current not in formulas:
            raise ModelError(f"{to_name(current)} has no value")
        needed = [s for s in symbols(formulas[current]) if s not in values]
        if not needed:
            values[current] = evaluate(formulas[current], values)
            open_names.discard(stack.pop())
            continue
        if current in open_names and any(n in open_names for n in needed):
            raise ModelError(f"{to_name(current)} and {to_name(needed[0])} need each other")
        open_names.add(current)
        stack.extend(needed)
