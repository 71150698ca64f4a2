"""Two stages of compiling: code at once, and optimised code made behind, once, for later runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from kernel_models import body_batch, body_program

from nadflux.kernel import behind, cache, integrate, machine, ready_made
from nadflux.kernel.behind import engine_of, optimise, start
from nadflux.kernel.ready_engine import write_ready_engine


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, in which any program counts as large."""
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(ready_made, "FOLDER", tmp_path / "ready")
    monkeypatch.setattr(behind, "LARGE", 0)
    monkeypatch.setattr(behind, "start", start)  # which other tests do without
    return tmp_path / "cache"


@pytest.fixture
def levels(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Levels of optimisation at which code is generated."""
    found: list[int] = []
    generate = machine.generate

    def noted(text: str, opt: int, target: machine.Target | None = None) -> bytes:
        found.append(opt)
        return generate(text, opt, target)

    monkeypatch.setattr(machine, "generate", noted)
    return found


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Words of processes that would be started."""
    found: list[list[str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda words, **_: found.append(words))
    return found


def test_large_programs_are_compiled_twice_with_the_same_bits(levels: list[int], started: list[list[str]]) -> None:
    program = body_program()
    first = integrate(engine_of(program), body_batch(program, 5))
    assert (levels, len(started)) == ([0], 1)
    optimise(started[0][-1])
    assert levels == [0, 1]
    second = integrate(engine_of(program), body_batch(program, 5))
    optimise(started[0][-1])
    assert (levels, len(started)) == ([0, 1], 1)
    assert np.array_equal(first.final, second.final) and np.array_equal(first.outputs, second.outputs)


@pytest.mark.skipif(not behind._can_start(), reason="needs POSIX")
def test_the_process_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def noted(words: list[str], **how: object) -> None:
        processes.append(begin(words, **how))  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", noted)
    program = body_program()
    engine_of(program)
    assert processes[0].wait() == 0
    assert cache.read(behind._done(program)) is not None


def test_small_and_ready_programs_are_compiled_once(
    levels: list[int], started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = body_program()
    write_ready_engine(program, machine.host())
    engine_of(program)
    assert levels == [1]
    monkeypatch.setattr(behind, "LARGE", len(program.nodes) + 1)
    engine_of(body_program(("gut",)))
    assert levels == [1, 1] and started == []


@pytest.mark.skipif(not behind._can_start(), reason="needs POSIX")
def test_one_at_a_time(levels: list[int], started: list[list[str]]) -> None:
    engine_of(body_program())
    with behind._alone() as alone:
        assert alone
        optimise(started[0][-1])
    assert levels == [0]
    optimise(started[0][-1])
    assert levels == [0, 1]


def test_nothing_is_started_without_a_cache(
    folder: Path, levels: list[int], started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("no folder")
    engine_of(body_program())
    assert (levels, started) == ([0], [])
    monkeypatch.setattr("sys.executable", "/opt/program-that-holds-python")
    engine_of(body_program())
    assert (levels, started) == ([0, 1], [])


def test_what_is_gone_is_left(folder: Path, levels: list[int]) -> None:
    optimise("missing.program")
    cache.write("damaged.program", b"no program")
    optimise("damaged.program")
    assert levels == []
