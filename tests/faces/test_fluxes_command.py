"""`nadflux fluxes` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.faces.cli import app as frame


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        frame.main(["fluxes", *words])
    shown = capsys.readouterr()
    return int(stopped.value.code or 0), shown.out, shown.err


def test_tables_say_unit_interval_and_tier(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "man, 40 y, 80 kg", "-n", "64")
    assert code == 0
    for words in ("synthesis by route", "use by consumer", "half-life", "µmol/day", "90%", "assumed", "whole body",
                  "salvage", "Preiss–Handler", "sirtuins", "would narrow it"):  # fmt: skip
        assert words in out


def test_json_and_figure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "fluxes.png"
    code, out, err = run(capsys, "man, 40 y, 80 kg", "-n", "64", "--json", "--plot", str(figure))
    document = json.loads(out)
    assert code == 0 and figure.stat().st_size > 10_000 and "figure" in err
    turnover = document["turnover"]
    assert turnover["unit"] == "mmol/day" and turnover["low"] < turnover["median"] < turnover["high"]
    assert all({"unit", "low", "high", "tier"} <= set(flux) for flux in document["fluxes"])


def test_a_bad_figure_name_is_refused_before_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "man, 40 y, 80 kg", "--plot", "figure.xyz")
    assert code == 2 and "figure.xyz" in err


def test_numbers_that_contradict_each_other_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "man, 40 y, 80 kg", "-n", "4", "--set", "diet.intake=0.01 mg/day")
    assert code == 2 and "set by hand" in err
