from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import SimulationError, ValueOutOfRangeError
from nadflux.inference.data import Array
from nadflux.inference.sobol import screen, sobol_indices

pytest.importorskip("SALib")

ISHIGAMI_FIRST = np.array([0.3139, 0.4424, 0.0])
ISHIGAMI_TOTAL = np.array([0.5576, 0.4424, 0.2437])


def _ishigami(chance: Array) -> Array:
    x, y, z = (np.pi * (2.0 * chance - 1.0)).T
    return np.asarray(np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def test_indices_of_a_function_with_known_ones() -> None:
    """Ishigami & Homma 1990."""
    found = sobol_indices(_ishigami, ["x", "y", "z"], base=1024, seed=1)
    np.testing.assert_allclose(found.first, ISHIGAMI_FIRST, atol=0.05)
    np.testing.assert_allclose(found.total, ISHIGAMI_TOTAL, atol=0.05)
    assert (np.abs(found.total - ISHIGAMI_TOTAL) < 2.0 * found.total_error + 0.01).all()
    assert found.ranked() == [0, 1, 2]
    assert found.runs == 1024 * 5


def test_few_samples_are_not_called_converged() -> None:
    few = sobol_indices(_ishigami, ["x", "y", "z"], base=16, seed=1)
    many = sobol_indices(_ishigami, ["x", "y", "z"], base=1024, seed=1)
    assert not few.converged.all()
    assert many.converged.all()
    assert (many.total_error < few.total_error).all()


def test_same_seed_same_bits() -> None:
    first, second = (sobol_indices(_ishigami, ["x", "y", "z"], base=32, seed=5) for _ in range(2))
    assert first.total.tobytes() == second.total.tobytes()
    assert first.total_error.tobytes() == second.total_error.tobytes()


def test_a_failed_run_takes_its_block_with_it() -> None:
    def sometimes(chance: Array) -> Array:
        figures = _ishigami(chance)
        figures[7] = np.nan
        return figures

    found = sobol_indices(sometimes, ["x", "y", "z"], base=512, seed=1)
    assert found.failed == 5
    np.testing.assert_allclose(found.total, ISHIGAMI_TOTAL, atol=0.1)


def test_many_failures_are_refused() -> None:
    with pytest.raises(SimulationError, match="of 80 runs failed"):
        sobol_indices(lambda c: np.where(c[:, 0] > 0.5, np.nan, c[:, 0]), ["x", "y", "z"], base=16)


def test_a_constant_figure_is_refused() -> None:
    with pytest.raises(SimulationError, match="does not vary"):
        sobol_indices(lambda c: np.full(len(c), 3.0), ["x", "y"], base=16)


def test_base_must_be_a_power_of_two() -> None:
    with pytest.raises(ValueOutOfRangeError, match="power of two"):
        sobol_indices(_ishigami, ["x", "y", "z"], base=100)


def test_screening_finds_what_matters() -> None:
    names = [f"i{k}" for k in range(30)]
    weights = np.zeros(30)
    weights[[4, 17, 23]] = [3.0, 1.0, 2.0]
    assert screen(lambda c: c @ weights, names, 3, seed=2) == ("i4", "i23", "i17")


def test_screening_survives_failed_trajectories() -> None:
    names = [f"i{k}" for k in range(10)]

    def failing(chance: Array) -> Array:
        figures = chance[:, 3].copy()
        figures[0] = np.nan
        return figures

    assert screen(failing, names, 1, seed=2) == ("i3",)
