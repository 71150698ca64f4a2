"""No private idiom where a native engineer's English has a word; `banned_words.csv` says what to write instead."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from house_prose import Piece, pieces
from house_rooms import ROOT, SOURCE

TABLE = Path(__file__).with_name("banned_words.csv")
# Files that quote the words, and the record of what was.
LEFT_OUT = (TABLE, Path(__file__), ROOT / "CHANGELOG.md")
# Pages made from code and tables are judged there.
MADE = "<!-- made by"


@dataclass(frozen=True)
class Banned:
    """A row of the table."""

    word: str
    pattern: re.Pattern[str]
    why: str
    instead: str


@cache
def _banned() -> tuple[Banned, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Banned(row["word"], re.compile(row["pattern"], re.I), row["why"], row["instead"])
            for row in csv.DictReader(file)
        )


def _files() -> Iterator[Path]:
    folders = (SOURCE, ROOT / "docs", ROOT / "benchmarks", ROOT / "studies", ROOT / "tests" / "house")
    every = chain(ROOT.glob("*.md"), *(folder.rglob("*") for folder in folders))
    kinds = {".py", ".csv", ".md", ".ant", ".yaml"}
    ours = (path for path in sorted(every) if path.suffix in kinds and path not in LEFT_OUT)
    return (path for path in ours if not path.read_text(encoding="utf-8").startswith(MADE))


def _found(piece: Piece) -> Iterator[str]:
    for banned in _banned():
        match = banned.pattern.search(piece.text)
        if match:
            around = piece.text[max(match.start() - 40, 0) : match.end() + 30]
            place = f"{piece.path.relative_to(ROOT) if piece.path.is_relative_to(ROOT) else piece.path}:{piece.line}"
            yield f"{place}: {banned.word!r} in '{around}': {banned.why}; say {banned.instead}"


def test_no_banned_word() -> None:
    found = [line for path in _files() for piece in pieces(path) for line in _found(piece)]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.py", '"""A row that stands twice."""\n', "stands twice"),
        ("a.py", "x = 1  # computed anew\n", "anew"),
        ("a.py", "# each arm is compared with what the reader is\n# told of it\nx = 1\n", "told"),
        ("a.py", 'x = f"{1} is held against the limit {2}"\n', "held"),
        ("a.csv", "name,note\nweight,her weight at rest\n", "she or he"),
        ("a.md", "A plan that is\nlived through.\n", "lived"),
        ("a.ant", "x = 1; // left aside here\n", "left aside"),
        ("a.yaml", "note: a person keeps his fat\n", "she or he"),
        ("a.yaml", "note: 1 # a slip of type\n", "a slip"),
    ],
)
def test_finds_a_word_in_every_kind_of_text(name: str, text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert [said in line for piece in pieces(path) for line in _found(piece)] == [True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", '"""The days of `run.lived`, and ``plans/_held``: a lived day, held constant, told apart."""\n'),
        ("a.py", "told = lived = 1\nx = {'held': told}\n"),
        ("a.md", "Short-lived forms.\n\n    nadflux prints she here\n\n```\nanew\n```\n"),
        ("a.csv", "name,note\nher,one\n"),
    ],
)
def test_code_and_sound_uses_pass(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert [line for piece in pieces(path) for line in _found(piece)] == []


def test_every_row_of_the_table_finds_its_own_word() -> None:
    shown = {"archaic adverb": "whence", "she or he": "her", "a slip": "a slip of", "held": "held against"}
    shown |= {"it shall be": "shall", "by luck": "but by luck", "says of itself": "says of itself"}
    shown |= {"stand beside": "stands beside", "stands in": "stands in two modules"}
    for banned in _banned():
        assert banned.pattern.search(shown.get(banned.word, banned.word)), banned.word
        assert banned.why and banned.instead
