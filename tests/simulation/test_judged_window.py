"""One window for table and verdict; what swings over the day is no change."""

from __future__ import annotations

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import PlanError, ValueOutOfRangeError
from nadflux.faces.documents.summary import run_document
from nadflux.kinds import Change, KindError
from nadflux.notes import NoteCode
from nadflux.simulation import Quantity, Run
from nadflux.simulation.judged_window import Window, judged_window
from nadflux.simulation.summary import days_of_drift, drift, ranges, summarise

WHO = "woman, 62 y, 70 kg"
DEG = Quantity("liver_J_deg", "autophagic degradation", "%/h", "liver", "flux", "assumed")
FLUXES = ("body_J_deg", "liver_J_init", "urine_mna")
SHOWN = (*FLUXES, "plasma_insulin", "muscle_pAMPK", "whole_blood_nad", "plasma_nam", "liver_glycogen")


def days(of: float) -> Run:
    times = np.arange(-24.0, 24.0 * of + 0.1, 0.5)
    usual = np.broadcast_to(2.0 + np.sin(2 * np.pi * times / 24.0), (3, times.size))[..., None]
    plan = np.where(((times > 30.0) & (times <= 36.0))[None, :, None], 2.0 * usual, usual)
    return Run(plan, times, (DEG,), {"run_in_h": 72.0}, counterfactual=usual)


def test_the_window_of_a_run_and_those_that_are_asked_for() -> None:
    run = days(3)
    assert judged_window(run) == (48.0, 72.0) and judged_window(run).name == "day 3"
    assert judged_window(run, "day 2 14:00 to 20:00") == (30.0, 36.0) == judged_window(run, (30, 36))
    assert judged_window(run.changed(record={"judged_h": 60.0})) == (36.0, 60.0)
    names = [Window(*hours).name for hours in ((36.0, 60.0), (24.0, 96.0), (6.0, 6.0))]
    assert names == ["hours 36 to 60", "days 2 to 4", "hour 6"]


@pytest.mark.parametrize("window", [(60.0, 80.0), (-30.0, 5.0), (9.0, 3.0), (float("nan"), 5.0)])
def test_a_window_lies_within_the_run(window: tuple[float, float]) -> None:
    with pytest.raises(ValueOutOfRangeError, match="give"):
        judged_window(days(3), window)
    with pytest.raises(PlanError, match="does not say"):
        judged_window(days(3), "tomorrow")


def test_figures_and_verdict_over_a_window() -> None:
    run = days(3)
    (row,) = summarise(run, window="day 2 14:00 to 20:00")
    assert row.window == (30.0, 36.0) and row.change_percent[0] == pytest.approx(100.0, abs=15.0)
    assert summarise(run)[0].change_percent == (0.0, 0.0, 0.0)
    verdict = run.verdict("liver_J_deg", window=(30.0, 36.0))
    assert verdict == Change.UP and verdict == "up" and verdict.row == row and "hours 30 to 36" in str(verdict)
    assert run.verdict("liver_J_deg") == Change.EQUAL and run.verdict("liver_J_deg").window.name == "day 3"
    assert run.verdict("liver_J_deg", 36.0).window == (12.0, 36.0)


@pytest.mark.parametrize(
    "plan", ["fast 36 h", "endurance 45 min at 70% VO2max once", "NR chloride 1 g oral daily for 10 d"]
)
@pytest.mark.parametrize("window", [None, (2.0, 20.0)])
def test_the_verdict_is_that_of_the_table(plan: str, window: Window | None) -> None:
    run = nf.simulate(WHO, plan, n=3, outputs=["urine_mna", "whole_blood_nad", *(FLUXES if "NR" not in plan else ())])
    rows = {row.quantity.id: row for row in summarise(run, window=window)}
    document = {row["id"]: row for row in run_document(run, list(rows), window=window)["rows"]}
    for name, row in rows.items():
        if row.quantity.kind != "flux":
            with pytest.raises(KindError):
                run.verdict(name, window=window)
            assert document[name]["verdict"] is None
            continue
        verdict = run.verdict(name, window=window)
        assert verdict.row == row and verdict.window == row.window
        assert document[name]["verdict"] == verdict.change.value
        assert document[name]["window_h"] == list(verdict.window)
        assert document[name]["change_percent"]["median"] == verdict.row.change_percent[0]
        limit = abs(row.change_percent[0])
        assert (verdict == Change.EQUAL) == (limit <= 20.0)


@pytest.mark.parametrize(
    ("habits", "days"),
    [("trains 3 times a week", 2), ("sleeps 6 h", 1.5), ("vegetarian", 1), ("16:8 eating window", 8),
     ("endurance 45 min at 70% VO2max daily, sleeps 5 h", 2)],
)  # fmt: skip
@pytest.mark.parametrize("who", ["woman, 62 y", "man, 30 y, 80 kg"])
def test_without_a_plan_nothing_changes(who: str, habits: str, days: float) -> None:
    run = nf.simulate(f"{who}, {habits}", n=2, days=days, outputs=SHOWN)
    for row in summarise(run):
        assert row.baseline == row.end and row.change_percent == (0.0, 0.0, 0.0)
        (low, high) = ranges(run, [row.quantity.id])[row.quantity.id]
        assert low[0] <= row.end[0] <= high[0]
    assert all(run.verdict(name) == Change.EQUAL for name in FLUXES)
    printed = run_document(run, SHOWN)
    assert all(row["change_percent"]["median"] == 0.0 for row in printed["rows"])
    assert "lowest" in printed["rows"][0] and "themselves" in printed["compared_with"]
    assert NoteCode.OWN_USUAL_LIFE.value in [code for code, _ in printed["note_codes"]]
    assert "while_it_differs" not in printed


def test_a_person_at_rest_without_a_plan_stays_there() -> None:
    run = nf.simulate("man, 30 y", n=2, days=3, body="whole", outputs=SHOWN)
    for row in summarise(run):
        assert np.allclose(row.change_percent, 0.0, atol=1e-3)


def test_the_drift_of_usual_life_alone_is_told_between_equal_days() -> None:
    run = days(3)
    alone = run.without_plan
    assert days_of_drift(alone) == (1.0, 3.0)
    assert drift(alone, "liver_J_deg") == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)


def test_what_is_set_is_seen_in_usual_life_without_a_plan() -> None:
    asked = {"n": 1, "days": 2, "outputs": ["liver_mTORC1", "body_J_deg"], "uncertainty": False, "spread": False}
    plain = nf.simulate("woman, 62 y, sleeps 6 h", **asked)  # type: ignore[arg-type]
    drug = nf.simulate("woman, 62 y, sleeps 6 h", set={"drugs.rapamycin": "0.1 µM"}, **asked)  # type: ignore[arg-type]
    assert drug.lived and not plain.lived
    # One is the day that repeats, the other the same day integrated on.
    assert drug.without_plan.values == pytest.approx(plain.values, rel=1e-6)
    assert summarise(drug, ["liver_mTORC1"])[0].change_percent[0] < -5.0
