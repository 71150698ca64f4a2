"""YAML files of the biology: what they must hold is said with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import ModelError, StudyError
from nadflux.network.read_yaml import parse_yaml, read_yaml


def test_a_file_with_its_parts_is_read(tmp_path: Path) -> None:
    file = tmp_path / "states.yaml"
    file.write_text("meals: {}\nstates: {fed: 1}\n", encoding="utf-8")
    assert read_yaml(file, ("meals", "states")) == {"meals": {}, "states": {"fed": 1}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("meals: {}\n", "states.yaml must name meals, drinks and states"),
        ("- meals\n", "states.yaml must name meals, drinks and states"),
        ("", "states.yaml must name meals, drinks and states"),
        ("meals: [\n", "states.yaml is not valid YAML"),
    ],
)
def test_mistakes_name_the_file_and_what_it_should_hold(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "states.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=says):
        read_yaml(file, ("meals", "drinks", "states"), StudyError)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read"):
        read_yaml(tmp_path / "none.yaml", ("meals",))


BOMB = "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"a: &a [1, 1]\n{BOMB}", "more than 1000000 values"),
        ("[" * 150 + "]" * 150, "nested deeper than 100"),
        ("- " * 5000 + "x", "nested deeper than 100"),
        ("".join(f"{' ' * depth}a:\n" for depth in range(300)), "nested deeper than 100"),
        ("a: &a [*a]", "stands within itself"),
        ("d: 2024-13-45", "cannot be read"),
    ],
)
def test_what_no_one_writes_is_refused_before_it_is_built(text: str, says: str) -> None:
    with pytest.raises(StudyError, match=says):
        parse_yaml(text, "the text", StudyError)


def test_an_alias_is_what_it_stands_for() -> None:
    assert parse_yaml("b: &x {c: 1}\nd: *x\n", "the text") == {"b": {"c": 1}, "d": {"c": 1}}
