"""The whole body: it rests, it rests as the NAD body does, and what it adds is neither made nor lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from body_bench import Bench, make_bench

import nadflux.network as network
from nadflux.network._plan import read_plan
from nadflux.network.assemble import assemble
from nadflux.network.capacities import resting_faults
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.evaluate import evaluate, initial_values, rates
from nadflux.network.read_antimony import read_antimony

FOLDER = Path(network.__file__).resolve().parents[1] / "biology"
PLAN = read_plan(FOLDER, "whole")
ADDED = sorted(set(PLAN.modules) - set(read_plan(FOLDER, "nad").modules))
LEDGERS = ("urine__", "gut_lumen__lost", "diet__eaten")


@pytest.fixture(scope="module")
def whole() -> Bench:
    return make_bench(name="whole")


@pytest.mark.parametrize("module", ADDED)
def test_each_module_loads_alone_with_units_and_terms(module: str) -> None:
    model = read_antimony(FOLDER / module)
    assert all(p.unit for p in model.parameters.values())
    assert all(r.term for r in model.reactions.values())
    assert all(s.term for s in model.species.values() if not s.boundary)


def test_nothing_changes_in_any_organ_of_sampled_people(whole: Bench) -> None:
    model, people = whole.body.model, whole.people(256, seed=7)
    faulty = [person for person, _ in resting_faults(model, whole.values(people))]
    assert len(faulty) <= 1
    values = whole.values(np.delete(people, faulty, axis=0))
    change = rates(model, values)
    for name, species in model.species.items():
        if name.startswith(LEDGERS):
            continue
        pool, moved = np.abs(values[name] * values[species.compartment]), 24.0 * np.abs(change[name])
        assert np.all(moved <= 1e-6 * pool), (name, np.max(moved / pool))
    for name, law in model.rate_rules.items():
        assert np.all(24.0 * np.abs(evaluate(law, values)) <= 1e-6 * np.abs(values[name])), name


def test_nad_rests_as_in_the_body_of_nad_alone(whole: Bench, bench: Bench) -> None:
    people, names = whole.people(32, seed=3), whole.engine.program.parameters
    alone = {name: people[:, names.index(name)] for name in bench.engine.program.parameters}
    values, others = whole.values(people), initial_values(bench.body.model, alone)
    for name in (*bench.body.model.species, *bench.body.model.reactions):
        assert np.array_equal(values[name], others[name], equal_nan=True), name


def test_every_organ_has_the_whole_chain(whole: Bench) -> None:
    for organ in PLAN.cells:
        for name in ("ATP", "NADH_mito", "AMPK", "mTORC1__core", "AP__volume", "mito_damaged", "damaged_protein"):
            assert f"{organ}__{name}" in whole.engine.program.states
    assert not any(s.startswith(("red_cells__AP", "platelets__AP")) for s in whole.engine.program.states)


@pytest.mark.parametrize(
    "input_", ["muscle.demand.activity", "liver.chain.stress", "drugs.bafilomycin", "drugs.torin1"]
)
def test_adenine_nucleotides_are_neither_made_nor_lost(whole: Bench, input_: str) -> None:
    value = {"muscle.demand.activity": 20.0, "liver.chain.stress": 0.8}.get(input_, 0.1)
    run = whole.run(whole.people(4, seed=2), [(1.0, input_, value), (2.0, input_, value / 2)], [0.0, 1.0, 2.0, 8.0])
    for organ in PLAN.cells:
        total = sum(run[f"{organ}__{name}"] for name in ("ATP", "ADP", "AMP"))
        assert np.max(np.abs(total / total[:, :1] - 1)) < 1e-9, organ


def test_atp_stays_in_every_organ_of_sampled_people(whole: Bench) -> None:
    run = whole.run(whole.possible(64, seed=9), [(0.0, "diet.intake", 30.0)], [0.0, 24.0, 24.0 * 14], rtol=1e-4)
    for organ in PLAN.cells:
        atp = run[f"{organ}__ATP"]
        moved = np.abs(atp / atp[:, :1] - 1).max(axis=1)
        # one whose NAD+ follows a diet that falls by half moves a little more
        assert np.quantile(moved, 0.98) < 0.05, organ
        assert np.max(moved) < 0.1, organ


def test_the_contested_sign_is_set_in_every_organ() -> None:
    model = assemble(body="whole", switches={"AMPK_ULK1": "activates"}).model
    assert {model.parameters[f"{organ}__AMPK_ULK1__switch"].value for organ in PLAN.cells} == {1.0}


@pytest.mark.slow
@pytest.mark.parametrize("option", ["inhibits", "activates"])
def test_units_are_strict(option: str) -> None:
    assert unit_diagnostics(assemble(body="whole", switches={"AMPK_ULK1": option}).model) == []
