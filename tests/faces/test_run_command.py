"""``nadflux run``: output, files, and clear errors with exit code 2."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nadflux.faces.cli import main
from nadflux.faces.documents.time_course import readable_number

TEXT = "model m()\n  S = 8; species S, P; P = 0; J: S -> P; k * S; k = 0.5;\n  at time >= 6: S = 8;\nend\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "m.ant"
    file.write_text(TEXT)
    return file


def run(*words: object) -> int:
    """Exit code of the command."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in ("run", *words)])
    return int(stopped.value.code or 0)


def test_table_files_and_figure(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv, parquet, figure = tmp_path / "a.csv", tmp_path / "a.parquet", tmp_path / "a.png"
    assert run(model, "--end", 10, "--points", 21, "--out", csv, "--plot", figure, "--moieties") == 0
    printed = capsys.readouterr().out
    assert "S" in printed
    assert "11 of 21 times" in printed
    table = pd.read_csv(csv)
    assert list(table.columns) == ["time", "S", "P"]
    np.testing.assert_allclose(table["S"][:12], 8 * np.exp(-0.5 * table["time"][:12]), rtol=1e-5)
    assert table["S"][12] == 8.0
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert run(model, "--end", 10, "--points", 21, "--out", parquet) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(parquet), table, rtol=1e-12)


def test_columns_carry_the_units_that_the_model_declares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "model m()\n  unit umol = 1e-6 mole; unit substance = umol; unit extent = umol; unit time_unit = 3600 second;\n"
        "  unit per_h = 1 / 3600 second; compartment c = 2; c has litre; species S in c, P in c; S = 8; P = 0;\n"
        "  J: S -> P; k * S * c; k = 0.5; k has per_h; x := k * S; end\n"
    )
    model, out = tmp_path / "units.ant", tmp_path / "units.csv"
    model.write_text(text)
    assert run(model, "--end", 1, "--points", 2, "--select", "S, amount(S), [P], J, c, x", "--out", out) == 0
    header = ["time (h)", "S (umol/L)", "amount(S) (umol)", "[P] (umol/L)", "J (umol/h)", "c (L)", "x"]
    assert list(pd.read_csv(out).columns) == header
    printed = capsys.readouterr().out
    assert "S (µmol/L)" in printed and "umol" not in printed and "the model declares no unit for x" in printed


def test_a_failed_writing_keeps_the_former_file(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, figure = tmp_path / "a.csv", tmp_path / "a.svg"
    for file in (out, figure):
        file.write_text("former")

    def full(self: object, target: Path, **options: object) -> None:
        Path(target).write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    assert run(model, "--end", 1, "--out", out) == 2
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    assert run(model, "--end", 1, "--plot", figure) == 2
    assert "No space left" in capsys.readouterr().err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.csv", "a.svg", "m.ant"]
    assert out.read_text() == figure.read_text() == "former"


def test_selection(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    assert run(model, "--select", "[S], amount(P)", "--end", 1, "--points", 2, "--out", out) == 0
    assert list(pd.read_csv(out).columns) == ["time", "[S]", "amount(P)"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--end", "-1"], "later end"),
        (["--end", "nan"], "finite"),
        (["--points", "1"], "give 2 (start and end)"),
        (["--points", "1000000000000"], "10000000"),
        (["--select", " , "], "names nothing"),
        (["--out", "/no such folder/x.csv"], "create it first"),
        (["--select", "SS"], "did you mean"),
        (["--out", "x.docx"], ".csv"),
        (["--plot", "x.gif"], ".png"),
        (["--rtol", "0"], "rtol"),
    ],
)
def test_bad_options(model: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert run(model, *words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.xml", "", "empty"),
        ("m.xml", "<sbml", "not valid SBML"),
        ("m.ant", "J: S -> -> ;\n", "not valid Antimony"),
        ("m.txt", "<sbml", "not valid SBML"),
    ],
)
def test_bad_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(content)
    assert run(file) == 2
    assert said in capsys.readouterr().err


def test_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "absent.xml") == 2
    assert "there is no model file" in capsys.readouterr().err


def test_what_has_no_dimension_is_printed_as_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "ratio.ant"
    model.write_text(
        "model m()\n  unit substance = dimensionless; unit volume = dimensionless; unit time_unit = 1 second;\n"
        "  compartment c = 1; species S in c; S = 8;\n  J: S -> ; k * S; k = 0.5; end\n"
    )
    assert run(model, "--end", 1, "--points", 2) == 0
    printed = capsys.readouterr().out
    assert "S (1)" in printed and "dimensionless" not in printed


def test_an_archive_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "m.omex"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("manifest.xml", "<omexManifest/>")
        file.writestr("models/m.ant", TEXT)
    assert run(archive, "--end", 10) == 0
    assert "S" in capsys.readouterr().out


def test_an_archive_of_several_models_says_what_to_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "body.omex"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("manifest.xml", "<omexManifest/>")
        file.writestr("models/a.ant", TEXT)
        file.writestr("models/b.ant", TEXT)
    assert run(archive) == 2
    said = capsys.readouterr().err
    assert "holds 2 models" in said and "models/a.ant, models/b.ant" in said


def test_notes_and_values_below_zero_by_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.ant"
    file.write_text("species S; S = 1; J: S -> ; 5 * S; y := 1 / (time - 100);\n")
    assert run(file, "--end", 200, "--points", 3) == 0
    printed = capsys.readouterr().out
    assert "note: infinite from time 100: y" in printed
    assert not any(cell.startswith("-") for cell in printed.split("\n")[3].split()[1:2])


def test_a_number_below_zero_is_nearly_nothing_only_within_the_tolerance() -> None:
    assert readable_number(-3e-87, 1e-9) == "~0"
    assert readable_number(-3e-87, 0.0) == "-3e-87"
    assert readable_number(-2e-9, 1e-9) == "-2e-09"
    assert readable_number(0.0, 1e-9) == "0"
    assert readable_number(3e-87, 1e-9) == "3e-87"


def test_the_seed_decides_the_order_of_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.ant"
    file.write_text("x = 1; a: at time >= 2: x = 3; b: at time >= 2: x = 4;\n")
    ends = set()
    for seed in range(8):
        assert run(file, "--end", 4, "--points", 2, "--seed", seed) == 0
        printed = capsys.readouterr().out
        assert "note: events a, b happen at the same time" in printed
        ends.add(printed.split("\n")[2].split()[1])
    assert ends == {"3", "4"}


def test_numbers_doses_and_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "pk.ant", tmp_path / "pk.csv"
    file.write_text(
        "model m()\n  unit mg = 1e-3 gram; unit substance = mg; unit extent = mg; unit time_unit = 3600 second;\n"
        "  compartment V = 10; V has litre; species C in V = 0; J: C -> ; V*k*C; k = 0.2; end\n"
    )
    words = ("--set", "k=0.1", "--dose", "C: 100 mg every 12 h for 1 day", "--at", "0,12", "--at", "24", "--out", out)
    assert run(file, *words) == 0
    left = np.exp(-1.2)
    np.testing.assert_allclose(pd.read_csv(out)["C (mg/L)"], [10, 10 + 10 * left, 10 * left + 10 * left**2], rtol=1e-5)
    assert "dose_C" not in capsys.readouterr().out


def test_steady_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.ant"
    file.write_text("-> S; v; S -> ; k*S; v = 1; k = 4; S = 0;\n")
    assert run(file, "--steady-state", "--set", "v=2") == 0
    assert "0.5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "kk=1"], "did you mean 'k'"),
        (["--set", "k"], "NAME=VALUE"),
        (["--dose", "S 5"], "SPECIES: SENTENCE"),
        (["--dose", "SS: 5 daily", "--time-unit", "h"], "did you mean 'S'"),
        (["--dose", "S: 5 daily"], "--time-unit h"),
        (["--at", "x"], "no number"),
        (["--at", "-1"], "before --start"),
    ],
)
def test_bad_numbers_doses_and_times(
    model: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(model, *words) == 2
    assert said in capsys.readouterr().err
