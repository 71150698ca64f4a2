"""LLVM: from IR text to machine code for this or another processor."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import llvmlite
import llvmlite.binding as llvm

WIDTHS = (1, 2, 4, 8)


@cache
def _start(everything: bool) -> None:
    if everything:
        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
    else:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()


def version() -> str:
    """Return the versions of llvmlite and LLVM, part of every cache key."""
    return f"{llvmlite.__version__}-{'.'.join(map(str, llvm.llvm_version_info))}"


@cache
def host() -> tuple[str, str, str]:
    """Return triple, processor and features of this machine."""
    _start(False)
    features = llvm.get_host_cpu_features().flatten()
    # full-width vectors: people fill them, unlike the loops for which LLVM prefers half width
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), f"{features},-prefer-256-bit".lstrip(",")


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


def generate(text: str, opt: int, target: tuple[str, str, str] | None = None) -> bytes:
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
