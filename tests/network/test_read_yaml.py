"""YAML files of the biology: what they must hold is said with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import ModelError, StudyError
from nadflux.network.read_yaml import read_yaml


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
