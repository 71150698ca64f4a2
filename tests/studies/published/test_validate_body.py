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


def test_a_stop_before_the_first_study_returns_no_rows() -> None:
    report = validate_body(
        [parse_study(STUDY)], people=2, draws=4, posterior="none", progress=lambda done, total, name: False
    )
    assert report.interrupted and report.rows == ()
