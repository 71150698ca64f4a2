"""Every operator: its value against NumPy, its exact derivative against differences of its own values."""

from __future__ import annotations

import ctypes
import math

import numpy as np
import pytest
from kernel_models import parse, rules_model

from nadflux.kernel import Engine, Program, Stepper, compile_program, lower
from nadflux.network.expression import Apply, Number, Symbol, Time

EXPRESSIONS = {
    "x + y + k": lambda x, y: x + y + 1.7,
    "x - y": lambda x, y: x - y,
    "-x * y": lambda x, y: -x * y,
    "x / (y + k)": lambda x, y: x / (y + 1.7),
    "x ^ 3 + x ^ (-2)": lambda x, y: x**3 + x**-2,
    "x ^ 2.5 + x ^ (-1.5)": lambda x, y: x**2.5 + x**-1.5,
    "x ^ y": lambda x, y: x**y,
    "x ^ k": lambda x, y: x**1.7,
    "k ^ x": lambda x, y: 1.7**x,
    "x ^ x": lambda x, y: x**x,
    "exp(x * y)": lambda x, y: np.exp(x * y),
    "ln(x + y)": lambda x, y: np.log(x + y),
    "log10(x)": lambda x, y: np.log10(x),
    "sqrt(x * y)": lambda x, y: np.sqrt(x * y),
    "abs_(x - 3)": lambda x, y: abs(x - 3),
    "floor(3.3 * x) + x": lambda x, y: np.floor(3.3 * x) + x,
    "ceil(3.3 * x) * y": lambda x, y: np.ceil(3.3 * x) * y,
    "factorial(3) * x": lambda x, y: 6 * x,
    "sign(x - 3) * x": lambda x, y: np.sign(x - 3) * x,
    "sin(x) + cos(y) + tan(x / 2)": lambda x, y: np.sin(x) + np.cos(y) + np.tan(x / 2),
    "sec(x) + csc(x) + cot(y)": lambda x, y: 1 / np.cos(x) + 1 / np.sin(x) + 1 / np.tan(y),
    "sinh(x) + cosh(y) + tanh(x)": lambda x, y: np.sinh(x) + np.cosh(y) + np.tanh(x),
    "sech(x) + csch(x) + coth(y)": lambda x, y: 1 / np.cosh(x) + 1 / np.sinh(x) + 1 / np.tanh(y),
    "arcsin(x / 4) + arccos(y / 4) + arctan(x)": lambda x, y: np.arcsin(x / 4) + np.arccos(y / 4) + np.arctan(x),
    "arcsec(3 * x) + arccsc(3 * x) + arccot(x)": lambda x, y: (
        np.arccos(1 / (3 * x)) + np.arcsin(1 / (3 * x)) + np.arctan(1 / x)
    ),
    "arcsinh(x) + arccosh(y + 2) + arctanh(x / 4)": lambda x, y: np.arcsinh(x) + np.arccosh(y + 2) + np.arctanh(x / 4),
    "arcsech(x / 4) + arccsch(x) + arccoth(y + 2)": lambda x, y: (
        np.arccosh(4 / x) + np.arcsinh(1 / x) + np.arctanh(1 / (y + 2))
    ),
    "min(x, y, 9) + max(x, y)": lambda x, y: min(x, y) + max(x, y),
    "quotient(7 * x, y) + rem(7 * x, y)": lambda x, y: np.trunc(7 * x / y) + math.fmod(7 * x, y),
    "piecewise(x * x, x < y, y * x)": lambda x, y: x * x if x < y else x * y,
    "piecewise(x, x >= 100, y, x != x, x * y)": lambda x, y: x * y,
    "time * x + time ^ 2": lambda x, y: 0.9 * x + 0.81,
}


def evaluator(text: str) -> tuple[Program, Engine, Stepper]:
    model = rules_model({"x": text, "y": "0"}, {"x": 1.3, "y": 0.8}, k=1.7)
    program = lower(model, {"value": parse(text)})
    engine = compile_program(program, cache=False, opt=0, width=1)
    return program, engine, Stepper(engine, program.defaults, None, 0.9)


def slopes(engine: Engine, stepper: Stepper) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """f, Jacobian entries and ∂f/∂t of the generated code at the stepper's state."""
    block = stepper._block
    names = ["time", "y", "hoisted", "inputs", "scratch", "f", "jacobian", "time_slope"]
    block.arrays["time"][:] = stepper.time
    linearise = engine._code.function("linearise", [ctypes.c_void_p] * len(names))
    linearise(*(block.arrays[name].ctypes.data for name in names))
    return tuple(block.arrays[name][:, 0].copy() for name in names[-3:])  # type: ignore[return-value]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_value_and_derivative(text: str) -> None:
    program, engine, stepper = evaluator(text)
    for x, y in ((1.3, 0.8), (0.7, 1.9)):
        here = np.array([x, y])
        expected = EXPRESSIONS[text](x, y)
        assert stepper.evaluate(0.9, here)[0] == pytest.approx(expected, rel=4e-15)
        stepper.state = here
        _, entries, time_slope = slopes(engine, stepper)
        exact = np.zeros(2)
        position = engine.position
        keys = sorted((position[i], position[j]) for i, j in program.jacobian)
        for (i, j), entry in zip(keys, entries, strict=False):
            assert program.states[program.order[i]] == "x"
            exact[program.order[j]] = entry
        h = 1e-5
        for j in range(2):
            step = h * np.eye(2)[j]
            values = [stepper.evaluate(0.9, here + n * step)[0] for n in (-2, -1, 1, 2)]
            difference = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
            assert exact[j] == pytest.approx(difference, rel=1e-8, abs=1e-9)
        after, before = stepper.evaluate(0.9 + h, here)[0], stepper.evaluate(0.9 - h, here)[0]
        assert time_slope[position[0]] == pytest.approx((after - before) / (2 * h), abs=1e-8)


@pytest.mark.parametrize(("power", "expected"), [(2.5, 0.0), (1.0, 1.0), (0.5, 0.0)])
def test_slope_of_a_power_at_zero(power: float, expected: float) -> None:
    model = rules_model({"x": "x^n"}, {"x": 0.0}, n=power)
    program = lower(model, {})
    engine = compile_program(program, cache=False, width=1)
    _, entries, _ = slopes(engine, Stepper(engine, program.defaults, None, 0.0))
    assert entries[0] == expected


def test_logic() -> None:
    truth = Apply("lt", (Symbol("x"), Symbol("y")))
    texts = {
        "and": Apply("and", (truth, Apply("not", (truth,)))),
        "or": Apply("or", (truth, Apply("not", (truth,)))),
        "xor": Apply("xor", (truth, Number(1.0))),
        "implies": Apply("implies", (truth, Number(0.0))),
        "chain": Apply("lt", (Number(0.0), Symbol("x"), Symbol("y"))),
        "empty": Apply("piecewise", (Number(1.0), truth)),
        "choice": Apply("piecewise", (truth, Apply("gt", (Time(), Number(1.0))), Number(1.0))),
    }
    program = lower(rules_model({"x": "0", "y": "0"}, {"x": 1.0, "y": 2.0}), texts)
    stepper = Stepper(compile_program(program, cache=False), program.defaults, None, 0.0)
    np.testing.assert_array_equal(stepper.evaluate(0.0, np.array([1.0, 2.0])), [0, 1, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(stepper.evaluate(2.0, np.array([2.0, 1.0])), [0, 1, 1, 1, 0, np.nan, 0])


def test_comparison_of_a_quotient_is_exact() -> None:
    program = lower(rules_model({"x": "0"}, {"x": 49.0}), {"one": parse("floor(x / x)"), "same": parse("x / x >= 1")})
    stepper = Stepper(compile_program(program, cache=False), program.defaults, None, 0.0)
    np.testing.assert_array_equal(stepper.evaluate(0.0, np.array([49.0])), [1, 1])
