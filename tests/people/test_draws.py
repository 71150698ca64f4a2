"""Draws: keyed by person, faithful to low, value and high, and two levels kept apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from nadflux.errors import TableError, UnknownNameError, ValueOutOfRangeError
from nadflux.people import Posterior, draw
from nadflux.people.draws import quantile


@dataclass(frozen=True)
class Row:
    key: str = "liver.NAMPT.Km"
    value: float = 1.0
    low: float = 0.5
    high: float = 4.0
    distribution: str = "lognormal"
    between_cv: float = 0.0


ROWS = [
    Row(),
    Row("all.SIRT.Km", between_cv=0.3),
    Row("rest.share", 0.3, 0.1, 0.6, "logitnormal", 0.2),
    Row("a.b", 1.0, 0.0, 2.0, "normal", 0.1),
    Row("a.c", 1.0, 0.1, 2.0, "uniform"),
    Row("a.d", 1.0, 0.1, 9.0, "loguniform"),
    Row("a.e", 5.0, 5.0, 5.0, "fixed", 0.2),
]


def test_person_is_the_same_in_any_selection() -> None:
    many = draw(ROWS, 1000, seed=7).values
    assert np.array_equal(draw(ROWS, 10, seed=7).values, many[:10])
    chosen = np.array([977, 3, 512])
    assert np.array_equal(draw(ROWS, chosen, seed=7).values, many[chosen])


def test_a_row_does_not_depend_on_the_other_rows() -> None:
    alone = draw([ROWS[2]], 20, seed=1).values[:, 0]
    assert np.array_equal(alone, draw(ROWS[::-1], 20, seed=1).values[:, -3])


def test_seeds_differ() -> None:
    assert not np.any(draw(ROWS[:1], 50, seed=1).values == draw(ROWS[:1], 50, seed=2).values)


@pytest.mark.parametrize("row", [row for row in ROWS if row.distribution != "fixed"], ids=lambda r: r.distribution)
def test_low_and_high_are_percentiles(row: Row) -> None:
    assert quantile(row, np.array([0.05, 0.95])) == pytest.approx([row.low, row.high], abs=1e-12)
    if "uniform" not in row.distribution:
        assert quantile(row, np.array([0.5]))[0] == pytest.approx(row.value)
    drawn = draw([replace(row, between_cv=0.0)], 4000, seed=3).values[:, 0]
    share_below, share_above = np.mean(drawn < row.low), np.mean(drawn > row.high)
    assert share_below == pytest.approx(0.05, abs=0.015)
    assert share_above == pytest.approx(0.05, abs=0.015)
    if row.low > 0:
        assert drawn.min() > 0


def test_fractions_stay_fractions() -> None:
    drawn = draw([Row("x.f", 0.9, 0.05, 0.99, "logitnormal", 1.5)], 5000, seed=1).values
    assert drawn.min() > 0 and drawn.max() < 1


def test_uncertainty_and_spread_are_separate() -> None:
    row = Row("x.y", between_cv=0.4)
    fixed = draw([row], 200, seed=1, uncertainty=False, spread=False).values
    assert np.all(fixed == row.value)
    typical = draw([row], 200, seed=1, spread=False).values
    own = draw([row], 200, seed=1, uncertainty=False).values
    both = draw([row], 200, seed=1).values
    assert both == pytest.approx(typical * own / row.value)
    assert np.std(np.log(own)) == pytest.approx(np.sqrt(np.log1p(0.16)), rel=0.15)


def test_group_shares_typical_values_only() -> None:
    row = Row("x.y", between_cv=0.4)
    typical = draw([row], 12, seed=1, group=4, spread=False).values.reshape(3, 4)
    assert np.all(typical == typical[:, :1]) and len(np.unique(typical)) == 3
    assert len(np.unique(draw([row], 12, seed=1, group=4).values)) == 12


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (Row(distribution="lognorml"), UnknownNameError),
        (Row(low=-1.0), TableError),
        (Row(value=9.0), TableError),
        (Row(value=0.5, low=0.2, high=1.0, distribution="logitnormal"), TableError),
    ],
)
def test_bad_rows(row: Row, error: type[Exception]) -> None:
    with pytest.raises(error):
        draw([row], 3, seed=1)


@pytest.mark.parametrize("seed", [-1, 1.5, None, True])
def test_bad_seed(seed: object) -> None:
    with pytest.raises(ValueOutOfRangeError, match="seed"):
        draw(ROWS, 3, seed=seed)  # type: ignore[arg-type]


def test_posterior_replaces_typical_values() -> None:
    posterior = Posterior("fit-1", ("x.y",), ("uM",), np.linspace(2.0, 3.0, 50)[:, None], "abc")
    drawn = draw([Row("x.y"), Row("x.z")], 300, seed=1, posterior=posterior).values
    assert drawn[:, 0].min() >= 2.0 and drawn[:, 0].max() <= 3.0 and len(np.unique(drawn[:, 0])) > 30
    assert np.array_equal(drawn[:, 1], draw([Row("x.z")], 300, seed=1).values[:, 0])
