"""`nadflux new-biology`, `nadflux check` and ``--biology``: faults are named with line and remedy, and never run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nadflux.errors import UnitError
from nadflux.faces.cli import main
from nadflux.simulation.compiled import prepare

LAW = "NAMPT__V * NAM / (NAMPT__Km + NAM)"


def command(*words: object) -> int:
    """Exit code of the command."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    return int(stopped.value.code or 0)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the biology with a faulty unit and a reaction that makes its moiety."""
    folder = tmp_path_factory.mktemp("biology") / "mine"
    assert command("new-biology", folder) == 0
    text = (folder / "cell" / "nad.ant").read_text()
    assert LAW in text and "SIRT: NAD => NAM;" in text
    text = text.replace(LAW, LAW.replace("* NAM /", "* NAM^2 /"))
    text = text.replace("SIRT: NAD => NAM;", "SIRT: NAD => 2 NAM;")
    (folder / "cell" / "nad.ant").write_text(text)
    return folder


def test_check_names_line_and_remedy(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("check", faulty) == 2
    printed = capsys.readouterr().out
    lines = (faulty / "cell" / "nad.ant").read_text().splitlines()
    number = next(k for k, line in enumerate(lines, start=1) if line.lstrip().startswith("NAMPT:"))
    assert f"cell/nad.ant, line {number}" in printed
    assert "umol_per_h" in printed
    assert "turns 1 of the moiety NAD into 2" in printed
    assert "remedy:" in printed and "resting state" in printed


def test_check_names_what_has_no_term(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert command("new-biology", folder) == 0
    file = folder / "cell" / "nad.ant"
    file.write_text(file.read_text().replace("SIRT identity", "// SIRT identity"))
    assert command("check", folder) == 2
    printed = capsys.readouterr().out
    number = next(
        k for k, line in enumerate(file.read_text().splitlines(), start=1) if line.lstrip().startswith("SIRT:")
    )
    assert f"cell/nad.ant, line {number}" in printed and "SIRT identity" in printed


def test_a_formula_of_the_wrong_unit_prints_no_number(faulty: Path) -> None:
    with pytest.raises(UnitError, match=r"cell/nad\.ant, line \d+: \w+\.NAMPT"):
        prepare(biology=faulty)


def test_the_shipped_biology_is_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("new-biology", tmp_path / "mine") == 0
    assert command("check", tmp_path / "mine") == 0
    assert capsys.readouterr().out.count("in order") == 5


def test_every_command_uses_the_folder(faulty: Path) -> None:
    called = [sys.executable, "-m", "nadflux", "describe", "liver.NAMPT", "--biology", str(faulty)]
    by_option = subprocess.run(called, capture_output=True, text=True, check=False)
    assert by_option.returncode == 2 and "the units of the biology do not agree" in by_option.stderr
    environment = {**os.environ, "NADFLUX_BIOLOGY": str(faulty / "absent")}
    by_variable = subprocess.run(called[:5], capture_output=True, text=True, check=False, env=environment)
    assert by_variable.returncode == 2 and "nadflux new-biology" in by_variable.stderr


def test_the_option_needs_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("plans", "--biology") == 2
    assert "needs a folder" in capsys.readouterr().err
