"""`nadflux rivals` on the command line."""

from __future__ import annotations

import json

import pytest

from nadflux.faces.cli import app as frame

WORDS = ("woman, 62 y, 70 kg", "--plan", "NMN 250 mg oral daily for 3 days", "-n", "4", "--link", "gut.NMN")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        frame.main(["rivals", *words])
    shown = capsys.readouterr()
    return int(stopped.value.code or 0), shown.out, shown.err


def test_the_table_names_question_option_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *WORDS)
    assert code == 0
    for words in ("default", "gut.NMN=none", "Is NMN taken up from the gut as such?", "10.1038/", "µM", "screened"):
        assert words in out


def test_json_has_an_interval_for_every_rival(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *WORDS, "--json", "--show", "plasma_nmn,whole_blood_nad")
    document = json.loads(out)
    assert code == 0
    assert [rival["option"] for rival in document["rivals"]] == ["default", "none"]
    for rival in document["rivals"]:
        assert list(rival["observables"]) == ["plasma_nmn", "whole_blood_nad"]
        for cells in rival["observables"].values():
            assert (
                cells["change_percent"]["low"] <= cells["change_percent"]["median"] and cells["tier"] and cells["unit"]
            )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("woman, 62 y, 70 kg", "--link", "gut.NMNN"), "gut.NMN"),
        (("woman, 62 y, 70 kg", "--show", "whole_blood_nadd"), "whole_blood_nad"),
        (("nobody",), "nobody"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    code, _, err = run(capsys, *words)
    assert code == 2 and said in err
