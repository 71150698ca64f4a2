"""Lives side by side: the same people, hazard ratios with an interval, and never years of life."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nadflux.errors import ValueOutOfRangeError
from nadflux.simulation.experiments.life import HAZARD
from nadflux.studies.life.lives import Lives, hazard_ratios, live_side_by_side, spread_at


@pytest.fixture(scope="module")
def lives() -> Lives:
    return live_side_by_side("woman, trained", ["sedentary", "trained"], begin=25.0, end=80.0, people=24, seed=3)


def test_the_same_way_gives_the_same_bits(lives: Lives) -> None:
    first, _, twin = lives.lives
    for name in first.run.observables:
        np.testing.assert_array_equal(first.run[name], twin.run[name])


def test_hazard_ratios_compare_each_person_with_themself(lives: Lives) -> None:
    ratios = hazard_ratios(lives)
    assert {one.against for one in ratios} == {"sedentary", "trained"}
    for one in ratios:
        assert one.low <= one.median <= one.high
        if one.against == "trained":
            assert (one.low, one.median, one.high, one.group) == (1.0, 1.0, 1.0, 1.0)
    late = next(one for one in ratios if one.against == "sedentary" and one.age == 80.0)
    own = lives.lives[0].run[HAZARD][:, -1] / lives.lives[1].run[HAZARD][:, -1]
    assert late.median == pytest.approx(float(np.median(own)))
    assert late.high < 1.05


def test_the_table_has_the_first_age_full_decades_and_the_last(lives: Lives) -> None:
    assert lives.decades == (25.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0)
    low, median, high = spread_at(lives.lives[1].run, "il6", 80.0)
    assert low < median < high


def test_a_life_that_begins_within_a_year_is_read_at_full_decades() -> None:
    lives = live_side_by_side("man", begin=25.5, end=41.25, people=2)
    assert lives.decades == (25.5, 30.0, 40.0, 41.25)
    assert set(lives.decades) <= set(lives.lives[0].run.ages)


def test_notes_say_who_was_drawn_again_and_never_give_years_of_life(lives: Lives) -> None:
    text = " ".join(lives.notes)
    assert re.search(r"\d+ of 24 people were drawn again", text)
    assert not re.search(r"(years|y) (gained|lost|of life|longer)", text)


@pytest.mark.parametrize("options", [{"people": 0}, {"begin": 10.0}, {"end": 20.0}])
def test_bad_numbers_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueOutOfRangeError):
        live_side_by_side("woman", **options)  # type: ignore[arg-type]
