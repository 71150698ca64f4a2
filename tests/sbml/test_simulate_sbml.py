"""Simulating SBML models: answers known in closed form, event semantics, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux.errors import (
    ModelError,
    SimulationError,
    UnknownNameError,
    UnsupportedModelError,
    ValueOutOfRangeError,
)
from nadflux.network.read_antimony import read_antimony
from nadflux.sbml.simulate import run_model
from nadflux.sbml.time_course import TimeCourse

GRID = np.linspace(0.0, 10.0, 11)


def course(text: str, select: list[str] | None = None, times: np.ndarray = GRID) -> TimeCourse:
    """A run of Antimony text at a tight tolerance."""
    return run_model(read_antimony(f"{text}\n"), times, select=select, rtol=1e-9)


def test_decay_in_a_compartment_that_is_not_one() -> None:
    run = course("compartment c = 2; species S in c = 3; J: S -> ; c*k*S; k = 0.4;", ["S", "[S]", "amount(S)"])
    exact = 3.0 * np.exp(-0.4 * GRID)
    np.testing.assert_allclose(run["S"], exact, rtol=1e-7)
    np.testing.assert_allclose(run["[S]"], exact, rtol=1e-7)
    np.testing.assert_allclose(run["amount(S)"], 2.0 * exact, rtol=1e-7)


def test_a_growing_compartment_dilutes() -> None:
    run = course("compartment c = 1; species S in c = 1; c' = 0.5; J: S -> ; 0;", ["S", "c"])
    np.testing.assert_allclose(run["c"], 1.0 + 0.5 * GRID, rtol=1e-9)
    np.testing.assert_allclose(run["S"], 1.0 / (1.0 + 0.5 * GRID), rtol=1e-9)


def test_a_model_of_constants() -> None:
    run = course("a = 3; b := 2 * a + time;", ["a", "b"])
    np.testing.assert_array_equal(run["a"], np.full(11, 3.0))
    np.testing.assert_array_equal(run["b"], 6.0 + GRID)


def test_default_selection_is_what_changes() -> None:
    assert course("S = 1; species S; k = 2; x := S * k; y' = 1; y = 0; at time > 2: z = 1; z = 0;").names == (
        "S",
        "x",
        "y",
        "z",
    )


class TestTriggers:
    def test_event_at_an_output_time_comes_first(self) -> None:
        run = course("x = 1; at time >= 3: x = 2;")
        assert list(run["x"]) == [1, 1, 1] + 8 * [2]

    def test_strict_comparison_is_after_the_output(self) -> None:
        run = course("x = 1; at time > 3: x = 2;")
        assert list(run["x"]) == [1, 1, 1, 1] + 7 * [2]

    def test_state_trigger_is_found_within_the_step(self) -> None:
        text = "species S; S = 8; J: S -> ; S; t_hit = -1; at S < 1: t_hit = time;"
        assert course(text, ["t_hit"])["t_hit"][-1] == pytest.approx(math.log(8.0), abs=1e-7)

    def test_short_pulse_between_outputs_is_not_missed(self) -> None:
        run = course("n = 0; at sin(2*time) > 0.999999: n = n + 1;", ["n"], np.array([0.0, 100.0]))
        assert run["n"][-1] == sum(1 for k in range(100) if math.pi / 4 + k * math.pi < 100.0)

    def test_touching_threshold_of_a_state_is_found(self) -> None:
        # x has its maximum 1 at time 5 and is above 0.99999 for 0.0063 only
        text = "x = 0; x' = -2 * (time - 5) / 25; n = 0; at x > 0.99999: n = n + 1;"
        assert course(text, ["n"], np.array([0.0, 10.0]))["n"][-1] == 1

    def test_initial_value_decides_firing_at_the_start(self) -> None:
        assert course("x = 1; at time >= 0, t0 = true: x = 2;")["x"][0] == 1
        assert course("x = 1; at time >= 0, t0 = false: x = 2;")["x"][0] == 2

    def test_a_repeating_event(self) -> None:
        run = course("x = 0; x' = 1; at x >= 2.5: x = 0;")
        np.testing.assert_allclose(run["x"], GRID % 2.5, atol=1e-9)

    def test_equality_of_a_moving_quantity_is_refused(self) -> None:
        with pytest.raises(UnsupportedModelError, match="equality"):
            course("x = 0; x' = 1; y = 0; at x == 2.5: y = 1;")


class TestQueue:
    def test_delay_and_values_from_trigger_time(self) -> None:
        text = "x = 0; x' = 1; y = 0; at 2 after time >= 3, fromTrigger = {}: y = x;"
        early = course(text.format("true"), ["y"])["y"]
        late = course(text.format("false"), ["y"])["y"]
        assert early[4] == 0
        assert early[5:] == pytest.approx([3.0] * 6, rel=1e-9)
        assert late[5:] == pytest.approx([5.0] * 6, rel=1e-9)

    def test_an_event_that_does_not_persist_is_dropped(self) -> None:
        text = "y = 0; at 2 after (time >= 3 && time < 4), persistent = {}: y = 1;"
        assert course(text.format("false"))["y"][-1] == 0
        assert course(text.format("true"))["y"][-1] == 1

    def test_delays_that_add_up_to_an_output_time_are_executed_there(self) -> None:
        text = "y = 0; at 0.2 after time >= 0.1: y = 1;"
        assert course(text, ["y"], np.array([0.0, 0.3, 0.4]))["y"].tolist() == [0, 1, 1]

    def test_a_strict_trigger_with_delay_is_due_after_the_output(self) -> None:
        text = "y = 0; at 0.2 after time > 0.1: y = 1;"
        assert course(text, ["y"], np.array([0.0, 0.3, 0.4]))["y"].tolist() == [0, 0, 1]

    def test_higher_priority_runs_first(self) -> None:
        text = "x = 1; a: at time >= 2, priority = {}: x = x + 3; b: at time >= 2, priority = 5: x = x * 2;"
        assert course(text.format(9).replace("priority", "fromTrigger = false, priority"))["x"][-1] == 8
        assert course(text.format(1).replace("priority", "fromTrigger = false, priority"))["x"][-1] == 5

    def test_priority_is_evaluated_again_between_executions(self) -> None:
        text = (
            "p = 1; order = 0;"
            "a: at time >= 1, priority = 10, fromTrigger = false: p = -1, order = order * 10 + 1;"
            "b: at time >= 1, priority = 5 * p, fromTrigger = false: order = order * 10 + 2;"
            "c: at time >= 1, priority = 1, fromTrigger = false: order = order * 10 + 3;"
        )
        assert course(text, ["order"])["order"][-1] == 132

    def test_an_event_triggers_another_at_the_same_time(self) -> None:
        run = course("x = 0; y = 0; at time >= 2: x = 1; at x > 0.5: y = 7;", ["y"])
        assert list(run["y"]) == [0, 0] + 9 * [7]

    def test_order_that_makes_no_difference_is_not_drawn(self) -> None:
        many = course("".join(f"x{i} = 0; at time >= 2: x{i} = {i};" for i in range(20)))
        assert many["x19"][-1] == 19
        assert many.notes == ()

    def test_order_that_matters_is_drawn_and_a_note_says_so(self) -> None:
        text = "x = 1; a: at time >= 2: x = 3; b: at time >= 2: x = 4;"
        model = read_antimony(f"{text}\n")
        runs = [run_model(model, GRID, seed=seed) for seed in range(20)]
        assert {float(run["x"][-1]) for run in runs} == {3.0, 4.0}
        assert all("events a, b" in run.notes[0] and "chance" in run.notes[0] for run in runs)
        again = run_model(model, GRID, seed=7)
        assert np.array_equal(again.values, runs[7].values)

    def test_orders_are_drawn_evenly(self) -> None:
        """Two events meet a thousand times; the later one counts. The mean number is 500, the deviation 16."""
        text = "n = 0; last = 0; a: at sin(6.283185307179586 * time) > 0: last = 1;"
        text += (
            "b: at sin(6.283185307179586 * time) > 0: last = 0; c: at cos(6.283185307179586 * time) < 0: n = n + last;"
        )
        run = run_model(read_antimony(f"{text}\n"), [0.0, 400.0], select=["n"])
        assert 150 < run["n"][-1] < 250
        assert len(run.notes) == 1

    def test_events_without_end_are_an_error(self) -> None:
        text = "x = 0; at x < 0.5, t0 = false: x = 1; at x > 0.5: x = 0;"
        with pytest.raises(SimulationError, match="without end"):
            course(text)

    def test_a_negative_delay_is_an_error(self) -> None:
        with pytest.raises(SimulationError, match="delay"):
            course("x = 0; at (-1) after time >= 2: x = 1;")


class TestAssignments:
    def test_concentration_and_compartment_at_once(self) -> None:
        """Case 01780 of the SBML semantic suite: the amount goes with the old size."""
        text = "compartment c = 0.5; species S in c; S = 2; const c; at time >= 0.5: c = 0.2, S = 0.2;"
        run = course(text.replace("const c;", "var c;"), ["amount(S)", "[S]", "c"])
        assert run["amount(S)"][-1] == pytest.approx(0.1)
        assert run["[S]"][-1] == pytest.approx(0.5)
        assert run["c"][-1] == 0.2

    def test_compartment_alone_keeps_the_amount(self) -> None:
        run = course("compartment c = 1; species S in c = 4; at time >= 2: c = 2;", ["amount(S)", "[S]"])
        assert run["amount(S)"][-1] == 4
        assert run["[S]"][-1] == 2


@pytest.mark.parametrize("times", [[], [0.0, 0.0], [1.0, 0.0], [0.0, math.inf], [math.nan]])
def test_bad_times(times: list[float]) -> None:
    with pytest.raises(ValueOutOfRangeError):
        run_model(read_antimony("a = 1;\n"), times)


def test_unknown_selection_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="'alpha'"):
        course("alpha = 1;", ["alhpa"])
    with pytest.raises(UnknownNameError, match="species"):
        course("alpha = 1;", ["[alpha]"])


def test_missing_start_value_is_named() -> None:
    with pytest.raises(ModelError, match="S"):
        course("species S; J: S -> ; S;")


def test_missing_parameter_is_named() -> None:
    with pytest.raises(ModelError, match="rate_constant"):
        course("species S; S = 1; J: S -> ; rate_constant * S; var rate_constant;")


def test_reaction_without_law_is_refused() -> None:
    with pytest.raises(UnsupportedModelError, match="kinetic law"):
        course("species S, P; J: S -> P; ; S = 1; P = 0;")
