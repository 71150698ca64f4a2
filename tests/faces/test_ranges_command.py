"""`nadflux ranges`: what is printed and the exit code."""

from __future__ import annotations

import json

import pytest

from nadflux.faces.cli import main


def _exit(words: list[str]) -> int:
    with pytest.raises(SystemExit) as stop:
        main(words)
    return int(stop.value.code or 0)


def test_limits_are_listed_with_who_leaves_them(capsys: pytest.CaptureFixture[str]) -> None:
    code = _exit(["ranges", "exercised", "--people", "4", "--full"])
    text = capsys.readouterr().out
    assert "muscle" in text and "energy_charge" in text and "plasma_glucose" in text
    assert code == int("0 left by somebody" not in text)


def test_json_holds_every_limit_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    _exit(["ranges", "exercised", "--people", "2", "--json"])
    record = json.loads(capsys.readouterr().out)
    assert record["failures"] == {"exercised": []}
    assert {r["people"] for r in record["results"]} == {2} and all(r["limit"]["source"] for r in record["results"])


def test_an_unknown_state_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["ranges", "exercisd"]) == 2
    assert "exercised" in capsys.readouterr().err
