"""Experiments on the whole body: what is set, added, multiplied, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.simulation.experiments.body_experiment import simulate_steps
from nadflux.simulation.experiments.cell_experiment import CellStep

ME = "woman, 40 y, 65 kg, 168 cm"


def test_an_input_is_set_and_an_amount_is_added() -> None:
    names = ["muscle_demand", "plasma_leucine"]
    steps = [CellStep(1, "exercise.intensity", 0.5), CellStep(1, "stomach.LEU", 2e4)]
    run = simulate_steps(ME, steps, times=[0, 0.9, 2], outputs=names)
    assert run["muscle_demand"][0, :2] == pytest.approx([1, 1]) and run["muscle_demand"][0, 2] > 10
    assert run["plasma_leucine"][0, 2] > 1.5 * run["plasma_leucine"][0, 1]
    assert run.observables["plasma_leucine"].kind == "level"


def test_a_factor_acts_before_the_resting_state_is_found() -> None:
    run = [
        simulate_steps(ME, [], times=[0, 24], outputs=["plasma_insulin"], factors=factors)
        for factors in ({}, {"fuels.insulin.sensitivity": 0.5})
    ]
    assert run[1]["plasma_insulin"][0, 0] > 1.3 * run[0]["plasma_insulin"][0, 0]
    assert run[1]["plasma_insulin"][0, 1] == pytest.approx(run[1]["plasma_insulin"][0, 0], rel=1e-5)


def test_people_differ_and_the_same_seed_gives_the_same_bits() -> None:
    one, two = (simulate_steps(ME, [], times=[0], n=3, seed=4, uncertain=True, outputs=["liver_ATP"]) for _ in "ab")
    assert np.array_equal(one["liver_ATP"], two["liver_ATP"])
    assert len(np.unique(one["liver_ATP"])) == 3


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"exercise\.intensity"):
        simulate_steps(ME, [CellStep(0, "exercise.intensty", 1)], times=[0, 1])
    with pytest.raises(UnknownNameError, match="liver_J_deg"):
        simulate_steps(ME, [], times=[0], outputs=["liver_J_dg"])
    with pytest.raises(UnknownNameError, match=r"fuels\.insulin\.sensitivity"):
        simulate_steps(ME, [], times=[0], factors={"fuels.insulin.sensitivty": 2.0})
    with pytest.raises(ValueOutOfRangeError, match="finite"):
        simulate_steps(ME, [CellStep(0, "exercise.intensity", np.nan)], times=[0, 1])


@pytest.mark.parametrize("times", [[], [1, 0], [0, 1, 1], [-1, 0], [0, np.nan], [[0, 1]]])
def test_times_increase_from_0_on(times: list) -> None:
    with pytest.raises(ValueOutOfRangeError, match="increase"):
        simulate_steps(ME, [], times=times)


def test_an_amount_is_taken_away() -> None:
    steps = [CellStep(0, "stomach.LEU", 2e4), CellStep(0.1, "stomach.LEU", -1e4)]
    less, more = (simulate_steps(ME, s, times=[0, 1], outputs=["plasma_leucine"]) for s in (steps, steps[:1]))
    assert less["plasma_leucine"][0, 1] < more["plasma_leucine"][0, 1]
