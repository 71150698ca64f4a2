"""What is eaten: niacin equivalents in, methyl products out, and depletion."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench

from nadflux.simulation import Run, simulate

WOMAN = "woman, 24 y, 55 kg"
OUT = ("mna", "2py", "4py", "nua", "na", "nam", "nad")


def _run(plan: str | None, days: float) -> Run:
    return simulate(WOMAN, plan, n=1, times=(0.0, 24.0 * days), uncertainty=False, spread=False)


def _excreted(run: Run) -> np.ndarray:
    """µmol/day of all products at each time."""
    ids = [q.id for q in run.quantities]
    return np.asarray(sum(run.values[0, :, ids.index(f"urine_{name}")] for name in OUT))


def test_fifteen_milligrams_in_are_about_120_micromoles_out() -> None:
    run = _run("diet 15 mg NE daily for 120 days", 120)
    assert _excreted(run)[-1] == pytest.approx(120.0, rel=0.1)
    assert run.record["balance"]["NAD"] < 1e-9


def test_the_usual_diet_returns_after_the_plan() -> None:
    run = simulate(
        WOMAN, "diet 6.1 mg NE daily for 20 days", n=2, times=(0.0, 480.0, 4800.0), uncertainty=False, seed=3
    )
    twopy = run.values[:, :, [q.id for q in run.quantities].index("urine_2py")]
    assert np.all(twopy[:, 1] < 0.6 * twopy[:, 0])
    assert np.allclose(twopy[:, 2], twopy[:, 0], rtol=0.03)  # each person to her own usual diet


def test_depletion_lowers_urine_before_blood() -> None:
    run = _run("diet 6.1 mg NE daily for 35 days", 35)
    ids = [q.id for q in run.quantities]
    urine, blood = (run.values[0, :, ids.index(name)] for name in ("urine_2py", "whole_blood_nad"))
    assert urine[1] / urine[0] < 0.5
    assert urine[1] / urine[0] < blood[1] / blood[0] < 1.0


def test_much_tryptophan_fails_nobody_whatever_their_yield(bench: Bench) -> None:
    """Who makes less of it than the definition books the rest apart: what was eaten never falls below zero."""
    people = np.vstack([bench.typical(diet__tryptophan__per_NE=n) for n in (40.0, 60.0, 90.0)])
    dose = 5000.0 / 60.0 / 0.12212  # µmol of niacin equivalents in five grams
    run = bench.run(people, [(0.0, "gut_lumen.Trp", dose)], [0.0, 2.0, 72.0])
    assert np.all(np.diff(run["diet__eaten"], axis=1) > 0)
    short = run["gut_lumen__Trp_short"][:, 2] * 0.25
    assert short == pytest.approx([0.0, 0.0, dose / 3.0], rel=1e-3, abs=1e-9)
    made = run["urine_2py_total"][:, 2]
    assert made[0] > made[1] > made[2]
