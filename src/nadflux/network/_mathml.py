"""Expressions to and from libSBML's syntax trees (MathML)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nadflux.errors import ModelError
from nadflux.network.expression import COMPARISONS, Apply, Expression, Number, Symbol, Time, substitute, walk

if TYPE_CHECKING:
    import libsbml

AVOGADRO = 6.02214179e23  # fixed by the SBML Level 3 specification, not the CODATA value of the day
DEEPEST = 150  # nested operations of a formula; long sums and products are not nested
LARGEST = 50_000  # nodes of a formula with all functions put in
LONG_CHAIN = 100  # operations from which a sum or product becomes a single one

Refuse = Callable[[str], None]


class FunctionTable:
    """Function definitions of a document, converted on first use and inlined at every call."""

    def __init__(self, definitions: Mapping[str, libsbml.ASTNode | None]) -> None:
        self._definitions = definitions
        self._bodies: dict[str, tuple[tuple[str, ...], Expression]] = {}
        self._open: list[str] = []
        self._sizes: dict[int, tuple[Expression, int, int]] = {}

    def call(self, name: str, arguments: tuple[Expression, ...], refuse: Refuse) -> Expression:
        """Return the body of function ``name`` with its arguments put in.

        Raises
        ------
        ModelError
            For an unknown or recursive function, one without a body, or a wrong number of arguments.
        """
        if name not in self._bodies:
            self._bodies[name] = self._convert(name, refuse)
        variables, body = self._bodies[name]
        if len(variables) != len(arguments):
            raise ModelError(f"function {name!r} takes {len(variables)} arguments and is called with {len(arguments)}")
        values = dict(zip(variables, arguments, strict=True))
        size, depth = self._measure(body)
        uses = sum(self._measure(values[n.name])[0] for n in walk(body) if isinstance(n, Symbol) and n.name in values)
        if size + uses > LARGEST:
            raise ModelError(
                f"function {name!r} put in where it is called makes a formula of more than {LARGEST} terms; "
                "give intermediate results rules of their own"
            )
        if depth + max((self._measure(value)[1] for value in arguments), default=0) > DEEPEST:
            raise ModelError(too_deep())
        return substitute(body, values)

    def _measure(self, expression: Expression) -> tuple[int, int]:
        """Return the number of nodes of a tree and its depth, remembered for each object."""
        known = self._sizes.get(id(expression))
        if known is None:
            inside = [self._measure(a) for a in expression.args] if isinstance(expression, Apply) else []
            size, depth = 1 + sum(s for s, _ in inside), 1 + max((d for _, d in inside), default=0)
            # kept with the object, so that its number is not given to another one
            known = self._sizes[id(expression)] = (expression, size, depth)
        return known[1], known[2]

    def _convert(self, name: str, refuse: Refuse) -> tuple[tuple[str, ...], Expression]:
        node = self._definitions.get(name)
        if node is None:
            raise ModelError(f"function {name!r} is called but has no definition; define it or remove the call")
        if name in self._open:
            raise ModelError(f"function {name!r} calls itself, which SBML does not allow")
        self._open.append(name)
        count = node.getNumChildren()
        variables = tuple(node.getChild(i).getName() for i in range(count - 1))
        body = from_ast(node.getChild(count - 1), self, refuse)
        self._open.pop()
        return variables, body


def too_deep() -> str:
    """Return what to say of a formula that is nested too deep."""
    return f"the formula is nested deeper than {DEEPEST} operations; give parts of it rules of their own"


def from_ast(node: libsbml.ASTNode, functions: FunctionTable, refuse: Refuse) -> Expression:
    """Return a libSBML tree as an expression, function calls inlined.

    Parameters
    ----------
    node : libsbml.ASTNode
    functions : FunctionTable
    refuse : callable
        Called with the name of each construct nadflux does not simulate; conversion then goes on with NaN so
        that one reading reports all of them.

    Raises
    ------
    ModelError
        For a wrong number of arguments, an unknown function, and a formula that is too deep or too large.
    """
    return _Converter(functions, refuse).convert(node, 0)


class _Converter:
    """Conversion of one tree."""

    def __init__(self, functions: FunctionTable, refuse: Refuse) -> None:
        import libsbml

        self.functions = functions
        self.refuse = refuse
        self._numbers = (libsbml.AST_INTEGER, libsbml.AST_REAL, libsbml.AST_REAL_E, libsbml.AST_RATIONAL)
        self._sums = (libsbml.AST_PLUS, libsbml.AST_MINUS)

    def convert(self, node: libsbml.ASTNode, depth: int) -> Expression:
        """Return the expression of a node that is ``depth`` operations below the top."""
        import libsbml

        kind = node.getType()
        if kind in self._numbers:
            return Number(float(node.getValue()), node.getUnits() or None)
        if kind == libsbml.AST_NAME:
            return Symbol(node.getName())
        if kind == libsbml.AST_NAME_TIME:
            return Time()
        constants = _constants()
        if kind in constants:
            return Number(constants[kind], "dimensionless" if kind == libsbml.AST_NAME_AVOGADRO else None)
        if kind == libsbml.AST_FUNCTION_DELAY:
            self.refuse("delay csymbol")
            return Number(math.nan)
        if depth >= DEEPEST:
            raise ModelError(too_deep())
        chain = self._chain(node, kind, depth)
        return chain if chain is not None else self._operation(node, kind, depth)

    def _operation(self, node: libsbml.ASTNode, kind: int, depth: int) -> Expression:
        import libsbml

        arguments = tuple(self.convert(node.getChild(i), depth + 1) for i in range(node.getNumChildren()))
        if kind == libsbml.AST_FUNCTION:
            return self.functions.call(node.getName(), arguments, self.refuse)
        if kind == libsbml.AST_FUNCTION_ROOT:
            return _root(arguments)
        if kind == libsbml.AST_FUNCTION_LOG:
            return _logarithm(arguments)
        operator = _operators().get(kind)
        if operator is None:
            self.refuse(f"mathematical construct {node.getName() or node.getOperatorName() or kind!r}")
            return Number(math.nan)
        return _normalised(operator, arguments)

    def _chain(self, node: libsbml.ASTNode, kind: int, depth: int) -> Expression | None:
        """Return a long chain such as ``a + b - c + ...`` or ``a * b * ...`` as one operation, which is not deep."""
        import libsbml

        kinds = self._sums if kind in self._sums else (kind,)
        if kind not in (*self._sums, libsbml.AST_TIMES):
            return None
        spine = [node]
        while (left := spine[-1]).getNumChildren() == 2 and left.getChild(0).getType() in kinds:
            spine.append(left.getChild(0))
        if len(spine) < LONG_CHAIN:
            return None
        first = spine[-1].getChild(0) if spine[-1].getNumChildren() == 2 else spine.pop()
        parts = [self.convert(first, depth + 1)]
        for above in reversed(spine):
            part = self.convert(above.getChild(1), depth + 1)
            parts.append(Apply("neg", (part,)) if above.getType() == libsbml.AST_MINUS else part)
        return Apply("mul" if kind == libsbml.AST_TIMES else "add", tuple(parts))


def to_ast(expression: Expression) -> libsbml.ASTNode:
    """Return an expression as a libSBML tree, units of literals included."""
    import libsbml

    if isinstance(expression, Number):
        return _literal(expression)
    if isinstance(expression, Symbol):
        return _name(libsbml.AST_NAME, expression.name)
    if isinstance(expression, Time):
        return _name(libsbml.AST_NAME_TIME, "time")
    if expression.op == "sign":
        return to_ast(_sign(expression.args[0]))
    node = libsbml.ASTNode(_types()[expression.op])
    if expression.op == "rate":
        node.setName("rateOf")
    # The degree of a root and the base of a logarithm come first.
    first = {"sqrt": (Number(2.0),), "log10": (Number(10.0),)}.get(expression.op, ())
    for argument in (*first, *expression.args):
        node.addChild(to_ast(argument))
    return node


def _literal(number: Number) -> libsbml.ASTNode:
    import libsbml

    value = number.value
    for kind, constant in _constants().items():
        # by name, since libSBML writes literals with 15 digits only
        if value == constant and value not in (0.0, 1.0):
            return _name(kind, "avogadro" if kind == libsbml.AST_NAME_AVOGADRO else None)
    node = libsbml.ASTNode()
    whole = math.isfinite(value) and value == int(value) and abs(value) < 2**31
    node.setValue(int(value) if whole else float(value))
    if number.unit:
        node.setUnits(number.unit)
    return node


def _name(kind: int, name: str | None) -> libsbml.ASTNode:
    import libsbml

    node = libsbml.ASTNode(kind)
    if name is not None:
        node.setName(name)
    return node


def _sign(x: Expression) -> Expression:
    """Return the sign of a number as SBML can write it."""
    return Apply(
        "piecewise",
        (
            *(Number(1.0, "dimensionless"), Apply("gt", (x, _zero_like(x)))),
            *(Number(-1.0, "dimensionless"), Apply("lt", (x, _zero_like(x)))),
            Number(0.0, "dimensionless"),
        ),
    )


def _zero_like(x: Expression) -> Expression:
    return Number(0.0, "dimensionless") if isinstance(x, Number) else Apply("mul", (Number(0.0), x))


def _normalised(operator: str, arguments: tuple[Expression, ...]) -> Expression:
    """Rewrite unary minus and arities that MathML allows and our operators do not."""
    count = len(arguments)
    if operator == "sub" and count == 1:
        return Apply("neg", arguments)
    if operator in _EMPTY and count == 0:
        return Number(_EMPTY[operator])
    if operator in ("add", "mul", "min", "max") and count == 1:
        return arguments[0]
    if operator in ("and", "or", "xor") and count == 1:
        return Apply("ne", (arguments[0], Number(0.0)))
    if operator in COMPARISONS and count < 2:
        return Number(1.0)
    if operator == "piecewise" and count == 1:
        return arguments[0]
    if operator not in _ANY_NUMBER:
        _check_count(operator, count, 2 if operator in _PAIRS else 1)
    return Apply(operator, arguments)


def _check_count(operator: str, count: int, *right: int) -> None:
    if count not in right:
        takes = " or ".join(map(str, right))
        raise ModelError(f"the operator {operator!r} has {count} arguments; give it {takes}")


_EMPTY = {"add": 0.0, "mul": 1.0, "and": 1.0, "or": 0.0, "xor": 0.0, "piecewise": math.nan}
_PAIRS = frozenset(("sub", "div", "pow", "rem", "quotient", "implies"))
_ANY_NUMBER = frozenset((*_EMPTY, *COMPARISONS, "min", "max"))


def _root(arguments: tuple[Expression, ...]) -> Expression:
    """Return a MathML root; an odd whole degree has a real root of negative numbers too."""
    _check_count("root", len(arguments), 1, 2)
    if len(arguments) == 1:
        return Apply("sqrt", arguments)
    degree, x = arguments
    if isinstance(degree, Number):
        if degree.value == 0.0:
            raise ModelError("a root of degree 0 has no value; give another degree, such as 2")
        if degree.value == 2.0:
            return Apply("sqrt", (x,))
        power = Apply("pow", (x, Number(1.0 / degree.value)))
        if degree.value % 2.0 == 1.0:
            magnitude = Apply("pow", (Apply("abs", (x,)), Number(1.0 / degree.value)))
            return Apply("mul", (Apply("sign", (x,)), magnitude))
        return power
    return Apply("pow", (x, Apply("div", (Number(1.0), degree))))


def _logarithm(arguments: tuple[Expression, ...]) -> Expression:
    _check_count("log", len(arguments), 1, 2)
    if len(arguments) == 1:
        return Apply("log10", arguments)
    base, x = arguments
    if isinstance(base, Number) and base.value == 10.0:
        return Apply("log10", (x,))
    return Apply("div", (Apply("ln", (x,)), Apply("ln", (base,))))


def _constants() -> dict[int, float]:
    import libsbml

    return {
        libsbml.AST_CONSTANT_E: math.e,
        libsbml.AST_CONSTANT_PI: math.pi,
        libsbml.AST_CONSTANT_TRUE: 1.0,
        libsbml.AST_CONSTANT_FALSE: 0.0,
        libsbml.AST_NAME_AVOGADRO: AVOGADRO,
    }


def _types() -> dict[str, int]:
    """Return the libSBML node type of each operator."""
    import libsbml

    types = {
        "add": libsbml.AST_PLUS,
        "sub": libsbml.AST_MINUS,
        "neg": libsbml.AST_MINUS,
        "mul": libsbml.AST_TIMES,
        "div": libsbml.AST_DIVIDE,
        "pow": libsbml.AST_POWER,
        "rem": libsbml.AST_FUNCTION_REM,
        "quotient": libsbml.AST_FUNCTION_QUOTIENT,
        "min": libsbml.AST_FUNCTION_MIN,
        "max": libsbml.AST_FUNCTION_MAX,
        "and": libsbml.AST_LOGICAL_AND,
        "or": libsbml.AST_LOGICAL_OR,
        "xor": libsbml.AST_LOGICAL_XOR,
        "not": libsbml.AST_LOGICAL_NOT,
        "implies": libsbml.AST_LOGICAL_IMPLIES,
        "lt": libsbml.AST_RELATIONAL_LT,
        "le": libsbml.AST_RELATIONAL_LEQ,
        "gt": libsbml.AST_RELATIONAL_GT,
        "ge": libsbml.AST_RELATIONAL_GEQ,
        "eq": libsbml.AST_RELATIONAL_EQ,
        "ne": libsbml.AST_RELATIONAL_NEQ,
        "exp": libsbml.AST_FUNCTION_EXP,
        "ln": libsbml.AST_FUNCTION_LN,
        "log10": libsbml.AST_FUNCTION_LOG,
        "sqrt": libsbml.AST_FUNCTION_ROOT,
        "abs": libsbml.AST_FUNCTION_ABS,
        "floor": libsbml.AST_FUNCTION_FLOOR,
        "ceil": libsbml.AST_FUNCTION_CEILING,
        "factorial": libsbml.AST_FUNCTION_FACTORIAL,
        "piecewise": libsbml.AST_FUNCTION_PIECEWISE,
        "rate": libsbml.AST_FUNCTION_RATE_OF,
    }
    for name in ("sin", "cos", "tan", "sec", "csc", "cot"):
        for form in (name, f"{name}h", f"arc{name}", f"arc{name}h"):
            types[form] = getattr(libsbml, f"AST_FUNCTION_{form.upper()}")
    return types


def _operators() -> dict[int, str]:
    import libsbml

    operators: dict[int, Any] = {number: op for op, number in _types().items() if op != "neg"}
    operators[libsbml.AST_FUNCTION_POWER] = "pow"
    return operators
