"""The cache: hits skip the work, damage is repaired, keys follow what matters."""

from __future__ import annotations

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


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 5000])
def test_damaged_entries_are_made_again(folder: Path, damage: bytes) -> None:
    program = body_program()
    first = integrate(compile_program(program), body_batch(program, 2))
    cached_program("text", lambda: program)
    paths = sorted(folder.iterdir())
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
    (path,) = folder.iterdir()
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
