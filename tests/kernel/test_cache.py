"""The cache: hits skip the work, damage is repaired, keys follow what matters."""

from __future__ import annotations

import hashlib
import hmac
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from kernel_models import body_batch, body_program

from nadflux.kernel import cache, cached_program, compile_program, engine, integrate, machine


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def forbid(*arguments: object) -> bytes:
    raise AssertionError("code was generated although the cache holds it")


def test_hit_generates_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = body_program()
    first = integrate(compile_program(program), body_batch(program, 2))
    monkeypatch.setattr(engine, "print_module", forbid)
    monkeypatch.setattr(machine, "generate", forbid)
    second = integrate(compile_program(program), body_batch(program, 2))
    assert np.array_equal(first.final, second.final)
    with pytest.raises(AssertionError, match="although"):
        compile_program(program, width=1)
    with pytest.raises(AssertionError, match="although"):
        compile_program(body_program(("gut",)))


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != cache.KEY_FILE)


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 5000])
def test_damaged_entries_are_made_again(folder: Path, damage: bytes) -> None:
    program = body_program()
    first = integrate(compile_program(program), body_batch(program, 2))
    cached_program("text", lambda: program)
    paths = entries(folder)
    whole = [path.read_bytes() for path in paths]
    assert len(paths) == 2
    for path in paths:
        path.write_bytes(damage)
    again = compile_program(cached_program("text", lambda: program))
    assert np.array_equal(first.final, integrate(again, body_batch(program, 2)).final)
    assert [path.read_bytes() for path in paths] == whole


def test_one_flipped_bit_is_noticed(folder: Path) -> None:
    program = body_program()
    compile_program(program)
    (path,) = entries(folder)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert cache.read(path.name) is None


def test_program_is_built_once_per_key(folder: Path) -> None:
    built = []

    def build() -> object:
        built.append(1)
        return body_program()

    first, second = cached_program("a", build), cached_program("a", build)  # type: ignore[arg-type]
    assert first.hash == second.hash
    assert len(built) == 1
    cached_program("b", build)  # type: ignore[arg-type]
    assert len(built) == 2


def test_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path / "file" / "inside"))
    program = body_program()
    assert integrate(compile_program(program), body_batch(program, 1)).failures == ()


OWNERS = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system keeps no owners and rights of files")
DAMAGES = {
    "cut": lambda code: code[: len(code) // 2],
    "bits turned": lambda code: bytes(byte ^ 0x55 if 40 < number < 400 else byte for number, byte in enumerate(code)),
    "another file": lambda code: b"\x7fELF" + b"\xff" * 3000,
    "nothing": lambda code: b"",
}


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_object_put_there_with_a_digest_of_its_own_is_made_again(folder: Path, damage: str) -> None:
    """In a process of its own: LLVM ends the process over a bad object rather than raise."""
    compile_program(body_program())
    (path,) = entries(folder)
    whole = path.read_bytes()
    content = DAMAGES[damage](whole[cache.CODE_BYTES :])
    for code in (hashlib.sha256(content).digest(), hmac.digest(b"", content, "sha256")):
        path.write_bytes(code + content)
        program = (
            "from kernel_models import body_batch, body_program; from nadflux.kernel import compile_program, integrate;"
            "p = body_program(); print(integrate(compile_program(p), body_batch(p, 1)).final.tobytes().hex())"
        )
        paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        )
        right = integrate(compile_program(body_program(), cache=False), body_batch(body_program(), 1))
        assert done.stdout.strip() == right.final.tobytes().hex()
        assert path.read_bytes() == whole


def test_entry_under_the_name_of_another_is_none(folder: Path) -> None:
    cache.write("one.object", b"code")
    (folder / "one.object").rename(folder / "two.object")
    assert cache.read("two.object") is None
    cache.write("two.object", b"code")
    assert cache.read("two.object") == b"code"


def test_pickle_is_never_read(folder: Path) -> None:
    class Stranger:
        def __reduce__(self) -> tuple[object, ...]:
            return (folder.joinpath("been").mkdir, ())

    program = body_program()
    name = f"{cache.key_of('program', 'text')}.program"
    cache.write(name, pickle.dumps(Stranger()))
    assert cached_program("text", lambda: program).hash == program.hash
    assert not (folder / "been").exists()
    assert cached_program("text", forbid).hash == program.hash  # type: ignore[arg-type]


@OWNERS
def test_folder_and_files_are_the_users_alone(folder: Path) -> None:
    cache.write("one.object", b"code")
    assert [path.stat().st_mode & 0o777 for path in (folder, *sorted(folder.iterdir()))] == [0o700, 0o600, 0o600]


@OWNERS
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_folder_where_others_may_write_is_not_used(folder: Path, mode: int, caplog: pytest.LogCaptureFixture) -> None:
    cache.write("one.object", b"code")
    folder.chmod(mode)
    assert cache.read("one.object") is None
    cache.write("two.object", b"code")
    assert not (folder / "two.object").exists()
    assert [record.getMessage() for record in caplog.records] == [
        f"nadflux: the cache {folder} is not used: others may write there; take that right away (chmod go-w)"
    ]
    folder.chmod(0o755)
    assert cache.read("one.object") == b"code"


@OWNERS
def test_folder_of_another_user_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write("one.object", b"code")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.read("one.object") is None
    assert "belongs to another user; name a folder of your own in NADFLUX_CACHE_DIR" in caplog.text


@OWNERS
@pytest.mark.parametrize(("name", "mode"), [("one.object", 0o622), ("key", 0o640), ("key", 0o604)])
def test_file_that_others_may_write_or_a_key_that_they_may_read_is_made_again(
    folder: Path, name: str, mode: int
) -> None:
    cache.write("one.object", b"code")
    (folder / name).chmod(mode)
    assert cache.read("one.object") is None
    cache.write("one.object", b"code")
    assert cache.read("one.object") == b"code"
    assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    cache.write("one.object", b"code")
    (folder / "one.object").rename(tmp_path / "elsewhere")
    try:
        (folder / "one.object").symlink_to(tmp_path / "elsewhere")
    except OSError:
        pytest.skip("this system makes no links")
    assert cache.read("one.object") is None


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_broken_key_is_replaced(folder: Path, key: bytes) -> None:
    cache.write("one.object", b"code")
    (folder / cache.KEY_FILE).write_bytes(key)
    assert cache.read("one.object") is None
    cache.write("one.object", b"code")
    assert cache.read("one.object") == b"code"


def test_disk_without_links_has_a_key_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **more: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    cache.write("one.object", b"code")
    assert cache.read("one.object") == b"code"


def test_system_that_opens_by_path_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: no handles of folders, no owners."""
    monkeypatch.setattr("nadflux.kernel.private_folder._RELATIVE", False)
    monkeypatch.setattr("nadflux.kernel.private_folder._KNOWS_OWNERS", False)
    cache.write("one.object", b"code")
    assert cache.read("one.object") == b"code"
    assert sorted(path.name for path in folder.iterdir()) == ["key", "one.object"]


def test_many_at_once_agree_on_a_key(folder: Path) -> None:
    names = [f"{number}.object" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: cache.write(name, name.encode()), names))
    assert [cache.read(name) for name in names] == [name.encode() for name in names]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, cache.KEY_FILE])


def test_the_folder_is_kept_within_its_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 5000)
    for number in range(4):
        cache.write(f"entry{number}", bytes(1000))
        os.utime(folder / f"entry{number}", (1000.0 + number, 1000.0 + number))
    assert cache.read("entry0") == bytes(1000)  # a use counts
    (folder / "new-being-written").write_bytes(bytes(1000))
    cache.write("entry4", bytes(1000))
    left = {path.name for path in folder.iterdir()}
    assert left == {"entry0", "entry4", "new-being-written", cache.KEY_FILE}
    assert cache.read("entry4") == bytes(1000) and cache.read("entry1") is None


def test_what_other_processes_remove_meanwhile_is_skipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("entry", bytes(1000))
    monkeypatch.setattr(cache, "MOST_BYTES", 0)
    unlink = os.unlink

    def twice(*place: object, **options: object) -> None:
        unlink(*place, **options)  # type: ignore[arg-type]
        unlink(*place, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "unlink", twice)
    cache.write("other", bytes(1000))
    assert cache.read("other") is None
    monkeypatch.undo()
