"""Cohorts: what is said of a group is kept, the rest drawn, each person on their own key."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import ValueOutOfRangeError
from nadflux.people import Cohort, Distribution, Person, draw_covariates


def test_means_of_a_group() -> None:
    cohort = Cohort(4000, Distribution(51, 8), female=0.25, bmi=Distribution(27, 2))
    covariates = draw_covariates(cohort, np.arange(4000), seed=1)
    assert covariates["age"].mean() == pytest.approx(51, abs=0.5)
    assert covariates["age"].std() == pytest.approx(8, abs=0.4)
    assert covariates["female"].mean() == pytest.approx(0.25, abs=0.03)
    bmi = covariates["weight"] / (covariates["height"] / 100) ** 2
    assert bmi.mean() == pytest.approx(27, abs=0.2)
    assert (
        covariates["height"][covariates["female"] == 0].mean()
        > covariates["height"][covariates["female"] == 1].mean() + 10
    )


def test_person_is_the_same_in_any_selection() -> None:
    cohort = Cohort(1000, Distribution(51, 8))
    all_of_them = draw_covariates(cohort, np.arange(1000), seed=1)
    some = draw_covariates(cohort, np.array([700, 2]), seed=1)
    assert np.array_equal(some["weight"], all_of_them["weight"][[700, 2]])


def test_described_covariates_are_kept_and_others_drawn() -> None:
    covariates = draw_covariates(Person("woman", 62, 70), np.arange(50), seed=1)
    assert set(covariates["weight"]) == {70} and set(covariates["age"]) == {62} and set(covariates["female"]) == {1}
    assert len(np.unique(covariates["height"])) == 50
    fixed = draw_covariates(Person("man", 62, 70, 180), np.arange(5), seed=1)
    assert set(fixed["height"]) == {180}


def test_ages_stay_within_what_can_be_simulated() -> None:
    covariates = draw_covariates(Cohort(2000, Distribution(25, 10)), np.arange(2000), seed=1)
    assert covariates["age"].min() >= 18


@pytest.mark.parametrize(
    "make",
    [
        lambda: Cohort(0, Distribution(50)),
        lambda: Cohort(),
        lambda: Cohort(n=5),
        lambda: Cohort(age=60),  # type: ignore[arg-type]
        lambda: Cohort(5, Distribution(5)),
        lambda: Cohort(5, Distribution(50, -1)),
        lambda: Cohort(5, Distribution(float("nan"))),
        lambda: Cohort(5, Distribution(50), female=1.2),
        lambda: Cohort(5, Distribution(50), bmi=Distribution(200)),
        lambda: Cohort(5, Distribution(50), 0.5, Distribution(70), Distribution(170), Distribution(24)),
    ],
)
def test_bad_cohorts(make: object) -> None:
    with pytest.raises(ValueOutOfRangeError):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"age": 60}, r"age 60 is no distribution; give Distribution\(mean, sd\)"),
        ({"age": None}, "without age"),
        ({"age": Distribution(50), "female": ""}, "share of women"),
        ({"age": Distribution(50), "female": True}, "share of women"),
        ({"age": Distribution(50), "habits": float("nan")}, "no list of sentences"),
        ({"age": Distribution(50), "habits": {"sleep 6 h": 1}}, "no list of sentences"),
        ({"age": Distribution(50), "height": "A/B"}, "is no distribution"),
    ],
)
def test_a_slip_of_type_is_said(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueOutOfRangeError, match=says):
        Cohort(n=2, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("mean", "sd"), [("", 8), (50, None), (10**400, 1), (True, 1), (50, float("nan"))])
def test_a_distribution_holds_finite_numbers(mean: object, sd: object) -> None:
    with pytest.raises(ValueOutOfRangeError, match="is no distribution"):
        Distribution(mean, sd)  # type: ignore[arg-type]


def test_a_person_needs_an_age_that_is_a_number() -> None:
    with pytest.raises(ValueOutOfRangeError, match="without age"):
        Person("woman", None)  # type: ignore[arg-type]
    with pytest.raises(ValueOutOfRangeError, match="cannot be simulated"):
        Person("woman", 10**400)
