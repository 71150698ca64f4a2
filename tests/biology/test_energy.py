"""Energy and redox of a cell: adenylate kinase, three stresses, no collapse, alcohol on the ratio not the pool."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation.experiments.cell_experiment import CellStep, simulate_cell

FASTED = [
    CellStep(0, "medium.AA.supplied", 2400),
    CellStep(0, "medium.LEU.supplied", 200),
    CellStep(0, "medium.insulin.supplied", 2e-5),
    CellStep(0, "medium.glucose.supplied", 3800),
    CellStep(0, "medium.FFA.supplied", 1000),
    CellStep(0, "medium.ketone.supplied", 2500),
]
STATES = {
    "fasted": FASTED,
    "demand raised": [CellStep(0, "demand.activity", 1.5)],
    "nutrients limited": [CellStep(0, "nutrients", 0.5)],
    "chain blocked": [CellStep(0, "chain.stress", 0.3)],
}


@pytest.mark.parametrize("cell", ["liver", "muscle", "heart", "fibroblast", "immune_cells"])
@pytest.mark.parametrize("state", sorted(STATES))
def test_no_cell_collapses_over_draws(cell: str, state: str) -> None:
    run = simulate_cell(cell, steps=STATES[state], times=[0, 4, 24, 72], n=256, seed=1, uncertain=True)
    assert not run.failures
    ratio = run["ATP"] / run["ATP"][:, :1]
    assert np.min(ratio) > 0.35
    assert np.median(ratio[:, -1]) > 0.8
    assert np.min(run["energy_charge"]) > 0.4
    for name in ("lysosome_pH", "leucine", "J_deg", "NAD_NADH_cytosol", "NAD_NADH_mitochondria"):
        assert np.all(run[name] > 0)
    assert np.all((run["lysosome_pH"] > 4.0) & (run["lysosome_pH"] < 7.3))


def test_adenylate_kinase_stays_near_equilibrium() -> None:
    run = simulate_cell("liver", steps=[CellStep(0, "chain.stress", 0.6)], times=np.linspace(0, 4, 41))
    ratio = run["ADP"] ** 2 / (run["ATP"] ** 2 * run["AMP_ATP"])
    assert np.all(np.abs(ratio[:, 1:] / ratio[:, :1] - 1) < 0.25)


def _adenylates(half_life: float) -> np.ndarray:
    run = simulate_cell(
        "liver",
        settings={"adenine.half_life": half_life},
        steps=[CellStep(0, "chain.stress", 0.8)],
        times=[0, 1, 4],
    )
    return run["ATP"] * (1 + run["AMP_ATP"]) + run["ADP"]


def test_adenylates_are_conserved_but_for_their_own_turnover() -> None:
    total = _adenylates(1e12)
    assert np.allclose(total, total[:, :1], rtol=1e-9)


def test_much_amp_costs_adenylates() -> None:
    total = _adenylates(24.0)[0]
    assert 0.8 * total[0] < total[2] < 0.995 * total[0]


@pytest.mark.parametrize(("name", "value"), [("chain.stress", 0.5), ("nutrients", 0.3), ("demand.activity", 2.0)])
def test_each_stress_lowers_energy_charge_and_wakes_ampk(name: str, value: float) -> None:
    run = simulate_cell("liver", steps=[CellStep(1, name, value)], times=[0, 1, 3])
    assert run["energy_charge"][0, 2] < run["energy_charge"][0, 0]
    assert run["pAMPK"][0, 2] > 1.05


def test_alcohol_shifts_the_ratio_and_hardly_the_pool() -> None:
    run = simulate_cell("liver", steps=[CellStep(0, "medium.ethanol.supplied", 10000)], times=[0, 2])
    assert run["NAD_NADH_cytosol"][0, 1] < 0.5 * run["NAD_NADH_cytosol"][0, 0]
    assert run["NAD"][0, 1] == pytest.approx(run["NAD"][0, 0], rel=0.05)


def test_resting_redox_is_that_of_the_tables() -> None:
    run = simulate_cell("liver", times=[0.0])
    assert run["NAD_NADH_cytosol"][0, 0] == pytest.approx(750)
    assert run["NAD_NADH_mitochondria"][0, 0] == pytest.approx(8)


STRESS = {
    "liver": (2.0, 0.4),
    "fibroblast": (2.0, 0.4),
    "immune_cells": (2.0, 0.4),
    "muscle": (37.75, 1.0),
    "heart": (3.6, 1.0),
}
"""Demand over rest and share of fuel that stress each cell: for muscle and heart three quarters of what they can."""


def stressed(cell: str, switch: str, demand: float, fuel: float, n: int = 1) -> dict[str, np.ndarray]:
    """Return readings over rest, each of shape (n,), after an hour of raised demand on a share of the fuel.

    The mark that AMPK leaves on mitochondria of muscle (fact 28) is left out: it raises J_deg whatever is nucleated.
    """
    steps = [CellStep(0, "demand.activity", demand), CellStep(0, "nutrients", fuel)]
    run = simulate_cell(
        cell, steps=steps, times=[0, 1], settings={"mitophagy.mark_gain": 1e-9},
        switches={"AMPK_ULK1": switch}, n=n, seed=1, uncertain=n > 1,
    )  # fmt: skip
    return {name: run[name][:, 1] / run[name][:, 0] for name in ("ATP", "J_init", "J_deg", "AMPK_targets")}


@pytest.mark.parametrize("cell", sorted(STRESS))
def test_energy_stress_starts_autophagy_only_where_ampk_activates_ulk1(cell: str) -> None:
    activates, inhibits = (stressed(cell, switch, *STRESS[cell]) for switch in ("activates", "inhibits"))
    assert activates["AMPK_targets"][0] > 1.5
    assert activates["J_init"][0] > 1.05
    assert inhibits["J_init"][0] < 1.01
    assert inhibits["J_deg"][0] < 1.02


@pytest.mark.parametrize("cell", ["liver", "fibroblast", "immune_cells"])
def test_degradation_falls_with_atp_where_ampk_holds_ulk1(cell: str) -> None:
    """aut:F010 and aut:E004, where this stress takes ATP: J_deg falls in most draws of the tables."""
    drawn = stressed(cell, "inhibits", *STRESS[cell], n=64)
    short = drawn["ATP"] < 0.95
    assert np.mean(short) > 0.9
    assert np.mean(drawn["J_deg"][short] < 1) >= 0.8
    assert np.median(drawn["J_deg"]) < 0.95


@pytest.mark.parametrize("cell", sorted(STRESS))
def test_over_draws_the_switch_sets_the_sign_of_initiation(cell: str) -> None:
    activates, inhibits = (stressed(cell, switch, *STRESS[cell], n=64) for switch in ("activates", "inhibits"))
    assert np.all(activates["J_init"] > inhibits["J_init"])
    assert np.mean(activates["J_init"] > 1) >= 0.75
    assert np.mean(inhibits["J_init"] < 1) >= 0.6


@pytest.mark.parametrize("cell", ["muscle", "heart"])
@pytest.mark.parametrize("switch", ["inhibits", "activates"])
@pytest.mark.parametrize(("demand", "fuel"), [(2.0, 1.0), (1.0, 0.4)])
def test_twice_rest_or_little_fuel_is_a_stroll_for_muscle_and_heart(
    cell: str, switch: str, demand: float, fuel: float
) -> None:
    run = stressed(cell, switch, demand, fuel)
    assert run["ATP"][0] > 0.99
    assert run["J_init"][0] == pytest.approx(1.0, abs=0.03)
    assert run["J_deg"][0] == pytest.approx(1.0, abs=0.03)
