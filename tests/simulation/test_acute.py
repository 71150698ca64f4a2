"""What a plan of a few days does: peak, area and the hours in which it differs, against a course that is known."""

from __future__ import annotations

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import PlanError, ValueOutOfRangeError
from nadflux.faces.documents.summary import print_run, run_document
from nadflux.simulation import Quantity, Run
from nadflux.simulation.acute import DIFFERS, acute_rows, differing_window, is_acute, over_before_judged
from nadflux.simulation.at_times import values_at
from nadflux.simulation.summary import SHORT, summarise

AMPK = Quantity("muscle_pAMPK", "AMPK phospho-Thr172", "of rest", "muscle", "marker", "assumed")
DEG = Quantity("muscle_J_deg", "autophagic degradation", "%/h", "muscle", "flux", "assumed")
MNA = Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "assumed")
SUM = Quantity("urine_mna_total", "MNA excreted", "umol", "urine", "cumulative", "assumed", "urine_mna")
NAMES = ("muscle_pAMPK", "muscle_J_deg", "urine_mna")
RECORD = {
    "who": "woman, 62 y",
    "plan": "endurance",
    "plan_over_h": 10.75,
    "judged_h": 48.0,
    "run_in_h": 72.0,
    "seed": 0,
}


def bout(last: float = 20.0) -> Run:
    """From hour 10 to `last`, a triangle over a usual life that swings: three times it at hour 12 in two people."""
    times = np.arange(-24.0, 48.1, 0.25)
    usual = 2.0 + np.sin(2 * np.pi * times / 24.0)
    rise = np.interp(times, [10.0, 12.0, last], [0.0, 2.0, 0.0])
    people = np.stack([usual * (1.0 + rise), usual * (1.0 + rise), usual])
    plan = np.stack([people, people, 24.0 * people, np.zeros_like(people)], -1)
    twin = np.stack([np.broadcast_to(usual, people.shape)] * 2 + [24.0 * np.broadcast_to(usual, people.shape)], -1)
    return Run(
        plan, times, (AMPK, DEG, MNA, SUM), RECORD,
        counterfactual=np.concatenate([twin, np.zeros((*people.shape, 1))], -1),
    )  # fmt: skip


def test_peak_area_and_hours() -> None:
    run = bout()
    marker, flux, excretion = acute_rows(run, NAMES)
    usual = run.without_plan.at("muscle_pAMPK", 12.0)[0]
    assert (marker.persons, marker.differing, marker.still) == (3, 2, 0)
    assert marker.furthest_percent[0] == pytest.approx(200.0) and marker.furthest_h[0] == 12.0
    assert marker.peak[0] == pytest.approx(3.0 * usual) and marker.peak_h[0] == 12.0
    assert marker.starts_h[0] == 10.25 and 19.75 <= marker.stops_h[0] <= 20.0
    inside = (run.times >= 10.0) & (run.times <= 20.0)
    twin, plan = run.without_plan["muscle_pAMPK"][0, inside], run["muscle_pAMPK"][0, inside]
    area = np.trapezoid(plan - twin, run.times[inside])
    assert marker.area[0] == pytest.approx(area, rel=1e-3) and marker.area_unit == "of rest h"
    assert marker.area_percent[0] == pytest.approx(100.0 * area / np.trapezoid(twin, run.times[inside]), rel=0.02)
    assert flux.area[0] == pytest.approx(area, rel=1e-3) and flux.area_unit == "%"
    assert excretion.area[0] == pytest.approx(area, rel=1e-3) and excretion.area_unit == "umol"
    assert differing_window(run, [marker, flux]) == (marker.starts_h[1], marker.stops_h[2])


def test_less_than_the_threshold_is_no_difference() -> None:
    run = bout()
    assert run.counterfactual is not None
    for share, differs in ((0.5 * DIFFERS, 0), (3.0 * DIFFERS, 3)):
        near = run.changed(values=run.counterfactual * (1.0 + share))
        rows = acute_rows(near, NAMES)
        assert [row.differing for row in rows] == [differs] * 3
        assert (differing_window(near, rows) is None) == (differs == 0)


def test_what_still_differs_at_the_end_is_said_and_failed_people_are_left_out() -> None:
    run = bout(last=100.0)
    run.values[1, 100:] = np.nan
    (row,) = acute_rows(run, ["muscle_pAMPK"])
    assert (row.persons, row.differing, row.still) == (2, 1, 1)
    assert differing_window(run, [row]) == (10.25, 48.0)


def test_sums_since_the_start_are_left_out() -> None:
    assert acute_rows(bout(), ["urine_mna_total"]) == []


def test_at_rest_the_reference_is_the_start() -> None:
    times = np.arange(0.0, 72.1, 0.25)
    values = 5.0 + np.interp(times, [0.0, 2.0, 12.0, 72.0], [0.0, 5.0, 0.0, 0.0])
    run = Run(values[None, :, None], times, (AMPK,), {**RECORD, "plan_over_h": 0.0, "run_in_h": 0.0})
    (row,) = acute_rows(run, ["muscle_pAMPK"])
    assert (
        row.furthest_percent == (100.0,) * 3
        and row.peak_h == (2.0,) * 3
        and row.area[0] == pytest.approx(30.0, rel=1e-3)
    )
    assert row.stops_h[0] == pytest.approx(12.0, abs=0.25)


@pytest.mark.parametrize(("over", "acute"), [(None, False), (0.0, True), (SHORT, True), (SHORT + 1.0, False)])
def test_a_plan_is_acute_where_it_is_over_within_days(over: float | None, acute: bool) -> None:
    run = bout().changed(record={**RECORD, "plan_over_h": over})
    assert is_acute(run) is acute and not is_acute(run.without_plan)


def test_one_bout_is_not_answered_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    names = ["muscle_pAMPK", "muscle_J_init"]
    run = nf.simulate("woman, 62 y", "endurance 45 min at 70% VO2max once", n=2, outputs=names)
    assert run.record["plan_over_h"] == pytest.approx(10.75) and over_before_judged(run)
    (day,) = summarise(run, ["muscle_pAMPK"])
    assert abs(day.change_percent[0]) < 1.0
    marker, flux = acute_rows(run, names)
    ratio = run["muscle_pAMPK"] / run.without_plan["muscle_pAMPK"]
    assert marker.furthest_percent[2] == pytest.approx(100.0 * (ratio.max() - 1.0)) and ratio.max() > 1.3
    assert 10.0 <= marker.starts_h[1] <= marker.furthest_h[0] <= 10.75 and marker.stops_h[2] < 14.0
    assert flux.area[0] > 0.0 and marker.area[0] > 0.0
    print_run(run, names)
    printed = capsys.readouterr().out
    assert "while the plan makes a difference" in printed and "0 (0 to 0)" not in printed and "day 2" not in printed
    document = run_document(run, names)["while_it_differs"]
    assert document["differs_from_share"] == DIFFERS and document["rows"][0]["id"] == "muscle_pAMPK"
    assert document["rows"][0]["furthest_percent"]["median"] == marker.furthest_percent[0]


def test_a_plan_without_end_and_one_of_weeks_are_not_acute() -> None:
    asked = {"n": 1, "outputs": ["whole_blood_nad"]}
    for plan, days in (("NR chloride 500 mg oral daily", 3), ("NR chloride 500 mg oral daily for 4 weeks", 5)):
        run = nf.simulate("woman, 62 y", plan, days=days, **asked)  # type: ignore[arg-type]
        assert not is_acute(run) and "while_it_differs" not in run_document(run, ["whole_blood_nad"])


def test_values_at_times() -> None:
    run = bout()
    first, second = values_at(run, ["muscle_pAMPK"], [12.0, "day 2 08:00"])
    assert (first.time_h, second.time_h) == (12.0, 24.0)
    assert first.change_percent[0] == pytest.approx(200.0) and second.change_percent[0] == pytest.approx(0.0)
    assert first.value[0] == pytest.approx(3.0 * first.reference[0])
    with pytest.raises(ValueOutOfRangeError, match="not within the run"):
        values_at(run, ["muscle_pAMPK"], ["3 d"])
    with pytest.raises(PlanError, match="not a time"):
        values_at(run, ["muscle_pAMPK"], ["later"])


def test_a_run_as_text_holds_the_peak_too() -> None:
    run = bout()
    text = str(run)
    assert "while it differs" in text and "+200" in text and "usual life" in text
    alone = str(run.without_plan.changed(record={**RECORD, "plan_over_h": None}))
    assert "change" not in alone and "mean, day 2" in alone and "lowest" in alone
