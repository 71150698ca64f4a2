"""`nadflux sensitivity` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.faces.cli import main

pytest.importorskip("SALib")

FEW = ["--top", "4", "--base", "16", "--threads", "1"]


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["sensitivity", *words])
    return int(left.value.code or 0)


def test_the_numbers_that_set_an_output_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("woman, 62 y", "--output", "red_cell_nad", "--json", *FEW) == 0
    found = json.loads(capsys.readouterr().out)
    first = found["indices"][0]
    assert first["input"] == "red_cells.NAD.total"
    assert first["total"] > 0.9
    assert found["measure"] == "end" and found["unit"] == "uM"
    assert found["variance_covered"] == pytest.approx(1.0, abs=0.3)
    assert found["low"] < found["median"] < found["high"]


def test_intervals_and_the_flag_are_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("woman, 62 y", "--plan", "NAM 500 mg oral once", "--days", "0.25", "--output", "plasma_nam")
    options = ("--measure", "peak", "--runs", str(tmp_path / "runs"), *FEW)
    assert _run(*words, *options) == 0
    printed = capsys.readouterr().out
    assert "total (95 %)" in printed and "converged" in printed
    assert "of its logarithm" in printed
    kept = len(list((tmp_path / "runs").glob("*.npy")))
    assert kept > 0
    assert _run(*words, *options) == 0
    assert capsys.readouterr().out == printed
    assert len(list((tmp_path / "runs").glob("*.npy"))) == kept


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("woman, 62 y", "--output", "whole_blod_nad"), "whole_blood_nad"),
        (("woman, 62 y", "--output", "plasma_nam", "--measure", "top"), "measure"),
        (("woman, 62 y", "--output", "plasma_nam", "--base", "100"), "power of two"),
        (("woman, 62 y, sleeps 6 h", "--output", "plasma_nam"), "a body at rest"),
    ],
)
def test_bad_words(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*words) == 2
    assert says in capsys.readouterr().err
