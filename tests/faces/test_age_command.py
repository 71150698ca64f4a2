"""`nadflux age`: table, JSON and figure of lives, and errors at the word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nadflux.faces.cli import main


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(words)
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


QUESTION = ["age", "woman, trained", "--from", "25", "--to", "75", "--compare", "sedentary", "-n", "8"]


def test_the_table_has_decades_hazard_ratios_and_the_gain_of_the_loop(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(QUESTION, capsys)
    assert code == 0
    for text in (
        "25 y",
        "70 y",
        "75 y",
        "trained",
        "sedentary",
        "hazard ratio",
        "gain of the loop",
        "not medical advice",
    ):
        assert text in out, text
    assert not re.search(r"years? of life gained|\d+(\.\d+)? years? (longer|more)|survival", out)


def test_json_has_every_quantity_but_no_hazard_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "life.png"
    code, out, _ = run([*QUESTION, "--json", "--plot", str(figure)], capsys)
    assert code == 0 and figure.stat().st_size > 10_000
    found = json.loads(out)
    assert [one["way"] for one in found["ways"]] == ["trained", "sedentary"]
    assert {one["age"] for one in found["values"]} == {25, 30, 40, 50, 60, 70, 75}
    names = {one["id"] for one in found["quantities"]}
    assert {"il6", "skin_senescent", "loop_gain"} <= names
    assert not [name for name in {*names, *(one["quantity"] for one in found["values"])} if "hazard" in name]
    assert all(one["low"] <= one["median"] <= one["high"] for one in found["hazard_ratios"])


def test_what_is_held_stands_still(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(["age", "man", "--from", "30", "--to", "60", "--hold", "all", "-n", "4", "--json"], capsys)
    values = [one for one in json.loads(out)["values"] if one["quantity"] == "il6"]
    assert len(values) == 4
    assert all(one["median"] == pytest.approx(values[0]["median"]) for one in values)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["age", "woman, NR 500 mg"], "doses are no part of a life"),
        (["age", "woman", "--compare", "sedantary"], "sedentary"),
        (["age", "woman", "--hold", "inflamation"], "inflammation"),
        (["age", "woman", "--outputs", "il7", "-n", "2"], "il6"),
        (["age", "woman", "--from", "90", "--to", "30"], "90 to 30"),
    ],
)
def test_errors_name_the_word(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(words, capsys)
    assert code == 2 and message in err
