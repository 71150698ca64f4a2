"""LLVM: from IR text to machine code for this or another processor."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from functools import cache

import llvmlite.binding as llvm

Target = tuple[str, str, str]
"""Triple, processor and features."""

WIDTHS = (1, 2, 4, 8)
FORMAT = "1"
"""Raised where stored machine code of the same program for the same processor must not be used any longer."""

_INTEL, _ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
_V2 = ("cx16", "popcnt", "sahf", "sse3", "ssse3", "sse4.1", "sse4.2")
_V3 = (*_V2, "avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave")
_V4 = (*_V3, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")

TARGETS: dict[Target, tuple[str, ...]] = {
    # full-width vectors: people fill them, unlike the loops for which LLVM prefers half width
    (_INTEL, "x86-64-v4", "+avx512f,-prefer-256-bit"): _V4,
    (_INTEL, "x86-64-v3", "+avx2"): _V3,
    (_INTEL, "x86-64-v2", ""): _V2,
    (_ARM, "generic", "+neon"): ("neon",),
}
"""Levels of processors under Linux that machine code is made for, the best first, and the features each needs."""


@cache
def _start(everything: bool) -> None:
    if everything:
        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
    else:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()


def version() -> str:
    """Return the format of stored machine code, part of every cache key.

    The installed llvmlite is not: code for a processor is linked by any, and the bits it computes are those of the IR.
    """
    return FORMAT


@cache
def host() -> Target:
    """Return triple, processor and features that machine code is made for on this machine.

    One of `TARGETS` where there is one, so that machines of one level share their code; else this very machine.
    """
    _start(False)
    found, triple = llvm.get_host_cpu_features(), llvm.get_process_triple()
    return level_of(triple, found) or (triple, llvm.get_host_cpu_name(), found.flatten())


def level_of(triple: str, features: Mapping[str, bool]) -> Target | None:
    """Return the best of `TARGETS` that a machine can run, None where there is none.

    Parameters
    ----------
    triple : str
        Of the machine; only its architecture and system matter.
    features : mapping of str to bool
        Which features it has, by LLVM's names.
    """
    architecture, _, system = triple.partition("-")
    if "linux" not in system.split("-"):
        return None
    for target, needed in TARGETS.items():
        if target[0].startswith(f"{architecture}-") and all(features.get(name) for name in needed):
            return target
    return None


def width_for(features: str, triple: str) -> int:
    """Return the doubles in a vector register: 8 with AVX-512, 4 with AVX, 2 with NEON or SSE2, else 1."""
    names = features.split(",")
    if "+avx512f" in names:
        return 8
    if "+avx" in names or "+avx2" in names:
        return 4
    if triple.startswith(("aarch64", "arm64", "x86_64")):
        return 2
    return 1


def generate(text: str, opt: int, target: Target | None = None) -> bytes:
    """Return the object code of an IR module.

    Parameters
    ----------
    opt : int
        0 or 1; the bits of every result are the same.
    target : (triple, processor, features), optional
        This machine if left out.
    """
    _start(target is not None)
    triple, cpu, features = target or host()
    machine = llvm.Target.from_triple(triple).create_target_machine(
        cpu=cpu, features=features, opt=opt, reloc="pic", codemodel="default"
    )
    module = llvm.parse_assembly(text)
    module.triple = triple
    module.data_layout = str(machine.target_data)
    module.verify()
    if opt:
        builder = llvm.create_pass_builder(machine, llvm.PipelineTuningOptions(speed_level=1))
        manager = llvm.create_new_module_pass_manager()
        manager.add_sroa_pass()
        manager.add_simplify_cfg_pass()
        manager.run(module, builder)
    object_code: bytes = machine.emit_object(module)
    return object_code


class Code:
    """Machine code in memory."""

    def __init__(self, object_code: bytes) -> None:
        _start(False)
        triple, cpu, features = host()
        machine = llvm.Target.from_triple(triple).create_target_machine(
            cpu=cpu, features=features, opt=1, reloc="pic", codemodel="default"
        )
        # One block of memory for code and constants: apart, they may lie further than a relative address reaches.
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine, use_lmm=True)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(object_code))
        self._engine.finalize_object()

    def function(self, name: str, arguments: list[type], result: type | None = None) -> Callable[..., int]:
        """Return a function that releases the interpreter lock while it runs.

        Raises
        ------
        ValueError
            If the object code has no function of that name.
        """
        address = self._engine.get_function_address(name)
        if not address:
            raise ValueError(f"the object code has no function {name!r}")
        return ctypes.CFUNCTYPE(result, *arguments)(address)
