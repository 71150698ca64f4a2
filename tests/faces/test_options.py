"""Options that take several names add up; an option that takes one value is refused when it is given twice."""

from __future__ import annotations

import json

import pytest

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli import app as frame
from nadflux.faces.cli._options import listed

MAN = "man, 40 y, 80 kg"


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        frame.main(words)
    shown = capsys.readouterr()
    return int(stopped.value.code or 0), shown.out, shown.err


def test_names_are_joined_by_commas_and_by_giving_the_option_again() -> None:
    assert listed(["liver_nad, muscle_nad", "pbmc_nad,liver_nad"], "--show") == ("liver_nad", "muscle_nad", "pbmc_nad")
    assert listed(None, "--show") == ()


@pytest.mark.parametrize("words", [[""], [","], [" , "]])
def test_naming_nothing_is_refused(words: list[str]) -> None:
    with pytest.raises(ValueOutOfRangeError, match="--show names nothing"):
        listed(words, "--show")


@pytest.mark.parametrize("second", ["--show", "--output"])
def test_simulate_shows_all_that_was_asked_for(capsys: pytest.CaptureFixture[str], second: str) -> None:
    words = ("simulate", MAN, "--days", "1", "-n", "2", "--json", "--show", "liver_nad", second, "muscle_nad,liver_nad")
    code, out, _ = call(capsys, *words)
    assert code == 0
    assert [row["id"] for row in json.loads(out)["rows"]] == ["liver_nad", "muscle_nad"]


def test_rivals_add_links_and_observables(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--link", "gut.NA,gut.NMN", "--link", "blood.age", "--show", "liver_nad", "--show", "muscle_nad")
    code, out, _ = call(capsys, "rivals", MAN, "--days", "1", "-n", "2", "--json", *words)
    rivals = json.loads(out)["rivals"]
    assert code == 0
    assert {rival["switch"] for rival in rivals} == {None, "gut.NA", "gut.NMN", "blood.age"}
    assert list(rivals[0]["observables"]) == ["liver_nad", "muscle_nad"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("trace", MAN, "--plan", "NR 1 g oral", "--plan", "NMN 1 g oral"), "--plan is given twice; give it once"),
        (("simulate", MAN, "-n", "2", "--people", "3", "-n", "4"), "--people is given 3 times; give it once"),
        (("trace", MAN, "--plan", "NR 1 g oral once", "--hours", "2", "--hours", "3"), "--hours is given twice"),
        (("sensitivity", MAN, "--output", "liver_nad", "--output", "pbmc_nad"), "--output is given twice"),
    ],
)
def test_a_second_value_never_wins_in_silence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    code, out, err = call(capsys, *words)
    assert code == 2 and not out
    assert said in err


def test_two_plans_say_how_to_join_them(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = call(capsys, "trace", MAN, "--plan", "NR 1 g oral", "--plan", "NAM 1 g oral")
    assert "joined by ' + '" in err


def test_a_flag_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "fluxes", MAN, "-n", "4", "--json", "--json")
    assert code == 0 and json.loads(out)["organs"]
