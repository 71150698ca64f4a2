"""Studies against the shipped body from Python: the same door as the command's."""

from __future__ import annotations

from nadflux.studies import parse_study
from nadflux.studies.published.published import shipped_calibration
from nadflux.studies.published.validate_body import validate_body

STUDY = """\
id: Example
citation: {text: an example}
population: {n: 20, age: {mean: 50, sd: 8}}
arms: [{id: all, plan: none}]
observations:
  - {arm: all, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 30, unit: µM, tier: read}
use: validation
"""


def test_rows_are_predicted_and_what_must_be_said_of_the_posterior_is_told() -> None:
    told: list[str] = []
    report = validate_body([parse_study(STUDY)], people=2, draws=4, seed=3, posterior="none", tell=told.append)
    (row,) = report.rows
    assert row.status == "predicted" and row.low is not None and row.high is not None and row.low < row.high
    assert (report.people, report.draws, report.seed) == (2, 4, 3)
    assert len(told) == 1 and "priors" in told[0]


def test_what_only_the_whole_body_has_is_predicted_on_it() -> None:
    level = "observable: glucose, matrix: plasma, at: 0 h, kind: value, value: 5, unit: mM, tier: read"
    text = STUDY.replace("use: validation", f"  - {{arm: all, {level}}}\nuse: validation")
    report = validate_body([parse_study(text)], people=2, draws=2, posterior="none")
    blood, glucose = report.rows
    assert blood.status == glucose.status == "predicted"
    assert isinstance(glucose.predicted, float) and 3.5 < glucose.predicted < 7.0
    assert report.record["lived"]["people"] == 2


def _row(fields: str) -> str:
    return f"  - {{arm: all, {fields}, tier: read}}\n"


def test_activity_of_nampt_and_uptake_of_oxygen_go_by_the_names_that_trials_use() -> None:
    change = "observable: NAMPT activity, matrix: skeletal muscle, at: 1 h, kind: change, from: baseline, value: 0"
    trait = "observable: VO2max, matrix: whole body, at: 1 h"
    rows = [
        f"{change}, unit: '%'",
        f"{trait}, kind: value, value: 38, unit: mL/kg/min",
        f"{trait}, kind: change, from: baseline, value: 5, unit: '%'",
        f"{trait}, kind: correlation, value: down, against: {{observable: age}}",
    ]
    text = STUDY.replace("use: validation", "".join(map(_row, rows)) + "use: validation")
    report = validate_body([parse_study(text)], people=2, draws=2, posterior="none")
    _, nampt, level, moved, with_age = report.rows
    assert nampt.status == "predicted" and abs(float(nampt.predicted or 0.0)) < 2.0
    assert level.status == "predicted" and 25.0 < float(level.predicted or 0.0) < 50.0
    assert moved.status == "error" and "VO2max is a trait of a person here" in moved.reason
    assert with_age.status == "predicted" and with_age.predicted in ("up", "down")
    assert report.record["lived"]["people"] == 8  # two could not correlate


def test_one_study_for_calibration_is_not_its_own_baseline() -> None:
    study = next(study for study in shipped_calibration() if study.id == "Trammell2016")
    report = validate_body([study], people=2, draws=4, posterior="none")
    compared = [row for row in report.rows if row.median_log_error is not None and row.observed_ratio != 1.0]
    assert compared and all((row.median_log_error or 0.0) > 1e-6 for row in compared)
    own = sum(row.observed_ratio is not None for row in report.rows)
    assert report.law.count > own > 0  # rows of the other shipped studies too


def test_a_stop_before_the_first_study_returns_no_rows() -> None:
    report = validate_body(
        [parse_study(STUDY)], people=2, draws=4, posterior="none", progress=lambda done, total, name: False
    )
    assert report.interrupted and report.rows == ()
