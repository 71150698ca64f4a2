"""What regimens give, and what it adds up to."""

from __future__ import annotations

import pytest

from nadflux.plans import parse_plan
from nadflux.plans.administration import (
    Administration,
    administrations,
    boluses,
    coincident,
    diets_of,
    doses_of,
    infusion_rates,
    overlapping_regimens,
    rate_steps,
)
from nadflux.plans.catalogue import shipped


def given(sentence: str, end_h: float = 240.0) -> list[Administration]:
    return administrations(parse_plan(sentence).regimens, end_h, shipped())


def test_each_says_what_how_and_when() -> None:
    oral, infused, eaten = given(
        "NMN 334.22 mg oral fasted + NAD+ 663.43 mg IV over 4 h at 10:00 + diet 6 mg NE daily for 1 d"
    )
    assert (oral.time_h, oral.compound, oral.route, oral.kind, oral.food) == (0.0, "NMN", "oral", "bolus", "fasted")
    assert (oral.target, oral.hours, oral.regimen) == ("gut_lumen.NMN", 0.0, 0)
    assert oral.given == oral.amount == pytest.approx(1000.0)
    assert (infused.time_h, infused.kind, infused.hours, infused.regimen) == (2.0, "infusion", 4.0, 1)
    assert (eaten.kind, eaten.amount) == ("diet", pytest.approx(6.0))


def test_only_what_enters_of_a_dose_counts() -> None:
    row = shipped().route("tryptophan", "oral")
    (one,) = given("tryptophan 600 mg oral")
    assert 0 < row.fraction < 1 and one.amount == one.given * row.fraction
    assert boluses([one])[0].value == one.amount and doses_of([one])[0].amount == one.given


def test_what_enters_one_place_at_one_time_is_added() -> None:
    both = given("NR 500 mg oral daily for 3 d + NR 300 mg oral daily for 2 d")
    assert coincident(both) == 2 and len(boluses(both)) == 3
    assert boluses(both)[0].value == both[0].amount + both[3].amount
    (note,) = overlapping_regimens(both)
    assert "from day 0 to day 1; doses add" in str(note)
    assert not list(overlapping_regimens(given("NR 500 mg oral + NMN 300 mg oral")))


def test_infusions_are_rates_and_diets_are_days() -> None:
    (interval,) = infusion_rates(given("NAD+ 663.43 mg IV over 4 h"))["plasma.infusion.NAD"]
    assert interval == (0.0, 4.0, pytest.approx(250.0))
    food = given("diet 6 mg NE daily for 2 d", end_h=36.0)
    assert [span[:2] for span in diets_of(food, 36.0)] == [(0.0, 24.0), (24.0, 36.0)]
    assert boluses(food) == doses_of(food) == [] and infusion_rates(food) == {}


def test_steps_of_rates_add_and_end_with_the_run() -> None:
    steps = rate_steps("a", [(0.0, 4.0, 1.0), (2.0, 6.0, 2.0)], 5.0)
    assert [(step.time_h, step.value) for step in steps] == [(0.0, 1.0), (2.0, 3.0), (4.0, 2.0)]
    assert rate_steps("a", [(0.0, 4.0, 1.0)], 5.0)[-1].value == 0.0
