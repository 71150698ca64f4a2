"""The functions that generated code may call, by name."""

from __future__ import annotations

from collections.abc import Callable

from nadflux.kernel import elementary, trigonometry
from nadflux.kernel.ir import Function, Value

FUNCTIONS: dict[str, Callable[..., Value]] = {
    "exp": elementary.exp_of_sum,
    "log": elementary.log_value,
    "pow": elementary.pow_value,
    "log10": elementary.log10_value,
    "sin": trigonometry.sin_value,
    "cos": trigonometry.cos_value,
    "tan": trigonometry.tan_value,
    "asin": trigonometry.asin_value,
    "acos": trigonometry.acos_value,
    "atan": trigonometry.atan_value,
    "sinh": trigonometry.sinh_value,
    "cosh": trigonometry.cosh_value,
    "tanh": trigonometry.tanh_value,
    "asinh": trigonometry.asinh_value,
    "acosh": trigonometry.acosh_value,
    "atanh": trigonometry.atanh_value,
    "factorial": trigonometry.factorial_value,
}


def print_function(name: str, width: int) -> Function:
    """Print an elementary function for a number of lanes."""
    vector = f"<{width} x double>"
    names = ["a", "b"] if name == "pow" else ["a"]
    function = Function(f"nadflux_{name}", [(vector, n) for n in names], width, vector)
    function.give(FUNCTIONS[name](*(function.argument(n) for n in names)))
    return function
