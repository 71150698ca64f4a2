"""Work and fasts in a person: phosphocreatine, AMPK of muscle while demand lasts, AMPK of liver without food."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation.experiments.body_experiment import simulate_steps
from nadflux.simulation.experiments.cell_experiment import CellRun, CellStep

ME = "man, 25 y, 75 kg, 178 cm"
FAST = CellStep(0, "feeding.constant", 0)


def worked(intensity: float, hours: float, times: list[float], outputs: list[str]) -> CellRun:
    """Return a bout that begins at hour 2 of a fast."""
    steps = [FAST, CellStep(2, "exercise.intensity", intensity), CellStep(2 + hours, "exercise.intensity", 0)]
    return simulate_steps(ME, steps, times=np.asarray(times), outputs=outputs)


def test_ampk_of_muscle_holds_while_demand_lasts_and_is_back_in_three_hours() -> None:
    run = worked(0.75, 2.0, [0, 2, 2.5, 3, 3.5, 3.99, 7], ["muscle_pAMPK"])
    during, after = run["muscle_pAMPK"][0, 2:6], run["muscle_pAMPK"][0, 6]
    assert np.all(during > 2.5)
    assert np.min(during) > 0.9 * np.max(during)
    assert after == pytest.approx(1.0, abs=0.05)


def test_phosphocreatine_is_spent_in_minutes_of_work_and_built_up_after_it() -> None:
    names = ["muscle_phosphocreatine", "muscle_ATP"]
    run = worked(0.75, 1.0, [0, 2, 2 + 1 / 60, 2.1, 2.99, 3.25, 3.5], names)
    spent = run["muscle_phosphocreatine"][0] / run["muscle_phosphocreatine"][0, 0]
    assert run["muscle_phosphocreatine"][0, 0] == pytest.approx(33000, rel=0.05)  # 10.1002/nbm.1192
    assert spent[1] > spent[2] > spent[3]
    assert 0.2 < spent[4] < 0.6
    assert spent[5] > 0.75 and spent[6] > 0.85
    assert np.min(run["muscle_ATP"]) > 0.98 * run["muscle_ATP"][0, 0]


def test_creatine_kinase_is_near_equilibrium_in_work() -> None:
    names = ["muscle_phosphocreatine", "muscle_ATP", "muscle_ADP"]
    run = worked(0.75, 1.0, [0, 2.5, 3.25], names)
    bound, atp, adp = (run[name][0] for name in names)
    ratio = atp * (bound[0] / 0.72 - bound) / (adp * bound)
    assert np.all(np.abs(ratio / ratio[0] - 1) < 0.03)


def test_ampk_of_liver_rises_in_a_fast_and_that_of_muscle_and_heart_does_not() -> None:
    """10.1152/ajpendo.00172.2004, mice after a day: liver + 20 %, muscle and heart unchanged."""
    names = ["liver_pAMPK", "muscle_pAMPK", "heart_pAMPK", "body_pAMPK"]
    run = simulate_steps(ME, [FAST], times=np.array([0.0, 24, 72]), outputs=names)
    assert np.all((run["liver_pAMPK"][0, 1:] > 1.1) & (run["liver_pAMPK"][0, 1:] < 1.5))
    assert run["muscle_pAMPK"][0] == pytest.approx(1.0, abs=0.02)
    assert run["heart_pAMPK"][0] == pytest.approx(1.0, abs=0.02)
    assert run["body_pAMPK"][0, 2] > 1.005


def test_a_meal_lowers_ampk_of_the_fasted_liver() -> None:
    meal = [CellStep(24, "feeding.constant", 2)]
    run = simulate_steps(ME, [FAST, *meal], times=np.array([0.0, 23.9, 30]), outputs=["liver_pAMPK"])
    assert run["liver_pAMPK"][0, 2] < 0.95 * run["liver_pAMPK"][0, 1]


def lifted(hours: list[float], outputs: list[str]) -> CellRun:
    """Return an hour of resistance exercise that ends at hour 1 of an even diet; times are hours after it."""
    steps = [CellStep(0, "exercise.resistance", 1), CellStep(1, "exercise.resistance", 0)]
    return simulate_steps(ME, steps, times=np.array([0.0, *(1 + h for h in hours)]), outputs=outputs)


def test_resistance_leaves_a_trace_in_synthesis_and_a_smaller_one_in_breakdown() -> None:
    """10.1152/ajpendo.1997.273.1.E99: synthesis + 112, 65 and 34 % at 3, 24 and 48 h, breakdown + 31 and 18 %."""
    names = ["muscle_protein_synthesis", "muscle_proteolysis"]
    run = lifted([3, 24, 48], names)
    synthesis, breakdown = (run[name][0, 1:] / run[name][0, 0] - 1 for name in names)
    assert np.all(synthesis > 0.6 * np.array([1.12, 0.65, 0.34]))
    assert np.all(synthesis < 1.4 * np.array([1.12, 0.65, 0.34]))
    assert 0.05 < breakdown[0] < 0.4
    assert np.all(np.diff(breakdown) < 0)


def test_s6k_remembers_a_bout_and_leucine_is_not_used_up() -> None:
    run = lifted([1, 3, 12], ["muscle_pS6K", "muscle_leucine"])
    assert np.all(run["muscle_pS6K"][0, 1:] > 1.05)
    assert np.all(run["muscle_leucine"][0, 1:] > 0.4 * run["muscle_leucine"][0, 0])
