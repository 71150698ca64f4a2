"""Signs that measurements give: of oxidants, of lost NAD+ on degradation, of lifting on AMPK."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation import simulate
from nadflux.simulation.experiments.cell_experiment import CellStep, simulate_cell

CELLS = ("liver", "muscle", "heart", "fibroblast", "immune_cells")


def oxidants(cell: str, place: str, value: float, hours: float = 6.0, **settings: float) -> float:
    """Return reactive oxygen over rest after some hours of a step, of the typical cell."""
    named = {name.replace("__", "."): number for name, number in settings.items()}
    run = simulate_cell(cell, steps=[CellStep(0, place, value)], times=[0.0, hours], settings=named)
    return float(run["ROS"][0, 1] / run["ROS"][0, 0])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("place", "value"), [("chain.activity", 0.5), ("medium.FFA.supplied", 2000.0), ("medium.glucose.supplied", 20000.0)]
)
def test_a_matrix_that_is_more_reduced_makes_more_oxidants(cell: str, place: str, value: float) -> None:
    assert oxidants(cell, place, value) > 1.003


@pytest.mark.parametrize("cell", CELLS)
def test_mild_uncoupling_makes_fewer(cell: str) -> None:
    assert oxidants(cell, "leak.activity", 3.0) < 0.98


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("pool", [0.3, 3.0])
def test_the_size_of_the_pool_alone_makes_none(cell: str, pool: float) -> None:
    """Without the defence that sirtuins bring, NAD+ that halves or doubles moves oxidants by a percent or two."""
    without = oxidants(cell, "NAMPT.activity", pool, ROS__defence_share=1e-9)
    assert without == pytest.approx(1.0, abs=0.02)


def test_what_nr_does_to_oxidants_hangs_on_what_follows_sirtuins() -> None:
    """A verdict flips with its rows: with defence under SIRT3 and mitophagy under SIRT1 NR lowers oxidants."""
    rows = ("all.ROS.defence_share", "all.mitophagy.SIRT1_share", "all.PINK1.SIRT1_share")

    def under_nr(share: str) -> float:
        run = simulate(
            "man, 40 y", "NR chloride 1 g oral daily for 7 days", n=1, body="whole", outputs=["liver_ROS"],
            set=dict.fromkeys(rows, share), uncertainty=False, spread=False,
        )  # fmt: skip
        return float(run["liver_ROS"][0, -1] / run["liver_ROS"][0, 0])

    assert under_nr("0.7") < 0.985
    assert under_nr("0.000001") == pytest.approx(1.0, abs=0.02)  # what the size of the pool alone does, as above


def without_nad(cell: str, nampt: float, starved: bool, n: int = 1) -> dict[str, np.ndarray]:
    """Return fluxes over rest of shape (n,) after 72 h of a share of NAMPT, and 3 h more of a wash if starved."""
    wash = [
        CellStep(72, name, 0.0) for name in ("medium.AA.supplied", "medium.LEU.supplied", "medium.insulin.supplied")
    ]
    steps = [CellStep(0, "NAMPT.activity", nampt), *(wash if starved else [])]
    times = [0.0, 75.0 if starved else 72.0]
    run = simulate_cell(cell, steps=steps, times=times, n=n, seed=1, uncertain=n > 1)
    return {name: run[name][:, 1] / run[name][:, 0] for name in ("J_seq", "J_deg")}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("nampt", "least"), [(0.02, 0.3), (0.1, 0.6)])
def test_lost_nad_lowers_degradation_and_costs_more_in_starvation(cell: str, nampt: float, least: float) -> None:
    """aut:N001 to N003: NAD+ down by two thirds and more lowers J_deg in every cell.

    What is sealed compares fed and starved cells: digestion, which saturates, evens J_deg out.
    """
    fed, starved = without_nad(cell, nampt, starved=False), without_nad(cell, nampt, starved=True)
    whole = without_nad(cell, 1.0, starved=True)
    assert least < fed["J_deg"][0] < 0.98
    assert starved["J_deg"][0] / whole["J_deg"][0] < 0.98
    assert starved["J_seq"][0] / whole["J_seq"][0] < fed["J_seq"][0]
    assert whole["J_deg"][0] - starved["J_deg"][0] > 1 - fed["J_deg"][0]


@pytest.mark.parametrize("cell", CELLS)
def test_lost_nad_lowers_degradation_over_draws(cell: str) -> None:
    fed, starved, whole = (
        without_nad(cell, nampt, starved=hungry, n=64)["J_deg"]
        for nampt, hungry in ((0.1, False), (0.1, True), (1.0, True))
    )
    assert np.mean(fed < 1) >= 0.7
    assert np.mean(starved / whole < 1) >= 0.8
    assert np.median(starved / whole) < 0.97
    assert np.median(fed) < 0.97


@pytest.mark.parametrize("cell", CELLS)
def test_ampk_reaches_foxo_through_sirt1(cell: str) -> None:
    """Without SIRT1 lack of energy calls no more FOXO (10.1038/nature07813), so that loss of NAD+ starts less."""
    stress = [CellStep(24, "chain.stress", 0.7), CellStep(24, "demand.activity", 1.5)]

    def called(sirt1: float) -> np.ndarray:
        steps = [CellStep(0, "SIRT1.expression", sirt1), *stress]
        run = simulate_cell(cell, steps=steps, times=[0.0, 24.0, 30.0], n=16, seed=1, uncertain=True)
        assert np.all(run["AMPK_targets"][:, 2] > run["AMPK_targets"][:, 1])
        return np.asarray(run["FOXO"][:, 2] - run["FOXO"][:, 1])

    with_it, without = called(1.0), called(0.05)
    assert np.all(without < with_it)
    assert np.max(without) < 0.15 * np.max(with_it) + 0.02


def test_lifting_calls_ampk_of_muscle() -> None:
    """10.1113/jphysiol.2006.113175 (recalled): AMPK of the muscle that lifted is higher at the end of a bout."""
    run = simulate("man, 30 y", "resistance 45 min once", n=8, days=1, outputs=["muscle_pAMPK", "heart_pAMPK"])
    assert np.nanmedian(run["muscle_pAMPK"].max(axis=1)) > 1.2


def test_a_bout_of_resistance_costs_energy() -> None:
    run = simulate("man, 30 y", "resistance 45 min once", n=1, days=1, outputs=["energy_used"], uncertainty=False)
    assert run.without_plan is not None
    more = run["energy_used"] - run.without_plan["energy_used"]
    assert np.max(more) > 50.0  # kcal/h, beside some 70 at rest
