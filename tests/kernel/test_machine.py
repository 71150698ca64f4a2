"""Levels of processors: the best that a machine can run, and none where it is none of them."""

from __future__ import annotations

import pytest

from nadflux.kernel import machine
from nadflux.kernel.machine import TARGETS, level_of, width_for

V4 = max(TARGETS.values(), key=len)
INTEL = "x86_64-unknown-linux-gnu"


def without(*names: str) -> dict[str, bool]:
    return {name: name not in names for name in (*V4, "amx-tile", "sse2")}


@pytest.mark.parametrize(
    ("triple", "features", "level", "width"),
    [
        (INTEL, without(), "x86-64-v4", 8),
        ("x86_64-conda-linux-gnu", without(), "x86-64-v4", 8),
        (INTEL, without("avx512dq"), "x86-64-v3", 4),
        (INTEL, without("avx512f", "movbe"), "x86-64-v2", 2),
        ("aarch64-unknown-linux-gnu", {"neon": True, "sve": True}, "generic", 2),
    ],
)
def test_best_level(triple: str, features: dict[str, bool], level: str, width: int) -> None:
    target = level_of(triple, features)
    assert target is not None and target[1] == level
    assert width_for(target[2], target[0]) == width


@pytest.mark.parametrize(
    ("triple", "features"),
    [
        (INTEL, without("ssse3")),
        (INTEL, {}),
        ("x86_64-apple-darwin23.1.0", without()),
        ("x86_64-pc-windows-msvc", without()),
        ("arm64-apple-darwin23.1.0", {"neon": True}),
        ("riscv64-unknown-linux-gnu", {"v": True}),
    ],
)
def test_other_machines_have_no_level(triple: str, features: dict[str, bool]) -> None:
    assert level_of(triple, features) is None


def test_keys_do_not_hold_the_version_of_llvmlite() -> None:
    import llvmlite

    assert llvmlite.__version__ not in (machine.version(), *machine.host())
    assert machine.version() == machine.FORMAT
