"""Signs that measurements give: oxidants follow how reduced the matrix is, and lifting calls AMPK."""

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


def test_what_nr_does_to_oxidants_hangs_on_the_defence_that_follows_sirt3() -> None:
    """A mechanism's verdict flips with its row: with the defence NR lowers oxidants, without it does not."""

    def under_nr(share: str) -> float:
        run = simulate(
            "man, 40 y", "NR chloride 1 g oral daily for 7 days", n=1, body="whole", outputs=["liver_ROS"],
            set={"all.ROS.defence_share": share}, uncertainty=False, spread=False,
        )  # fmt: skip
        return float(run["liver_ROS"][0, -1] / run["liver_ROS"][0, 0])

    assert under_nr("0.7") < 0.985
    assert under_nr("0.000001") == pytest.approx(1.0, abs=0.02)  # what the size of the pool alone does, as above


def test_lifting_calls_ampk_of_muscle() -> None:
    """10.1113/jphysiol.2006.113175 (recalled): AMPK of the muscle that lifted is higher at the end of a bout."""
    run = simulate("man, 30 y", "resistance 45 min once", n=8, days=1, outputs=["muscle_pAMPK", "heart_pAMPK"])
    assert np.nanmedian(run["muscle_pAMPK"].max(axis=1)) > 1.2


def test_a_bout_of_resistance_costs_energy() -> None:
    run = simulate("man, 30 y", "resistance 45 min once", n=1, days=1, outputs=["energy_used"], uncertainty=False)
    assert run.without_plan is not None
    more = run["energy_used"] - run.without_plan["energy_used"]
    assert np.max(more) > 50.0  # kcal/h, beside some 70 at rest
