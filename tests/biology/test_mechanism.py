"""What must come out of the mechanism: none of it is written in."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily, make_bench

from nadflux.simulation.experiments.cell_experiment import CellStep, simulate_cell

CONSUMERS = ("SIRT", "PARP", "CD38", "residual", "SIRT_mito", "residual_mito", "SARM1")
NR_MG = 0.2907  # mg/µmol of the chloride


def test_six_fold_nampt_gives_blood_cells_about_twice_nad_and_flux(bench: Bench) -> None:
    """10.1371/journal.pone.0214000, of a cell line: NAD+, synthesis and breakdown all 1.4–2.2-fold."""
    end = [0.0, 24.0 * 20]
    people = np.vstack([bench.typical(), bench.typical(immune_cells__NAMPT__activity=6.0)])
    run = bench.run(people, [], end)
    held = [run["immune_cells__NAD"][i, 1] + run["immune_cells__NAD_mito"][i, 1] for i in (0, 1)]
    use = [sum(run[n][i, 1] for n in (f"immune_cells__{c}" for c in CONSUMERS) if n in run) for i in (0, 1)]
    made = [run["immune_cells__NMNAT"][i, 1] + run["immune_cells__NADSYN"][i, 1] for i in (0, 1)]
    for pair in (held, use, made):
        assert 1.4 <= pair[1] / pair[0] <= 2.2


@pytest.mark.parametrize("cell", ["fibroblast", "liver", "heart", "immune_cells"])
def test_six_fold_nampt_in_a_dish(cell: str) -> None:
    """The same experiment in the dish, whose rows are those of the cell line."""
    run = simulate_cell(cell, steps=[CellStep(0, "NAMPT.activity", 6.0)], times=[0.0, 480.0])
    assert 1.4 <= run["NAD"][0, 1] / run["NAD"][0, 0] <= 2.2


@pytest.mark.parametrize("organ", ["liver", "kidney", "heart", "rest"])
def test_tissues_hold_their_synthesis_back_less_than_cell_lines(bench: Bench, organ: str) -> None:
    """Old mice with a third less NAD+ make no more of it (nad:B025): elasticity 0 to -0.6, not -1.3."""
    people = bench.possible(64, seed=3)
    values = bench.values(people)
    share = (values[f"{organ}__NAD__free_rest"] / values[f"{organ}__NAMPT__Ki"]) ** values[f"{organ}__NAMPT__n"]
    elasticity = -values[f"{organ}__NAMPT__n"] * share / (1 + share)
    assert -0.6 < np.median(elasticity) < -0.1
    muscle = (values["muscle__NAD__free_rest"] / values["muscle__NAMPT__Ki"]) ** values["muscle__NAMPT__n"]
    assert np.median(-values["muscle__NAMPT__n"] * muscle / (1 + muscle)) < -0.6


def test_six_fold_nampt_in_muscle_waits_for_nicotinamide(bench: Bench) -> None:
    """All muscle at once asks for weeks of a diet's niacin; with nicotinamide at hand it is there in two days."""
    people = np.vstack([bench.typical(), bench.typical(muscle__NAMPT__activity=6.0)])
    fed = bench.run(people, daily("gut_lumen.NAM", 8000.0, 4, per_day=3), [0.0, 96.0])
    usual = bench.run(people, [], [0.0, 96.0, 24.0 * 90])
    rises = []
    for run in (fed, usual):
        held = run["muscle__NAD"] + run["muscle__NAD_mito"]
        rises.append(held[1, 1:] / held[0, 1:])
    assert 1.4 <= rises[0][0] <= 2.2
    assert rises[1][0] < 1.3 < 1.4 <= rises[1][1] <= 2.2
    use = [sum(usual[f"muscle__{c}"][i, 2] for c in CONSUMERS if f"muscle__{c}" in usual) for i in (0, 1)]
    assert 1.4 <= use[1] / use[0] <= 2.2


def test_red_cells_are_slow_and_immune_cells_fast(bench: Bench) -> None:
    run = bench.run(bench.typical(), daily("gut_lumen.NR", 1000 / NR_MG, 28), np.arange(0, 24 * 60 + 1, 6.0).tolist())
    time = np.arange(0, 24 * 60 + 1, 6.0)
    red, immune = run["red_cell_nad"][0], run["pbmc_nad"][0]
    half_way = time[np.argmax(red > (red[0] + red[time <= 672].max()) / 2)]
    assert half_way > 72
    assert time[np.argmax(immune > (immune[0] + immune.max()) / 2)] <= 24
    washout = (red - red[0])[time >= 24 * 32]
    days = time[time >= 24 * 32] / 24
    half_life = np.log(2) / -np.polyfit(days[:60], np.log(washout[:60]), 1)[0]
    assert 3.5 < half_life < 10  # 6.25 d, PMC12996706


@pytest.mark.parametrize("species", ["gut_lumen.NR", "gut_lumen.NMN"])
def test_naad_rises_strongly_after_nr_and_nmn(bench: Bench, species: str) -> None:
    run = bench.run(bench.typical(), daily(species, 3000.0, 7), np.arange(0, 24 * 7 + 1, 2.0).tolist())
    assert run["pbmc_naad"][0].max() > 5 * run["pbmc_naad"][0, 0]
    assert run["whole_blood_naad"][0].max() > 2 * run["whole_blood_naad"][0, 0]


def test_nr_doses_rank_as_observed_in_every_drawn_person(bench: Bench) -> None:
    people = bench.possible(32, seed=9)
    rise = {}
    for mg in (100, 300, 1000):
        run = bench.run(people, daily("gut_lumen.NR", mg / NR_MG, 56), [0.0, 24.0 * 56])["whole_blood_nad"]
        rise[mg] = run[:, 1] / run[:, 0]
    assert np.all(rise[100] > 1) and np.all(rise[100] < rise[300]) and np.all(rise[300] < rise[1000])
    assert 1.1 < np.median(rise[100]) < 1.4
    assert 1.5 < np.median(rise[1000]) < 3.0


def test_no_rank_of_the_precursors_is_imposed() -> None:
    """At equal moles the order differs between people, and with what microbes do: nicotinamide need not be last."""
    orders = {}
    for option in ("microbes", "none"):
        own = make_bench({"gut.NA": option})
        people = own.possible(48, seed=4)
        ends = []
        for species in ("NR", "NMN", "NAM", "NA"):
            run = own.run(people, daily(f"gut_lumen.{species}", 3440.0, 28), [0.0, 24.0 * 28])["whole_blood_nad"]
            ends.append(run[:, 1] / run[:, 0])
        orders[option] = {tuple(np.argsort(column)) for column in np.array(ends).T}
    assert len(orders["microbes"]) >= 2 and len(orders["none"]) >= 4
    assert {order[0] for order in orders["none"]} >= {1, 2}


def test_more_microbial_deamidation_means_more_effect_of_nr(bench: Bench) -> None:
    low = bench.typical(gut_lumen__microbes__k_NR=0.01)
    high = bench.typical(gut_lumen__microbes__k_NR=3.0)
    run = bench.run(np.vstack([low, high]), daily("gut_lumen.NR", 3440.0, 28), [0.0, 24.0 * 28])
    ratio = run["whole_blood_nad"][:, 1] / run["whole_blood_nad"][:, 0]
    assert ratio[1] > ratio[0] + 0.2


def test_parp_activity_lowers_nad(bench: Bench) -> None:
    run = bench.run(bench.typical(liver__PARP__activity=20.0), [], [0.0, 48.0])
    assert run["liver_nad"][0, 1] < 0.8 * run["liver_nad"][0, 0]
