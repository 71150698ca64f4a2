"""Text of the cell model: modules load alone, units are strict, the resting state rests, rows have sources."""

from __future__ import annotations

import re

import numpy as np
import pytest
from body_bench import Mistaken

from nadflux.network.assemble_cell import assemble_cell, read_dish
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.read_module import read_module
from nadflux.network.tables import read_observables, read_parameters
from nadflux.shipped import BIOLOGY
from nadflux.simulation.experiments.cell_experiment import simulate_cell

DISH = read_dish()
CELLS = sorted(DISH["cells"])
SOURCE = re.compile(
    r"10\.\d{4,}/\S+|[a-z]{2,5}:[A-Z]\d{2,3}|PMC\d+|recalled|definition|ChEMBL|biology\.md|PMID \d+"
    r"|two membranes|scaled from rat|Clin Sci"
)


@pytest.mark.parametrize("module", [m for modules in (*DISH["places"].values(), DISH["modules"]) for m in modules])
def test_each_module_loads_alone_with_units(module: str) -> None:
    model = read_module(module)
    assert all(p.unit for p in model.parameters.values())
    assert all(r.term for r in model.reactions.values())


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("switch", sorted(DISH["switches"]["AMPK_ULK1"]["options"]))
def test_units_are_strict(cell: str, switch: str) -> None:
    assert unit_diagnostics(assemble_cell(cell, switches={"AMPK_ULK1": switch}).model) == []


@pytest.mark.parametrize(
    ("module", "right", "wrong"),
    [
        ("cell/autophagy.ant", "J_seq * protein * cell", "J_seq * protein"),
        ("cell/autophagy.ant", "pH' = (pH__target - pH) / pH__time", "pH' = pH__target - pH"),
        ("cell/energy.ant", "adenylate_kinase__K * ATP * AMP", "adenylate_kinase__K * ATP"),
        ("cell/sensing.ant", "AMPK__ratio := AMP / ATP + drugs__AMPK__ZMP", "AMPK__ratio := AMP + drugs__AMPK__ZMP"),
        ("cell/protein.ant", "leucine__share * peptide * cell / peptide__time", "leucine__share * peptide * cell"),
    ],
)
def test_a_seeded_unit_mistake_is_caught(mistaken: Mistaken, module: str, right: str, wrong: str) -> None:
    assert unit_diagnostics(assemble_cell("liver", biology=mistaken(module, right, wrong)).model)


@pytest.mark.parametrize("cell", CELLS)
def test_the_resting_state_rests_in_every_draw(cell: str) -> None:
    run = simulate_cell(cell, times=[0.0, 24.0], n=64, seed=3, uncertain=True)
    assert not run.failures
    for name, values in run.values.items():
        still = np.abs(values[:, 1] - values[:, 0]) <= 1e-6 * np.abs(values[:, 0]) + 1e-12
        assert still.all(), name


def test_every_row_has_a_source_and_sets_something() -> None:
    used: set[tuple[str, str]] = set()
    for cell in CELLS:
        for species in DISH["species"]:
            used |= {(row.key, row.species) for row in assemble_cell(cell, species=species).table.rows}
    for row in read_parameters(BIOLOGY / "dish" / "parameters").rows:
        assert SOURCE.search(row.source), row.place
        assert (row.key, row.species) in used, f"{row.place}: {row.key} ({row.species}) sets nothing"


def test_levels_and_fluxes_have_units_of_their_kind() -> None:
    for observable in read_observables(BIOLOGY / "dish" / "observables.csv"):
        per_time = observable.unit.endswith("/h")
        assert per_time == (observable.kind == "flux") or observable.id == "LC3_clearance", observable.id
