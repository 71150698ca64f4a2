"""NumPy arrays in place of printed values: the elementary functions of the kernel, step by step, without a compiler.

Every step is an operation that IEEE 754 rounds correctly, or one on bits; so the numbers are those of machine code.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nadflux.errors import ModelError
from nadflux.kernel.ir import Function, Value
from nadflux.kernel.library import FUNCTIONS

_TYPES = {"f": "double", "i": "i64", "b": "i1"}
_DTYPES = {"double": np.float64, "i64": np.int64, "i1": np.bool_}
_OPERATIONS = {
    "fadd": np.add, "fsub": np.subtract, "fmul": np.multiply, "fdiv": np.divide, "add": np.add, "sub": np.subtract,
    "mul": np.multiply, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor, "shl": np.left_shift,
    "ashr": np.right_shift,
}  # fmt: skip
_COMPARISONS = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_INTRINSICS = {"sqrt": np.sqrt, "fabs": np.abs, "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc}


def apply_function(name: str, *arguments: np.ndarray) -> np.ndarray:
    """Return the values of an elementary function of the kernel, equal to those of machine code to the last bit.

    Parameters
    ----------
    name : str
        One of ``library.FUNCTIONS`` but ``factorial``, or an exact function of LLVM (``sqrt fabs floor ceil trunc``).
    arguments : ndarray, shape (person,), dimensionless

    Returns
    -------
    ndarray, shape (person,), dimensionless

    Raises
    ------
    ModelError
        For ``factorial``, which loops in machine code.
    """
    if name == "factorial":
        raise ModelError("a factorial is not evaluated at rest; write the product out")
    builder = _Arrays(name, [], 1)
    with np.errstate(all="ignore"):
        values = [_of(builder, np.ascontiguousarray(argument, dtype=np.float64)) for argument in arguments]
        if name in _INTRINSICS:
            return builder.intrinsic(name, *values).array
        result = FUNCTIONS[name](*values)
    assert isinstance(result, _ArrayValue)
    return result.array


@dataclass(frozen=True)
class _ArrayValue(Value):
    """A value that is computed at once instead of printed."""

    array: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def _binary(self, other: Value | float | int, float_name: str, integer_name: str, swap: bool = False) -> Value:
        a, b = self.array, _array(self.builder.like(other, self))
        a, b = (b, a) if swap else (a, b)
        name = float_name if self.is_float else integer_name
        if name == "lshr":
            return _of(self.builder, (a.view(np.uint64) >> b.view(np.uint64)).view(np.int64))
        return _of(self.builder, _OPERATIONS[name](a, b))

    def __neg__(self) -> Value:
        return _of(self.builder, np.negative(self.array))

    def compare(self, sign: str, other: Value | float | int) -> Value:
        """Return a comparison; with NaN every sign but ``!=`` is false."""
        return _of(self.builder, _COMPARISONS[sign](self.array, _array(self.builder.like(other, self))))

    def where(self, a: Value | float | int, b: Value | float | int) -> Value:
        """Return ``a`` where this truth value holds, else ``b``."""
        model = next((v for v in (a, b) if isinstance(v, Value)), None)
        type_ = model.type if model else "double"
        first, second = (_array(v if isinstance(v, Value) else self.builder.constant(v, type_)) for v in (a, b))
        return _of(self.builder, np.where(self.array, first, second))

    def cast(self, name: str, target: str) -> Value:
        """Return the same bits as another type."""
        assert name == "bitcast", f"{name} is not computed in arrays"
        return _of(self.builder, self.array.view(_DTYPES[target]))


class _Arrays(Function):
    """Stand-in for the function that the elementary functions are printed into: it computes instead."""

    def constant(self, value: float | int, type_: str) -> Value:
        """Return a literal."""
        return _of(self, np.full(1, value, dtype=_DTYPES[type_]))

    def intrinsic(self, name: str, *arguments: Value) -> _ArrayValue:
        """Return the result of an exact operation (``sqrt fabs floor ceil trunc``)."""
        return _of(self, _INTRINSICS[name](_array(arguments[0])))


def _of(builder: Function, array: np.ndarray) -> _ArrayValue:
    return _ArrayValue(builder, _TYPES[array.dtype.kind], "", np.ascontiguousarray(array))


def _array(value: Value) -> np.ndarray:
    assert isinstance(value, _ArrayValue)
    return value.array
