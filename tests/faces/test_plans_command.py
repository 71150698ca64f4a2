"""`nadflux plans`: every example is read, and a sentence is read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.faces.cli import main
from nadflux.plans import from_yaml, parse_plan
from nadflux.plans.event_table import read_event_table
from nadflux.plans.language.examples import examples
from nadflux.plans.schedule import schedule


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    captured = capsys.readouterr()
    return int(stopped.value.code or 0), captured.out, captured.err


def test_the_list_shows_every_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "plans")
    assert code == 0
    assert all(example.sentence in out and example.means in out for example in examples())
    assert "high-protein" in out and "leucine" in out and "NAM topical" in out


def test_the_list_names_salts_molar_masses_and_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "plans")
    assert code == 0
    for words in (
        "NR chloride: chloride, 290.70 g/mol",
        "NRPT: chloride with pterostilbene 5 to 1 by mass, 348.84 g/mol",
        "NAD+ IV: studied up to 1500 mg/day, studied up to 2.5 mg/min",
        "NAD+ subcutaneous: no human dose in the collected data, no PK data",
        "refused, as no human data exist: sublingual, intranasal",
    ):
        assert words in out


def test_a_sentence_is_read_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "plans", "16:8 eating window for 2 weeks + NR 500 mg oral daily")
    assert code == 0
    assert out.startswith(
        "16:8 eating window 12:00-20:00 for 2 weeks + NR chloride 500 mg oral daily\n14 days, 14 doses;"
    )
    assert "meal: 42 (day 0 12:00" in out and "sleep: 14" in out and "not screened" in out


def test_an_event_table_reads_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = call(capsys, "plans", "NAM 500 mg oral twice daily for 3 days", "--events")
    (tmp_path / "events.csv").write_text(out, encoding="utf-8")
    (one,) = read_event_table(tmp_path / "events.csv")
    assert code == 0 and [dose.time_h for dose in schedule(one.plan, days=4).doses] == [0, 12, 24, 36, 48, 60]
    code, _, err = call(capsys, "plans", "16:8 for 2 weeks", "--events")
    assert code == 2 and "habits are no doses" in err


def test_yaml_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "fast 36 h from day 1 + NR 500 mg oral daily for 1 week"
    code, out, _ = call(capsys, "plans", sentence, "--yaml")
    assert code == 0 and from_yaml(out) == parse_plan(sentence)


def test_a_mistake_is_pointed_at(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "plans", "fast 36 hh")
    assert code == 2 and "^^^^^" in err
