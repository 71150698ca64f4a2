"""Weights of people by what was measured: against the closed form of a lognormal, and deterministic choice."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.inference.measured import chosen_by_weight, read_measured, weights_of
from nadflux.inference.measured.weights import covariance
from nadflux.people.normal import normal_quantile
from nadflux.simulation import Quantity
from nadflux.studies.published.measurement import read_measurement

BLOOD = Quantity("whole_blood_nad", "NAD+", "uM", "whole blood", "level", "assumed")
SPREAD = 0.3
PEOPLE = 30.0 * np.exp(SPREAD * normal_quantile((np.arange(4000) + 0.5) / 4000))


def test_weighted_people_have_the_mean_and_spread_of_the_closed_form() -> None:
    (value,) = read_measured("whole blood NAD+ 24 uM")
    measurement = read_measurement()
    noise = measurement.repeat_sd("whole blood") ** 2 + measurement.laboratory_sd("whole blood") ** 2
    found = weights_of([value], [BLOOD], [PEOPLE], measurement)
    share = SPREAD**2 / (SPREAD**2 + noise)
    logs = np.log(PEOPLE)
    mean = float(found.weights @ logs)
    assert mean == pytest.approx(math.log(30.0) + share * math.log(24.0 / 30.0), abs=1e-3)
    spread = math.sqrt(float(found.weights @ (logs - mean) ** 2))
    assert spread == pytest.approx(SPREAD * math.sqrt(1.0 - share), rel=1e-2)
    assert 1.0 < found.effective < 4000.0
    chosen = PEOPLE[chosen_by_weight(found.weights, 500)]
    assert np.log(chosen).mean() == pytest.approx(mean, abs=2e-3)
    assert np.log(chosen).std() == pytest.approx(spread, rel=2e-2)


def test_a_frozen_sample_had_more_and_says_less() -> None:
    measurement = read_measurement()
    fresh, frozen = (
        weights_of(read_measured(words), [BLOOD], [PEOPLE], measurement)
        for words in ("whole blood NAD+ 24 uM", "whole blood NAD+ 18.6 uM, frozen at -80 °C")
    )
    # 18.6 µM are 24 µM where 77.5 % are left.
    middle = [float(found.weights @ np.log(PEOPLE)) for found in (fresh, frozen)]
    assert middle[1] == pytest.approx(middle[0], abs=5e-3) and frozen.effective > fresh.effective
    with pytest.raises(UnknownNameError, match="plasma"):
        plasma = Quantity("plasma_nad", "NAD+", "uM", "plasma", "level", "assumed")
        weights_of(read_measured("plasma NAD+ 0.3 uM, -80 °C"), [plasma], [PEOPLE / 100], measurement)


def test_values_of_one_laboratory_share_its_scale() -> None:
    values = read_measured("whole blood NAD+ 24 uM; whole blood NMN 1 uM; urine MNA excretion 40 µmol/day")
    nmn = Quantity("whole_blood_nmn", "NMN", "uM", "whole blood", "level", "assumed")
    mna = Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "assumed")
    found = covariance(values, [BLOOD, nmn, mna], read_measurement())
    laboratory = read_measurement().laboratory_sd("whole blood") ** 2
    assert found[0, 1] == found[1, 0] == pytest.approx(laboratory) and found[0, 2] == 0.0
    assert found[0, 0] == pytest.approx(laboratory + read_measurement().repeat_sd("whole blood") ** 2)


def test_too_few_people_are_refused_with_how_many_are_needed() -> None:
    with pytest.raises(ValueOutOfRangeError, match=r"effective sample of .* fewer than 20; about \d+ people") as error:
        weights_of(read_measured("whole blood NAD+ 80 uM"), [BLOOD], [PEOPLE[::40]], read_measurement())
    assert "--draws" in str(error.value)
    with pytest.raises(ValueOutOfRangeError, match="none of 4000 people drawn is near"):
        weights_of(read_measured("whole blood NAD+ 2.4 mM"), [BLOOD], [PEOPLE], read_measurement())
    with pytest.raises(ValueOutOfRangeError, match="nobody"):
        weights_of(read_measured("whole blood NAD+ 24 uM"), [BLOOD], [np.full(9, np.nan)], read_measurement())


def test_the_choice_takes_everybody_by_their_weight() -> None:
    weights = np.array([0.1, 0.0, 0.6, 0.3])
    counts = np.bincount(chosen_by_weight(weights, 100), minlength=4)
    assert np.abs(counts - 100 * weights).max() <= 1 and counts.sum() == 100
    assert chosen_by_weight(np.ones(5), 5).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("blood 24", "no measured value"),
        ("", "nothing is measured"),
        ("whole blood NAD+ 0 uM", "above 0"),
        ("whole blood NAD+ 24 uM; NAD+ in whole blood 25 uM", "given twice"),
        ("whole blood NAD+ 24 smoots", "unknown unit"),
    ],
)
def test_words_that_are_no_value_are_refused(words: str, says: str) -> None:
    with pytest.raises(Exception, match=says):
        read_measured(words)
