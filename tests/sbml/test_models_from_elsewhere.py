"""Models as others write them: roots at zero, overflow, sliding, values that are missing or no number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux.errors import ModelError, SimulationError
from nadflux.network.read_antimony import read_antimony
from nadflux.sbml.simulate import run_model
from nadflux.sbml.time_course import TimeCourse

GRID = np.linspace(0.0, 10.0, 11)


def course(text: str, times: np.ndarray = GRID, rtol: float = 1e-6) -> TimeCourse:
    """A run of Antimony text."""
    return run_model(read_antimony(f"{text}\n"), times, rtol=rtol)


class TestInfiniteSlope:
    def test_root_of_a_pool_that_starts_at_zero(self) -> None:
        run = course("S = 0; S' = 1; P = 0; P' = 0.2 * S^0.5;")
        np.testing.assert_allclose(run["P"], 0.2 * 2 / 3 * GRID**1.5, rtol=1e-4, atol=1e-9)

    def test_hill_exponent_below_one(self) -> None:
        run = course("n = 0.7; S = 0; S' = 1; P = 0; P' = S^n;")
        np.testing.assert_allclose(run["P"], GRID**1.7 / 1.7, rtol=1e-4, atol=1e-9)

    def test_tank_that_empties_and_stays_empty(self) -> None:
        """Torricelli: sqrt(q) falls by k / 2 per unit time."""
        times = np.linspace(0.0, 40.0, 41)
        run = course("q = 4; k = 0.2; q' = -k * sqrt(max(q, 0));", times)
        exact = np.maximum(2.0 - 0.1 * times, 0.0) ** 2
        np.testing.assert_allclose(run["q"], exact, atol=1e-4)

    def test_a_pool_of_nothing_stays_nothing(self) -> None:
        run = course("S = 0; S' = -S^0.5; T = 1; T' = -T;")
        assert list(run["S"]) == [0.0] * 11


class TestOverflow:
    @pytest.mark.parametrize(("rate", "last"), [("1e300", 0.0), ("1e200", 1e-190), ("1e3", 0.72)])
    def test_growth_without_bounds_is_an_error_and_not_a_decay(self, rate: str, last: float) -> None:
        with pytest.raises(SimulationError, match=r"largest number|not a finite number") as failure:
            course(f"x = 1; x' = {rate} * x;")
        words = str(failure.value)
        assert "'x'" in words
        assert float(words.split("time ")[1].split(" ")[0]) <= last

    def test_the_fastest_decay_is_one(self) -> None:
        assert course("x = 1; x' = -1e300 * x;")["x"][-1] == 0.0


class TestNoNumber:
    def test_values_that_are_no_number_are_named_with_their_time(self) -> None:
        run = course("y := 1 / (time - 3); z := sqrt(time - 5); x = 1;")
        assert np.isinf(run["y"][3])
        assert "infinite from time 3: y" in run.notes
        assert "not a number (NaN) from time 0: z" in run.notes

    def test_a_number_below_zero_by_nothing_says_so(self) -> None:
        run = course("species S; S = 1; J: S -> ; 5 * S;", np.linspace(0.0, 200.0, 3))
        assert run.noise[0] == pytest.approx(1e-9)
        assert abs(run["S"][-1]) < run.noise[0]

    def test_a_missing_value_in_a_branch_never_taken(self) -> None:
        run = course("never = NaN; S = 10; S' = piecewise(-0.2 * S, S < 100, never);")
        assert run["S"][-1] == pytest.approx(10 * math.exp(-2.0), rel=1e-5)

    def test_a_missing_value_is_named_where_it_is_used(self) -> None:
        with pytest.raises(ModelError, match="never"):
            course("never = NaN; S = 10; S' = piecewise(-0.2 * S, S > 100, never);")


def test_sliding_along_a_condition_is_an_error_that_names_it() -> None:
    with pytest.raises(SimulationError, match=r"x < 1 turns true and false without end at time 0\.99999"):
        course("x = 0; x' = piecewise(1, x < 1, -1);")


def test_a_thousand_true_switches_are_run() -> None:
    run = course("x = 0; x' = 1; at x >= 0.01: x = 0, n = n + 1; n = 0;", np.linspace(0.0, 10.0, 2))
    assert run["n"][-1] == pytest.approx(1000, abs=1)


def test_a_switch_after_no_time_at_all() -> None:
    """A time of 1e-323 is the first at which half of it is more than 0; nothing moves until then."""
    run = course("x = 1; x' = piecewise(-1, 0.5 * time > 0, 7) * x;")
    assert run["x"][-1] == pytest.approx(math.exp(-10.0), rel=1e-4)
