"""What is eaten: niacin equivalents in, methyl products out, and depletion."""

from __future__ import annotations

import numpy as np
import pytest

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
