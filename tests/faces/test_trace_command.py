"""`nadflux trace` on the command line."""

from __future__ import annotations

import json

import pytest

from nadflux.faces.cli import app as frame

PLAN = "NR chloride 300 mg oral once"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        frame.main(["trace", *words])
    shown = capsys.readouterr()
    return int(stopped.value.code or 0), shown.out, shown.err


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "woman, 62 y, 70 kg", "--plan", PLAN, "-n", "6")
    assert code == 0
    for name in ("PY2", "PY4", "NAD_mito", "lost "):
        assert name not in out
    for words in (
        "2PY",
        "mitochondrial NAD+",
        "rest of the body",
        "as NAM",
        "as NA",
        "as NR",
        "liver",
        "urine",
        "screened",
        "tier assumed",
        "balance",
    ):
        assert words in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "woman, 62 y, 70 kg", "--plan", PLAN, "-n", "6", "--hours", "8", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["labelled"] == "NR chloride"
    assert document["end_h"] == 8
    _, out, _ = run(capsys, "woman, 62 y, 70 kg", "--plan", PLAN, "-n", "1", "--hours", "8", "--json")
    one = json.loads(out)["where_percent"]  # medians over several people need not add up
    assert sum(place["median"] for place in one.values()) == pytest.approx(100, abs=1e-6)
    liver = document["organs"]["liver"]
    assert 0 < liver["forms"]["NR"]["built_in_percent"]["median"] < liver["built_in_percent"]["median"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plan", PLAN, "--label", "NMN"], "not in the plan"),
        (["--plan", PLAN, "--hours", "-3"], "above 0"),
        (["--plan", "NR chloride 300 mg sublingual once"], "refused"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    code, _, err = run(capsys, "woman, 62 y, 70 kg", *words)
    assert code == 2
    assert said in err


def test_a_route_without_kinetics_says_so_in_table_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("woman, 62 y, 70 kg", "--plan", "NAD+ 50 mg intramuscular once", "-n", "2", "--hours", "4")
    code, out, _ = run(capsys, *words)
    assert code == 0 and "no PK data" in out
    code, out, _ = run(capsys, *words, "--json")
    assert code == 0 and "no PK data" in json.loads(out)["flags"]
