"""Food with a dose comes through to plasma: later and lower, hardly less (README of the biology)."""

from __future__ import annotations

import numpy as np
import pytest

import nadflux as nf

WHO = "man, 45 y, 80 kg, 178 cm"


def runs(compound: str, seen: str) -> list[nf.Run]:
    """The same people with the dose fasted and with food."""
    return [
        nf.simulate(
            WHO,
            f"{compound} 500 mg oral once {words}",
            days=3,
            n=8,
            seed=3,
            outputs=[seen, "urine_2py_total"],
            peaks=[seen],
            posterior="none",
        )
        for words in ("fasted", "with food")
    ]


@pytest.mark.parametrize(
    ("compound", "seen", "later", "share"), [("NA", "plasma_na", 0.0, 0.5), ("NAM", "plasma_nam", 0.25, 0.8)]
)
def test_food_makes_the_peak_later_and_lower(compound: str, seen: str, later: float, share: float) -> None:
    """Nicotinic acid passes the liver while that saturates: with food its peak is much lower and hardly later."""
    (fasted_height, fasted_hour), (fed_height, fed_hour) = (run.peaks[seen].T for run in runs(compound, seen))
    assert np.median(fed_hour - fasted_hour) > later and np.mean(fed_hour > fasted_hour) > share
    assert np.all(fed_height < fasted_height)


def test_food_hardly_changes_how_much_is_absorbed() -> None:
    fasted, fed = (run["urine_2py_total"][:, -1] for run in runs("NAM", "plasma_nam"))
    assert np.all(np.abs(fed / fasted - 1.0) < 0.05)


def test_a_meal_of_lived_days_acts_as_food_with_the_dose() -> None:
    """Breakfast at 08:00 beside the dose, against the same dose before it; the usual life is the same."""
    habits = "meals at 8:00, 13:00 and 19:00 for 1 d"
    run = {
        hour: nf.simulate(
            WHO, f"{habits} + NA 500 mg oral daily at {hour} {food}", n=1, outputs=["plasma_na"], peaks=["plasma_na"],
            uncertainty=False, spread=False, posterior="none",
        ).peaks["plasma_na"][0]
        for hour, food in (("08:00", "with food"), ("11:00", "fasted"))
    }  # fmt: skip
    assert run["08:00"][1] - 0.0 > run["11:00"][1] - 3.0
    assert run["08:00"][0] < run["11:00"][0]
