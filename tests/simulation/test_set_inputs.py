"""Inputs set by hand: in the whole body they act from time 0 on instead of being part of the resting state."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation import simulate

MAN = "man, 40 y, 75 kg, 178 cm"


@pytest.mark.parametrize(
    ("name", "value", "quantity", "sign"),
    [
        ("drugs.rapamycin", "0.1 µM", "liver_J_deg", 1),
        ("drugs.bafilomycin", "0.1 µM", "liver_LC3_II", 1),
        ("drugs.methyladenine", "5000 µM", "liver_J_init", -1),
        ("liver.chain.stress", "0.5", "liver_energy_charge", -1),
        ("liver.nutrients", "0.2", "liver_energy_charge", -1),
        ("liver.demand.activity", "2", "liver_energy_charge", -1),
    ],
)
def test_an_input_moves_people_away_from_the_rest_they_share(name: str, value: str, quantity: str, sign: int) -> None:
    times = [0.0, 4.0]
    options = {"n": 1, "uncertainty": False, "spread": False, "times": times, "outputs": [quantity]}
    plain, changed = simulate(MAN, **options), simulate(MAN, set={name: value}, **options)
    assert changed.values[0, 0, 0] == plain.values[0, 0, 0]
    assert sign * (changed.values[0, 1, 0] - plain.values[0, 1, 0]) > 0.02 * plain.values[0, 1, 0]
    assert any(str(note).startswith(f"{name}: from time 0 on") for note in changed.notes)
    assert not any("capacities follow" in str(note) for note in changed.notes)


def test_beside_a_plan_it_holds_in_usual_life_too() -> None:
    options = {"n": 1, "uncertainty": False, "spread": False, "outputs": ["liver_mTORC1"], "times": [0.0, 12.0, 24.0]}
    run = simulate(MAN, "fast 24 h", set={"drugs.rapamycin": "0.1 µM"}, **options)
    assert run.without_plan is not None
    assert np.all(run.values[0, 1:, 0] < 0.6)
    assert np.all(run.without_plan.values[0, 1:, 0] < 0.6)


def test_a_row_of_the_tables_is_still_part_of_rest() -> None:
    options = {"n": 1, "uncertainty": False, "spread": False, "outputs": ["liver_J_deg"], "times": [0.0, 4.0]}
    run = simulate(MAN, set={"liver.pH.rest": 4.6}, **options)
    assert any("capacities follow" in str(note) for note in run.notes)
