"""Size of people: clearance goes with lean mass, so the same dose is more to a small person than to a large one."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily

from nadflux.network.capacities import resting_faults

GRAM_NR = 1000.0 / 0.2907
GRAM_NAM = 1000.0 / 0.12212
WEIGHTS = (45.0, 60.0, 75.0, 90.0, 120.0)


@pytest.fixture(scope="module")
def sizes(bench: Bench) -> np.ndarray:
    """The same people at each weight, whose numbers agree at all of them, shape (weight × person, parameter)."""
    people = bench.possible(12, seed=21)
    column = bench.engine.program.parameters.index("person__weight")
    groups = []
    for weight in WEIGHTS:
        group = people.copy()
        group[:, column] = weight
        groups.append(group)
    faulty = {person for group in groups for person, _ in resting_faults(bench.body.model, bench.values(group))}
    assert len(faulty) <= 2
    return np.vstack([np.delete(group, sorted(faulty), axis=0) for group in groups])


def _by_weight(values: np.ndarray) -> np.ndarray:
    """Shape (weight, person)."""
    return values.reshape(len(WEIGHTS), -1)


@pytest.mark.parametrize("name", ["whole_blood_nad", "plasma_mna", "plasma_2py", "urine_2py", "liver_nad"])
def test_a_fixed_dose_raises_less_the_larger_the_person(bench: Bench, sizes: np.ndarray, name: str) -> None:
    """10.1111/j.1365-2125.2004.02157.x: clearance is best described by lean mass. Every person, each step of weight."""
    run = bench.run(sizes, daily("gut_lumen.NR", GRAM_NR, 28, per_day=2), [0.0, 24.0 * 28])[name]
    fold = _by_weight(run[:, 1] / run[:, 0])
    assert np.all(np.diff(np.median(fold, axis=1)) < 0)
    assert np.mean(fold[-1] < fold[0]) > 0.9


def test_exposure_to_a_dose_falls_with_weight_to_half_and_more(bench: Bench, sizes: np.ndarray) -> None:
    """Filtration and the liver go with body surface, weight to a half; lean mass is weight to 0.6. In every person."""
    grid = np.arange(0.0, 96.1, 0.5)
    run = bench.run(sizes, [(0.0, "gut_lumen.NAM", GRAM_NAM)], grid.tolist())
    for name in ("plasma_nam", "plasma_mna", "plasma_2py"):
        area = _by_weight(np.trapezoid(run[name] - run[name][:, :1], grid, axis=1))
        slopes = np.polyfit(np.log(WEIGHTS), np.log(area), 1)[0]
        assert np.all(slopes < -0.1) and -1.3 < np.median(slopes) < -0.4, name


def test_a_dose_that_goes_with_size_acts_alike(bench: Bench) -> None:
    """Per body surface of 1.2 the rise of blood differs by a tenth from 45 to 120 kg, per person by a third."""
    rises = []
    for weight in (WEIGHTS[0], WEIGHTS[-1]):
        person = bench.typical(person__weight=weight)
        surface = bench.values(person)["person__surface"] / 1.893
        dose = GRAM_NR * float(surface.item() if hasattr(surface, "item") else surface) ** 1.2
        run = bench.run(person, daily("gut_lumen.NR", dose, 28, per_day=2), [0.0, 24.0 * 28])["whole_blood_nad"][0]
        rises.append(run[1] / run[0] - 1)
    assert rises[1] == pytest.approx(rises[0], rel=0.25)


def test_usual_diet_goes_with_size_and_a_given_one_does_not(bench: Bench) -> None:
    people = np.vstack([bench.typical(person__weight=w) for w in WEIGHTS])
    usual = bench.values(people)["diet__supply"]
    assert np.all(np.diff(usual) > 0) and 1.3 < usual[-1] / usual[0] < 2.2
    assert usual[2] == pytest.approx(28.0 / 0.12212 / 24.0, rel=1e-3)
    run = bench.run(people, [(0.0, "diet.controlled", 1.0), (0.0, "diet.offered", 20.0)], [0.0, 24.0 * 200])
    out = sum(run[f"urine_{m}"][:, 1] for m in ("mna", "2py", "4py", "nua", "na", "nam"))
    assert np.ptp(out) < 0.1 * np.mean(out)


def test_allometry_lies_within_the_slowness_of_working_organs(bench: Bench) -> None:
    rows = {row.key: row for row in bench.body.table}
    metabolic, renewing = (rows[f"person.NAD_slowness.{kind}"] for kind in ("metabolic", "renewing"))
    assert metabolic.low <= 1.0 and metabolic.high >= (75.0 / 0.025) ** 0.25
    assert renewing.high < metabolic.high
    values = bench.values(bench.typical())
    for organ in ("liver", "kidney", "muscle", "heart", "brain", "adipose"):
        factor = values[f"{organ}__NAD__half_life"] / values[f"{organ}__NAD__mouse_half_life"]
        assert factor == pytest.approx(metabolic.value)
    for organ in ("gut_wall", "skin", "rest"):
        factor = values[f"{organ}__NAD__half_life"] / values[f"{organ}__NAD__mouse_half_life"]
        assert factor == pytest.approx(renewing.value)
