"""Equations linearised at a state, against the Jacobian written out."""

from __future__ import annotations

import numpy as np

from nadflux.kernel import compile_program, lower
from nadflux.kernel.linearised import Linearised, slopes_of
from nadflux.network.infix import parse_infix as parse
from nadflux.network.model import Model, Parameter

PEOPLE = 11  # more than one group of lanes


def decay() -> Model:
    return Model(
        "decay",
        parameters={
            "a": Parameter("a", 2.0, constant=False), "b": Parameter("b", 3.0, constant=False),
            "k": Parameter("k", 0.5), "w": Parameter("w", 1.0),
        },
        rate_rules={"a": parse("-k*a*b + w*time"), "b": parse("a - b")},
    )  # fmt: skip


def test_solutions_are_those_of_the_matrix() -> None:
    program = lower(decay(), {}, ("w",))
    engine = compile_program(program, cache=False)
    numbers = np.random.default_rng(1)
    rows = np.tile(program.defaults, (PEOPLE, 1))
    k = rows[:, program.parameters.index("k")] = numbers.uniform(0.1, 2.0, PEOPLE)
    states, inputs = numbers.uniform(0.5, 3.0, (PEOPLE, 2)), np.ones((PEOPLE, 1))
    right, shift = numbers.normal(size=(PEOPLE, 2)), 0.25
    found = Linearised(engine, rows, states, inputs, time=2.0, shift=shift, origin=0.0).solve(right)
    a, b = (states[:, program.states.index(name)] for name in "ab")
    order = [program.states.index(name) for name in "ab"]
    for person in range(PEOPLE):
        jacobian = np.array([[-k[person] * b[person], -k[person] * a[person]], [1.0, -1.0]])
        exact = np.linalg.solve(shift * np.eye(2) - jacobian, right[person, order])
        np.testing.assert_allclose(found[person, order], exact, rtol=1e-12)
    slopes, by_time = slopes_of(engine, rows, states, inputs, time=2.0, origin=0.0)
    np.testing.assert_allclose(slopes[:, order[0]], -k * a * b + 2.0, rtol=1e-14)
    np.testing.assert_array_equal(by_time[:, order], np.tile([1.0, 0.0], (PEOPLE, 1)))


def test_bits_are_a_persons_own() -> None:
    program = lower(decay(), {}, ("w",))
    engine = compile_program(program, cache=False)
    rows = np.tile(program.defaults, (PEOPLE, 1)) * np.linspace(1.0, 2.0, PEOPLE)[:, None]
    states, right, inputs = rows[:, :2] + 1.0, rows[:, :2], np.ones((PEOPLE, 1))

    def solved(people: slice) -> np.ndarray:
        one = Linearised(engine, rows[people], states[people], inputs[people], time=0.0, shift=1.0, origin=0.0)
        return one.solve(right[people])

    whole = solved(slice(None))
    assert np.array_equal(solved(slice(9, 10)), whole[9:10])
