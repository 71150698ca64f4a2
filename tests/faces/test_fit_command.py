"""`nadflux fit` from the outside: what it prints, writes, refuses, and keeps on Ctrl-C."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.faces.cli import main
from nadflux.inference.study_problem import StudyProblem

STUDY = """\
id: {id}
citation: {{text: an example}}
population: {{n: 400}}
arms: [{{id: all, plan: none}}]
observations:
  - {{arm: all, observable: 2PY, matrix: urine, at: 0 h, kind: value, value: {value}, unit: µmol/d, tier: read}}
use: {use}
"""
FEW = ["--members", "40", "--iterations", "3", "--moves", "1", "--sweeps", "4", "--people", "10", "--threads", "1"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "studies"
    path.mkdir()
    for name, value, use in (("First", 200, "calibration"), ("Second", 180, "calibration"), ("Held", 9, "validation")):
        text = STUDY.format(id=name, value=value, use=use)
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["fit", *words])
    return int(left.value.code or 0)


def test_prints_the_fit_and_calls_it_no_validation(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.zarr"
    assert _run(str(folder), "--out", str(out), "--leave-one-out", *FEW) == 0
    printed = capsys.readouterr().out
    assert (out / "zarr.json").exists()
    assert "First all: 2PY, urine" in printed and "Held" not in printed
    assert "no validation" in printed
    assert "without its study: " in printed
    assert "effective samples" in printed
    assert "diet.intake" in printed


def test_a_fit_is_judged_again_from_its_file(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "p.zarr", tmp_path / "q.zarr"
    assert _run(str(folder), "--out", str(first), "--leave-one-out", *FEW) == 0
    capsys.readouterr()
    assert _run(str(folder), "--judge", str(first), "--out", str(second)) == 0
    assert "standardised errors of 2 figures of 2 studies left out" in capsys.readouterr().out
    assert (second / "values" / "c" / "0" / "0").read_bytes() == (first / "values" / "c" / "0" / "0").read_bytes()
    assert _run(str(folder), "--judge", "none", "--out", str(second)) == 2
    assert "--judge none" in capsys.readouterr().err


def test_json(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(folder), "--out", str(tmp_path / "p.zarr"), "--json", *FEW) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["version"].startswith("fit-")
    assert [row["observed"] for row in printed["rows"]] == pytest.approx([200, 180])
    assert "predicted_without_its_study" not in printed["rows"][0]
    assert str(tmp_path) not in printed["command"]


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "p.zarr"
    figures, calls = StudyProblem.figures, 0

    def stopping(self, scores):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return figures(self, scores)

    with monkeypatch.context() as patch:
        patch.setattr(StudyProblem, "figures", stopping)
        assert _run(str(folder), "--out", str(out), *FEW) == 130
    assert "--resume" in capsys.readouterr().err
    assert _run(str(folder), "--out", str(out), *FEW) == 2
    assert "--resume" in capsys.readouterr().err
    assert _run(str(folder), "--out", str(out), "--resume", *FEW) == 0
    assert out.is_dir()


@pytest.mark.parametrize(
    ("name", "says"),
    [("p.npz", ".zarr"), ("nowhere/p.zarr", "does not exist"), ("studies", ".zarr")],
)
def test_refuses_what_it_could_not_write(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, says: str
) -> None:
    assert _run(str(folder), "--out", str(tmp_path / name), *FEW) == 2
    assert says in capsys.readouterr().err


def test_a_folder_without_calibration_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(str(folder / "Held.yaml"), "--out", str(tmp_path / "p.zarr"), *FEW) == 2
    assert "use: calibration" in capsys.readouterr().err
    assert not (tmp_path / "p.zarr.run").exists()


@pytest.mark.parametrize("size", ["inf", "nan", "-1"])
def test_an_error_without_bounds_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], size: str
) -> None:
    for option in ("--model-error", "--ratio-error"):
        assert _run(str(folder), "--out", str(tmp_path / "p.zarr"), option, size, *FEW) == 2
        assert option in capsys.readouterr().err


def test_report_of_the_shipped_fit(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is run: the file holds how it was made, what each parameter was narrowed by, and how well it mixed."""
    assert _run("--report", "shipped") == 0
    printed = capsys.readouterr().out
    for words in (
        "made by: nadflux fit",
        "--seed",
        "effective samples",
        "informed by",
        "without its study",
        "narrowed",
    ):
        assert words in printed
    for word in ("litre_per_h", "dimensionless", "uM "):
        assert word not in printed
    assert _run("--report", "shipped", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    one = record["parameters"]["all.NAMPT.Km"]
    assert one["shrinkage"] > 0.2 and one["informed_by"] and one["effective_samples"] > 50


@pytest.mark.parametrize(("wanted", "said"), [("no.zarr", "is no posterior file"), ("none", "priors")])
def test_report_of_nothing_is_refused(wanted: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--report", wanted) == 2
    assert said in capsys.readouterr().err
