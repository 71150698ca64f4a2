"""Mechanisms in the whole body: each in a person, from what is eaten, done or blocked to what the organ does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from nadflux.simulation.experiments.body_experiment import simulate_steps
from nadflux.simulation.experiments.cell_experiment import CellRun, CellStep

ME = "man, 40 y, 75 kg, 178 cm"
STARVE = {"feeding.constant": 0.0}


def lived(
    steps: Mapping[str, float] | Sequence[CellStep],
    hours: float,
    outputs: Sequence[str],
    settings: Mapping[str, float] | None = None,
) -> CellRun:
    given = steps if isinstance(steps, Sequence) else [CellStep(0.0, name, value) for name, value in steps.items()]
    return simulate_steps(ME, given, times=np.linspace(0, hours, 241), outputs=outputs, settings=settings)


def _halfway(run: CellRun, name: str) -> float:
    values = run[name][0]
    middle = (values[0] + values[-1]) / 2
    return float(run.times[np.argmax((values - middle) * np.sign(values[-1] - values[0]) >= 0)])


def test_the_brake_is_released_before_autophagy_rises() -> None:
    run = lived({"drugs.torin1": 0.25}, 2, ["liver_mTORC1", "liver_J_init", "liver_J_seq", "liver_J_deg"])
    times = [_halfway(run, f"liver_{name}") for name in ("mTORC1", "J_init", "J_seq", "J_deg")]
    assert times == sorted(times) and times[0] < times[2] < times[3]


def test_ampk_raises_the_alarm_in_minutes() -> None:
    run = lived({"liver.chain.stress": 0.6}, 4, ["liver_AMPK_targets"])
    assert run["liver_AMPK_targets"][0, -1] > 2 * run["liver_AMPK_targets"][0, 0]
    assert _halfway(run, "liver_AMPK_targets") < 0.5


def test_energy_collapse_lowers_flux_although_ampk_is_on() -> None:
    run = lived({"liver.chain.stress": 0.9}, 6, ["liver_J_deg", "liver_J_seq", "liver_AMPK_targets", "liver_ATP"])
    assert run["liver_ATP"][0, -1] < 0.5 * run["liver_ATP"][0, 0]
    assert run["liver_J_seq"][0, -1] < 0.7 * run["liver_J_seq"][0, 0]
    assert run["liver_J_deg"][0, -1] < 0.7 * run["liver_J_deg"][0, 0]
    assert run["liver_AMPK_targets"][0, -1] > 0.4


def test_a_sweep_of_nad_is_smooth_and_more_is_not_sufficient_when_fed() -> None:
    names = ["liver_nad", "liver_J_deg"]  # twice the activity: 1.5-fold NAD+, as six-fold gives a cell line
    ends = [lived({"liver.NAMPT.activity": a}, 96, names) for a in (0.05, 0.2, 0.5, 1.0, 1.5, 2.0)]
    nad = np.array([run["liver_nad"][0, -1] for run in ends])
    flux = np.array([run["liver_J_deg"][0, -1] for run in ends])
    assert np.all(np.diff(nad) > 0)
    slopes = np.diff(np.log(flux)) / np.diff(np.log(nad))
    assert np.all(np.abs(slopes) < 1)  # below proportional everywhere: no switch
    assert flux[-1] == pytest.approx(flux[3], rel=0.1)


def test_nr_does_more_where_nad_was_low() -> None:
    names = ["liver_SIRT1", "liver_lysosome_pH"]
    dose = CellStep(96.0, "gut_lumen.NR", 3400.0)
    low = lived([CellStep(0.0, "liver.NAMPT.activity", 0.1), dose], 104, names)
    full = lived([dose], 104, names)
    before = int(np.searchsorted(low.times, 95.0))
    gains = [run["liver_SIRT1"][0, -1] - run["liver_SIRT1"][0, before] for run in (low, full)]
    fall = [run["liver_lysosome_pH"][0, before] - run["liver_lysosome_pH"][0, -1] for run in (low, full)]
    assert gains[0] > 1.2 * gains[1] > 0
    assert fall[0] > 1.2 * fall[1]


def test_without_sirt3_mitochondrial_cargo_rises_and_mtorc1_stays() -> None:
    run = lived({"heart.SIRT3.expression": 0.0}, 96, ["heart_mitochondria_damaged", "heart_mTORC1"])
    assert run["heart_mitochondria_damaged"][0, -1] > 1.1
    assert run["heart_mTORC1"][0, -1] == pytest.approx(1.0, abs=0.05)


def test_a_blocked_lysosome_gives_more_vesicles_with_less_flux() -> None:
    run = lived({"drugs.bafilomycin": 0.1, **STARVE}, 1, ["liver_J_init", "liver_J_deg", "liver_LC3_II"])
    assert run["liver_J_init"][0, -1] > 1.02 * run["liver_J_init"][0, 0]
    assert run["liver_J_deg"][0, -1] < 0.8 * run["liver_J_deg"][0, 0]
    assert run["liver_LC3_II"][0, -1] > 1.3 * run["liver_LC3_II"][0, 0]


def test_a_boosted_lysosome_gives_more_flux_with_fewer_vesicles() -> None:
    steps = {"skin.TFEB.activity": 2.0, "skin.capacity.activity": 2.0}
    run = lived(steps, 72, ["skin_J_deg", "skin_vacuole_volume"])
    assert run["skin_J_deg"][0, -1] > 1.05 * run["skin_J_deg"][0, 0]
    assert run["skin_vacuole_volume"][0, -1] < 0.9 * run["skin_vacuole_volume"][0, 0]


def test_better_mitochondria_leave_less_damage_without_more_flux() -> None:
    run = lived({"heart.SIRT3.expression": 2.0}, 96, ["heart_mitochondria_damaged", "heart_J_deg"])
    assert run["heart_mitochondria_damaged"][0, -1] < 0.95
    assert run["heart_J_deg"][0, -1] == pytest.approx(run["heart_J_deg"][0, 0], rel=0.05)


def test_failing_flux_costs_nad() -> None:
    names = ["liver_PARP_use", "liver_nad", "liver_p62", "liver_mitochondria_damaged"]
    run = lived({"liver.conjugation.activity": 0.02}, 240, names)
    assert run["liver_PARP_use"][0, -1] > 1.1 * run["liver_PARP_use"][0, 0]
    assert run["liver_nad"][0, -1] < 0.97 * run["liver_nad"][0, 0]
    assert run["liver_p62"][0, -1] > 1.3 * run["liver_p62"][0, 0]


def test_a_meal_reaches_muscle_by_insulin_and_work_by_demand() -> None:
    meal = {"stomach.glucose": 444000.0, "stomach.AA": 234000.0, "stomach.LEU": 19000.0}
    steps = [CellStep(0.0, "feeding.constant", 0.0), *(CellStep(12.0, k, v) for k, v in meal.items())]
    run = lived(steps, 14, ["muscle_pAkt", "muscle_pS6K", "muscle_J_init", "plasma_insulin"])
    before, after = int(np.searchsorted(run.times, 11.9)), int(np.searchsorted(run.times, 13.0))
    for name in ("plasma_insulin", "muscle_pAkt", "muscle_pS6K"):
        assert run[name][0, after] > 1.3 * run[name][0, before], name
    assert run["muscle_J_init"][0, after] < 0.8 * run["muscle_J_init"][0, before]
    work = lived({"exercise.intensity": 0.75}, 1, ["muscle_pAMPK", "heart_pAMPK", "muscle_demand"])
    assert work["muscle_demand"][0, -1] > 20
    assert work["muscle_pAMPK"][0, -1] > 2


def test_nobody_is_told_apart_by_what_is_kept() -> None:
    one = lived(STARVE, 24, ["liver_J_deg"])
    more = lived(STARVE, 24, ["muscle_J_deg", "liver_J_deg"])
    assert np.array_equal(one["liver_J_deg"], more["liver_J_deg"])


def test_resistance_exercise_builds_for_two_days() -> None:
    steps = [CellStep(1.0, "exercise.resistance", 1.0), CellStep(2.0, "exercise.resistance", 0.0)]
    run = lived(steps, 50, ["muscle_protein_synthesis", "muscle_pS6K"])
    fold = run["muscle_protein_synthesis"][0] / run["muscle_protein_synthesis"][0, 0]
    at = [fold[int(np.searchsorted(run.times, hour))] for hour in (5, 26, 49.9)]
    assert at[0] > 1.5 and at == sorted(at, reverse=True) and at[2] > 1.1  # +112, +65, +34 % published
    assert run["muscle_pS6K"][0, int(np.searchsorted(run.times, 2.5))] > 1.0


def test_no_sign_is_claimed_for_the_flux_of_trained_muscle() -> None:
    """No flux was measured in people after resistance exercise: the row spans no effect, and so does the result."""
    bouts = [
        CellStep(48.0 * bout + hour, "exercise.resistance", value)
        for bout in range(3)
        for hour, value in ((1, 1), (2, 0))
    ]
    row, folds = "muscle.mechanical.nucleation", []
    for value in (0.7, 1.0, 1.43):
        run = lived(bouts, 144, ["muscle_J_deg"], {row: value})
        folds.append(run["muscle_J_deg"][0].mean() / run["muscle_J_deg"][0, 0])
    assert folds[0] < 0.95 and folds[2] > 1.05
    assert folds[0] < folds[1] < folds[2]
