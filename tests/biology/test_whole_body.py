"""The whole body: it rests, it rests as the NAD body does, and what it adds is neither made nor lost."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, make_bench

from nadflux.kernel import integrate
from nadflux.network.assemble import assemble
from nadflux.network.body_spec import read_body_spec
from nadflux.network.capacities import resting_faults
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.evaluate import evaluate, initial_values, rates
from nadflux.network.expression import Number
from nadflux.network.read_module import read_module
from nadflux.shipped import BIOLOGY

PLAN = read_body_spec(BIOLOGY, "whole")
ADDED = sorted(set(PLAN.modules) - set(read_body_spec(BIOLOGY, "nad").modules))
LEDGERS = ("urine__", "gut_lumen__lost", "diet__eaten")


@pytest.fixture(scope="module")
def whole() -> Bench:
    return make_bench(name="whole")


@pytest.mark.parametrize("module", ADDED)
def test_each_module_loads_alone_with_units_and_terms(module: str) -> None:
    model = read_module(module)
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
def test_adenine_nucleotides_change_by_their_own_turnover_alone(whole: Bench, input_: str) -> None:
    value = {"muscle.demand.activity": 20.0, "liver.chain.stress": 0.8}.get(input_, 0.1)
    names = [name for name in whole.engine.program.parameters if name.endswith("adenine__half_life")]
    people = whole.people(4, seed=2, **dict.fromkeys(names, 1e14))
    run = whole.run(people, [(1.0, input_, value), (2.0, input_, value / 2)], [0.0, 1.0, 2.0, 8.0])
    for organ in PLAN.cells:
        total = sum(run[f"{organ}__{name}"] for name in ("ATP", "ADP", "AMP"))
        assert np.max(np.abs(total / total[:, :1] - 1)) < 1e-9, organ
    assert names


def test_atp_stays_in_every_organ_of_sampled_people(whole: Bench) -> None:
    people = whole.possible(64, seed=9)
    run = whole.run(people, [(0.0, "diet.intake", 30.0)], [0.0, 24.0, 24.0 * 14], rtol=1e-4)
    halved = people[:, whole.engine.program.parameters.index("diet__intake")] > 60.0
    for organ in PLAN.cells:
        atp = run[f"{organ}__ATP"]
        moved = np.abs(atp / atp[:, :1] - 1).max(axis=1)
        # one whose NAD+ follows a diet that falls by more than half moves more
        assert np.quantile(moved[~halved], 0.95) < 0.05 and np.max(moved[~halved]) < 0.1, organ
        assert np.max(moved) < 0.15 and np.count_nonzero(halved) < 4, organ


def test_the_contested_sign_is_set_in_every_organ() -> None:
    model = assemble(body="whole", switches={"AMPK_ULK1": "activates"}).model
    assert {model.parameters[f"{organ}__AMPK_ULK1__switch"].value for organ in PLAN.cells} == {1.0}


@pytest.mark.slow
@pytest.mark.parametrize("option", ["inhibits", "activates"])
def test_units_are_strict(option: str) -> None:
    assert unit_diagnostics(assemble(body="whole", switches={"AMPK_ULK1": option}).model) == []


RESIDUES = (
    "protein", "damaged_protein", "peptide", "AA", "LEU", "p62", "mito", "mito_damaged",
    "AP__protein", "AP__p62", "AL__protein", "AL__cysteine", "AL__p62", "lipofuscin",
)  # fmt: skip
ENDS = (
    "AA_oxidation",
    "LEU_oxidation",
    "protein_eaten",
    "AA_kept",
    "LEU_kept",
    "amino_gluconeogenesis",
    "lipofuscin_loss",
)


def test_amino_acids_are_made_and_lost_at_named_ends_only(whole: Bench) -> None:
    """Every reaction between organs, vesicles and blood moves residues and neither makes nor loses any."""
    model = whole.body.model
    carried = {f"{organ}__{name}" for organ in PLAN.cells for name in RESIDUES} & model.species.keys()
    carried |= {
        "fuels__AA",
        "fuels__LEU",
        *(f"stomach__{p}{n}" for p in ("", "gut_") for n in ("protein", "whey", "AA", "LEU")),
    }
    touched = set()
    for reaction in model.reactions.values():
        change = 0.0
        for sign, side in ((-1, reaction.reactants), (1, reaction.products)):
            for reference in side:
                if reference.species in carried:
                    assert isinstance(reference.stoichiometry, Number)
                    change += sign * reference.stoichiometry.value
                    touched.add(reference.species)
        assert change == 0 or reaction.id.split("__", 1)[1] in ENDS, (reaction.id, change)
    assert touched == carried


def test_amino_acid_mass_closes_when_integrated(whole: Bench) -> None:
    model = whole.body.model
    people = whole.people(2, seed=4)
    carried = [f"{organ}__{name}" for organ in PLAN.cells for name in RESIDUES if f"{organ}__{name}" in model.species]
    carried += [
        "fuels__AA",
        "fuels__LEU",
        *(f"stomach__{p}{n}" for p in ("", "gut_") for n in ("protein", "whey", "AA", "LEU")),
    ]
    ends = [r for r in model.reactions.values() if r.id.split("__", 1)[1] in ENDS]
    times = np.linspace(0.0, 6.0, 2401)
    given = [(0.5, "stomach.LEU", 2e4), (1.0, "drugs.torin1", 0.2), (2.0, "muscle.demand.activity", 5.0)]
    run = _rates(whole, people, given, times, ends, carried)
    total, flow = run
    gone = np.concatenate([np.zeros((2, 1)), np.cumsum(_simpson(flow, times), axis=1)], axis=1)
    added = np.where(times[::2] > 0.5, 2e4, 0.0)
    error = total[:, ::2] - total[:, :1] - gone - added
    assert np.max(np.abs(error)) < 1e-9 * np.max(total), np.max(np.abs(error)) / np.max(total)


def _rates(whole, people, given, times, ends, carried):  # type: ignore[no-untyped-def]
    """Residues in the body and their net gain at the named ends, each of shape (person, time)."""
    from nadflux.kernel import Batch, compile_program, lower
    from nadflux.network.infix import parse_infix
    from nadflux.simulation.event_arrays import event_arrays
    from nadflux.simulation.experiments.body_experiment import body_events
    from nadflux.simulation.experiments.cell_experiment import CellStep

    model = whole.body.model
    weights = dict.fromkeys(carried, 1.0)
    net = []
    for reaction in ends:
        amount = sum(
            sign * r.stoichiometry.value * weights.get(r.species, 0.0)
            for sign, side in ((-1, reaction.reactants), (1, reaction.products))
            for r in side
        )
        net.append(f"({amount}) * {reaction.id}")
    outputs = {
        "total": parse_infix(" + ".join(f"{n} * {model.species[n].compartment}" for n in carried)),
        "net": parse_infix(" + ".join(net)),
    }
    program = lower(model, outputs, whole.body.inputs)
    rows = np.stack([people[:, whole.engine.program.parameters.index(p)] for p in program.parameters], axis=1)
    steps = body_events([CellStep(*step) for step in given], program)
    events = event_arrays(program, steps, float(times[-1]), len(rows))
    batch = Batch(rows, 0.0, float(times[-1]), times, events=events)
    solution = integrate(compile_program(program), batch, rtol=1e-8)
    assert not solution.failures
    return solution.outputs[:, :, 0], solution.outputs[:, :, 1]


def _simpson(values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Integral over each pair of intervals of equal length, shape (person, pair)."""
    step = times[1] - times[0]
    return step / 3.0 * (values[:, :-2:2] + 4.0 * values[:, 1:-1:2] + values[:, 2::2])
