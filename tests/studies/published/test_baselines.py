"""The simple predictions recover what they were given, know dose and duration, and know what they do not know."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nadflux.studies.published.baselines import Baseline, PowerLaw, Ratio, StudyMedian
from nadflux.studies.published.measurement import read_measurement
from nadflux.studies.published.score import normal_crps, sample_crps
from nadflux.studies.published.simulated_arms import dose_at
from nadflux.studies.published.unexplained import FigureKind

KIND = FigureKind("ratio", "whole_blood_nad", "NR")
TABLE = read_measurement().table


def _row(
    study: str, dose: float, days: float, rise: float, matrix: str = "whole blood", analyte: str = "NAD+"
) -> Ratio:
    return Ratio(study, analyte, matrix, KIND, dose, days, 1e-4, math.log1p(rise))


ROWS = [
    _row(f"S{k}", dose, days, 0.01 * dose**0.6 * days**0.2)
    for k, (dose, days) in enumerate((d, t) for d in (100.0, 300.0, 1000.0, 3000.0) for t in (1.0, 7.0, 30.0, 90.0))
]


def test_a_law_in_dose_and_duration_is_recovered() -> None:
    law = PowerLaw(ROWS)
    assert law.exponent == pytest.approx(0.6, abs=0.05) and law.duration_exponent == pytest.approx(0.2, abs=0.02)
    said = law.log_ratio(_row("New", 500.0, 14.0, 0.0))
    assert said == pytest.approx(math.log1p(0.01 * 500**0.6 * 14**0.2), rel=0.03)
    assert law.log_ratio(_row("New", 0.0, 14.0, 0.0)) == 0.0
    assert law.log_ratio(_row("New", 500.0, 14.0, 0.0, analyte="MNA")) is None
    assert PowerLaw(ROWS[:2]).log_ratio(ROWS[0]) is None


def test_each_matrix_has_its_own_height() -> None:
    both = [*ROWS, *(replace(row, matrix="PBMC", observed=math.log1p(0.3 * math.expm1(row.observed))) for row in ROWS)]
    law = PowerLaw(both)
    blood, cells = (law.log_ratio(_row("New", 500.0, 14.0, 0.0, matrix)) for matrix in ("whole blood", "PBMC"))
    assert blood is not None and cells is not None
    assert math.expm1(cells) / math.expm1(blood) == pytest.approx(0.3, rel=0.15)


def test_the_median_takes_of_each_study_the_row_nearest_in_dose_and_duration() -> None:
    rows = [
        _row("A", 100.0, 14.0, 0.2), _row("A", 1000.0, 14.0, 1.0), _row("B", 1000.0, 1.0, 0.4),
        _row("B", 1000.0, 28.0, 1.4), _row("C", 900.0, 20.0, 1.2), _row("D", 900.0, 20.0, 9.0, "PBMC"),
    ]  # fmt: skip
    median = StudyMedian(rows)
    assert median.log_ratio(_row("New", 1000.0, 20.0, 0.0)) == pytest.approx(math.log(2.2))
    assert median.log_ratio(_row("New", 0.0, 20.0, 0.0)) == 0.0
    assert median.log_ratio(_row("New", 1000.0, 20.0, 0.0, "skeletal muscle")) == pytest.approx(math.log(2.2 * 2.4) / 2)
    assert median.log_ratio(_row("New", 1000.0, 20.0, 0.0, analyte="MNA")) is None


def test_a_study_is_no_earlier_study_of_itself() -> None:
    own, other = _row("Own", 1000.0, 20.0, 3.0), _row("Other", 1000.0, 20.0, 1.0)
    assert StudyMedian([own, other]).log_ratio(own) == pytest.approx(math.log(2.0))
    assert StudyMedian([own]).log_ratio(own) is None


@pytest.mark.parametrize("name", ["law", "median"])
def test_intervals_come_from_errors_on_studies_left_out(name: str) -> None:
    def baseline(noise: float) -> Baseline:
        random = np.random.default_rng(4)
        rows = [replace(row, observed=row.observed * math.exp(noise * random.standard_normal())) for row in ROWS]
        return Baseline.of(name, rows, TABLE)

    sharp, blunt = (baseline(noise).log_normal(_row("New", 500.0, 14.0, 0.0))[1] for noise in (0.0, 0.6))
    assert blunt > 1.5 * sharp


def test_proper_score_is_least_for_the_truth_and_the_same_by_formula_and_samples() -> None:
    truth = np.random.default_rng(0).normal(0.3, 0.2, 4000)
    scores = {sd: np.mean([normal_crps(0.3, sd, float(seen)) for seen in truth]) for sd in (0.05, 0.2, 0.8)}
    assert min(scores, key=lambda sd: scores[sd]) == 0.2
    assert sample_crps(truth, 0.6) == pytest.approx(normal_crps(0.3, 0.2, 0.6), rel=0.05)
    assert normal_crps(1.0, 0.0, 1.5) == 0.5


@pytest.mark.parametrize(
    ("plan", "hours", "milligram"),
    [
        ("none", 24.0, 0.0),
        ("NAM 122.12 mg oral daily for 4 weeks", 14 * 24.0, 122.12),
        ("NAM 122.12 mg oral twice daily for 4 weeks", 14 * 24.0, 244.24),
        ("NAM 122.12 mg oral daily for 4 weeks", 49 * 24.0, 0.0),
        ("NAM 122.12 mg oral once", 6.0, 122.12),
        ("NAM 122.12 mg oral once", 48.0, 0.0),
    ],
)
def test_the_dose_is_what_is_taken_at_the_time_of_sampling(plan: str, hours: float, milligram: float) -> None:
    assert dose_at(plan, hours) == pytest.approx(milligram / 0.12212, rel=1e-9)


def test_an_infusion_counts_as_far_as_it_has_run() -> None:
    plan = "NAD+ 716 mg IV over 6 h once"
    assert dose_at(plan, 2.0) == pytest.approx(dose_at(plan, 6.0) / 3)
