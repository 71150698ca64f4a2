"""A damaged run is refused with the file and field that do not fit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nadflux
from nadflux.errors import NadfluxError
from nadflux.simulation import Run

NAME = "whole_blood_nad"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "run.zarr"
    nadflux.simulate("woman, 62 y", "NR chloride 300 mg oral once", n=2, days=0.5, outputs=[NAME]).save(str(place))
    return place


@pytest.fixture
def run(stored: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stored, tmp_path / "run.zarr"))


def _changed(place: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(place.read_text(encoding="utf-8"))
    change(content)
    place.write_text(json.dumps(content), encoding="utf-8")


def test_a_whole_one_is_read(run: Path) -> None:
    assert Run.load(str(run)).persons == 2


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("", lambda c: c["attributes"].update(schema=9), "has run schema 9"),
        ("", lambda c: c.update(attributes=[]), r"zarr.json.attributes is \[\], not a mapping"),
        ("", lambda c: c["attributes"].update(quantities=3), "quantities is 3, not a text"),
        ("", lambda c: c["attributes"].update(quantities="{"), "quantities is '{', not JSON"),
        ("", lambda c: c["attributes"].update(quantities="[]"), r"quantities is \[\], not a list of names"),
        ("", lambda c: c["attributes"].update(quantities='["no_such"]'), r"no_such/zarr\.json is missing"),
        ("", lambda c: c["attributes"].update(quantities='["../x"]'), "is no name of a quantity"),
        ("", lambda c: c["attributes"].update(record="3"), "record is '3', not a mapping"),
        ("", lambda c: c["attributes"].update(failures="[[1]]"), r"failures is \[\[1\]\], not a list of person"),
        ("", lambda c: c["attributes"].update(notes="[1]"), "not a list of sentences"),
        ("", lambda c: c["attributes"].update(note_codes="[]"), "pairs of code and subject"),
        ("", lambda c: c["attributes"].pop("notes"), r"attributes\.notes is missing"),
        (NAME, lambda c: c.update(shape=[2, 2]), r"shape is \[2, 2\], not \[2, "),
        (NAME, lambda c: c.update(data_type="object"), "data_type is 'object'"),
        (NAME, lambda c: c["attributes"].update(kind="x"), "kind is 'x', not one of level"),
        (NAME, lambda c: c["attributes"].pop("tier"), r"attributes\.tier is missing"),
        (NAME, lambda c: c.update(codecs=0), "codecs is 0"),
        (NAME, lambda c: c.update(fill_value="no such"), "its numbers cannot be read"),
        ("time", lambda c: c.update(shape="x"), "time/zarr.json.shape is 'x'"),
        ("person", lambda c: c.update(dimension_names=["a", "b"]), "dimension_names"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    run: Path, file: str, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    _changed(run / file / "zarr.json", change)
    with pytest.raises(NadfluxError, match=says):
        Run.load(str(run))


def test_numbers_that_cannot_be_unpacked_are_refused(run: Path) -> None:
    chunk = next(path for path in (run / NAME / "c").rglob("*") if path.is_file())
    chunk.write_bytes(chunk.read_bytes()[:20])
    with pytest.raises(NadfluxError, match="its numbers cannot be read"):
        Run.load(str(run))


def test_a_part_that_is_missing_is_named(run: Path) -> None:
    (run / "time" / "zarr.json").unlink()
    with pytest.raises(NadfluxError, match=r"time/zarr\.json is missing"):
        Run.load(str(run))
