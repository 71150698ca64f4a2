"""Anderson mixing ends a linear iteration in as many steps as it has directions, whoever is beside."""

from __future__ import annotations

import numpy as np

from nadflux.simulation.anderson import Anderson

RATES = np.array([[0.99, 0.9, 0.5, 0.0], [0.95, 0.2, -0.4, 0.999]])
ENDS = np.array([[1.0, -2.0, 3.0, 4.0], [0.5, 0.1, 7.0, -1.0]])


def iterated(people: np.ndarray, steps: int) -> np.ndarray:
    mixing, state, everybody = Anderson(6), np.zeros((len(people), 4)), np.arange(len(people))
    for _ in range(steps):
        result = ENDS[people] + RATES[people] * (state - ENDS[people])
        state = mixing.next(result - state, result, everybody)
    return state


def test_a_linear_iteration_ends() -> None:
    found = iterated(np.array([0, 1]), 6)
    assert np.allclose(found, ENDS, rtol=1e-8)
    assert not np.allclose(iterated(np.array([0, 1]), 2), ENDS, rtol=1e-2)


def test_bits_are_a_persons_own() -> None:
    both = iterated(np.array([0, 1]), 5)
    for person in (0, 1):
        assert np.array_equal(iterated(np.array([person]), 5)[0], both[person])
