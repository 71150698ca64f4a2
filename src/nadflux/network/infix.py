"""Formulas as people write them, to and from expressions.

The grammar is that of SBML Level 3 formulas (libSBML's ``parseL3Formula``), which Antimony shares: ``log``
is the decimal logarithm, ``ln`` the natural one, a unit id may follow a number (``0.3 uM``).
"""

from __future__ import annotations

import itertools
import math

from nadflux.errors import ModelError
from nadflux.network._mathml import FunctionTable, from_ast
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time

_BINARY = {"sub": " - ", "div": " / ", "pow": "^"}
_NARY = {"add": " + ", "mul": " * ", "and": " && ", "or": " || "}
_COMPARISON = {"lt": " < ", "le": " <= ", "gt": " > ", "ge": " >= ", "eq": " == ", "ne": " != "}
_LEVEL = {"or": 1, "and": 2, "add": 4, "sub": 4, "mul": 5, "div": 5, "neg": 6, "pow": 7}
_COMPARISON_LEVEL = 3
_NAMES = {"ceil": "ceil", "rate": "rateOf"}


def parse_infix(text: str) -> Expression:
    """Read a formula as an expression.

    Parameters
    ----------
    text : str
        E.g. ``"liver__Vmax * S / (Km + S)"``.

    Raises
    ------
    ModelError
        Where the formula cannot be read; the message points at the place.
    """
    import libsbml

    settings = libsbml.L3ParserSettings()
    settings.setParseUnits(True)
    settings.setParseCollapseMinus(True)
    settings.setParseAvogadroCsymbol(True)
    settings.setComparisonCaseSensitivity(libsbml.L3P_COMPARE_BUILTINS_CASE_SENSITIVE)
    node = libsbml.parseL3FormulaWithSettings(text, settings)
    if node is None:
        detail = libsbml.getLastParseL3Error().strip().splitlines()
        raise ModelError(f"formula {text!r} cannot be read: {detail[0] if detail else 'syntax error'}")
    refused: list[str] = []
    try:
        expression = from_ast(node, FunctionTable({}), refused.append)
    except ModelError as error:
        raise ModelError(f"formula {text!r} cannot be read: {error}") from error
    if refused:
        raise ModelError(f"formula {text!r} uses what nadflux does not simulate: {', '.join(refused)}")
    return expression


def to_infix(expression: Expression, *, units: bool = True) -> str:
    """Write an expression as a formula that :func:`parse_infix` and Antimony read back.

    Parameters
    ----------
    expression : Expression
    units : bool
        Whether the unit of a literal follows it.
    """
    return _print(expression, 0, units)


def _print(node: Expression, outer: int, units: bool) -> str:
    if isinstance(node, Number):
        return _number(node, outer, units)
    if isinstance(node, Symbol):
        return node.name
    if isinstance(node, Time):
        return "time"
    text, level = _operation(node, units)
    return f"({text})" if level < outer else text


def _operation(node: Apply, units: bool) -> tuple[str, int]:
    op, args = node.op, node.args
    if op in _NARY and len(args) > 1:
        level = _LEVEL[op]
        # the first operand may share the level: the parser is left-associative
        parts = [_print(args[0], level, units)] + [_print(a, level + 1, units) for a in args[1:]]
        return _NARY[op].join(parts), level
    if op in _BINARY:
        level = _LEVEL[op]
        left, right = args
        # power is right-associative in one dialect and left-associative in another: brackets on both sides
        return (
            f"{_print(left, level + (op == 'pow'), units)}{_BINARY[op]}{_print(right, level + 1, units)}",
            level,
        )
    if op == "neg":
        return f"-{_print(args[0], _LEVEL['neg'] + 1, units)}", _LEVEL["neg"]
    if op in _COMPARISON and len(args) == 2:
        sides = [_print(a, _COMPARISON_LEVEL + 1, units) for a in args]
        return _COMPARISON[op].join(sides), _COMPARISON_LEVEL
    if op in _COMPARISON:
        pairs = tuple(Apply(op, pair) for pair in itertools.pairwise(args))
        return _operation(Apply("and", pairs), units)
    if op == "sign":
        x = _print(args[0], 0, units)
        zero = f"0 * {_print(args[0], 6, units)}"
        return f"piecewise(1, {x} > {zero}, -1, {x} < {zero}, 0)", 9
    inside = ", ".join(_print(a, 0, units) for a in args)
    return f"{_NAMES.get(op, op)}({inside})", 9


def _number(node: Number, outer: int, units: bool) -> str:
    value = node.value
    if math.isnan(value):
        text = "notanumber"
    elif math.isinf(value):
        text = "infinity" if value > 0 else "-infinity"
    elif value == int(value) and abs(value) < 1e15:
        text = str(int(value)) if value or math.copysign(1.0, value) > 0 else "-0"
    else:
        text = repr(value)
    if units and node.unit:
        text = f"{text} {node.unit}"
    return f"({text})" if text.startswith("-") and outer > 0 else text
