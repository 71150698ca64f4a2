"""Fields of stored files: the place and the value of what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nadflux.errors import RecordMismatchError
from nadflux.stored_fields import StoredFields, read_json

CONTENT = {"word": "x", "number": 2, "map": {"a": 1}, "rows": [{"a": 1}], "words": ["a"], "json": "[1]", "none": None}
FIELDS = StoredFields(CONTENT, "file.json", "make it again")


def test_fields_of_the_right_type_are_given() -> None:
    assert (FIELDS.word("word"), FIELDS.number("number"), FIELDS.words("words")) == ("x", 2.0, ("a",))
    assert FIELDS.mapping("map").number("a") == 1.0 and FIELDS.rows("rows")[0].place == "file.json.rows[0]"
    assert FIELDS.json("json") == [1] and FIELDS.mapping("missing", optional=True).content == {}
    assert FIELDS.words("missing", optional=True) == () and FIELDS.rows("missing") == []


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda f: f.word("number"), r"file.json.number is 2, not a text; make it again"),
        (lambda f: f.word("missing"), r"file.json.missing is missing"),
        (lambda f: f.number("word"), r"file.json.word is 'x', not a finite number"),
        (lambda f: f.number("none", optional=True), r"file.json.none is None, not a finite number"),
        (lambda f: f.mapping("map").mapping("a"), r"file.json.map.a is 1, not a mapping"),
        (lambda f: f.words("rows"), r"not a list of texts"),
        (lambda f: f.rows("words"), r"not a list of mappings"),
        (lambda f: f.numbers("json", 1), r"not a list of 1 finite numbers"),
        (lambda f: f.json("word"), r"file.json.word is 'x', not JSON"),
    ],
)
def test_what_is_wrong_is_said_with_place_and_value(read: Callable[[StoredFields], object], says: str) -> None:
    with pytest.raises(RecordMismatchError, match=says):
        read(FIELDS)


@pytest.mark.parametrize("text", ["", "[]", "3", "null", "{", "[" * 100_000, '{"a": \x01}'])
def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "zarr.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RecordMismatchError, match=r"zarr\.json is no run: it"):
        read_json(file, "run")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zarr.json").write_bytes(b"\xff\xfe")
    with pytest.raises(RecordMismatchError, match="JSON is damaged"):
        read_json(tmp_path / "zarr.json", "run")
