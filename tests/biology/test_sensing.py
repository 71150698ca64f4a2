"""Sensing: signs and limits of AMPK, Akt, mTORC1 and ULK1, organ weights, and the contested switch."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation.experiments.cell_experiment import CellRun, CellStep, simulate_cell


def ends(cell: str = "liver", hours: float = 2.0, switch: str = "inhibits", **inputs: float) -> CellRun:
    steps = [CellStep(0, name.replace("__", "."), value) for name, value in inputs.items()]
    return simulate_cell(cell, steps=steps, times=[0, hours], switches={"AMPK_ULK1": switch})


def test_ampk_rests_at_one_percent_and_zmp_wakes_it() -> None:
    assert ends()["pAMPK"][0, 1] == pytest.approx(1.0)
    assert ends(AICAR=1000)["pAMPK"][0, 1] > 1.5


def test_amino_acids_rule_liver_and_insulin_rules_muscle() -> None:
    without = {"medium__AA__supplied": 0.0, "medium__LEU__supplied": 0.0}
    liver_fall = 1 - ends("liver", **without)["mTORC1"][0, 1]
    liver_insulin = 1 - ends("liver", medium__insulin__supplied=0)["mTORC1"][0, 1]
    muscle_insulin = 1 - ends("muscle", medium__insulin__supplied=0)["mTORC1"][0, 1]
    assert liver_fall > 0.7
    assert liver_insulin < 0.3
    assert muscle_insulin > 0.6


def test_mtorc1_needs_both_gates() -> None:
    plenty = ends("liver", medium__insulin__supplied=0.001, medium__AA__supplied=0, medium__LEU__supplied=0)
    assert plenty["mTORC1"][0, 1] < 0.5


def test_rapamycin_is_partial_towards_ulk1_and_torin_is_not() -> None:
    rapamycin, torin = ends("fibroblast", rapamycin=1.0), ends("fibroblast", torin1=0.25)
    assert rapamycin["pS6K"][0, 1] < 0.05
    assert rapamycin["mTORC1"][0, 1] > 0.2
    assert torin["mTORC1"][0, 1] < 0.1


def test_the_ampk_ulk1_switch_changes_the_sign_and_nothing_at_rest() -> None:
    stress = {"chain__stress": 0.7}
    inhibits = ends("fibroblast", **stress)["ULK1"][0]
    activates = ends("fibroblast", switch="activates", **stress)["ULK1"][0]
    assert inhibits[0] == pytest.approx(activates[0])
    assert activates[1] > 1.1 * inhibits[1]


def test_sirt1_follows_free_nad_and_a_knock_out_is_silent() -> None:
    assert ends("heart", hours=48, NAMPT__activity=0.1)["SIRT1"][0, 1] < 0.6
    assert ends("heart", SIRT1__expression=0)["SIRT1"][0, 1] == 0


def test_marks_do_not_act_back() -> None:
    names = {"pAkt", "pS6K", "pULK1_S757", "pULK1_S555"}
    from nadflux.network.expression import symbols
    from nadflux.simulation.experiments.cell_experiment import prepare_cell

    model = prepare_cell("liver", "human").body.model
    formulas = [
        *(r.law for r in model.reactions.values() if r.law is not None),
        *(f for name, f in model.rate_rules.items() if name != "liver__pS6K"),  # its own loss
        *model.assignment_rules.values(),
        *model.initial_assignments.values(),
    ]
    used = frozenset().union(*(symbols(f) for f in formulas))
    assert not {f"liver__{name}" for name in names} & used


@pytest.mark.parametrize("name", ["pAMPK", "pAkt", "pS6K", "mTORC1", "TFEB", "FOXO", "PGC1a", "SIRT1", "ROS"])
def test_relative_activities_are_one_at_rest(name: str) -> None:
    assert np.allclose(ends()[name], 1.0, rtol=1e-9)


def _half_fall(run: CellRun, name: str) -> float:
    """Return hours until a marker is half-way to where it ends."""
    values = run[name][0]
    return float(run.times[np.argmax(values <= (values[0] + values[-1]) / 2)])


def test_thr389_outlasts_ser757_once_the_kinase_is_off() -> None:
    run = simulate_cell("fibroblast", steps=[CellStep(0, "torin1", 0.25)], times=np.linspace(0, 1, 601))
    kinase, ser757, thr389 = (_half_fall(run, name) for name in ("mTORC1", "pULK1_S757", "pS6K"))
    assert kinase < ser757 < thr389 < 0.5


@pytest.mark.parametrize("cell", ["liver", "muscle", "heart", "fibroblast", "immune_cells"])
def test_lack_of_energy_takes_less_from_ser757_than_from_s6k_where_ampk_holds_ulk1(cell: str) -> None:
    """10.1080/15548627.2024.2355074; where AMPK activates ULK1, Ser757 follows mTORC1."""
    held, freed = (ends(cell, switch=switch, chain__stress=0.8) for switch in ("inhibits", "activates"))
    assert held["pS6K"][0, 1] < held["pULK1_S757"][0, 1] - 0.01
    assert freed["pULK1_S757"][0, 1] == pytest.approx(freed["mTORC1"][0, 1], abs=0.02)


def test_a_heart_cell_without_glucose_turns_to_ampk_at_unchanged_amp() -> None:
    """10.1038/nature23275 and PMC3943874: aldolase calls AMPK, hexokinase II holds mTORC1."""
    run = ends("heart", medium__glucose__supplied=0.0)
    assert run["pAMPK"][0, 1] > 1.5
    assert run["mTORC1"][0, 1] < 0.8
    assert run["AMP_ATP"][0, 1] < 1.5 * run["AMP_ATP"][0, 0]


def test_stress_of_the_liver_takes_akt_and_that_of_muscle_does_not() -> None:
    for cell, low, high in (("liver", 0.0, 0.8), ("muscle", 0.99, 1.01)):
        steps = [CellStep(0, "conjugation.activity", 0.0)]
        run = simulate_cell(cell, steps=steps, times=[0.0, 240.0])
        assert run["stress_response"][0, 1] > 1.2
        assert low < run["pAkt"][0, 1] / run["pAkt"][0, 0] < high
