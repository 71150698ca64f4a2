"""Elementary functions in generated code against NumPy in long double, and against the same steps in NumPy."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable

import numpy as np
import pytest

from nadflux import elementary
from nadflux.errors import ModelError
from nadflux.kernel import machine
from nadflux.kernel.array_value import apply_function
from nadflux.kernel.library import FUNCTIONS, print_function

Call = Callable[..., np.ndarray]
NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh",
         "atanh": "arctanh"}  # fmt: skip
EXTENDED = np.finfo(np.longdouble).nmant > 60


def library(width: int, opt: int = 1) -> Call:
    vector = f"<{width} x double>"
    printed = [print_function(name, width) for name in FUNCTIONS]
    text = [function.text("nounwind", "internal") for function in printed]
    text += sorted({line for f in printed for name, line in f.called.items() if name.startswith("llvm.")})
    for function in printed:
        count = len(function.arguments)
        loads = "\n".join(f"  %a{k} = load {vector}, ptr %p{k}, align 8" for k in range(count))
        arguments = ", ".join(f"{vector} %a{k}" for k in range(count))
        text.append(
            f"define void @call_{function.name}(ptr %p0, ptr %p1, ptr %o) {{\n{loads}\n"
            f"  %r = call {vector} @{function.name}({arguments})\n  store {vector} %r, ptr %o, align 8\n  ret void\n}}"
        )
    code = machine.Code(machine.generate("\n".join(text), opt))

    def call(name: str, x: np.ndarray, y: np.ndarray | None = None) -> np.ndarray:
        function = code.function(f"call_nadflux_{name}", [ctypes.c_void_p] * 3)
        padding = np.ones(-len(x) % width)
        first = np.concatenate([x, padding])
        second = np.concatenate([x if y is None else y, padding])
        out = np.empty_like(first)
        for k in range(0, len(first), width):
            function(first.ctypes.data + 8 * k, second.ctypes.data + 8 * k, out.ctypes.data + 8 * k)
        return out[: len(x)]

    return call


@pytest.fixture(scope="module")
def call() -> Call:
    return library(machine.width_for(machine.host()[2], machine.host()[0]))


CASES = [
    ("exp", -745.0, 709.7, 1.0), ("exp", -1.0, 1.0, 1.0), ("log", 0.5, 2.0, 1.0), ("log", 1e-300, 1e300, 1.0),
    ("log10", 0.5, 2.0, 1.0), ("log10", 1e-300, 1e300, 1.0), ("sin", -3.2, 3.2, 1.0), ("sin", -1e9, 1e9, 1.0),
    ("cos", -3.2, 3.2, 1.0), ("cos", -1e9, 1e9, 1.0), ("tan", -3.2, 3.2, 3.0), ("sinh", -1.0, 1.0, 3.0),
    ("sinh", -709.0, 709.0, 3.0), ("cosh", -1.0, 1.0, 3.0), ("cosh", -709.0, 709.0, 3.0), ("tanh", -1.0, 1.0, 3.0),
    ("tanh", -30.0, 30.0, 3.0), ("asin", -1.0, 1.0, 3.0), ("acos", -1.0, 1.0, 3.0), ("atan", -50.0, 50.0, 1.5),
    ("asinh", -9.0, 9.0, 3.0), ("acosh", 1.0, 9.0, 4.0), ("atanh", -1.0, 1.0, 3.0),
]  # fmt: skip


def ulps(found: np.ndarray, exact: np.ndarray) -> float:
    spacing = np.spacing(np.abs(exact.astype(np.float64)))
    return float(np.max(np.abs(found.astype(np.longdouble) - exact) / spacing))


@pytest.mark.skipif(not EXTENDED, reason="needs a long double wider than double")
@pytest.mark.parametrize(("name", "low", "high", "allowed"), CASES)
def test_accuracy(call: Call, name: str, low: float, high: float, allowed: float) -> None:
    x = np.random.default_rng(1).uniform(low, high, 40_000)
    if high == 1e300:
        x = np.exp(np.random.default_rng(1).uniform(math.log(5e-324), math.log(high), 40_000))
    exact = getattr(np, NAMES.get(name, name))(x.astype(np.longdouble))
    assert ulps(call(name, x), exact) <= allowed


@pytest.mark.skipif(not EXTENDED, reason="needs a long double wider than double")
@pytest.mark.parametrize(("size", "largest"), [(0.001, 6e5), (5.0, 100.0), (700.0, 1.0)])
def test_accuracy_of_powers(call: Call, size: float, largest: float) -> None:
    random = np.random.default_rng(2)
    x, y = np.exp(random.uniform(-size, size, 40_000)), random.uniform(-largest, largest, 40_000)
    exact = np.power(x.astype(np.longdouble), y.astype(np.longdouble))
    spacing = np.spacing(np.abs(exact.astype(np.float64)))
    mantissa = np.frexp(x)[0]
    rest = np.log(np.where(mantissa < math.sqrt(0.5), 2.0 * mantissa, mantissa))
    allowed = 1.0 + 2.0 * np.abs(y * rest)
    assert np.all(np.abs(call("pow", x, y).astype(np.longdouble) - exact) <= allowed * spacing)


@pytest.mark.skipif(not EXTENDED, reason="needs a long double wider than double")
def test_accuracy_of_powers_of_rate_laws(call: Call) -> None:
    random = np.random.default_rng(2)
    x, y = np.exp(random.uniform(-12.0, 12.0, 40_000)), random.uniform(-6.0, 6.0, 40_000)
    assert ulps(call("pow", x, y), np.power(x.astype(np.longdouble), y.astype(np.longdouble))) <= 4.0


SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 5e-324, 1e-310, 709.79, -745.2, -746, 2, -2, 0.5])


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("pow", "factorial")])
def test_special_values(call: Call, name: str) -> None:
    with np.errstate(all="ignore"):
        expected = getattr(np, NAMES.get(name, name))(SPECIAL)
    found = call(name, SPECIAL)
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=0)
    real = ~np.isnan(expected)
    assert np.array_equal(np.signbit(found[real]), np.signbit(expected[real]))


@pytest.mark.parametrize("name", ["exp", "log"])
def test_same_bits_as_in_numpy(call: Call, name: str) -> None:
    random = np.random.default_rng(5)
    anything = random.integers(-(2**63), 2**63 - 1, 200_000, dtype=np.int64).view(np.float64)
    denormal = random.integers(1, 2**52, 20_000).view(np.float64)
    edges = np.concatenate([np.nextafter(x, [-np.inf, np.inf]) for x in (0.0, 0.5, 0.5**0.5, 1.0, 2.0, 709.78, 745.13)])
    near = [
        random.uniform(-760.0, 760.0, 100_000),
        random.normal(1.0, 1e-3, 50_000),
        10.0 ** random.uniform(-320, 308, 50_000),
    ]
    x = np.concatenate([SPECIAL, anything, denormal, edges, *near])
    found, expected = getattr(elementary, name)(x), call(name, x)
    missing = np.isnan(expected)
    assert np.array_equal(np.isnan(found), missing)
    assert np.array_equal(found[~missing].view(np.int64), expected[~missing].view(np.int64))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "factorial"])
def test_same_bits_in_arrays(call: Call, name: str) -> None:
    random = np.random.default_rng(6)
    anything = random.integers(-(2**63), 2**63 - 1, 20_000, dtype=np.int64).view(np.float64)
    x = np.concatenate([SPECIAL, anything, random.normal(0.0, 1.0, 20_000), random.normal(0.0, 300.0, 20_000)])
    y = np.concatenate([SPECIAL[::-1], random.normal(0.0, 3.0, len(x) - len(SPECIAL))])
    found, expected = apply_function(name, *([x, y] if name == "pow" else [x])), call(name, x, y)
    missing = np.isnan(expected)
    assert np.array_equal(np.isnan(found), missing)
    assert np.array_equal(found[~missing].view(np.int64), expected[~missing].view(np.int64))


def test_a_factorial_is_refused_in_arrays() -> None:
    with pytest.raises(ModelError, match="factorial"):
        apply_function("factorial", np.ones(1))


def test_special_powers(call: Call) -> None:
    bases = np.concatenate([SPECIAL, [3, -3, 1e300, 1e-300, -1e-300]])
    exponents = np.concatenate([SPECIAL, [3, -3, 1e300, -1e300, 1e17, 3.5]])
    x, y = (array.ravel() for array in np.meshgrid(bases, exponents))
    with np.errstate(all="ignore"):
        expected = np.power(x, y)
    found = call("pow", x, y)
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=5e-324)
    real = ~np.isnan(expected)
    assert np.array_equal(np.signbit(found[real]), np.signbit(expected[real]))


def test_factorial(call: Call) -> None:
    whole = np.arange(175.0)
    expected = [float(math.factorial(int(n))) if n <= 170 else math.inf for n in whole]
    np.testing.assert_array_equal(call("factorial", whole), expected)
    between = np.linspace(0.1, 169.3, 500)
    np.testing.assert_allclose(call("factorial", between), [math.gamma(n + 1) for n in between], rtol=2e-13)
    assert np.all(np.isnan(call("factorial", np.array([-1.0, -0.5, np.nan]))))


def test_same_bits_at_every_width_and_level(call: Call) -> None:
    x = np.random.default_rng(3).normal(0, 30, 4_000)
    y = np.random.default_rng(4).normal(0, 3, 4_000)
    for width, opt in ((1, 1), (2, 0), (4, 1)):
        other = library(width, opt)
        for name in FUNCTIONS:
            np.testing.assert_array_equal(other(name, np.abs(x), y), call(name, np.abs(x), y))
