"""Facts that follow: what a condition implies, what its absence excludes, and values read as conditions."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.people.health import Condition, follow
from nadflux.people.person import Person


def test_a_condition_implies_others_and_its_absence_excludes_what_implies_it() -> None:
    assert follow({"type_1_diabetes": True})["diabetes"] is True
    assert follow({"diabetes": False})["type_1_diabetes"] is False
    assert "type_1_diabetes" not in follow({"diabetes": True})
    none = follow({"cancer": False, "past_cancer": False})
    assert none["triple_negative_breast_cancer"] is False
    assert "triple_negative_breast_cancer" not in follow({"cancer": False})


def test_laboratory_values_are_read_as_conditions() -> None:
    assert follow({"systolic": 85.0})["hypotension"] is True
    assert follow({"systolic": 90.0})["hypotension"] is False
    assert follow({"egfr": 59.0})["kidney_disease"] is True
    assert "kidney_disease" not in follow({"egfr": 61.0})


@pytest.mark.parametrize(
    ("female", "age", "creatinine", "egfr"),
    [(True, 60, 61.9, 98.7), (False, 60, 79.6, 97.8), (True, 60, 160.0, 31.6), (False, 40, 265.2, 26.5)],
)
def test_egfr_follows_from_creatinine(female: bool, age: float, creatinine: float, egfr: float) -> None:
    """142 · (creatinine over κ)^α · 0.9938^age (· 1.012), worked by hand."""
    kappa, low = (61.9, -0.241) if female else (79.6, -0.302)
    ratio = creatinine / kappa
    by_hand = 142 * min(ratio, 1) ** low * max(ratio, 1) ** -1.2 * 0.9938**age * (1.012 if female else 1.0)
    assert by_hand == pytest.approx(egfr, rel=0.02)
    assert follow({"female": female, "age": age, "creatinine": creatinine})["egfr"] == pytest.approx(by_hand, rel=1e-3)


def test_men_are_not_pregnant_and_contradictions_are_refused() -> None:
    assert follow({"female": False})["pregnant"] is False
    with pytest.raises(ValueOutOfRangeError, match="pregnant"):
        Person.parse("man, 30 y, pregnant")
    with pytest.raises(ValueOutOfRangeError, match="diabetes"):
        follow({"diabetes": False, "type_2_diabetes": True})
    with pytest.raises(UnknownNameError, match="diabetis"):
        follow({"diabetis": True})


def test_who_takes_no_medicines_takes_none_of_them() -> None:
    facts = follow({"medicines": 0.0})
    assert facts["on_statin"] is False and facts["on_insulin"] is False
    with pytest.raises(ValueOutOfRangeError, match="statin"):
        follow({"medicines": 0.0, "on_statin": True})


@pytest.mark.parametrize(
    ("facts", "holds", "open_"),
    [
        ({"a": True}, True, ()),
        ({"a": False}, None, ("b", "n")),
        ({"b": True, "n": 3.0}, True, ()),
        ({"a": False, "n": 6.0}, False, ()),
        ({"n": 3.0}, None, ("a", "b")),
        ({}, None, ("a", "b", "n")),
    ],
)
def test_conditions_are_true_false_or_undecided(
    facts: dict[str, bool | float], holds: bool | None, open_: tuple[str, ...]
) -> None:
    condition = Condition("a or (b and n < 5)")
    assert condition.holds(facts) is holds
    assert condition.undecided(facts) == open_


def test_a_creatinine_and_an_egfr_that_contradict_each_other_are_asked_back() -> None:
    with pytest.raises(ValueOutOfRangeError, match="creatinine 186 gives egfr 32, and egfr 75"):
        Person.parse("woman, 30 y, creatinine 186 µmol/L, eGFR 75")
    assert Person.parse("woman, 30 y, creatinine 186 µmol/L, eGFR 30").health["egfr"] == 30.0
