"""A validation end to end on a body of which the answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nadflux.faces.documents.validation import validation_document, write_rows
from nadflux.faces.report.components import components_text
from nadflux.faces.report.validation import validation_text
from nadflux.network.tables import Observable
from nadflux.studies import parse_study
from nadflux.studies.published.measurement import read_measurement
from nadflux.studies.published.result import Report
from nadflux.studies.published.schema import Arm, StudyPopulation
from nadflux.studies.published.validate import validate

OBSERVABLES = (
    Observable("whole_blood_nad", "NAD+", "whole blood", "level", "uM", "x", ""),
    Observable("plasma_nam", "NAM", "plasma", "level", "uM", "x", ""),
    Observable("skin_nad", "NAD+", "skin", "level", "uM", "x", ""),
    Observable("urine_mna", "MNA excretion", "urine", "flux", "umol/day", "x", "", "MNA"),
    Observable("urine_2py", "2PY excretion", "urine", "flux", "umol/day", "x", "", "2PY"),
    Observable("urine_mna_total", "excreted MNA", "urine", "cumulative", "umol", "x", "", "", "urine_mna"),
    Observable("urine_2py_total", "excreted 2PY", "urine", "cumulative", "umol", "x", "", "", "urine_2py"),
)
DOSE = 1000.0
BLOOD = "observable: NAD+, matrix: whole blood, at: 7 d"
PLASMA = "observable: NAM, matrix: plasma"
URINE = "observable: 2PY, matrix: urine"
RISE = f"{{arm: drug, {BLOOD}, kind: sign, from: baseline, value: up, tier: read}}"


class _Values:
    counterfactual: _Values | None = None

    def __init__(self, time: np.ndarray, rise: float) -> None:
        self.time = time
        random = np.random.default_rng(3)
        self._level = np.exp(random.normal(0, 0.05, (12, 1, 1)) + random.normal(0, 0.1, (12, 4, 1)))
        self._rise = rise
        self.age = np.broadcast_to(np.linspace(30.0, 60.0, 4), (12, 4))

    def __getitem__(self, observable: str) -> np.ndarray:
        time = np.broadcast_to(self.time, (*self._level.shape[:2], self.time.size))
        treated = time > 0
        return {
            "whole_blood_nad": 30 * self._level * np.where(treated, 1 + self._rise, 1.0),
            "plasma_nam": 100 * self._level * np.exp(-0.3 * time),
            "urine_mna": 40 * self._level + 0 * time,
            "skin_nad": 50 * self._level[:, :1] * np.exp(-0.01 * self.age[..., None]) + 0 * time,
            "urine_2py": 160 * self._level + 0 * time,
            "urine_mna_total": 40 / 24 * self._level * time + 0.1 * DOSE * self._rise * treated,
            "urine_2py_total": 160 / 24 * self._level * time + 0.4 * DOSE * self._rise * treated,
        }[observable]

    def dose(self, start: float, end: float) -> float:
        return DOSE if start <= 0 < end else 0.0


class _Body:
    observables = OBSERVABLES

    def __init__(self) -> None:
        self.asked: list[str] = []

    @property
    def record(self) -> dict[str, Any]:
        return {"text": "test"}

    def dose_at(self, plan: str, hours: float) -> float:
        return 0.0 if plan == "none" else 1000.0

    def is_trait(self, observable: Observable) -> bool:
        return False

    def run(
        self, arm: Arm, population: StudyPopulation, observables: Sequence[str], times: np.ndarray, fewest: int = 2
    ) -> _Values:
        self.asked.append(arm.id)
        return _Values(times, 0.0 if arm.untreated else 1.0)


def _report(observations: str, **options: Any) -> Report:
    text = f"""\
id: Test
citation: {{text: a test}}
population: {{n: 20}}
arms:
  - {{id: drug, plan: NR chloride 500 mg oral daily for 8 weeks, n: 20}}
  - {{id: placebo, plan: none, n: 20}}
  - {{id: niacin, plan: NA 10 mg oral daily for 5 days, n: 20}}
  - {{id: training, intervention: resistance training}}
observations:
{observations}
use: validation
"""
    explained = replace(read_measurement(), unexplained=None)
    return validate([parse_study(text)], _Body(), people=4, draws=12, seed=1, measurement=explained, **options)


@pytest.mark.parametrize(("value", "inside"), [("down", True), ("up", False)])
def test_change_with_age_is_the_slope_over_the_people_of_an_arm(value: str, inside: bool) -> None:
    row = f"observable: NAD+ against age, matrix: skin, at: 0 h, kind: sign, from: baseline, value: {value}"
    found = _report(f"  - {{arm: placebo, {row}, tier: read}}").rows[0]
    assert found.predicted == "down" and found.inside is inside
    assert found.low is not None and found.high is not None
    assert found.low < -1.0 < found.high < 0.0  # 1 % a year, with the noise of the assay about it


@pytest.mark.parametrize(("band", "inside"), [(5, False), (40, True)])
def test_no_change_with_age_is_judged_by_the_change_over_all_ages(band: float, inside: bool) -> None:
    row = f"observable: NAD+ against age, matrix: skin, at: 0 h, kind: sign, from: baseline, value: none, band: {band}"
    found = _report(f"  - {{arm: placebo, {row}, tier: read}}").rows[0]
    # 1 % a year over thirty years, against what the study could have told from none.
    assert found.detectable_percent == max(band, 10)
    assert found.null == ("informative" if band < 30 else "uninformative")
    assert found.predicted == ("none" if inside else "down") and found.inside is (None if inside else False)


def test_people_of_one_age_show_no_change_with_age() -> None:
    from nadflux.studies.published.derived_endpoints import slope_over_age

    levels = np.random.default_rng(1).lognormal(size=(3, 8))
    assert np.isnan(slope_over_age(levels, np.full((3, 8), 45.0), 0.05).centre).all()


def test_slope_over_age_finds_what_was_put_in() -> None:
    from nadflux.studies.published.derived_endpoints import slope_over_age

    age = np.linspace(20.0, 80.0, 7)[None, :]
    found = slope_over_age(30.0 * np.exp(-0.02 * age), age, 0.0)
    np.testing.assert_allclose(found.centre, [-2.0], rtol=1e-12)
    np.testing.assert_allclose(found.variance, [0.0], atol=1e-20)
    noisy = slope_over_age(30.0 * np.exp(-0.02 * age), age, 0.1)
    np.testing.assert_allclose(noisy.variance / 7, [(100 * 0.1) ** 2 / np.sum((age - age.mean()) ** 2)], rtol=1e-12)


def test_apparent_clearance_is_dose_over_area() -> None:
    row = "observable: NAM apparent clearance, matrix: plasma, at: 24 h, window: 0 h to 24 h, kind: value"
    found = _report(f"  - {{arm: drug, {row}, value: 3, unit: L/h, tier: read}}").rows[0]
    assert found.predicted == pytest.approx(DOSE / (100 / 0.3), rel=0.1)


def test_tryptophan_is_compared_with_niacin_by_what_comes_out_more() -> None:
    row = "observable: tryptophan per niacin equivalent, matrix: urine, at: 4 d, window: 0 h to 96 h, kind: value"
    found = _report(f"  - {{arm: drug, {row}, from: niacin, value: 1.66, unit: mg/mg, tier: read}}").rows[0]
    assert found.predicted == pytest.approx(204.23 / 123.11, rel=1e-3)  # both arms give out the same share
    wrong = _report(f"  - {{arm: drug, {row}, from: baseline, value: 1.66, unit: mg/mg, tier: read}}").rows[0]
    assert wrong.status == "error" and "the id of the arm that took niacin" in wrong.reason


def test_a_derived_figure_needs_its_window() -> None:
    row = "observable: NAM apparent clearance, matrix: plasma, at: 24 h, kind: value, value: 3, unit: L/h"
    found = _report(f"  - {{arm: drug, {row}, tier: read}}").rows[0]
    assert found.status == "error" and "needs a window" in found.reason


@pytest.mark.parametrize(
    ("row", "predicted", "inside"),
    [
        (f"{BLOOD}, kind: change, from: baseline, value: 100, unit: '%'", 100, True),
        (f"{BLOOD}, kind: change, from: placebo, value: 100, unit: '%'", 100, True),
        (f"{BLOOD}, kind: ratio, from: baseline, value: 3, unit: fold", 2, False),
        (f"{BLOOD}, kind: value, value: 0.06, unit: mM", 0.06, True),
        (f"{PLASMA}, window: 0 h to 12 h, kind: half-life, value: 2.0, unit: h", 2.31, False),
        (
            f"{PLASMA}, window: 0 h to 6 h, kind: peak, value: 12.2, unit: µg/mL, molar_mass: 122.1",
            12.2,
            True,
        ),
        ("observable: 2PY/MNA, matrix: urine, at: 0 h, kind: value, value: 4, unit: ratio", 4, True),
        (f"{URINE}, window: 0 h to 96 h, kind: auc, from: baseline, value: 40, unit: '% of dose'", 40, True),
        (f"{URINE}, at: 0 h, kind: value, value: 160, unit: µmol/d", 160, True),
    ],
)
def test_known_answers(row: str, predicted: float, inside: bool) -> None:
    report = _report(f"  - {{arm: drug, {row}, tier: read}}")
    found = report.rows[0]
    assert found.status == "predicted", found.reason
    assert found.predicted == pytest.approx(predicted, rel=0.05)
    assert found.low is not None and found.high is not None
    assert found.low <= found.predicted <= found.high  # type: ignore[operator]
    assert found.inside is inside
    assert found.fold_error is not None and found.fold_error >= 1


def test_signs_and_bounds() -> None:
    nad = f"arm: drug, {BLOOD}"
    bound = f"{nad}, kind: bound, of: change, from: baseline"
    report = _report(
        f"  - {RISE}\n"
        f"  - {{{nad}, kind: sign, from: placebo, value: none, tier: read}}\n"
        f"  - {{arm: placebo, {BLOOD}, kind: sign, from: baseline, value: none, tier: read}}\n"
        f"  - {{{bound}, bound: at most, value: 50, unit: '%', tier: read}}\n"
        f"  - {{{bound}, bound: at least, value: 50, unit: '%', tier: read}}\n"
    )
    assert [row.inside for row in report.rows] == [True, False, True, False, True]
    assert report.rows[0].probability == 1.0
    totals = report.totals()["validation"]
    assert totals["signs"] == {"rows": 2, "hits": 1, "misses": 1}
    assert (totals["nulls"]["rows"], totals["nulls_by_construction"], totals["nulls_uninformative"]) == (1, 1, 0)
    assert "1 true by construction" in validation_text(report)
    assert report.totals()["validation"]["bounds"] == {"rows": 2, "hits": 1, "misses": 1}


def test_what_is_not_modelled_says_so() -> None:
    report = _report(
        f"  - {RISE.replace('whole blood', 'brain')}\n"
        f"  - {RISE.replace('drug', 'training')}\n"
        f"  - {{arm: drug, {PLASMA}, at: 1 h, kind: sign, from: training, value: up, tier: read}}\n"
    )
    assert [row.status for row in report.rows] == ["not modelled"] * 3
    assert all(row.reason and row.predicted is None for row in report.rows)
    assert report.totals()["validation"]["not_modelled"] == 3
    assert report.totals()["validation"]["scored"] == 0


def test_recalled_rows_are_shown_not_scored() -> None:
    report = _report(f"  - {{arm: drug, {BLOOD}, kind: ratio, from: baseline, value: 9, unit: fold, tier: recalled}}\n")
    assert report.rows[0].inside is False
    assert report.totals()["validation"]["numeric"]["rows"] == 0
    assert report.totals()["validation"]["shown_not_scored"] == 1


def test_a_unit_that_does_not_fit_ends_its_row_and_not_the_run() -> None:
    row = f"  - {{arm: drug, {PLASMA}, at: 1 h, kind: value, value: 1, unit: µg/mL, tier: read}}"
    report = _report(f"{row}\n  - {RISE}")
    wrong, right = report.rows
    assert wrong.status == "error" and "unit 'µg/mL' does not fit 'uM'" in wrong.reason and "molar_mass" in wrong.reason
    assert right.status == "predicted"
    total = report.totals()["validation"]
    assert (total["errors"], total["not_modelled"], total["scored"]) == (1, 0, 1)
    text = validation_text(report)
    assert "Mistakes in study files (1 rows)" in text and "1 with a mistake" in text


def test_people_who_failed_and_conditions_that_do_not_act_are_in_the_text() -> None:
    class Failing(_Body):
        @property
        def record(self) -> dict[str, Any]:
            return {"failures": ["arm drug: person 3 at 2 h, x: too small", "arm drug: person 5 at 2 h, x: too small"]}

    text = (
        "id: T\ncitation: {text: a test}\npopulation: {n: 5, conditions: [overweight], medicines: [metformin]}\n"
        f"arms: [{{id: drug, plan: NR 1 mg oral once}}]\nobservations:\n  - {RISE}\nuse: validation\n"
    )
    report = validate([parse_study(text)], Failing(), people=4, draws=12, seed=1)
    printed = validation_text(report)
    assert "2 simulated people failed and are left out of their arms; the first: arm drug: person 3" in printed
    assert "do not act on the simulated people: T: overweight, metformin." in printed
    assert "failed" not in validation_text(_report(f"  - {RISE}"))


def test_competitor_is_scored_on_the_same_rows() -> None:
    report = _report(
        f"  - {{arm: drug, {BLOOD}, kind: change, from: baseline, value: 100, unit: '%', tier: read}}\n"
        f"  - {{arm: drug, {PLASMA}, window: 0 h to 6 h, kind: peak, value: 100, unit: µM, tier: read}}\n"
    )
    compared = report.totals()["validation"]["compared"]
    assert compared["rows"] == 1 and [line["analyte"] for line in compared["by_analyte"]] == ["NAD+"]
    assert compared["model"]["mean_crps"] < compared["power_law"]["mean_crps"]
    assert "side by side on 1 figures: model" in validation_text(report)


def test_standardised_errors_and_coverage_of_every_kind_of_rows_are_printed() -> None:
    rows = "".join(
        f"  - {{arm: drug, {BLOOD}, kind: change, from: baseline, value: {value}, unit: '%', tier: read}}\n"
        for value in (95, 100, 105, 300)
    )
    report = _report(rows)
    assert [round(row.pit or 0.0) for row in report.rows] == [0, round(report.rows[1].pit or 0.0), 1, 1]
    found = report.totals()["validation"]["numeric"]["honesty"]
    assert found["figures"] == 4 and found["sd"] > 2 and found["coverage"]["90"] <= 75 and sum(found["pit"]) == 4
    assert "standardised errors of 4 figures: standard deviation" in validation_text(report)


def test_stopping_keeps_finished_studies() -> None:
    assert not _report(f"  - {RISE}").interrupted
    stopped = _report(f"  - {RISE}", progress=lambda done, total, name: False)
    assert stopped.interrupted and stopped.rows == ()


def test_ctrl_c_keeps_finished_studies(tmp_path: Path) -> None:
    def press(done: int, total: int, name: str) -> bool:
        if done == 1:
            raise KeyboardInterrupt
        return True

    text = (
        "id: {}\ncitation: {{text: a test}}\npopulation: {{n: 5}}\n"
        "arms: [{{id: drug, plan: NR 1 mg oral once}}]\nobservations:\n  - {}\nuse: validation\n"
    )
    studies = [parse_study(text.format(name, RISE)) for name in ("One", "Two")]
    report = validate(studies, _Body(), people=4, draws=12, seed=1, progress=press)
    assert report.interrupted
    assert [r.study for r in report.rows] == ["One"]
    text = validation_text(report)
    head = text.index("PARTIAL (1 of 2 studies): interrupted")
    assert head < text.index("PARTIAL (1 of 2 studies) VALIDATION")
    assert "PARTIAL" not in validation_text(replace(report, interrupted=False))
    assert validation_document(report)["studies"] == {"finished": 1, "wanted": 2}
    assert write_rows(report, tmp_path / "rows.csv") == tmp_path / "rows.part.csv"
    assert [path.name for path in tmp_path.iterdir()] == ["rows.part.csv"]
    last = (tmp_path / "rows.part.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("part,") and "1 of 2 studies, interrupted" in last


def test_each_arm_is_simulated_once() -> None:
    body = _Body()
    text = (
        "id: T\ncitation: {text: a test}\npopulation: {n: 5}\n"
        "arms: [{id: drug, plan: NR 1 mg oral once}, {id: placebo, plan: none}]\n"
        f"observations:\n  - {RISE}\n  - {RISE.replace('baseline', 'placebo')}\nuse: validation\n"
    )
    validate([parse_study(text)], body, people=4, draws=12, seed=1)
    assert sorted(body.asked) == ["drug", "placebo"]


def test_frozen_blood_reads_less() -> None:
    level = "arm: placebo, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 30, unit: µM"
    rows = "".join(f"  - {{{level}, storage: {storage}, tier: read}}\n" for storage in ("fresh", "-80 °C"))
    fresh, frozen = _report(rows).rows
    kept = read_measurement().retained("whole blood", "-80 °C")
    assert frozen.predicted == pytest.approx(fresh.predicted * kept, rel=0.01)  # type: ignore[operator]


def _calibrated(left_out: Any) -> Report:
    text = f"""\
id: Fitted
citation: {{text: a test}}
population: {{n: 20}}
arms: [{{id: drug, plan: NR chloride 500 mg oral daily for 8 weeks, n: 20}}]
observations:
  - {{arm: drug, {BLOOD}, kind: change, from: baseline, value: 100, unit: '%', tier: read}}
  - {{arm: drug, {BLOOD}, kind: change, from: baseline, value: 90, unit: '%', tier: read}}
  - {{arm: drug, {BLOOD}, kind: change, from: baseline, value: 110, unit: '%', tier: read}}
use: calibration
"""
    other = text.replace("Fitted", "Other")
    studies = [parse_study(text), parse_study(other)]
    explained = replace(read_measurement(), unexplained=None)
    return validate(studies, _Body(), people=4, draws=12, seed=1, left_out=left_out, measurement=explained)


def test_left_out_rows_stand_beside_the_fit_and_count_on_their_own() -> None:
    def left_out(study: str) -> Any:
        return (_Body(), read_measurement()) if study == "Fitted" else None

    report = _calibrated(left_out)
    assert [row.use for row in report.rows] == ["calibration"] * 3 + ["left out"] * 3 + ["calibration"] * 3
    totals = report.totals()
    assert [totals[use]["scored"] for use in ("calibration", "validation", "left_out", "seen")] == [6, 0, 3, 0]
    assert totals["left_out"]["studies_not_left_out"] == ["Other"]
    fitted, left = report.rows[0], report.rows[3]
    assert left.width is not None and fitted.width is not None
    assert left.width > 2 * fitted.width
    text = validation_text(report)
    assert "LEFT OUT" in text and "not left out of any fit, so absent here: Other" in text


def test_what_was_seen_before_the_freeze_is_no_validation_and_in_no_total_of_it() -> None:
    report = _report(f"  - {RISE}", why_not=lambda study: f"seen before the freeze: {study.id}")
    assert [(row.use, row.standing) for row in report.rows] == [("seen", "seen before the freeze: Test")]
    totals = report.totals()
    assert (totals["seen"]["scored"], totals["validation"]["scored"], totals["left_out"]["scored"]) == (1, 0, 0)
    text = validation_text(report)
    assert "Test (seen)" in text and "seen before the freeze: Test" in text
    assert [row.use for row in _report(f"  - {RISE}", why_not=lambda study: "").rows] == ["validation"]


def test_the_power_law_of_a_left_out_study_has_not_seen_it() -> None:
    class Doses(_Body):
        def dose_at(self, plan: str, hours: float) -> float:
            return float(plan.split()[2])

    def study(name: str, rises: Sequence[float]) -> Any:
        arms = "".join(
            f"  - {{id: a{k}, plan: NR chloride {100 * 10**k} mg oral daily for 8 weeks, n: 20}}\n" for k in range(3)
        )
        rows = "".join(
            f"  - {{arm: a{k}, {BLOOD}, kind: change, from: baseline, value: {rise}, unit: '%', tier: read}}\n"
            for k, rise in enumerate(rises)
        )
        return parse_study(
            f"id: {name}\ncitation: {{text: a test}}\npopulation: {{n: 20}}\narms:\n{arms}observations:\n{rows}"
            "use: calibration\n"
        )

    studies = [study("Steep", (1, 10, 100)), study("Flat", (50, 50, 50))]
    report = validate(studies, Doses(), people=4, draws=12, seed=1, left_out=lambda _: (Doses(), read_measurement()))
    found = {row.study: row for row in report.rows if row.use == "left out" and row.arm == "a2"}
    for name in ("law_predicted", "median_predicted"):
        assert getattr(found["Steep"], name) == pytest.approx(50, rel=0.05)
    assert found["Flat"].law_predicted > found["Steep"].law_predicted * 1.2
    assert found["Flat"].median_predicted == pytest.approx(100)
    assert found["Flat"].dose_at_sampling == 10_000


def test_sources_of_spread_are_shown_apart_and_make_up_the_whole() -> None:
    row = _report(f"  - {{arm: drug, {BLOOD}, kind: value, value: 60, unit: µM, tier: read}}").rows[0]
    reach = {
        name: np.log(getattr(row, f"{name}_high") / getattr(row, f"{name}_low"))
        for name in ("parameters", "people", "assay", "studies", "model")
    }
    assert (
        reach["model"] == reach["studies"] == 0 and min(reach[name] for name in ("parameters", "people", "assay")) > 0
    )
    whole = np.sqrt(sum(value**2 for value in reach.values()))
    assert np.log(row.high / row.low) == pytest.approx(whole, rel=0.1)
    assert "who took part" in components_text(_report(f"  - {RISE}"))


def test_the_assay_table_takes_what_a_fit_found_of_storage() -> None:
    shipped = read_measurement()
    record = {
        "measurement": {"whole blood.storage.retained -80 °C": [0.74, 0.76, 0.79]},
        "unexplained": {"sd": {"heterogeneity.ratio": 0.11}, "pairs": {"ratio | pbmc_nad | NR": 0.05}},
    }
    fitted = shipped.fitted(record)
    assert fitted.retained("whole blood", "-80 °C") == 0.76
    assert fitted.retained_sd("whole blood", "-80 °C") < shipped.retained_sd("whole blood", "-80 °C")
    assert fitted.retained("whole blood", "-20 °C") == shipped.retained("whole blood", "-20 °C")
    assert fitted.unexplained is not None and shipped.unexplained is not None
    assert fitted.unexplained.learned and not shipped.unexplained.learned
    assert fitted.unexplained.sd["heterogeneity.ratio"] == 0.11
    assert fitted.unexplained.sd["discrepancy.ratio"] == shipped.unexplained.sd["discrepancy.ratio"]


def test_a_fault_found_while_predicting_names_its_row_and_a_wrong_matrix_its_nearest() -> None:
    row = "observable: NAM, matrix: plasma, window: 0 h to 6 h, kind: peak, value: 1, unit: kg, tier: read"
    wrong = _report(f"  - {{arm: drug, {row}}}").rows[0]
    assert wrong.study == "Test" and wrong.reason.startswith("arm drug, NAM in plasma")
    typo = (
        "observable: NAD+, matrix: whole blod, at: 7 d, kind: change, from: baseline, value: 5, unit: '%', tier: read"
    )
    assert _report(f"  - {{arm: drug, {typo}}}").rows[0].reason.endswith("did you mean matrix 'whole blood'?")
