"""Arms whose people live their days: what a baseline means, what may be compared, and what a file may say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from nadflux.errors import StudyError
from nadflux.network.tables import Observable
from nadflux.studies import parse_study
from nadflux.studies.published.result import Report
from nadflux.studies.published.schema import Arm, StudyPopulation
from nadflux.studies.published.simulated_arms import LIVED_DRAWS, LIVED_PEOPLE, BodySimulator, BodyValues, cohort_of
from nadflux.studies.published.validate import validate

MUSCLE = Observable("muscle_nad", "NAD+", "skeletal muscle", "level", "uM", "x", "")
FILE = """\
id: Training
citation: {{text: a test}}
population: {{n: 20{population}}}
arms:
  - {{id: training, plan: resistance 2/week for 10 weeks}}
  - {{id: waiting, plan: none}}
  - {{id: pills, plan: NR chloride 500 mg oral daily for 10 weeks}}
observations:
  - {{arm: training, observable: NAD+, matrix: skeletal muscle, at: 70 d, kind: change, from: {against},
     value: 10, unit: "%", tier: read}}
use: {use}
"""


def study_text(against: str = "baseline", use: str = "validation", population: str = "") -> str:
    return FILE.format(against=against, use=use, population=population)


class _Body:
    """People whose muscle falls by a fifth as they live, and who gain a tenth by training."""

    observables = (MUSCLE,)

    def __init__(self) -> None:
        self.asked: list[str] = []

    @property
    def record(self) -> dict[str, Any]:
        return {}

    def dose_at(self, plan: str, hours: float) -> float:
        return 0.0

    def is_trait(self, observable: Observable) -> bool:
        return False

    def run(
        self, arm: Arm, population: StudyPopulation, observables: Sequence[str], times: np.ndarray, fewest: int = 2
    ) -> BodyValues:
        self.asked.append(arm.id)
        level = np.random.default_rng(2).lognormal(5.0, 0.1, (6, 3, 1))
        usual = level * np.where(times > 0, 0.8, 1.0)
        age = np.full((6, 3), 50.0)
        if arm.id != "training":
            return BodyValues(times, {"muscle_nad": level + 0 * times}, (), age)
        lived = BodyValues(times, {"muscle_nad": usual}, (), age)
        return BodyValues(times, {"muscle_nad": 1.1 * usual}, (), age, lived)


def predicted(body: _Body, against: str) -> Report:
    return validate([parse_study(study_text(against))], body, people=3, draws=6, seed=1)


@pytest.mark.parametrize("against", ["baseline", "waiting"])
def test_the_baseline_is_usual_life_at_the_same_time(against: str) -> None:
    body = _Body()
    (row,) = predicted(body, against).rows
    assert row.status == "predicted"
    assert row.predicted == pytest.approx(10.0, abs=1.0)
    assert body.asked == ["training"]


def test_lived_days_are_not_compared_with_even_feeding() -> None:
    with pytest.raises(StudyError, match="add a habit to the plan of the other"):
        predicted(_Body(), "pills")


def test_habits_of_people_are_read_and_reach_the_cohort() -> None:
    study = parse_study(study_text(population=', habits: ["trains 3 times a week", "sleep 6 h"]'))
    assert cohort_of(study.population, 45.0, 4, "x").habits == ("trains 3 times a week", "sleep 6 h")


@pytest.mark.parametrize(
    ("options", "where", "says"),
    [
        ({"population": ', habits: ["slepp 6 h"]'}, "x.yaml:3: population.habits", "no habit"),
        ({"population": ', habits: ["sleep 6 h for 2 weeks"]'}, "x.yaml:3: population.habits", "no length"),
        ({"use": "calibration"}, r"x.yaml:5: arms\[0\].plan", "use: validation"),
    ],
)
def test_what_a_file_may_not_say(options: dict[str, str], where: str, says: str) -> None:
    with pytest.raises(StudyError, match=rf"(?s){where}.*{says}"):
        parse_study(study_text(**options), "x.yaml")


def test_an_arm_lives_on_the_whole_body() -> None:
    """Two days of a fast: people in usual life stay beside them, and fewer stand for the arm."""
    body = BodySimulator(3, 2, 0)
    arm = Arm(id="fast", plan="fast 36 h")
    found = body.run(arm, StudyPopulation(n=8), ("muscle_nad",), np.array([0.0, 47.0]))
    assert found["muscle_nad"].shape == (2, LIVED_PEOPLE, 2) and body.record["lived"]["draws"] <= LIVED_DRAWS
    assert found.counterfactual is not None and not np.array_equal(
        found.counterfactual["muscle_nad"], found["muscle_nad"]
    )
    people = StudyPopulation(n=8, habits=["sleep 6 h"])
    waiting = body.run(Arm(id="waiting", plan="none"), people, ("muscle_nad",), np.array([0.0, 12.0]))
    assert waiting.counterfactual is not None and np.array_equal(
        waiting.counterfactual["muscle_nad"], waiting["muscle_nad"]
    )
