"""Measured values to lay over curves, and the visual predictive check."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nadflux.analysis.observed import known_in, read_observed
from nadflux.analysis.visual_predictive_check import visual_predictive_check
from nadflux.errors import TableError, ValueOutOfRangeError
from nadflux.people.normal import normal_quantile
from nadflux.simulation import Quantity, Run

NAME = "whole_blood_nad"
TIMES = np.arange(0.0, 49.0)


def run(people: int = 400) -> Run:
    """Levels that are lognormal about 30 µM with a coefficient of variation of 20 %, and constant."""
    values = 30.0 * np.exp(0.2 * normal_quantile((np.arange(people) + 0.5) / people))
    quantity = Quantity(NAME, "NAD+", "uM", "whole blood", "level", "assumed")
    return Run(np.repeat(values[:, None, None], TIMES.size, axis=1), TIMES, (quantity,), {"who": "people", "plan": "-"})


def rows(values: np.ndarray, unit: str = "µM", hour: float = 24.0) -> list[dict[str, Any]]:
    return [{"id": k, "time": hour, "quantity": NAME, "value": value, "unit": unit} for k, value in enumerate(values)]


def test_values_have_bounds_and_units() -> None:
    (one, other) = read_observed(
        [
            {"day": 1, "observable": "NAD+ in whole blood", "value": 20000, "sd": 1000, "unit": "ng/mL", "arm": "NR"},
            {"day": 2, "observable": NAME, "value": 30, "low": 25, "high": 40},
        ]
    )
    assert (one.hour, one.quantity, one.arm) == (24.0, NAME, "NR")
    assert one.within(run().quantity(NAME)) == pytest.approx((20000 / 663.43, 19000 / 663.43, 21000 / 663.43))
    assert other.within(run().quantity(NAME)) == (30.0, 25.0, 40.0)
    late = read_observed([{"time": 500, "quantity": NAME, "value": 3}])
    assert known_in(run(), (one, *late)) == (one,)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"quantity": NAME, "value": 30}, "column time: a value is missing"),
        ({"time": 1, "quantity": "NAD+ in wholly blood", "value": 30, "unit": "kg"}, "quantity"),
        ({"time": 1, "quantity": NAME, "value": 30, "unit": "kg"}, "column unit = 'kg'"),
        ({"time": 1, "quantity": NAME, "value": 30, "low": 35, "high": 40}, "not between low, 35, and high, 40"),
        ({"time": 1, "quantity": "plasma_nam", "value": 30}, "store it in the run"),
    ],
)
def test_mistakes_name_row_and_column(row: dict[str, Any], says: str) -> None:
    with pytest.raises(TableError, match="row 2") as error:
        known_in(run(), read_observed([row]))
    assert says in str(error.value)


def test_people_of_the_model_are_within_its_bands_and_others_are_not() -> None:
    stream, trials = np.random.default_rng(11), 60
    spread = np.sqrt(0.2**2 + np.log1p(0.1**2))  # of people, and of one measurement
    same = 30.0 * np.exp(spread * stream.standard_normal((trials, 40)))
    inside = [visual_predictive_check(run(), read_observed(rows(one)), [NAME], groups=200).inside for one in same]
    # 90 % of the percentiles of people like these are within their bands.
    assert 0.82 < sum(found for found, _ in inside) / sum(number for _, number in inside) < 0.96
    observed = read_observed(rows(same[0]) + rows(same[1], hour=40.0))
    check = visual_predictive_check(run(), observed, [NAME])
    ((quantity, bins),) = check.panels
    assert quantity.id == NAME and [one.hour for one in bins] == [24.0, 40.0] and check.inside[1] == 6
    assert (bins[0].low < bins[0].middle).all() and (bins[0].middle < bins[0].high).all()
    twice = visual_predictive_check(run(), read_observed(rows(2.0 * same[0])), [NAME])
    assert twice.inside == (0, 3)
    again = visual_predictive_check(run(), observed, [NAME])
    assert all(np.array_equal(a.low, b.low) for a, b in zip(bins, again.panels[0][1], strict=True))


def test_means_of_a_group_are_no_people() -> None:
    with pytest.raises(ValueOutOfRangeError, match="needs values of several people"):
        visual_predictive_check(run(), read_observed(rows(np.array([30.0, 31.0]))), [NAME])
