"""Screening of described people: verdicts in words, unknown facts as questions, and what a plan is."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError
from nadflux.people import Cohort, Distribution
from nadflux.plans import Plan
from nadflux.plans.language.person import read_person
from nadflux.plans.screening import Screening, screen


def _screened(person: str, plan: str, **options: object) -> Screening:
    return screen(read_person(person), Plan.parse(plan), **options)  # type: ignore[arg-type]


def _rules(found: Screening) -> set[str]:
    return {one.rule.rule for one in found.fired}


@pytest.mark.parametrize(
    ("person", "plan", "rule"),
    [
        ("woman, 30 y, pregnant", "NR 300 mg daily for 4 weeks", "S010"),
        ("woman, 30 y, pregnant", "16:8 for 2 weeks", "S012"),
        ("woman, 30 y, anorexia", "caloric restriction 25% for 4 weeks", "S014"),
        ("man, 50 y, type 1 diabetes", "fast 24 h", "S015"),
        ("man, 50 y, eGFR 25", "NAM 500 mg daily for 4 weeks", "S003"),
        ("man, 50 y, creatinine 4 mg/dL", "NAM 500 mg daily for 4 weeks", "S003"),
        ("woman, 50 y, BMI 17", "fast 24 h", "S058"),
        ("man, 50 y, on empagliflozin", "fast 36 h", "S078"),
        ("man, 60 y, breast cancer", "NMN 1 g daily for 4 weeks", "S001"),
        ("man, 60 y, heart attack 4 weeks ago", "endurance 30 min 3/week for 4 weeks", "S096"),
        ("man, 60 y", "NAD+ IV 1500 mg over 8 h", "S047"),
        ("man, 60 y", "NR 4 g daily for 1 week", "S053"),
        ("man, 60 y", "NA ER 2.5 g daily for 4 weeks", "S080"),
        ("man, 60 y", "fast 4 days", "S059"),
    ],
)
def test_a_contraindication_stops_a_plan(person: str, plan: str, rule: str) -> None:
    found = _screened(person, plan)
    assert rule in {one.rule.rule for one in found.stopped}
    assert found.severity == "contraindicated"


@pytest.mark.parametrize(
    ("person", "plan", "rule"),
    [
        ("woman, 30 y, not pregnant", "NR 300 mg daily for 4 weeks", "S010"),
        ("man, 50 y, eGFR 45", "NAM 500 mg daily for 4 weeks", "S003"),
        ("man, 60 y, heart attack 2 years ago", "endurance 30 min 3/week for 4 weeks", "S096"),
        ("man, 60 y", "NR 3 g daily for 1 week", "S053"),
        ("woman, 50 y, BMI 19", "fast 24 h", "S058"),
        ("man, 50 y, no eating disorder", "fast 24 h", "S014"),
    ],
)
def test_the_same_rule_does_not_fire_beside_its_threshold(person: str, plan: str, rule: str) -> None:
    assert rule not in _rules(_screened(person, plan))


def test_words_never_say_safe_or_cleared() -> None:
    plans = (
        "NR 100 mg daily for 1 week",
        "fast 24 h",
        "endurance 30 min 3/week for 2 weeks",
        "3 meals a day for 1 week",
    )
    for plan in plans:
        for person in ("man, 40 y, 80 kg, 180 cm, no medicines", "woman, 30 y, pregnant", "man, 70 y, gout"):
            verdict = _screened(person, plan).verdict
            assert "this is no clearance" in verdict
            assert "safe" not in verdict and "cleared" not in verdict


def test_what_is_not_known_is_asked_and_answers_are_counted() -> None:
    unknown = _screened("woman, 30 y", "NR 300 mg daily for 4 weeks")
    asked = {question.fact for question in unknown.questions}
    assert {"pregnant", "breastfeeding", "cancer", "triple_negative_breast_cancer"} <= asked
    known = _screened(
        "woman, 30 y, not pregnant, not breastfeeding, no history of cancer", "NR 300 mg daily for 4 weeks"
    )
    assert known.known > unknown.known and known.asked == unknown.asked
    assert not {"pregnant", "breastfeeding", "cancer", "triple_negative_breast_cancer"} & {
        q.fact for q in known.questions
    }
    assert "egfr" not in {q.fact for q in _screened("man, 60 y", "fast 24 h").questions}


def test_a_general_rule_is_printed_last() -> None:
    found = _screened("man, 60 y, type 2 diabetes on insulin, gout", "fast 36 h")
    rules = [one.rule.rule for one in found.fired]
    assert rules[-1] == "S060" and {"S016", "S091", "S094"} <= set(rules)


def test_close_supervision_must_be_stated_for_large_injections() -> None:
    alone = _screened("man, 50 y", "NAD+ IV 750 mg over 6 h")
    assert {one.rule.rule for one in alone.stopped} == {"S046"}
    assert not _screened("man, 50 y", "NAD+ IV 750 mg over 6 h", supervised=True).stopped
    assert not _screened("man, 50 y", "NAD+ IV 500 mg over 4 h").stopped


def test_sessions_are_counted_by_week_and_split_doses_are_one_session() -> None:
    daily = _screened("man, 50 y", "NAD+ subcutaneous 100 mg daily for 2 weeks")
    assert "S047" in {one.rule.rule for one in daily.stopped}
    split = _screened("man, 50 y", "NAD+ subcutaneous 600 mg twice daily for 1 days", supervised=True)
    assert "S047" in {one.rule.rule for one in split.stopped}


def test_medicines_that_a_plan_adds_meet_the_rules_too() -> None:
    found = _screened("man, 50 y, diabetes", "nothing", adds=("rapamycin",))
    assert "S077" in _rules(found)
    assert "S075" in _rules(_screened("man, 50 y, on clarithromycin", "nothing", adds=("rapamycin",)))
    assert "S068" in _rules(_screened("man, 50 y", "nothing", adds=("OSK",)))
    assert "S068" not in _rules(_screened("man, 50 y, in a clinical trial", "nothing", adds=("OSK",)))
    with pytest.raises(UnknownNameError, match="nothing was screened"):
        _screened("man, 50 y", "nothing", adds=("unobtainium",))


def test_of_a_group_only_the_plan_is_screened() -> None:
    cohort = Cohort(10, Distribution(60.0, 8.0))
    found = screen(cohort, Plan.parse("NR 4 g daily for 1 week"))
    assert found.of_a_group and {one.rule.rule for one in found.stopped} == {"S053"}


def test_shift_work_in_the_usual_life_is_a_known_fact() -> None:
    assert "S061" in _rules(_screened("man, 40 y, night shifts", "NR 300 mg daily for 4 weeks"))
