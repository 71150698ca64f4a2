"""The usual life of a described person runs through the whole body, beside a plan and without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import PlanError, SimulationError
from nadflux.simulation.run import Run

WHO = "man, 45 y, 80 kg, 178 cm, sleeps 6 h, trains 3 times a week"
NAMES = ("muscle_nad", "liver_nad", "plasma_glucose")


def lived(who: str = WHO, plan: str | None = None, **options: object) -> nf.Run:
    alone = {"n": 1, "uncertainty": False, "spread": False, "outputs": NAMES, "posterior": "none"}
    return nf.simulate(who, plan, **{**alone, **options})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def dosed() -> nf.Run:
    return lived(plan="NR 500 mg oral daily for 3 d")


def test_what_runs_beside_a_plan_is_usual_life(dosed: nf.Run) -> None:
    usual = lived(times=dosed.times[dosed.times >= 0])
    beside = dosed.without_plan
    for name in NAMES:
        assert np.allclose(beside[name][:, dosed.times >= 0], usual[name], rtol=2e-3)
    assert dosed["liver_nad"][0, -1] > 1.02 * beside["liver_nad"][0, -1]


def test_who_trains_has_more_in_muscle_than_who_does_not(dosed: nf.Run) -> None:
    untrained = lived("man, 45 y, 80 kg, 178 cm, sleeps 6 h", days=1)
    assert dosed.without_plan["muscle_nad"][0, -1] > untrained["muscle_nad"][0, -1]


def test_usual_life_is_recorded_and_reads_back(dosed: nf.Run, tmp_path: Path) -> None:
    assert str(dosed.record["who"]).endswith("sleep 01:00-07:00, endurance 45 min 3 sessions/week")
    assert dosed.record["run_in_h"] == 672.0 and dosed.times[0] == -24.0
    dosed.save(str(tmp_path / "run.zarr"))
    again = Run.load(str(tmp_path / "run.zarr"))
    assert again.record["who"] == dosed.record["who"]
    assert again.counterfactual is not None and np.array_equal(again.counterfactual, dosed.counterfactual)  # type: ignore[arg-type]


def test_a_cohort_has_habits() -> None:
    cohort = nf.Cohort(2, nf.Distribution(50, 5), habits=("sleep 6 h",))
    run = nf.simulate(cohort, days=1, outputs=["liver_nad"], posterior="none")
    assert run.record["body"] == "whole" and "sleep 6 h" in str(run.record["who"])


def test_what_asks_for_a_body_at_rest_refuses_habits() -> None:
    with pytest.raises(PlanError, match="at rest"):
        nf.resting_fluxes(WHO, n=2)
    with pytest.raises(PlanError, match="at rest"):
        nf.trace(WHO, "NR 500 mg oral once")
    with pytest.raises(SimulationError, match="whole body"):
        lived(body="nad", days=1, outputs=["liver_nad"])
