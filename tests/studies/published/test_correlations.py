"""Published correlations over people, as numbers and as signs, on people whose correlation is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from nadflux.faces.report.validation import validation_text
from nadflux.network.tables import Observable
from nadflux.studies import parse_study
from nadflux.studies.published.result import Report
from nadflux.studies.published.schema import Arm, StudyPopulation
from nadflux.studies.published.simulated_arms import BodyValues
from nadflux.studies.published.validate import CORRELATED_PEOPLE, validate

SHAPE = (40, 30, 1)


class _Body:
    """People whose NAD+ of blood goes with nicotinamide of plasma, falls with age, and has nothing to do with MNA."""

    observables = tuple(
        Observable(name, label, matrix, "level", "uM", "x", "")
        for name, label, matrix in (("nad", "NAD+", "whole blood"), ("nam", "NAM", "plasma"), ("mna", "MNA", "plasma"))
    )
    record: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self) -> None:
        self.fewest: list[int] = []

    def dose_at(self, plan: str, hours: float) -> float:
        return 0.0

    def is_trait(self, observable: Observable) -> bool:
        return False

    def run(
        self, arm: Arm, population: StudyPopulation, observables: Sequence[str], times: np.ndarray, fewest: int = 2
    ) -> BodyValues:
        self.fewest.append(fewest)
        random = np.random.default_rng(6)
        common, other = random.normal(0.0, 0.3, SHAPE), random.normal(0.0, 0.3, SHAPE)
        age = 50.0 - 30.0 * common[..., 0] + random.normal(0.0, 2.0, SHAPE[:2])
        logs = {"nad": common, "nam": common + random.normal(0.0, 0.1, SHAPE), "mna": other}
        return BodyValues(times, {name: np.exp(log) * np.ones(times.size) for name, log in logs.items()}, (), age)


def _report(against: str, value: str | float, n: int = 60) -> tuple[Report, _Body]:
    text = (
        f"id: Test\ncitation: {{text: a test}}\npopulation: {{n: {n}}}\narms: [{{id: all, plan: none}}]\n"
        "observations:\n  - {arm: all, observable: NAD+, matrix: whole blood, at: 0 h, kind: correlation, "
        f"value: {value}, against: {against}, tier: read}}\nuse: validation\n"
    )
    body = _Body()
    return validate([parse_study(text)], body, people=30, draws=40, seed=1), body


NAM, AGE, MNA = "{observable: NAM, matrix: plasma}", "{observable: age}", "{observable: MNA, matrix: plasma}"


@pytest.mark.parametrize(
    ("against", "value", "predicted", "inside"),
    [
        (NAM, "up", "up", True),
        (NAM, "down", "up", False),
        (NAM, "none", "up", False),
        (AGE, "down", "down", True),
        (AGE, "up", "down", False),
        (MNA, "none", "none", True),
    ],
)
def test_a_correlation_may_be_published_as_its_sign(against: str, value: str, predicted: str, inside: bool) -> None:
    report, _ = _report(against, value)
    (row,) = report.rows
    assert (row.status, row.predicted, row.inside) == ("predicted", predicted, inside)
    assert row.low is not None and row.high is not None and -1.0 < row.low < row.high < 1.0
    total = report.totals()["seen" if row.use == "seen" else "validation"]
    assert total["signs"]["rows"] == 1 and total["numeric"]["rows"] == 0


def test_a_correlation_as_a_number_stays_a_figure() -> None:
    report, body = _report(NAM, 0.9)
    (row,) = report.rows
    assert row.inside is True and isinstance(row.predicted, float) and 0.7 < row.predicted < 1.0
    assert report.totals()["validation"]["numeric"]["rows"] == 1
    assert body.fewest == [CORRELATED_PEOPLE]


def test_a_study_that_could_not_see_half_a_correlation_says_nothing_by_seeing_none() -> None:
    few, many = (_report(MNA, "none", n)[0].rows[0] for n in (20, 60))
    assert few.null == "uninformative" and few.inside is None
    assert many.null == "informative" and many.detectable_percent is not None
    assert 30.0 < many.detectable_percent < 40.0 < 50.0 < (few.detectable_percent or 0.0)


def test_the_text_says_what_it_is_a_correlation_with() -> None:
    text = validation_text(_report(MNA, "none")[0])
    assert "correlation with MNA" in text and "none (detects r 0.35)" in text
