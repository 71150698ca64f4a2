"""Published nulls are judged by what the study could have detected."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux.studies import parse_study
from nadflux.studies.published.nulls import Null, null_of
from nadflux.studies.published.predict import Prediction
from nadflux.studies.published.schema import Study


def _study(row: str = "", arms: str = "", reference: str = "baseline", arm: str = "drug", n: int = 20) -> Study:
    return parse_study(
        "id: T\ncitation: {text: a test}\npopulation: {n: 5}\narms:\n"
        f"  - {{id: drug, plan: NR 500 mg oral daily for 8 weeks, n: {n}}}\n  - {{id: placebo, plan: none, n: 20}}\n"
        f"  - {{id: sham, plan: placebo, n: 20}}\n{arms}observations:\n"
        f"  - {{arm: {arm}, observable: NAD+, matrix: whole blood, at: 7 d, kind: sign, from: {reference}, value: none,"
        f" tier: read{row}}}\nuse: validation\n"
    )


def _prediction(error: float, certain: bool = False) -> Prediction:
    return Prediction(np.array([1.0]), standard_error=error, certain=certain)


@pytest.mark.parametrize(
    ("error", "standing", "detectable"),
    [
        (0.005, "informative", 10.0),
        (0.05, "informative", 100 * math.expm1(0.05 * 2.8016)),
        (0.1, "uninformative", 32.334),
    ],
)
def test_the_detectable_change_follows_the_error_between_its_floor_and_the_limit(
    error: float, standing: str, detectable: float
) -> None:
    study = _study()
    found = null_of(study, study.observations[0], _prediction(error))
    assert found.standing == standing and found.detectable == pytest.approx(detectable, rel=1e-3)


def test_a_prediction_passes_within_the_detectable_change() -> None:
    assert Null("informative", 15.0).passes(-14.9) and not Null("informative", 15.0).passes(15.1)
    assert Null("uninformative", 45.0).passes(2.0) is None


@pytest.mark.parametrize(("arm", "reference"), [("placebo", "baseline"), ("sham", "placebo"), ("placebo", "14 d")])
def test_untreated_people_show_no_change_by_construction(arm: str, reference: str) -> None:
    study = _study(arm=arm, reference=reference)
    assert null_of(study, study.observations[0], _prediction(0.05)).standing == "by construction"


def test_what_is_taken_and_reaches_nothing_is_a_null_by_construction() -> None:
    study = _study(reference="placebo")
    assert null_of(study, study.observations[0], _prediction(0.05, certain=True)).standing == "by construction"
    assert null_of(study, study.observations[0], _prediction(0.05)).standing == "informative"


def test_groups_of_different_people_are_compared_in_earnest() -> None:
    arms = "  - {id: old, plan: none, n: 20, population: {age: {low: 60, high: 80}}}\n"
    study = _study(arms=arms, arm="old", reference="placebo")
    assert null_of(study, study.observations[0], _prediction(0.05)).standing == "informative"


def test_what_the_study_says_of_its_own_power_goes_first() -> None:
    study = _study(row=", band: 25")
    assert null_of(study, study.observations[0], _prediction(0.2)) == Null("informative", 25.0)
