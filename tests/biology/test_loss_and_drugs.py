"""Enzymes lost or blocked, in people; what mice show is in test_mouse_column.py."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench

from nadflux.network.names import to_id


def _level(bench: Bench, organ: str, days: float, **changes: float) -> float:
    """NAD+ of an organ after some days of changed activities, over that without."""
    people = np.vstack([bench.typical(), bench.typical(**changes)])
    run = bench.run(people, [], [0.0, 24.0 * days])
    held = run[f"{organ}__NAD"][:, 1] + run[f"{organ}__NAD_mito"][:, 1]
    return float(held[1] / held[0])


@pytest.mark.parametrize("organ", ["muscle", "liver"])
def test_nampt_loss_empties_the_organ(bench: Bench, organ: str) -> None:
    """Knock-outs keep 15 to 20 % (recalled: nad:F014, nad:F015); the model keeps less, as loss there is complete."""
    assert _level(bench, organ, 30, **{f"{organ}__NAMPT__activity": 0.0}) < 0.3


def test_a_bolus_of_nicotinic_acid_doubles_liver_nad_in_two_hours(bench: Bench) -> None:
    """Mouse: 990 to 2200 µmol/kg at two hours, NaAD 220 at one (10.1038/ncomms12948); 185 mg/kg by moles over 12.3."""
    grid = np.arange(0.0, 12.01, 0.25)
    dose = 185.0 / 12.3 * 75.0 / 0.2907
    run = bench.run(bench.typical(), [(0.0, "gut_lumen.NA", dose)], grid.tolist())
    nad = run["liver_nad"][0] / run["liver_nad"][0, 0]
    assert 1.5 < nad.max() < 2.5
    assert 1.0 <= grid[nad.argmax()] <= 4.0
    assert 80 < run["liver_naad"][0].max() < 350
    assert grid[run["liver_naad"][0].argmax()] <= 2.0


def test_fk866_lowers_and_an_activator_raises(bench: Bench) -> None:
    assert _level(bench, "immune_cells", 1, drugs__FK866=0.01) < 0.5
    assert 1.05 < _level(bench, "immune_cells", 30, drugs__NAMPT_activator=5.0) < 2.2


@pytest.mark.parametrize("drug", ["compound_78c", "apigenin", "PARP_inhibitor", "NNMT_inhibitor"])
def test_other_drugs_raise_nad(bench: Bench, drug: str) -> None:
    concentration = 20.0 if drug == "apigenin" else 2.0
    assert _level(bench, "liver", 30, **{f"drugs__{drug}": concentration}) > 1.004


def test_nnmt_inhibition_lowers_methyl_products(bench: Bench) -> None:
    people = np.vstack([bench.typical(), bench.typical(drugs__NNMT_inhibitor=10.0)])
    run = bench.run(people, [], [0.0, 12.0])
    assert run["urine_mna"][1, 1] < 0.5 * run["urine_mna"][0, 1]


def test_sarm1_that_is_awake_empties_the_brain(bench: Bench) -> None:
    """10.1016/j.neuron.2021.02.009: more NMN over NAD+ activates; once awake it runs the pool down."""
    awake = bench.typical(brain__NMNAT__activity=0.1, brain__SARM1__activity=2.0)
    run = bench.run(np.vstack([bench.typical(), awake]), [], [0.0, 6.0, 24.0])
    held = run["brain__NAD"][1] / run["brain__NAD"][0]
    assert held[2] < held[1] < 0.7
    assert "liver__SARM1" not in bench.body.model.reactions


def test_activities_are_inputs(bench: Bench) -> None:
    for name in ("muscle.NAMPT.activity", "skin.PARP.activity", "liver.CD38.activity", "drugs.FK866"):
        assert to_id(name) in bench.body.inputs
