"""Simulation of a cell: steps, settings, draws, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.simulation.experiments.cell_experiment import CellStep, simulate_cell


def test_a_step_acts_from_its_time_on() -> None:
    run = simulate_cell("liver", steps=[CellStep(1.0, "leupeptin", 100)], times=[0, 1, 2])
    volume = run["vacuole_volume"][0]
    assert volume[1] == pytest.approx(volume[0])
    assert volume[2] > 2 * volume[1]


def test_draws_depend_on_the_seed_alone() -> None:
    first, again, other = (
        simulate_cell("liver", times=[0, 1], n=3, seed=seed, uncertain=True)["J_deg"] for seed in (4, 4, 5)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_resting_state_follows_settings() -> None:
    run = simulate_cell("liver", settings={"J_seq.rest": 0.02}, times=[0, 24])
    assert run["J_seq"][0] == pytest.approx([2.0, 2.0])


def test_values_in_between_are_interpolated_and_outside_refused() -> None:
    run = simulate_cell("liver", times=[0, 2])
    assert run.at("J_seq", 1.0)[0] == pytest.approx(run["J_seq"][0, 0])
    with pytest.raises(ValueOutOfRangeError, match="outside the run"):
        run.at("J_seq", 3.0)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"steps": [CellStep(0, "bafilomycn", 1)]}, UnknownNameError, "bafilomycin"),
        ({"steps": [CellStep(0, "bafilomycin", -1)]}, ValueOutOfRangeError, "0 or more"),
        ({"steps": [CellStep(0, "bafilomycin", float("nan"))]}, ValueOutOfRangeError, "finite"),
        ({"settings": {"J_seq.rst": 1}}, UnknownNameError, "J_seq.rest"),
        ({"times": [1, 0]}, ValueOutOfRangeError, "increase"),
        ({"times": []}, ValueOutOfRangeError, "increase"),
    ],
)
def test_bad_input_is_refused(change: dict, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        simulate_cell("liver", **{"times": [0, 1], **change})
