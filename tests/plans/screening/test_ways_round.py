"""Ways round a rule: each of these plans once passed, or passed with a milder finding."""

from __future__ import annotations

import pytest

from nadflux.people import Person
from nadflux.plans import Plan
from nadflux.plans.language.person import read_person
from nadflux.plans.schedule import schedule
from nadflux.plans.screening import Screening, screen


def _screened(person: str, plan: str, **options: object) -> Screening:
    return screen(read_person(person), Plan.parse(plan), **options)  # type: ignore[arg-type]


def _stops(person: str, plan: str, **options: object) -> set[str]:
    return {one.rule.rule for one in _screened(person, plan, **options).stopped}


@pytest.mark.parametrize(
    ("person", "plan", "rule"),
    [
        ("man, 50 y, on lithium", "23:1 eating window for 2 weeks", "S087"),
        ("man, 50 y, on lithium", "one meal a day for 2 weeks", "S087"),
        ("man, 50 y, on lithium", "two meals a day for 2 weeks", "S087"),
        ("man, 50 y, porphyria", "16:8 for 2 weeks", "S092"),
        ("man, 50 y, Addison's disease", "20:4 eating window for 2 weeks", "S090"),
        ("man, 50 y, Pompe disease", "one meal a day for 2 weeks", "S040"),
        ("woman, 30 y, anorexia", "meals at 13:00 and 14:00 for 2 weeks", "S014"),
        ("man, 50 y, type 1 diabetes", "no breakfast for 2 weeks", "S015"),
        ("man, 50 y", "caloric restriction 60% for 7 days; caloric restriction 60% for 7 days from day 7", "S059"),
        ("man, 50 y", "fast 72 h; fast 72 h from day 3", "S059"),
        ("man, 50 y, cancer", "NR 900 mg daily for 2 weeks; NMN 900 mg daily for 2 weeks", "S001"),
        ("woman, 30 y, pregnant", "NAM 15 mg daily for 2 weeks; NA 15 mg daily for 2 weeks", "S010"),
        ("man, 50 y", "NR 1.6 g at 8:00 daily for 1 week; NRPT 1.6 g at 20:00 daily for 1 week", "S053"),
        ("man, 50 y", "NAD+ IV 1200 mg over 48 h", "S047"),
        ("woman, 30 y, anorexia, fast 24 h weekly", "NR 100 mg daily for 1 week", "S014"),
        ("man, 50 y, ALT 80 U/L", "NA 500 mg daily for 4 weeks", "S020"),
        ("man, 50 y, uncontrolled hypertension", "NA 500 mg daily for 4 weeks", "S004"),
        ("man, 50 y, recent heart attack", "NA 500 mg daily for 4 weeks", "S030"),
        ("man, 50 y, heart attack 6 weeks ago", "endurance 30 min 3/week for 4 weeks", "S096"),
        ("woman, 30 y, 18 weeks pregnant", "NR 300 mg daily for 4 weeks", "S010"),
    ],
)
def test_no_way_round_a_contraindication(person: str, plan: str, rule: str) -> None:
    assert rule in _stops(person, plan)


@pytest.mark.parametrize(
    ("person", "plan", "rule"),
    [
        ("man, 50 y, on lithium", "16:8 for 2 weeks", "S087"),
        ("man, 50 y, on lithium", "three meals a day for 2 weeks", "S087"),
        ("man, 50 y, porphyria", "meals at 8:00, 13:00 and 19:00 for 1 week", "S092"),
        ("man, 50 y, type 1 diabetes, vegetarian", "NR 100 mg daily for 1 week", "S015"),
        ("man, 50 y", "fast 72 h", "S059"),
        ("man, 50 y, Addison's disease", "endurance 30 min 3/week for 4 weeks", "S090"),
    ],
)
def test_everyday_life_is_no_fast(person: str, plan: str, rule: str) -> None:
    assert rule not in {one.rule.rule for one in _screened(person, plan).fired}


def test_a_run_that_ends_before_the_plan_is_screened_by_the_whole_plan() -> None:
    plan = Plan.parse("NR 300 mg daily for 1 week then 4 g daily for 3 weeks")
    found = screen(read_person("man, 50 y"), plan, planned=schedule(plan, days=3))
    assert "S053" in {one.rule.rule for one in found.stopped}


def test_drinks_that_are_habits_count_as_drinks() -> None:
    found = _screened("man, 50 y, ethanol 60 g at 20:00 daily", "NA 500 mg daily for 1 week")
    assert "S037" in {one.rule.rule for one in found.fired}


def test_medicines_that_are_named_are_counted() -> None:
    five = "on metformin, on lisinopril, on atorvastatin, on aspirin, on levothyroxine"
    assert "S060" in {one.rule.rule for one in _screened(f"man, 50 y, {five}", "NR 100 mg daily for 1 week").fired}
    four = five.rsplit(",", 1)[0]
    assert "S060" not in {one.rule.rule for one in _screened(f"man, 50 y, {four}", "NR 100 mg daily for 1 week").fired}


def test_an_added_medicine_is_not_what_forbids_it() -> None:
    assert not _stops("man, 50 y", "nothing", adds=("hydroxychloroquine",))
    assert "S101" in _stops("man, 50 y", "nothing", adds=("hydroxychloroquine", "azithromycin"))
    assert "S101" in _stops("man, 50 y, on azithromycin", "nothing", adds=("hydroxychloroquine",))


def test_an_infusion_set_by_hand_is_one_every_day() -> None:
    found = screen(Person("man", 50.0), Plan(()), infused=("NAD+",))
    assert {"S047"} == {one.rule.rule for one in found.stopped}
