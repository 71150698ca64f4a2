"""`nadflux cell` from the outside."""

from __future__ import annotations

import json

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


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--organ", "mussel"], "muscle"), (["--ampk", "activate"], "activates"), (["--condition", "starvd"], "starved")],
)
def test_bad_words_exit_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(["cell", *words], capsys)
    assert code == 2
    assert says in err
