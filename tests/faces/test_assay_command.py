"""`nadflux assay` and `nadflux facts` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.faces.cli import main


def outcome(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    captured = capsys.readouterr()
    return int(stopped.value.code or 0), captured.out, captured.err


def test_assay_prints_levels_verdicts_and_rules(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "blot.png"
    words = ["assay", "--organ", "liver", "--inhibitor", "bafilomycin 100 nM for 4 h", "--condition", "fed"]
    code, out, _ = outcome(
        [*words, "--condition", "starved 4 h", "--condition", "rapamycin", "--plot", str(figure)], capsys
    )
    assert code == 0
    for word in ("LC3-II", "p62", "achieved block", "true J_deg", "A verdict needs two independent assays"):
        assert word in out
    assert figure.stat().st_size > 10_000


def test_assay_as_json_says_what_is_level_and_what_is_flux(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["assay", "--inhibitor", "leupeptin", "--condition", "fed", "--condition", "starved 4 h", "--json"]
    code, out, _ = outcome(words, capsys)
    record = json.loads(out)
    assert code == 0
    starved = record["conditions"][1]
    assert starved["LC3_II"]["kind"] == "level"
    assert starved["true_J_deg"]["kind"] == starved["J_readout"]["kind"] == "flux"


def test_assay_without_inhibitor_is_indeterminate(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(["assay", "--condition", "fed", "--condition", "starved 4 h", "--json"], capsys)
    assert code == 0
    assert {one["assay_flux"] for one in json.loads(out)["conditions"]} == {"indeterminate"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["assay", "--organ", "livr"], "liver"),
        (["assay", "--inhibitor", "bafilomicin"], "bafilomycin"),
        (["assay", "--preset", "pbmc", "--condition", "fed"], "preset"),
        (["assay", "--plot", "blot.txt"], "png"),
        (["facts", "99"], "unknown fact"),
    ],
)
def test_bad_words_exit_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(words, capsys)
    assert code == 2
    assert says in err


def test_facts_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(["facts", "1", "14", "--json"], capsys)
    record = json.loads(out)
    assert code == 0
    assert [fact["verdict"] for fact in record["facts"]] == ["shown", "not in scope"]
    assert {"id", "fact", "published", "simulated", "verdict"} <= record["facts"][0].keys()
    assert record["totals"]["calibration"]["parts"] == {"shown": 3, "missed": 0, "not in scope": 0}
