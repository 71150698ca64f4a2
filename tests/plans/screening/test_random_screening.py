"""Random people and plans through reading and screening: no fault, no clearance, and no rule that knowledge unfires."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nadflux.errors import NadfluxError
from nadflux.people.health import Fact, shipped_facts
from nadflux.plans import Plan
from nadflux.plans.language.person import read_person
from nadflux.plans.screening import Screening, screen

_WORDS = tuple(
    word.rstrip("*") for one in (*shipped_facts().facts, *shipped_facts().medicines)
    for word in one.words if "#" not in word and not (isinstance(one, Fact) and one.number)
)  # fmt: skip
_MANNERS = (
    "",
    "",
    "",
    "no ",
    "past ",
    "history of ",
    "never had ",
    "stopped ",
    "severe ",
    "possible ",
    "not on ",
    "had ",
)
_AFTER = (
    "",
    "",
    "",
    " in remission",
    " last year",
    " since 2015",
    " ruled out",
    " 10 years ago",
    " anymore",
    " 5 mg daily",
)
_VALUES = (
    "eGFR 25", "eGFR 75", "creatinine 2.1 mg/dL", "ALT 130 U/L", "platelets 90", "BP 190/115", "BP 85/50", "HbA1c 7.2%",
    "potassium 3.1", "alcohol 5 drinks/day", "6 medicines", "18 weeks pregnant", "heart attack 3 weeks ago", "BMI 17",
    "70 kg", "no medicines", "surgery in 2 weeks",
)  # fmt: skip
_DOSES = (
    "NR 300 mg", "NR 4 g", "NMN 1 g", "NAM 500 mg", "NAM 3 g", "NA 35 mg", "NA ER 2 g", "tryptophan 1 g",
    "NAD+ subcutaneous 100 mg", "NAM 4% topical",
)  # fmt: skip
_HABITS = (
    "fast 20 h", "fast 36 h", "fast 4 days", "16:8", "23:1 eating window", "one meal a day", "caloric restriction 60%",
    "endurance 45 min at 70% VO2max 3/week", "resistance 45 min 2/week", "ketogenic", "ethanol 60 g at 20:00 daily",
)  # fmt: skip
_HOW_LONG = (" for 1 week", " for 8 days", " for 4 weeks", "")

_said = st.tuples(st.sampled_from(_MANNERS), st.sampled_from(_WORDS), st.sampled_from(_AFTER)).map("".join)
_part = st.one_of(_said, st.sampled_from(_VALUES))
_people = st.tuples(st.sampled_from(("woman, 30 y", "man, 62 y", "woman, 76 y")), st.lists(_part, max_size=5)).map(
    lambda pair: ", ".join((pair[0], *pair[1]))
)
_dose = st.tuples(st.sampled_from(_DOSES), st.sampled_from((" daily", " twice daily", " weekly"))).map("".join)
_step = st.tuples(st.one_of(_dose, st.sampled_from(_HABITS)), st.sampled_from(_HOW_LONG)).map("".join)
_plans = st.lists(_step, min_size=1, max_size=3).map("; ".join)


def _screened(person: str, plan: str) -> Screening | None:
    try:
        return screen(read_person(person), Plan.parse(plan))
    except NadfluxError as error:
        assert str(error).strip()
        return None


def _check(person: str, plan: str, more: str) -> None:
    found = _screened(person, plan)
    if found is None:
        return
    words = found.verdict.casefold()
    assert "this is no clearance" in words and "safe" not in words and "cleared" not in words
    again = _screened(person, plan)
    assert again is not None and again.verdict == found.verdict and again.fired == found.fired
    known = _screened(f"{person}, {more}", plan)
    if known is not None:  # what is refused contradicts what is known, or is not understood
        assert {one.rule for one in found.fired} <= {one.rule for one in known.fired}


@settings(max_examples=120, deadline=None, derandomize=True)
@given(_people, _plans, _part)
def test_random_people_and_plans_are_screened_or_refused(person: str, plan: str, more: str) -> None:
    _check(person, plan, more)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, derandomize=True)
@given(_people, _plans, _part)
def test_ten_thousand_random_people_and_plans_are_screened_or_refused(person: str, plan: str, more: str) -> None:
    _check(person, plan, more)
