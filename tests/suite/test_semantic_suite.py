"""The SBML semantic test suite: nothing wrong, and the rates that supported constructs must reach.

``NADFLUX_SUITE_SHARD=1/4 pytest -m suite`` runs every fourth case.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import sbml_suite

pytestmark = pytest.mark.suite


@pytest.fixture(scope="module")
def outcomes(shared_dir: Path) -> list[sbml_suite.Outcome]:
    archive = shared_dir / "suites" / "sbml-semantic.tar.xz"
    if not archive.exists():
        pytest.skip("needs suites/sbml-semantic.tar.xz among the shared inputs")
    with sbml_suite.unpacked(archive) as folder:
        cases = sbml_suite.find_cases(folder, os.environ.get("NADFLUX_SUITE_SHARD", "1/1"))
        return sbml_suite.run_cases(cases)


def test_nothing_is_wrong(outcomes: list[sbml_suite.Outcome]) -> None:
    assert [o for o in outcomes if o.status == "wrong"] == []


def test_supported_constructs_are_right(outcomes: list[sbml_suite.Outcome]) -> None:
    totals = sbml_suite.summary(outcomes)
    assert totals["supported_without_events"]["percent"] == 100.0
    assert totals["supported_with_events"]["percent"] >= 95.0


def test_most_cases_pass(outcomes: list[sbml_suite.Outcome]) -> None:
    assert sbml_suite.summary(outcomes)["percent_passed"] >= 80.0
