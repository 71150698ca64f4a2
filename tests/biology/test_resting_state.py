"""On a constant diet nobody changes: the resting state is analytic and holds in every organ of sampled people."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, make_bench

from nadflux.network.capacities import resting_faults
from nadflux.network.evaluate import rates

LEDGERS = ("urine__", "gut_lumen__lost", "diet__eaten")


def _drift(bench: Bench, people: np.ndarray) -> dict[str, np.ndarray]:
    """24 h·|dx/dt| over the pool, by species."""
    values = bench.values(people)
    change = rates(bench.body.model, values)
    result = {}
    for name, species in bench.body.model.species.items():
        if name.startswith(LEDGERS):
            continue
        pool = np.abs(values[name] * values[species.compartment])
        moved = 24.0 * np.abs(change[name])
        empty = (pool == 0) & (moved == 0)
        result[name] = np.where(empty, 0.0, moved / np.where(empty, 1.0, pool))
    return result


@pytest.mark.parametrize("option", ["portal", "plasma"])
def test_nothing_changes_in_any_organ_of_sampled_people(option: str) -> None:
    bench = make_bench({"red_cells.NA": option})
    people = bench.people(256, seed=7)
    faulty = {person for person, _ in resting_faults(bench.body.model, bench.values(people))}
    assert len(faulty) <= 1
    kept = np.delete(people, sorted(faulty), axis=0)
    for name, drift in _drift(bench, kept).items():
        assert np.max(drift) <= 1e-6, (name, np.max(drift))


def test_resting_state_holds_when_integrated(bench: Bench) -> None:
    times = [0.0, 24.0, 24.0 * 14]
    run = bench.run(bench.possible(16, seed=3), [], times)
    for name in bench.body.model.species:
        if not name.startswith(LEDGERS):
            start, later = run[name][:, :1], run[name][:, 1:]
            assert np.all(np.abs(later - start) <= 1e-5 * np.abs(start)), name


def test_all_pools_and_capacities_are_positive_in_nearly_all_draws(bench: Bench) -> None:
    faults = resting_faults(bench.body.model, bench.values(bench.people(4096, seed=11)))
    assert len(faults) <= 41, faults[:5]  # one per cent
    assert all("would be" in reason for _, reason in faults)


def test_a_contradicting_person_fails_with_a_reason_and_does_not_run(bench: Bench) -> None:
    people = bench.typical(plasma__NA__escape=50.0, kidney__NA_excretion__share=0.9)
    faults = resting_faults(bench.body.model, bench.values(people))
    assert len(faults) == 1 and "liver.NA_uptake.J" in faults[0][1]


def test_urine_at_usual_diet(bench: Bench) -> None:
    run = bench.run(bench.typical(), [], [0.0])
    assert run["urine_2py"][0, 0] == pytest.approx(156, rel=0.1)  # 10.3390/jcm9020437
    assert run["urine_2py"][0, 0] / run["urine_mna"][0, 0] == pytest.approx(4.0, rel=1e-6)
    assert run["urine_4py"][0, 0] == pytest.approx(25, rel=0.2)
    population = bench.run(bench.people(512, seed=5), [], [0.0])["urine_2py"][:, 0]
    assert 100 < np.quantile(population, 0.25) < np.quantile(population, 0.75) < 240  # IQR 120 to 218


def test_what_goes_in_comes_out_at_the_allowance(bench: Bench) -> None:
    run = bench.run(bench.typical(diet__intake=15.0), [], [0.0])
    out = sum(run[f"urine_{m}"][0, 0] for m in ("mna", "2py", "4py", "nua", "na", "nam"))
    assert out == pytest.approx(15.0 / 0.12212, rel=0.1)


def test_blood_volume_and_whole_blood_nad(bench: Bench) -> None:
    values = bench.values(bench.typical(person__weight=70.0, person__height=175.0, person__female=0.0))
    index = 70 / 1.75**2
    assert values["person__blood_volume"] == pytest.approx(70 * 0.070 / np.sqrt(index / 22))
    assert values["person__surface"] == pytest.approx(np.sqrt(70 * 175 / 3600))
    run = bench.run(bench.people(512, seed=5), [], [0.0])["whole_blood_nad"][:, 0]
    assert 27 < np.median(run) < 38  # 33 ± 5.5 µM, 10.3389/fendo.2022.829658
