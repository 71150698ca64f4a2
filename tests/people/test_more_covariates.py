"""More rows in the table of covariates, and no line of Python: people are said, drawn and run with them.

The package is copied, the rows are added to its table, and the copy is asked in a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nadflux
from nadflux.people import Cohort, Distribution, draw_covariates

HERE = Path(__file__).parent
ROWS = HERE / "more_covariates.csv"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("more")
    package = Path(nadflux.__file__).parent
    shutil.copytree(package, folder / "nadflux", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "nadflux" / "biology" / "covariates.csv").open("a", encoding="utf-8") as table:
        table.write(ROWS.read_text(encoding="utf-8"))
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    asked = subprocess.run(
        [sys.executable, str(HERE / "ask_more_covariates.py")],
        capture_output=True, text=True, env=environment, cwd=folder, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    result: dict[str, Any] = json.loads(asked.stdout)
    return result


def test_it_is_said_and_read_back(answers: dict[str, Any]) -> None:
    words = answers["words"]
    assert words["printed"] == "woman, 62 y, 70 kg, 165 cm, eGFR 45" and words["again"]
    assert words["unknown"] == ["insulin_sensitivity"]
    assert words["assumed"] == ["insulin sensitivity not given: drawn about 1 with 30% spread"]
    assert words["litres"] == pytest.approx(45.0)


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        ("misspelt", "'eGRF'; did you mean 'eGFR'"),
        ("outside", "eGFR 450 mL/min cannot be simulated; give one between 5 and 150 mL/min"),
        ("bare", "'eGFR' gives no number"),
        ("unit", "in 'eGFR 45 kg'"),
        ("by hand", "comes from the description of the person"),
    ],
)
def test_mistakes_are_named_at_the_word(answers: dict[str, Any], mistake: str, says: str) -> None:
    assert says in answers["words"][mistake]


def test_the_numbers_of_a_run_follow(answers: dict[str, Any]) -> None:
    runs = answers["runs"]
    half, whole = runs["urine"]
    assert half == pytest.approx(whole / 2, rel=0.01)  # what is filtered is proportional to eGFR and lowers the level
    low, usual = runs["insulin"]
    assert low == pytest.approx(2 * usual, rel=0.01)  # half the sensitivity asks for twice the insulin
    assert runs["body"] == "whole"  # NAD+ metabolism alone has no insulin


def test_a_cohort_draws_it(answers: dict[str, Any]) -> None:
    drawn = answers["cohort"]
    assert drawn["said"] == "cohort: 4000 people, 50 ± 10 y, 100% women, eGFR 60 ± 10"
    assert drawn["median"] == pytest.approx(92, rel=0.02)
    assert drawn["log sd"] == pytest.approx(np.sqrt(np.log1p(0.18**2)), rel=0.05)
    assert drawn["correlations"] == pytest.approx([-0.3, -0.5], abs=0.04)
    assert drawn["mean of the group"] == pytest.approx(60, abs=0.6)
    assert drawn["sd of the group"] == pytest.approx(10, abs=0.5)
    assert drawn["correlation of the group"] == pytest.approx(-0.3, abs=0.04)
    # body mass index 40.4 is 1.49 standard deviations above the median of its logarithm
    assert drawn["median of the heavy"] == pytest.approx(np.exp(-0.5 * 1.49 * np.sqrt(np.log1p(0.3**2))), rel=0.03)


def test_one_without_distribution_holds_only_where_it_is_said(answers: dict[str, Any]) -> None:
    assert answers["cohort"]["only where said"] == [False, [0.5, 0.5]]


def test_what_was_drawn_before_keeps_its_bits(answers: dict[str, Any]) -> None:
    drawn = draw_covariates(Cohort(4000, Distribution(50, 10), female=1.0), np.arange(4000), 1)
    assert answers["cohort"]["others"] == {name: float(drawn[name].sum()) for name in drawn}


def test_a_study_takes_it(answers: dict[str, Any]) -> None:
    study = answers["study"]
    assert study["mean"] == 60 and study["typical"] == pytest.approx(60, abs=2)
    assert "kidneys.yaml:4: population.eGRF: unknown field; did you mean 'eGFR'?" in study["misspelt"]
    assert "kidneys.yaml:4: population" in study["outside"] and "eGFR 600 mL/min" in study["outside"]
    assert study["schema"]


def test_sensitivity_lists_it(answers: dict[str, Any]) -> None:
    decides = answers["decides"]
    assert "eGFR" in decides["names"] and decides["tier"] == "assumed"
    assert "eGFR" not in decides["held"] and decides["held"]["age"] == 62
    assert decides["held"]["insulin_sensitivity"] == pytest.approx(1, abs=0.1)
    assert "described by it" in decides["refused"]
