"""Studies against the shipped body from Python: the same door as the command's."""

from __future__ import annotations

from nadflux.studies import parse_study
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


def test_a_stop_before_the_first_study_returns_no_rows() -> None:
    report = validate_body(
        [parse_study(STUDY)], people=2, draws=4, posterior="none", progress=lambda done, total, name: False
    )
    assert report.interrupted and report.rows == ()
