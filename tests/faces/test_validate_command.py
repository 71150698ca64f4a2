"""`nadflux validate` from the outside: exit codes, JSON, files, and what a bad file says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from nadflux.faces.cli import main

STUDY = """\
id: Example
citation: {text: an example}
population: {n: 20, age: {mean: 50, sd: 8}}
arms:
  - {id: NR, plan: NR chloride 300 mg oral daily for 2 weeks}
  - {id: placebo, plan: none}
observations:
  - {arm: NR, observable: NAD+, matrix: whole blood, at: 14 d, kind: change, from: placebo,
     value: 45, unit: "%", tier: read}
  - {arm: NR, observable: NAD+, matrix: whole blood, at: 14 d, kind: sign, from: baseline, value: up, tier: read}
  - {arm: NR, observable: NAD+, matrix: brain, at: 14 d, kind: sign, from: baseline, value: up, tier: read}
  - {arm: placebo, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 30, unit: µM, tier: recalled}
use: validation
"""
FEW = ["--n", "2", "--draws", "4", "--threads", "1"]
FIELDS = {
    "study", "arm", "observable", "matrix", "at", "kind", "unit", "observed", "predicted", "low", "high", "inside",
    "fold_error", "use", "tier",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "studies"
    path.mkdir()
    (path / "example.yaml").write_text(STUDY, encoding="utf-8")
    return path


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["validate", *words])
    return int(left.value.code or 0)


def test_json_has_rows_and_totals(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(folder), "--json", *FEW) == 0
    printed = json.loads(capsys.readouterr().out)
    rows = printed["rows"]
    assert len(rows) == 4 and set(rows[0]) >= FIELDS
    assert rows[0]["low"] < rows[0]["predicted"] < rows[0]["high"]
    assert rows[0]["inside"] is (rows[0]["low"] <= 45 <= rows[0]["high"])
    assert rows[2]["status"] == "not modelled" and rows[2]["predicted"] is None
    assert rows[3]["scored"] is False
    assert printed["totals"]["seen"]["numeric"]["rows"] == 1
    assert printed["totals"]["validation"]["rows"] == 0
    assert rows[0]["standing"] == "seen before the freeze: there is no lock file"
    assert printed["record"]["table_hash"]


def test_a_study_is_validation_from_a_freeze_to_the_next_change(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(str(folder), "--freeze") == 0
    assert "validation (1): Example" in capsys.readouterr().out
    assert _run(str(folder), *FEW) == 0
    text = capsys.readouterr().out
    assert "VALIDATION (listed" in text and "seen before the freeze" not in text
    assert _run(str(folder), "--posterior", "none", *FEW) == 0
    assert "seen before the freeze: changed since" in capsys.readouterr().out
    assert _run(str(folder), "--freeze") == 0
    assert "validation (0): none" in capsys.readouterr().out


def test_same_seed_same_numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for threads in ("1", "2"):
        assert _run(str(folder), "--json", "--n", "2", "--draws", "4", "--seed", "5", "--threads", threads) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_table_figure_and_csv(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure, rows = tmp_path / "forest.png", tmp_path / "rows.csv"
    assert _run(str(folder / "example.yaml"), "--plot", str(figure), "--out", str(rows), *FEW) == 0
    text = capsys.readouterr().out
    assert "Not modelled (1 rows)" in text and "power law" in text
    assert figure.read_bytes().startswith(b"\x89PNG") and figure.stat().st_size > 10_000
    with rows.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: change", "kind: chnge", "example.yaml:8: observations[0].kind"),
        ("NR chloride 300 mg", "NZ chloride 300 mg", "example.yaml:5: arms[0].plan"),
        ("oral daily", "by horse daily", "example.yaml:5: arms[0].plan"),
        ("300 mg", "-300 mg", "example.yaml:5: arms[0].plan"),
    ],
)
def test_a_bad_file_exits_2_and_says_where(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    (folder / "example.yaml").write_text(STUDY.replace(old, new), encoding="utf-8")
    assert _run(str(folder), *FEW) == 2
    assert said in capsys.readouterr().err


def test_an_empty_folder_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(tmp_path)) == 2
    assert "at least one .yaml file" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--n", "1"), ("--draws", "1"), ("--plot", "x.xyz"), ("--out", "no/such/rows.csv")])
def test_bad_options_exit_2(folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(folder), *words) == 2
    assert capsys.readouterr().err.startswith("nadflux: ")


def test_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "nadflux study file"


def test_an_early_stop_leaves_an_earlier_table_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nadflux.studies.published.simulated_arms import BodySimulator

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    table = folder.parent / "rows.csv"
    table.write_text("of a run that was finished")
    monkeypatch.setattr(BodySimulator, "run", stop)
    assert _run(str(folder), "--out", str(table), *FEW) == 130
    assert table.read_text() == "of a run that was finished"
    assert "nothing is written" in capsys.readouterr().err


def test_sources_of_spread_and_the_priors_on_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(folder), "--components", "--posterior", "none", *FEW) == 0
    captured = capsys.readouterr()
    assert "who took part" in captured.out and "left out by the model" in captured.out
    assert "tables' priors" in captured.err


def test_a_posterior_that_is_none_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(folder), "--posterior", str(folder / "nowhere.zarr"), *FEW) == 2
    assert "no posterior file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "share", "verdict"),
    [(1, 100.0, "too few rows to say"), (13, 100.0, "MISSED"), (13, 92.3, "met"), (13, 69.2, "MISSED")],
)
def test_a_share_of_few_rows_is_not_held_against_the_target(rows: int, share: float, verdict: str) -> None:
    from nadflux.faces.report.validation import targets

    total = {
        "ratio_to_baseline": {"rows": rows, "coverage_percent": share, "median_width": 1.5},
        "compared": {"rows": 0},
        "nulls": {"rows": 0},
        "risen_median_fold_error": None,
    }
    first = next(iter(targets(total)))
    assert first.startswith(f"  target: ratios inside, % of {rows} rows: ") and first.endswith(verdict)
