"""Writing results: refused before the run where it cannot succeed, and never at the cost of what stood there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nadflux.errors import NadfluxError
from nadflux.files import check_place, replacing


def test_places_that_can_be_written_pass(tmp_path: Path) -> None:
    check_place(tmp_path / "new.csv")
    check_place(tmp_path / "new.zarr")
    (tmp_path / "old.csv").write_text("1")
    check_place(tmp_path / "old.csv")
    (tmp_path / "old.zarr").mkdir()
    (tmp_path / "old.zarr" / "zarr.json").write_text("{}")
    check_place(tmp_path / "old.zarr")


@pytest.mark.parametrize(
    ("name", "says"),
    [("missing/a.csv", "create it first"), ("folder.csv", "another name"), ("notes.zarr", "would be lost"),
     ("file.zarr", "would be lost")],
)  # fmt: skip
def test_what_stands_there_is_not_overwritten(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "notes.zarr").mkdir()
    (tmp_path / "notes.zarr" / "notes.txt").write_text("precious")
    (tmp_path / "file.zarr").write_text("precious")
    with pytest.raises(NadfluxError, match=says):
        check_place(tmp_path / name)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_closed_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may write anywhere
    with pytest.raises(NadfluxError, match="closed to writing"):
        check_place(tmp_path / "a.csv")


def test_the_former_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("former")
    with pytest.raises(KeyboardInterrupt), replacing(target) as part:
        part.write_text("hal")
        raise KeyboardInterrupt
    assert target.read_text() == "former"
    assert list(tmp_path.iterdir()) == [target]
    with replacing(target) as part:
        part.write_text("new")
        assert target.read_text() == "former"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_the_former_folder_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.zarr"
    target.mkdir()
    (target / "values").write_text("former")
    with pytest.raises(OSError, match="full"), replacing(target) as part:
        part.mkdir()
        raise OSError("full")
    assert (target / "values").read_text() == "former"
    with replacing(target) as part:
        part.mkdir()
        (part / "values").write_text("new")
    assert (target / "values").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]
