"""`nadflux cell` from the outside."""

from __future__ import annotations

import json
import re

import pytest

from nadflux.faces.cli import main


def outcome(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    captured = capsys.readouterr()
    return int(stopped.value.code or 0), captured.out, captured.err


def test_three_fluxes_stay_apart_and_say_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(["cell", "--condition", "fed", "--condition", "lysosome failure", "--json"], capsys)
    record = json.loads(out)
    assert code == 0
    kinds = {one["id"]: one["kind"] for one in record["conditions"]["fed"]}
    assert kinds["J_init"] == kinds["J_seq"] == kinds["J_deg"] == "flux"
    assert kinds["LC3_II"] == kinds["p62"] == "level"
    assert kinds["pAMPK"] == "marker"


def test_the_table_prints_the_kind_of_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(["cell", "--organ", "muscle", "--ampk", "activates"], capsys)
    assert code == 0
    assert "autophagic degradation" in out
    assert "no flux" in out
    degradation = next(line for line in out.splitlines() if "autophagic degradation" in line)
    assert re.search(r"\d \([\d.]+–[\d.]+\).* assumed", degradation)
    assert "interval is over 64 draws" in out and "not medical advice" in out


def test_the_interval_holds_the_typical_cell_and_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cell", "--condition", "fed", "--json"]
    record = json.loads(outcome(words, capsys)[1])
    flux = next(one for one in record["conditions"]["fed"] if one["id"] == "J_deg")
    low, high = flux["interval"]
    assert low < flux["value"] < high
    assert flux["tier"] in ("measured", "derived", "fitted", "assumed")
    bare = json.loads(outcome([*words, "--draws", "0"], capsys)[1])["conditions"]["fed"]
    assert {one["interval"] for one in bare} == {None}
    assert next(one["value"] for one in bare if one["id"] == "J_deg") == flux["value"]


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--organ", "mussel"], "muscle"), (["--ampk", "activate"], "activates"), (["--condition", "starvd"], "starved")],
)
def test_bad_words_exit_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(["cell", *words], capsys)
    assert code == 2
    assert says in err
