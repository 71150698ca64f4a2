"""The benchmark's own judgement: right, wrong and refused are told apart."""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import sbml_suite

SETTINGS = """start: 0
duration: 1
steps: 1
variables: p
absolute: 1e-6
relative: 1e-6
amount:
concentration:
"""


def write_case(folder: Path, number: str, result: float, rule: str = "") -> None:
    """A case with a constant parameter p = 3."""
    case = folder / number
    case.mkdir(parents=True)
    tags = "AlgebraicRule" if rule else "Parameter"
    (case / f"{number}-settings.txt").write_text(SETTINGS)
    (case / f"{number}-model.m").write_text(f"componentTags: {tags}\ntestTags:\ntestType: TimeCourse\n")
    (case / f"{number}-results.csv").write_text(f"time,p\n0,{result}\n1,{result}\n")
    (case / f"{number}-sbml-l3v1.xml").write_text("<broken")
    (case / f"{number}-sbml-l3v2.xml").write_text(
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m">'
        '<listOfParameters><parameter id="p" value="3" constant="false"/></listOfParameters>'
        f"{rule}</model></sbml>"
    )


ALGEBRAIC = (
    '<listOfRules><algebraicRule><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>p</ci></math>'
    "</algebraicRule></listOfRules>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cases = tmp_path / "cases"
    write_case(cases, "00001", 3.0)
    write_case(cases, "00002", 3.1)
    write_case(cases, "00003", 3.0, ALGEBRAIC)
    return cases


def test_each_status(folder: Path) -> None:
    outcomes = sbml_suite.run_cases(sbml_suite.find_cases(folder))
    assert [o.status for o in outcomes] == ["passed", "wrong", "refused"]
    assert [o.supported for o in outcomes] == [True, True, False]
    assert "expected 3.1" in outcomes[1].reason
    totals = sbml_suite.summary(outcomes)
    assert totals["refused_by_reason"] == {"algebraic rule": 1}
    assert totals["supported_without_events"] == {"cases": 2, "passed": 1, "percent": 50.0}


def test_shards_share_out_all_cases(folder: Path) -> None:
    parts = [sbml_suite.find_cases(folder, shard) for shard in ("1/2", "2/2")]
    assert sorted(p.name for part in parts for p in part) == ["00001", "00002", "00003"]


def test_archive_and_json(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "cases.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        file.add(folder, arcname="semantic")
    assert sbml_suite.main([str(archive), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["totals"]["wrong"] == 1
    assert [case["case"] for case in printed["cases"]] == ["00001", "00002", "00003"]


def test_no_cases(tmp_path: Path) -> None:
    assert sbml_suite.main([str(tmp_path)]) == 2
    assert sbml_suite.main([str(tmp_path / "absent")]) == 2
