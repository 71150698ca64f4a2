"""Writing results: refused before the run where it cannot succeed, and never at the cost of what stood there."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from nadflux.errors import NadfluxError
from nadflux.files import SPARE, Part, check_place, part_name, replacing, write_text

POSIX = pytest.mark.skipif(os.name == "nt", reason="files of POSIX")


def test_places_that_can_be_written_pass(tmp_path: Path) -> None:
    check_place(tmp_path / "new.csv")
    check_place(tmp_path / "new.zarr")
    (tmp_path / "old.csv").write_text("1")
    check_place(tmp_path / "old.csv")
    (tmp_path / "old.zarr").mkdir()
    (tmp_path / "old.zarr" / "zarr.json").write_text("{}")
    check_place(tmp_path / "old.zarr")
    check_place(f"{tmp_path}/old.zarr/")
    check_place(tmp_path / ("n" * (255 - SPARE - 4) + ".csv"))


@pytest.mark.parametrize(
    ("name", "says"),
    [("missing/a.csv", "create it first"), ("folder.csv", "another name"), ("notes.zarr", "would be lost"),
     ("file.zarr", "would be lost"), ("file.zarr/a.csv", "create it first"), ("..", "add a name"),
     ("round.csv", "leads to itself"), ("astray.csv", "create it first"), ("a\0b.csv", "another name"),
     ("n" * 236 + ".csv", "240 bytes.*at most 239.*shorten it"), ("ö" * 118 + ".csv", "240 bytes"),
     ("n" * 300 + "/a.csv", "create it first")],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_by_name(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "notes.zarr").mkdir()
    (tmp_path / "notes.zarr" / "notes.txt").write_text("precious")
    (tmp_path / "file.zarr").write_text("precious")
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    (tmp_path / "astray.csv").symlink_to(tmp_path / "missing" / "a.csv")
    with pytest.raises(NadfluxError, match=says):
        check_place(tmp_path / name)


@POSIX
def test_a_closed_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may write anywhere
    with pytest.raises(NadfluxError, match="closed to writing"):
        check_place(tmp_path / "a.csv")


@POSIX
def test_a_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.csv"
    target.write_text("precious")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != target)
    with pytest.raises(NadfluxError, match="protected from writing"):
        check_place(target)


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
        (part / "values").write_text("hal")
        raise OSError("full")
    assert (target / "values").read_text() == "former"
    with replacing(target) as part:
        (part / "values").write_text("new")
    assert (target / "values").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@POSIX
def test_the_user_says_by_umask_who_may_read(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        write_text(tmp_path / "a.txt", "a")
        with replacing(tmp_path / "a.zarr"):
            pass
    finally:
        os.umask(former)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a.zarr").stat().st_mode & 0o777 == 0o750


@POSIX
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_points_to_is_written(tmp_path: Path, there: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if there:
        (elsewhere / "real.txt").write_text("former")
    link = tmp_path / "link.txt"
    link.symlink_to(Path("elsewhere") / "real.txt")
    check_place(link)
    write_text(link, "new")
    assert link.is_symlink()
    assert (elsewhere / "real.txt").read_text() == "new"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["elsewhere", "link.txt", "real.txt"]


def test_two_at_once_do_not_meet(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    first, second = Part(target), Part(target)
    assert first.path != second.path
    assert {p.parent for p in (first.path, second.path)} == {tmp_path}
    first.path.write_text("first")
    second.path.write_text("second")
    second.finish()
    first.finish()
    assert target.read_text() == "first"


def test_a_place_that_is_taken_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["taken", "taken", "free"])
    monkeypatch.setattr("nadflux.files.secrets.token_hex", lambda size: next(names))
    victim = tmp_path / "precious"
    (tmp_path / ".a.txt.taken.part").symlink_to(victim)  # what a stranger lays in a folder that both may write
    with replacing(tmp_path / "a.txt") as part:
        assert part.name == ".a.txt.free.part"
    assert not victim.exists()


def test_a_part_is_kept_under_a_name_of_its_own(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("whole")
    assert part_name("b/x.csv").as_posix() == "b/x.part.csv"
    for text, name in (("first", "x.part.csv"), ("second", "x.part2.csv")):
        part = Part(target)
        part.path.write_text(text)
        assert part.keep() == tmp_path / name
    assert target.read_text() == "whole"
    assert (tmp_path / "x.part.csv").read_text() == "first"
    assert (tmp_path / "x.part2.csv").read_text() == "second"


@POSIX
def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    check_place(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_text(pipe, "through")
    reader.join(10)
    assert read == ["through"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_an_error_of_the_system_names_the_target(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left") as full:
        write_text(Path("/dev/full"), "a")
    assert full.value.filename == "/dev/full"
    with pytest.raises(OSError, match="No space left") as told, replacing(tmp_path / "a.txt"):
        raise OSError(28, "No space left on device")
    assert told.value.filename == str(tmp_path / "a.txt")
    assert Path("/dev/full").is_char_device()
