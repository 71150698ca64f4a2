"""What every command prints fits a terminal of 80 columns and says each note once."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from nadflux.faces.cli import main
from nadflux.faces.documents.terminal import notes_document, print_json, print_notes, print_text, wrapped
from nadflux.notes import Note, NoteCode

STUDIES = Path(__file__).parents[3] / "studies"
WHO = "woman, 62 y, 70 kg"
COMMANDS = {
    "simulate": ("simulate", WHO, "--plan", "NR 500 mg oral daily for 2 days", "-n", "2", "--components"),
    "lived": ("simulate", "man, 45 y", "--plan", "fast 24 h", "-n", "2", "--show", "autophagy"),
    "fluxes": ("fluxes", WHO, "-n", "8"),
    "trace": ("trace", WHO, "--plan", "NR 500 mg oral once", "-n", "2", "--hours", "4"),
    "validate": ("validate", str(STUDIES / "Elhassan2019.yaml"), "-n", "2", "--draws", "2", "--components"),
    "facts": ("facts", "1", "M3"),
    "ranges": ("ranges", "fasted", "-n", "2", "--full"),
    "assay": ("assay", "--preset", "pbmc", "--draws", "2"),
    "cell": ("cell", "--draws", "2"),
    "fit": ("fit", "--report", "shipped"),
    "describe": ("describe", "liver.NAMPT.Km"),
    "plans": ("plans",),
    "plan": ("plans", "16:8 eating window for 2 weeks + NR 500 mg oral daily"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_line_is_longer_than_the_terminal_and_no_note_is_said_twice(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as stopped:
        main(COMMANDS[name])
    lines = capsys.readouterr().out.split("\n")
    assert stopped.value.code in (0, 1) if name == "ranges" else stopped.value.code == 0
    assert len(lines) > 3
    assert [line for line in lines if len(line) > 80] == []
    notes = Counter(line for line in lines if line.startswith("· "))
    assert [note for note, times in notes.items() if times > 1] == []


def printed(width: int, *notes: Note | str) -> list[str]:
    out = io.StringIO()
    print_notes(Console(file=out, width=width), notes)
    return out.getvalue().splitlines()


def test_each_note_is_printed_once_in_its_order() -> None:
    first, second = Note(NoteCode.ADVICE, "no advice"), Note(NoteCode.TIER, "tier assumed")
    assert printed(80, second, first, second, "no advice") == ["· tier assumed", "· no advice"]


def test_a_long_note_is_broken_between_words_and_hangs() -> None:
    lines = printed(30, "what the model leaves out is not in the interval of any figure")
    assert lines[0].startswith("· what") and len(lines) > 1
    assert all(line.startswith("  ") and len(line) <= 30 for line in lines[1:])


def test_a_word_too_long_for_the_terminal_loses_nothing() -> None:
    word = "x" * 100
    assert "".join(line.strip("· ") for line in printed(40, word)) == word


def test_text_is_never_taken_for_markup() -> None:
    out = io.StringIO()
    print_text(Console(file=out, width=40), "[red]NAD+[/red] [1, 2]")
    assert out.getvalue() == "[red]NAD+[/red] [1, 2]\n"


def test_wrapped_lines_keep_their_indentation() -> None:
    assert wrapped("  one two three four five six\nseven", 20) == "  one two three four\n    five six\nseven"


def test_notes_in_json_have_their_codes_beside_them() -> None:
    found = notes_document([Note(NoteCode.NO_KINETICS, "wide", "NMN topical")])
    assert json.loads(json.dumps(found)) == {"notes": ["wide"], "note_codes": [["no_kinetics", "NMN topical"]]}


@pytest.mark.parametrize(("encoding", "holds"), [("ascii", b"\\u00b5M"), ("utf-8", "µM".encode())])
def test_json_loses_no_letter_in_any_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str, holds: bytes) -> None:
    content = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(content, encoding=encoding, errors="replace"))
    print_json({"unit": "µM"})
    sys.stdout.flush()
    assert holds in content.getvalue() and json.loads(content.getvalue().decode(encoding)) == {"unit": "µM"}
