"""Autophagy: mass balance, limits, sites of the inhibitors, cargo, lysosomes."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.kernel import Batch, compile_program, integrate, lower
from nadflux.kernel.batch import EventArrays
from nadflux.network.assemble_cell import assemble_cell
from nadflux.network.infix import parse_infix
from nadflux.simulation.experiments.cell_experiment import CellRun, CellStep, simulate_cell

RESIDUES = (
    "protein", "damaged_protein", "peptide", "AA", "LEU", "p62", "mito", "mito_damaged",
    "AP__protein", "AP__p62",
    "AL__protein", "AL__cysteine", "AL__p62", "lipofuscin",
)  # fmt: skip
STARVED = [CellStep(0, f"medium.{x}.supplied", 0) for x in ("AA", "LEU", "insulin")]


def treated(cell: str = "liver", hours: float = 4.0, steps: tuple[CellStep, ...] = (), **inputs: float) -> CellRun:
    given = [CellStep(0, name.replace("__", "."), value) for name, value in inputs.items()]
    return simulate_cell(cell, steps=[*steps, *given], times=np.linspace(0, hours, 101))


@pytest.mark.parametrize("inputs", [{}, {"leupeptin": 100.0}, {"bafilomycin": 0.1}, {"torin1": 0.25}])
def test_residues_are_neither_made_nor_lost(inputs: dict[str, float]) -> None:
    """In a closed dish without oxidation, what is sealed, digested, released and built in again adds up."""
    body = assemble_cell("fibroblast")
    cell = " + ".join(f"fibroblast__{name}" for name in RESIDUES)
    total = f"({cell}) * fibroblast__cell + (medium__AA + medium__LEU) * medium__fluid"
    program = lower(body.model, {"total": parse_infix(total)}, body.inputs)
    rows = program.defaults[None, :].copy()
    for name, value in {"AA_oxidation__k": 0.0, "lipofuscin__share": 1e-15}.items():
        rows[0, program.parameters.index(f"fibroblast__{name}")] = value
    names = {"medium__renewal": 0.0, **{f"drugs__{k}": v for k, v in inputs.items()}}
    events = EventArrays(
        offsets=np.array([0, len(names)]),
        time=np.zeros(len(names)),
        kind=np.ones(len(names), dtype=np.int64),
        target=np.array([program.inputs.index(n) for n in names]),
        value=np.array(list(names.values())),
    )
    batch = Batch(rows, 0.0, 24.0, np.array([0.0, 1.0, 8.0, 24.0]), events=events)
    solution = integrate(compile_program(program), batch, rtol=1e-8)
    assert not solution.failures
    amounts = solution.outputs[0, :, 0]
    assert np.max(np.abs(amounts / amounts[0] - 1)) < 1e-9


def test_released_is_what_the_flux_says() -> None:
    run = treated(steps=tuple(STARVED))
    assert np.allclose(run["released_protein"] / 1.8e6 * 100, run["J_deg_of_rest"], rtol=1e-9)
    assert np.allclose(run["J_deg_of_rest"], run["J_deg"] * run["protein"], rtol=1e-9)


def test_at_rest_sealed_equals_released() -> None:
    run = treated()
    assert run["released_protein"][0, 0] == pytest.approx(run["sealed_protein"][0, 0], rel=1e-3)


def test_the_three_fluxes_part_under_a_lysosomal_block() -> None:
    run = treated(bafilomycin=0.1)
    early = np.searchsorted(run.times, 1.0)
    assert run["J_init"][0, early] >= 0.95 * run["J_init"][0, 0]
    assert run["J_deg"][0, early] < 0.2 * run["J_deg"][0, 0]
    assert run["LC3_II"][0, early] > 2 * run["LC3_II"][0, 0]


def test_sites_of_the_inhibitors() -> None:
    bafilomycin, chloroquine, leupeptin = (
        treated(**{d: c}) for d, c in (("bafilomycin", 0.1), ("chloroquine", 30), ("leupeptin", 50))
    )
    assert bafilomycin["lysosome_pH"][0, -1] > 6.5
    assert chloroquine["lysosome_pH"][0, -1] < 6.0
    assert leupeptin["lysosome_pH"][0, -1] == pytest.approx(4.75, abs=0.1)
    assert chloroquine["autophagosomes"][0, -1] > 1.5 * chloroquine["autophagosomes"][0, 0]
    assert leupeptin["autophagosomes"][0, 20] < 1.2 * leupeptin["autophagosomes"][0, 0]
    assert leupeptin["vacuole_volume"][0, -1] > 5 * leupeptin["vacuole_volume"][0, 0]


@pytest.mark.parametrize("cell", ["liver", "fibroblast", "immune_cells"])
def test_a_block_of_digestion_holds_for_a_day_while_lc3_builds_up(cell: str) -> None:
    for inputs in ({"bafilomycin": 0.1}, {"pump__activity": 0.1}):
        run = treated(cell, hours=24.0, **inputs)
        assert np.all(run["J_deg"][0, run.times >= 2.0] < 0.3 * run["J_deg"][0, 0])
        assert run["LC3_II"][0, -1] > run["LC3_II"][0, len(run.times) // 6] > 1.5 * run["LC3_II"][0, 0]
        assert run["J_init"][0, -1] > run["J_init"][0, 0]


def test_no_nucleation_no_flux_and_no_vesicles() -> None:
    run = treated("liver", 48.0, ULK1__activity=0)
    assert run["J_deg"][0, -1] < 1e-6
    assert np.isfinite(run["undegraded"]).all()
    assert run["p62"][0, -1] > 1.5 * run["p62"][0, 0]


def test_three_methyladenine_lowers_initiation() -> None:
    assert treated(methyladenine=10000)["J_init"][0, -1] < 0.5 * treated()["J_init"][0, -1]


def test_colchicine_stops_arrival_at_lysosomes() -> None:
    run = treated(colchicine=5, hours=0.5)
    assert run["J_fus"][0, 10] < 0.5 * run["J_fus"][0, 0]


def test_loss_of_nad_can_raise_lc3_while_it_lowers_degradation() -> None:
    rest = simulate_cell("fibroblast", times=[0, 96])
    low = simulate_cell("fibroblast", times=[0, 96], steps=[CellStep(0, "NAMPT.activity", 0.02)])
    assert low["J_deg_of_rest"][0, 1] < rest["J_deg_of_rest"][0, 1]
    assert low["lysosome_pH"][0, 1] > rest["lysosome_pH"][0, 1] + 0.1
    assert low["LC3_II"][0, 1] > rest["LC3_II"][0, 1]


def test_tfeb_raises_capacity_with_a_lag_of_half_a_day() -> None:
    run = simulate_cell("fibroblast", times=np.linspace(0, 72, 145), steps=[CellStep(0, "TFEB.activity", 2)])
    capacity = run["lysosome_capacity"][0]
    done = (capacity - capacity[0]) / (capacity[-1] - capacity[0])
    half = run.times[np.argmax(done >= 0.5)]
    assert 8 < half < 26
    assert capacity[-1] > 1.2


def test_urolithin_raises_mitophagy_not_bulk_flux() -> None:
    run = treated(urolithin_A=50)
    assert (
        run["mitophagy"][0, 1] > 1.3 * run["mitophagy"][0, 0] or run["mitophagy"][0, 2] > 1.3 * run["mitophagy"][0, 0]
    )
    assert run["J_seq"][0, 5] == pytest.approx(run["J_seq"][0, 0], rel=0.02)


@pytest.mark.parametrize(("drug", "dose"), [("spermidine", 100), ("trehalose", 100000), ("torin1", 0.25)])
def test_inducers_raise_degradation_in_a_day(drug: str, dose: float) -> None:
    run = simulate_cell("fibroblast", times=[0, 6], steps=[CellStep(0, drug, dose)])
    assert run["J_deg"][0, 1] > 1.02 * run["J_deg"][0, 0]


def test_metformin_and_resveratrol_act_on_the_chain() -> None:
    for drug, dose in (("metformin", 5000), ("resveratrol", 100)):
        assert treated(**{drug: dose})["pAMPK"][0, -1] > 1.2


def test_the_amount_of_conjugation_sets_the_size_of_what_closes() -> None:
    run = simulate_cell("liver", steps=[CellStep(0, "conjugation.activity", 0.2)], times=[0.0, 96.0])
    assert 0.3 * run["J_seq"][0, 0] < run["J_seq"][0, 1] < 0.75 * run["J_seq"][0, 0]


def test_p62_holds_damage_back_from_the_proteasome() -> None:
    """10.4161/auto.8840: without autophagy it is p62 that slows what proteasomes clear."""
    lost = CellStep(0, "conjugation.activity", 0.0)
    with_p62 = simulate_cell("liver", steps=[lost], times=[0.0, 120.0])
    without = simulate_cell("liver", steps=[lost, CellStep(0, "p62_synthesis.activity", 0.0)], times=[0.0, 120.0])
    assert without["damaged_protein"][0, 1] < 0.8 * with_p62["damaged_protein"][0, 1]


def test_a_mark_on_mitochondria_outlasts_ampk() -> None:
    bout = [CellStep(0, "demand.activity", 33.0), CellStep(1.5, "demand.activity", 1.0)]
    run = simulate_cell("muscle", species="mouse", steps=bout, times=[0.0, 1.5, 7.5, 72.0])
    more = run["mitophagy"][0] / run["mitophagy"][0, 0]
    assert run["pAMPK"][0, 2] == pytest.approx(1.0, abs=0.05)
    assert more[2] > 1.2
    assert more[2] > more[1]
    assert more[3] == pytest.approx(1.0, abs=0.03)
