"""`nadflux screen`."""

from __future__ import annotations

import json

import pytest

from nadflux.faces.cli.app import main


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as done:
        main(["screen", *words])
    out, err = capsys.readouterr()
    return int(done.value.code or 0), " ".join(out.split()), err


def test_a_stopped_plan_is_said_with_reasons_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "woman, 30 y, pregnant", "--plan", "NR 300 mg daily for 4 weeks")
    assert code == 1
    for words in ("S010 contraindicated, stops the plan", "because pregnant", "no clearance", "no medical advice"):
        assert words in out


def test_open_questions_are_listed_and_json_has_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "man, 40 y", "--plan", "fast 24 h")
    assert code == 0 and "not known, and decisive" in out and "eating disorder?" in out
    code, out, _ = _run(capsys, "man, 40 y", "--plan", "fast 24 h", "--json")
    found = json.loads(out)
    assert found["known"] + len(found["questions"]) <= found["asked"] + 1
    assert found["stopped"] is False and {"S094"} <= {one["rule"] for one in found["fired"]}


def test_where_the_rule_is_stricter_than_the_documents_both_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "woman, 30 y, past bulimia", "--plan", "16:8 for 2 weeks")
    assert "stricter than the documents: 000 says caution and supervision" in out


def test_rules_and_facts_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "S104 caution: evening dose" in _run(capsys, "--rules")[1]
    out = _run(capsys, "--facts")[1]
    assert "eGFR #" in out and "on SGLT2 inhibitor: SGLT2 inhibitor" in out


def test_without_a_plan_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "man, 40 y")
    assert code == 2 and "--plan" in err
