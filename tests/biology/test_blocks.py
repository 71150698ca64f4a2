"""What is sealed is not cleared: blocks of the way to the lysosome hold for months, in every cell and draw.

Properties over blocks, cells and 64 draws of what the tables leave open, from 4 hours to 90 days. A block holds
where the most that the blocked step can do lies below what is sealed at rest; with more left it only delays.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from nadflux.simulation.experiments.cell_experiment import CellStep, simulate_cell
from nadflux.simulation.experiments.experiment import CellRun

CELLS = ("liver", "heart", "muscle", "immune_cells", "fibroblast")
LATER = slice(1, None)
TIMES = (0.0, 4.0, 24.0, 168.0, 720.0, 2160.0)
DRAWS = 64
BLOCKS = {
    "bafilomycin": {"bafilomycin": 0.1}, "leupeptin": {"leupeptin": 20.0}, "pump": {"pump.activity": 0.1},
    "capacity": {"capacity.activity": 0.1}, "no capacity": {"capacity.activity": 0.0},
    "chloroquine": {"chloroquine": 100.0}, "much chloroquine": {"chloroquine": 300.0},
    "colchicine": {"colchicine": 10.0}, "half capacity": {"capacity.activity": 0.5},
}  # fmt: skip
WORKS = 0.5
"""Working share of protein below which a cell has left the limits of `ranges.csv`."""
FEW = 3
"""Draws of 64 in which a part block may lower damage per protein by more than a twentieth: it calls TFEB."""


@functools.cache
def blocked(cell: str, name: str) -> CellRun:
    steps = [CellStep(0, place, value) for place, value in BLOCKS[name].items()]
    return simulate_cell(cell, steps=steps, times=TIMES, n=DRAWS, uncertain=True, seed=1)


def of_rest(run: CellRun, name: str) -> np.ndarray:
    return run[name] / run[name][:, :1]


def ceiling(run: CellRun) -> np.ndarray:
    """The most that the slower of fusion and digestion can do, of what is sealed at rest, shape (draw, later time).

    Both per protein present, as the flux is; what fuses is a volume, and carries more where vesicles are packed denser.
    """
    packed = np.maximum(of_rest(run, "content_vesicles") / np.maximum(of_rest(run, "vacuole_volume"), 1e-12), 1.0)
    return (np.minimum(run["fusion_ceiling"] * packed, run["digestion_ceiling"]) / run["protein"])[:, LATER]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_block_holds_where_the_blocked_step_cannot_keep_up(cell: str, block: str) -> None:
    run = blocked(cell, block)
    assert not run.failures
    held = (ceiling(run) < 1.0).all(axis=1)
    within = run["working_share"][:, LATER] > WORKS
    flux, damage = of_rest(run, "J_deg")[:, LATER], of_rest(run, "damaged_protein")[:, LATER]
    assert np.all(flux[held][within[held]] < 1.0)
    assert np.all(damage[held][within[held]] > 1.0)
    assert np.all(of_rest(run, "content_vesicles")[held][:, LATER] > 1.0)


@pytest.mark.parametrize(
    "block", [name for name in BLOCKS if name != "leupeptin"]
)  # it stops one class of enzymes whole
@pytest.mark.parametrize("cell", CELLS)
def test_with_reserve_left_it_only_delays(cell: str, block: str) -> None:
    run = blocked(cell, block)
    left = (ceiling(run) > 2.0).all(axis=1)
    content = run["content_vesicles"]
    steady = left & (np.abs(content[:, 5] / content[:, 4] - 1.0) < 0.02)
    released, sealed = run["released_protein"][steady, 5], run["sealed_protein"][steady, 5]
    assert np.allclose(released, sealed, rtol=0.05)
    assert np.all(of_rest(run, "content_vesicles")[left][:, LATER] > 1.0)
    per_protein = of_rest(run, "damaged_of_protein")[left][:, LATER]
    assert np.sum(np.any(per_protein < 0.95, axis=1)) <= FEW


@pytest.mark.parametrize(
    ("block", "fewest"),
    [("bafilomycin", 61), ("leupeptin", 64), ("pump", 60), ("capacity", 64), ("no capacity", 64)],
)
@pytest.mark.parametrize("cell", CELLS)
def test_how_many_draws_a_strong_block_holds_in(cell: str, block: str, fewest: int) -> None:
    run = blocked(cell, block)
    assert np.sum(of_rest(run, "J_deg")[:, 2] < 0.98) >= fewest
    assert np.sum(of_rest(run, "damaged_protein")[:, 2] > 1.0) >= fewest


@pytest.mark.parametrize("cell", CELLS)
def test_colchicine_raises_lc3(cell: str) -> None:
    assert np.all(of_rest(blocked(cell, "colchicine"), "LC3_II")[:, LATER] > 1.0)


@pytest.mark.parametrize("cell", CELLS)
def test_bafilomycin_for_a_month_is_no_cleaning(cell: str) -> None:
    """The sentence the project stands on: markers of initiation rise without end while nothing is cleared."""
    run = simulate_cell(cell, steps=[CellStep(0, "bafilomycin", 0.1)], times=[0.0, 720.0])
    assert of_rest(run, "LC3_II")[0, 1] > 3.0
    assert of_rest(run, "J_deg")[0, 1] < 0.3
    assert of_rest(run, "damaged_protein")[0, 1] > 2.0
    assert of_rest(run, "damaged_of_protein")[0, 1] > 2.0


def test_vesicles_reach_a_plateau_in_a_fast_cell() -> None:
    run = blocked("liver", "bafilomycin")
    assert np.sum(run["content_vesicles"][:, 5] < 1.3 * run["content_vesicles"][:, 4]) >= 60


@pytest.mark.parametrize("cell", CELLS)
def test_a_knock_out_runs_until_the_cell_fails(cell: str) -> None:
    hours = np.arange(0.0, 2161.0, 24.0)
    run = simulate_cell(cell, steps=[CellStep(0, "conjugation.activity", 0.0)], times=hours)
    assert not run.failures
    works = run["working_share"][0] > WORKS
    assert np.all(of_rest(run, "J_deg")[0, 2:] < 1e-3)
    if cell == "muscle":  # ligases under ATF4 shrink the fibre: damage per protein is steady after a month, and stays
        damage = of_rest(run, "damaged_of_protein")[0]
        assert np.all(np.diff(damage[:31]) > 0.0)
        assert np.all(damage[31:] > 0.9 * damage[30])
    else:
        assert np.all(np.diff(of_rest(run, "damaged_protein")[0][works]) > 0.0)
    assert works[1]
    if cell == "heart":  # 10.1038/nm1574: the adult heart fails within weeks
        assert 7 <= np.argmin(works) <= 40


@pytest.mark.parametrize("cell", CELLS)
def test_more_nucleation_lowers_damage_with_diminishing_return(cell: str) -> None:
    times = [0.0, 720.0]
    damage, protein = [1.0], [1.0]
    for more in (1.2, 2.0, 3.0):
        run = simulate_cell(cell, steps=[CellStep(0, "ULK1.activity", more)], times=times)
        damage.append(of_rest(run, "damaged_protein")[0, 1])
        protein.append(of_rest(run, "protein")[0, 1])
    steps = -np.diff(damage) / np.diff([1.0, 1.2, 2.0, 3.0])
    assert np.all(steps > 0.0)
    assert np.all(np.diff(steps) < 0.0)
    assert protein[-1] < protein[1]


@pytest.mark.parametrize("days", [1, 30])
@pytest.mark.parametrize("cell", CELLS)
def test_a_block_washes_out(cell: str, days: int) -> None:
    end = 24.0 * days
    steps = [CellStep(0, "bafilomycin", 0.1), CellStep(end, "bafilomycin", 0.0)]
    run = simulate_cell(cell, steps=steps, times=[0.0, end, end + 60 * 24.0])
    assert of_rest(run, "J_deg")[0, 2] == pytest.approx(1.0, abs=0.05)
    # a fibre takes months to build up the protein that its ligases took
    damage = "damaged_of_protein" if cell == "muscle" else "damaged_protein"
    assert of_rest(run, damage)[0, 2] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("block", ["bafilomycin", "leupeptin"])
@pytest.mark.parametrize("cell", ["liver", "heart"])
def test_lipofuscin_forms_from_content_that_waits(cell: str, block: str) -> None:
    """Not with degradation, which these stop."""
    steps = [CellStep(0, place, value) for place, value in BLOCKS[block].items()]
    run = simulate_cell(cell, steps=steps, times=[0.0, 720.0])
    assert of_rest(run, "lipofuscin")[0, 1] > 1.5


@pytest.mark.parametrize("cell", ("liver", "heart", "muscle"))
def test_damage_acts(cell: str) -> None:
    """A cell that seals a fifth for 90 days works less, is stressed and holds more damage per protein."""
    run = simulate_cell(cell, steps=[CellStep(0, "conjugation.activity", 0.02)], times=[0.0, 2160.0])
    assert of_rest(run, "damaged_of_protein")[0, 1] > 1.2
    assert run["working_share"][0, 1] < 0.98
    assert run["stress_response"][0, 1] > 1.05


def test_at_rest_nothing_moves() -> None:
    for cell in CELLS:
        run = simulate_cell(cell, times=[0.0, 24.0, 720.0], n=32, uncertain=True, seed=3)
        for name in (
            "damaged_protein",
            "mitochondria_damaged",
            "working_share",
            "stress_response",
            "lysosome_capacity",
        ):
            assert np.allclose(run[name], run[name][:, :1], rtol=1e-4), (cell, name)
