"""A check of a stored run against its schema before it is read; errors name file and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nadflux.errors import RecordMismatchError
from nadflux.kinds import TYPES
from nadflux.stored_fields import StoredFields, is_number, read_json

_WHAT, _REMEDY = "stored run of nadflux", "the file is damaged: simulate it again"
_ABOUT = ("long_name", "units", "matrix", "tier")
_NUMBERS = ("float64", "float32", "int64", "int32")


def check_stored(path: Path, schema: int) -> None:
    """Refuse a folder that is no run as this version writes them.

    Parameters
    ----------
    path : Path
        The zarr folder.
    schema : int
        Version of the schema that is read.

    Raises
    ------
    RecordMismatchError
        Names the file and field that is missing or wrong.
    """
    about = _fields(path, "").mapping("attributes")
    found = about.content.get("schema")
    if found != schema or isinstance(found, bool):
        raise RecordMismatchError(f"{path} has run schema {found!r}, nadflux reads schema {schema}; simulate it again")
    names = about.json("quantities")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise about.wrong("quantities", names, "a list of names")
    if not isinstance(about.json("record"), dict):
        raise about.wrong("record", about.content["record"], "a mapping")
    _check_failures(about)
    _check_notes(about)
    people, times = _length(path, "person"), _length(path, "time")
    for name in names:
        _check_quantity(path, name, [people, times])


def _check_failures(about: StoredFields) -> None:
    failures = about.json("failures")
    for entry in failures if isinstance(failures, list) else [failures]:
        if not (isinstance(entry, list) and len(entry) == 4 and all(map(is_number, entry[:2]))):
            raise about.wrong("failures", failures, "a list of person, time, state and reason")
        if not all(isinstance(word, str) for word in entry[2:]):
            raise about.wrong("failures", failures, "a list of person, time, state and reason")


def _check_notes(about: StoredFields) -> None:
    notes = about.json("notes")
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise about.wrong("notes", notes, "a list of sentences")
    if "note_codes" not in about.content:
        return
    codes = about.json("note_codes")
    pairs = codes if isinstance(codes, list) else [codes]
    fits = all(isinstance(pair, list) and list(map(type, pair)) == [str, str] for pair in pairs)
    if not fits or len(pairs) != len(notes):
        raise about.wrong("note_codes", codes, f"{len(notes)} pairs of code and subject")


def _check_quantity(path: Path, name: str, shape: list[int]) -> None:
    if any(part in ("", ".", "..") for part in name.split("/")) or "/" in name or "\x00" in name:
        raise RecordMismatchError(f"{path}: {name!r} is no name of a quantity; {_REMEDY}")
    array = _fields(path, name)
    _check_array(array, shape)
    about = array.mapping("attributes")
    for field in _ABOUT:
        about.word(field)
    if about.word("kind") not in TYPES:
        raise about.wrong("kind", about.content["kind"], f"one of {', '.join(TYPES)}")
    for field in ("integral_of", "clinic"):
        if field in about.content:
            about.word(field)


def _length(path: Path, name: str) -> int:
    array = _fields(path, name)
    shape: Any = array.content.get("shape")
    if not isinstance(shape, list) or len(shape) != 1 or not isinstance(shape[0], int) or shape[0] < 1:
        raise array.wrong("shape", shape, "one whole number")
    _check_array(array, shape)
    return shape[0]


def _check_array(array: StoredFields, shape: list[int]) -> None:
    if array.content.get("shape") != shape:
        raise array.wrong("shape", array.content.get("shape"), str(shape))
    if array.word("data_type") not in _NUMBERS:
        raise array.wrong("data_type", array.content["data_type"], f"one of {', '.join(_NUMBERS)}")
    if len(array.words("dimension_names")) != len(shape):
        raise array.wrong("dimension_names", array.content["dimension_names"], f"{len(shape)} names")
    array.rows("codecs")
    array.mapping("chunk_grid")


def _fields(path: Path, name: str) -> StoredFields:
    file = path / name / "zarr.json"
    try:
        return StoredFields(read_json(file, _WHAT), str(file), _REMEDY)
    except OSError as error:
        raise RecordMismatchError(f"{file} is missing: this is no {_WHAT}; give a folder that `save` wrote") from error
