"""Methyl donors, N-oxide, base exchange by CD38, renal NR and NMN, food, and one or two pools of red cells."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily, make_bench

GRAM_NAM = 1000.0 / 0.12212
GRAM_NA = 1000.0 / 0.12311


def test_large_doses_drain_the_methyl_donors_and_slow_methylation(bench: Bench) -> None:
    grid = np.arange(0.0, 48.1, 0.5).tolist()
    doses = [0.5 * GRAM_NAM, 6.0 * GRAM_NAM]
    runs = [bench.run(bench.typical(), [(0.0, "gut_lumen.NAM", d)], grid) for d in doses]
    low, high = (run["liver_sam"][0].min() / run["liver_sam"][0, 0] for run in runs)
    assert high < 0.15 < 0.2 < low
    shares = [
        (run["urine_mna_total"][0, -1] + run["urine_2py_total"][0, -1]) / d for run, d in zip(runs, doses, strict=True)
    ]
    assert shares[1] < 0.7 * shares[0]
    assert runs[1]["liver_sam"][0, -1] > 2 * runs[1]["liver_sam"][0].min()


def test_more_donors_mean_more_methylation(bench: Bench) -> None:
    people = np.vstack([bench.typical(liver__methyl_supply__activity=a) for a in (0.5, 1.0, 2.0)])
    run = bench.run(people, [(0.0, "gut_lumen.NAM", 3 * GRAM_NAM)], [0.0, 12.0])
    made = run["urine_mna_total"][:, 1] + run["urine_2py_total"][:, 1]
    assert made[0] < made[1] < made[2]


def test_n_oxide_follows_nicotinamide_and_leaves_with_urine(bench: Bench) -> None:
    grid = np.arange(0.0, 72.1, 0.5)
    run = bench.run(bench.typical(), [(0.0, "gut_lumen.NAM", GRAM_NAM)], grid.tolist())
    level = run["plasma_nam_oxide"][0]
    assert grid[level.argmax()] >= grid[run["plasma_nam"][0].argmax()]
    assert level[-1] < 0.1 * level.max()
    assert 0.003 < run["urine_nam_oxide_total"][0, -1] / GRAM_NAM < 0.1


def test_gut_wall_fat_and_kidney_methylate_too(bench: Bench) -> None:
    run = bench.run(bench.typical(), [], [0.0])
    liver = run["liver__NNMT"][0, 0]
    assert 0.005 < run["adipose__NNMT"][0, 0] / liver < 0.15
    assert 0.002 < run["kidney__NNMT"][0, 0] / liver < 0.05
    assert 0.01 < run["gut_wall__NNMT"][0, 0] / liver < 0.2
    assert run["urine_2py"][0, 0] / run["urine_mna"][0, 0] == pytest.approx(4.0, rel=1e-6)


def test_methyl_donors_are_one_pool_for_every_organ(bench: Bench) -> None:
    """At rest supply is what methylation takes, nicotinamide's in all organs; a gram slows all of it."""
    people = bench.possible(32, seed=3)
    values = bench.values(people)
    taken = values["liver__methyl_use"] + sum(values[f"{o}__NNMT"] for o in ("liver", "gut_wall", "kidney", "adipose"))
    assert values["liver__methyl_supply"] == pytest.approx(taken)
    run = bench.run(people, [(0.0, "gut_lumen.NAM", GRAM_NAM)], [0.0, 3.0])
    for organ in ("kidney", "adipose", "gut_wall"):
        per_substrate = run[f"{organ}__NNMT"] / run[f"{organ}__NAM"]
        assert np.median(per_substrate[:, 1] / per_substrate[:, 0]) < 0.8, organ
    assert np.all(run["liver_sam"][:, 1] < run["liver_sam"][:, 0])


def test_mna_a_cation_stands_above_plasma_in_cells(bench: Bench) -> None:
    """Inside over outside is its ratio at rest and again days after a dose."""
    people = bench.possible(32, seed=3)
    values = bench.values(people)
    run = bench.run(people, [(0.0, "gut_lumen.NAM", GRAM_NAM)], [0.0, 6.0, 24.0 * 60])
    for organ in ("muscle", "rest"):
        ratio = run[f"{organ}__MNA"] / run["plasma__MNA"]
        assert ratio[:, 0] == pytest.approx(values[f"{organ}__MNA__ratio"])
        assert ratio[:, 2] == pytest.approx(ratio[:, 0], rel=0.02)
    assert np.all(run["liver__MNA"][:, 1] > values["liver__MNA__ratio"] * run["plasma__MNA"][:, 0])


def test_base_exchange_needs_nicotinic_acid_and_cd38(bench: Bench) -> None:
    blocked = bench.typical(liver__CD38__activity=0.0)
    run = bench.run(np.vstack([bench.typical(), blocked]), [(0.0, "gut_lumen.NA", GRAM_NA)], [0.0, 1.0])
    rate = run["liver__base_exchange_NA"]
    assert np.all(run["liver__base_exchange_NMN"] == rate)  # its two halves
    assert rate[0, 1] > 100 * rate[0, 0] > 0
    assert rate[1, 1] == 0


def test_kidney_loses_some_riboside_of_an_infusion(bench: Bench) -> None:
    person = bench.typical(plasma__infusion__NR=100.0)
    run = bench.run(person, [], [0.0, 6.0])
    assert run["urine_nr"][0, 1] > 20 * run["urine_nr"][0, 0] > 0
    assert run["urine_nmn"][0, 0] > 0


def test_food_lowers_and_delays_the_peak_and_keeps_the_amount(bench: Bench) -> None:
    grid = np.arange(0.0, 24.1, 0.1)
    people = np.vstack([bench.typical(), bench.typical(gut_lumen__fed=1.0)])
    run = bench.run(people, [(0.0, "gut_lumen.NAM", GRAM_NAM)], [*grid.tolist(), 120.0])
    level = run["plasma_nam"][:, :-1]
    assert level[1].max() < 0.95 * level[0].max()
    assert grid[level[1].argmax()] > grid[level[0].argmax()]
    out = sum(run[f"urine_{name}_total"][:, -1] for name in ("nam", "mna", "2py", "4py", "nam_oxide"))
    assert isinstance(out, np.ndarray)
    assert out[1] == pytest.approx(out[0], rel=0.05)


def test_two_pools_of_red_cells_rise_in_two_steps() -> None:
    one, two = make_bench(), make_bench({"blood.pools": "two"})
    days = np.array([0.0, 7.0, 56.0])
    rises = []
    for body in (one, two):
        run = body.run(body.typical(), daily("gut_lumen.NR", 3440.0, 56), (24 * days).tolist())["red_cell_nad"][0]
        rises.append(run / run[0] - 1)
    assert rises[0][1] / rises[0][2] != pytest.approx(rises[1][1] / rises[1][2], rel=0.02)
    assert rises[1][2] > 0.1
    slow = two.run(two.typical(), [], [0.0, 240.0])
    assert slow["red_cells__NAD_slow"][0, 0] > 0
    assert slow["red_cell_nad"][0, 1] == pytest.approx(slow["red_cell_nad"][0, 0], rel=1e-6)
    assert "red_cells__slow_exchange" not in one.body.model.reactions
