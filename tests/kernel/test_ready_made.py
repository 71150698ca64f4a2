"""What a wheel brings along: found by its name, never another's, and made again where it is damaged."""

from __future__ import annotations

import ctypes
import logging
import re
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest
from kernel_models import body_batch, body_program

from nadflux.kernel import cache, cached_program, compile_program, integrate, machine, ready_made
from nadflux.kernel.machine import TARGETS, level_of
from nadflux.kernel.module import print_module
from nadflux.kernel.ready_engine import name_of, ready_engine, write_ready_engine

ARM = next(target for target in TARGETS if target[0].startswith("aarch64"))
FUSED = re.compile(r"\b(vfn?m(add|sub)\w*|fmla|fmls|fn?m(add|sub))\b")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(ready_made, "FOLDER", tmp_path / "ready")
    ready_made._say.cache_clear()
    return tmp_path / "ready"


def forbid(*arguments: object) -> bytes:
    raise AssertionError("code was generated although it came with the installation")


def test_entry_comes_back_and_is_compressed(folder: Path) -> None:
    assert ready_made.read("a.object") is None
    ready_made.write("a.object", bytes(10_000))
    assert ready_made.read("a.object") == bytes(10_000)
    assert (folder / "a.object").stat().st_size < 200


@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "another's"])
def test_damaged_entry_is_ignored_with_a_word(folder: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    ready_made.write("a.body", b"one thing")
    ready_made.write("b.body", b"another")
    entry = (folder / "a.body").read_bytes()
    flipped = entry[:-1] + bytes([entry[-1] ^ 1])
    content = {"empty": b"", "short": entry[:20], "flipped": flipped, "another's": (folder / "b.body").read_bytes()}
    (folder / "a.body").write_bytes(content[damage])
    with caplog.at_level(logging.WARNING, "nadflux"):
        assert ready_made.read("a.body") is None
        assert ready_made.read("a.body") is None
    assert [
        record.getMessage().count("a.body, which came with the installation, is damaged") for record in caplog.records
    ] == [1]


def test_the_cache_reads_it_first_and_makes_a_damaged_one_again(folder: Path, tmp_path: Path) -> None:
    program = body_program()
    name = f"{cache.key_of('program', 'text')}.program"
    cached_program("text", lambda: program)
    content = cache.read(name)
    assert content is not None
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    ready_made.write(name, content)
    assert cached_program("text", forbid).hash == program.hash  # type: ignore[arg-type]
    assert list((tmp_path / "cache").iterdir()) == []
    (folder / name).write_bytes(b"?" * 100)
    assert cached_program("text", lambda: program).hash == program.hash
    assert cached_program("text", forbid).hash == program.hash  # type: ignore[arg-type]


def runnable() -> list[machine.Target]:
    """Targets whose code this machine can run."""
    triple, features = llvm.get_process_triple(), llvm.get_host_cpu_features()
    best = level_of(triple, features)
    if best is None:
        return []
    same = [target for target in TARGETS if target[0] == best[0]]
    return same[same.index(best) :]


def test_bits_are_those_of_compiled_code_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    program = body_program()
    expected = integrate(compile_program(program, cache=False), body_batch(program, 11))
    targets = runnable()
    for target in targets:
        write_ready_engine(program, target)
    monkeypatch.setattr(machine, "generate", forbid)
    for target in targets:
        monkeypatch.setattr(machine, "host", lambda target=target: target)
        engine = ready_engine(program)
        assert engine is not None and engine.width == machine.width_for(target[2], target[0])
        found = integrate(engine, body_batch(program, 11))
        assert np.array_equal(found.final, expected.final)
        assert np.array_equal(found.outputs, expected.outputs)
        assert np.array_equal(found.steps, expected.steps)


def test_code_of_another_program_target_or_generator_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    program, target = body_program(), machine.host()
    write_ready_engine(program, target)
    assert ready_engine(program) is not None
    assert ready_engine(body_program(("gut",))) is None
    monkeypatch.setattr(machine, "host", lambda: ARM if target != ARM else next(iter(TARGETS)))
    assert ready_engine(program) is None
    monkeypatch.undo()
    monkeypatch.setattr(cache, "generator_hash", lambda: "another")
    assert ready_engine(program) is None


def test_what_cannot_be_linked_is_left(folder: Path) -> None:
    program = body_program()
    ready_made.write(name_of(program, machine.host()), b"short")
    assert ready_engine(program) is None


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target[0].partition('-')[0]} {target[1]}")
def test_object_code_is_for_its_processor_and_fuses_nothing(target: machine.Target) -> None:
    text = print_module(body_program(), machine.width_for(target[2], target[0])).text
    code = machine.generate(text, 1, target)
    assert code[:4] == b"\x7fELF"
    assert ctypes.c_uint16.from_buffer_copy(code[18:20]).value == (183 if target == ARM else 62)
    assert not FUSED.search(assembly(text, target))


def test_the_search_for_fused_operations_finds_them() -> None:
    vector = "<4 x double>"
    text = (
        f"declare {vector} @llvm.fma.v4f64({vector}, {vector}, {vector})\n"
        f"define {vector} @f({vector} %a) {{\n"
        f" %r = call {vector} @llvm.fma.v4f64({vector} %a, {vector} %a, {vector} %a)\n ret {vector} %r\n}}"
    )
    for target in TARGETS:
        if target[1] != "x86-64-v2":  # has none
            assert FUSED.search(assembly(text, target)), target


def assembly(text: str, target: machine.Target) -> str:
    machine.generate("", 0, target)  # starts LLVM for all targets
    made = llvm.Target.from_triple(target[0]).create_target_machine(
        cpu=target[1], features=target[2], opt=1, reloc="pic", codemodel="default"
    )
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = target[0], str(made.target_data)
    return str(made.emit_assembly(module))
