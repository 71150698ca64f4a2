"""Stepping one person from Python."""

from __future__ import annotations

import numpy as np
import pytest
from kernel_models import body_people, body_program, rules_model

from nadflux.errors import SimulationError, ValueOutOfRangeError
from nadflux.kernel import Batch, Engine, Stepper, compile_program, integrate, lower
from nadflux.network.expression import Symbol


@pytest.fixture(scope="module")
def decay() -> Engine:
    program = lower(rules_model({"x": "-k*x"}, {"x": 3.0}, k=2.0), {"x": Symbol("x")}, inputs=["k"])
    return compile_program(program, cache=False)


def test_same_bits_as_a_batch() -> None:
    engine = compile_program(body_program(), cache=False)
    people = body_people(engine.program, 1)
    stepper = Stepper(engine, people[0], None, 0.0)
    steps = 0
    while stepper.advance(30.0):
        steps += 1
    result = integrate(engine, Batch(people, 0.0, 30.0))
    assert np.array_equal(stepper.state, result.final[0])
    assert steps == result.steps[0]
    assert stepper.time == 30.0


def test_dense_output_and_outputs(decay: Engine) -> None:
    stepper = Stepper(decay, decay.program.defaults, None, 0.0, rtol=1e-8)
    before = 0.0
    while stepper.advance(1.0):
        assert before < stepper.time <= 1.0
        for t in np.linspace(before, stepper.time, 7):
            state = stepper.dense(t)
            assert state[0] == pytest.approx(3 * np.exp(-2 * t), rel=1e-7)
            assert stepper.evaluate(t, state)[0] == state[0]
        with pytest.raises(ValueOutOfRangeError):
            stepper.dense(before - 0.01)
        before = stepper.time
    assert not stepper.advance(1.0)


def test_assigned_state_and_input_hold_from_now_on(decay: Engine) -> None:
    stepper = Stepper(decay, decay.program.defaults, np.array([1.0]), 0.0, rtol=1e-8)
    while stepper.advance(1.0):
        pass
    copy = stepper.state
    copy[0] = 99.0
    assert stepper.state[0] != 99.0
    stepper.state = np.array([5.0])
    assert stepper.dense(1.0)[0] == 5.0
    stepper.set_input("k", 1.0)
    while stepper.advance(2.0):
        pass
    assert stepper.state[0] == pytest.approx(5 * np.exp(-1.0), rel=1e-7)


def test_step_may_end_early_and_go_on(decay: Engine) -> None:
    stepper = Stepper(decay, decay.program.defaults, None, 0.0, rtol=1e-8)
    for limit in (0.1, 0.1000001, 0.7, 2.0):
        while stepper.advance(limit):
            pass
        assert stepper.time == limit
    assert stepper.state[0] == pytest.approx(3 * np.exp(-4.0), rel=1e-7)


def test_failure_is_raised_with_state_and_time() -> None:
    program = lower(rules_model({"y": "y^2"}, {"y": 1.0}), {})
    stepper = Stepper(compile_program(program, cache=False), program.defaults, None, 0.0)
    with pytest.raises(SimulationError, match="'y'"):
        while stepper.advance(2.0):
            pass
    assert stepper.time == pytest.approx(1.0, abs=1e-6)
