"""Values below the error of the integration are shown as 0, and stay in the run."""

from __future__ import annotations

import numpy as np

from nadflux.simulation.at_times import values_at
from nadflux.simulation.resolved_values import shown
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import summarise

FLUX = Quantity("heart_J_deg", "autophagic degradation", "%/h", "heart", "flux", "assumed")
LEVEL = Quantity("heart_nad", "NAD", "µM", "heart", "level", "assumed")
TIMES = np.array([0.0, 24.0, 48.0])


def course_of(*values: float) -> Run:
    """One flux and one level with the same course, in one person."""
    both = np.repeat(np.array(values)[None, :, None], 2, axis=2)
    return Run(both, TIMES, (FLUX, LEVEL), {"rtol": 1e-4})


def ends_of(run: Run) -> list[float]:
    return [row.end[0] for row in summarise(run)]


def test_what_is_left_of_a_decayed_flux_is_zero() -> None:
    run = course_of(0.13, -5e-61, -5e-61)
    assert ends_of(run) == [0.0, 0.0]
    assert not np.signbit(ends_of(run)).any()
    assert values_at(run, ["heart_nad"], [48.0])[0].value[0] == 0.0
    assert [row.change_percent[0] for row in summarise(run)] == [-100.0, -100.0]
    assert run["heart_nad"][0, -1] == -5e-61  # the number stays


def test_a_value_within_the_error_of_its_size_is_zero_and_one_beyond_is_not() -> None:
    assert ends_of(course_of(100.0, -9e-5, -9e-5)) == [0.0, 0.0]
    assert np.allclose(ends_of(course_of(100.0, 2e-4, 2e-4)), 2e-4, rtol=1e-12)
    assert np.allclose(ends_of(course_of(100.0, -2e-4, -2e-4)), -2e-4, rtol=1e-12)  # an error that must be seen


def test_a_small_resting_value_is_no_zero_beside_a_large_peak() -> None:
    (row,) = summarise(course_of(1e-6, 1e6, 1e6), ["heart_nad"])
    assert row.baseline[0] == 1e-6


def test_what_was_never_there_is_zero() -> None:
    assert ends_of(course_of(-5e-61, -5e-61, -5e-61)) == [0.0, 0.0]
    (row,) = summarise(course_of(0.0, 1e6, 1e-5), ["heart_nad"])
    assert row.end[0] == 0.0  # 1e-11 of the peak
    assert shown(np.array([-5e-61, 1e-9, np.nan]))[:2].tolist() == [0.0, 1e-9]
