"""The IR module of a program: kernels of the model, elementary functions and integration loop."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nadflux.kernel.ir import Function, literal
from nadflux.kernel.library import print_function
from nadflux.kernel.loop import LoopPrinter
from nadflux.kernel.peaks import PeakPrinter
from nadflux.kernel.print_equations import ModelPrinter, Printed, Store, hoisted_nodes
from nadflux.kernel.print_lu import print_factorise, print_multiply, print_solve
from nadflux.kernel.print_lu_loops import MOST_UPDATES, count_updates, print_factorise_loops
from nadflux.kernel.program import PERSON, RUN, Program
from nadflux.kernel.step import SIGNS, StepPrinter

EXPORTED = ("prepare", "begin", "advance", "interpolate_all", "observe", "linearise", "factorise", "solve")


@dataclass(frozen=True)
class Module:
    """IR text and the sizes of the arrays that it uses."""

    text: str
    hoisted: int
    scratch: int


def print_module(program: Program, width: int) -> Module:
    """Print all machine-independent code of a program for a number of lanes."""
    hoisted = {node: k for k, node in enumerate(hoisted_nodes(program))}
    printer = ModelPrinter(program, width, hoisted)
    position = printer.position
    entries = _entries(program, position)
    kernels = [
        printer.kernel("prepare", _prepare_stores(program, hoisted, position), PERSON),
        printer.kernel("slopes", _slope_stores(program, position)),
        printer.kernel("linearise", _linear_stores(program, position, entries)),
        printer.kernel("observe", [Store(a, "first", k) for k, a in enumerate(program.output_nodes)]),
    ]
    needed = needed_positions(program, position)
    loop = _loop_functions(program, width, needed)
    text = [*_kernel_text(kernels)]
    by_loops = count_updates(program.rows) > MOST_UPDATES
    text += (print_factorise_loops if by_loops else print_factorise)(program, width, entries)
    text += print_solve(program, width)
    text += print_multiply(program, width, entries)
    text += [f.text("noinline nounwind") for f in loop]
    table = needed or [0]
    text.append(f"@needed = internal constant [{len(table)} x i64] [{', '.join(f'i64 {k}' for k in table)}]")
    text.append(_signs(program))
    called: dict[str, str] = {}
    for kernel in kernels:
        called.update(kernel.called)
    for function in loop:
        called.update(function.called)
    text += _library(called, width, text)
    scratch = max(kernel.scratch for kernel in kernels)
    return Module("\n\n".join(text) + "\n", len(hoisted), scratch)


def _kernel_text(kernels: Iterable[Printed]) -> list[str]:
    return [text for kernel in kernels for text in kernel.text]


def _library(called: dict[str, str], width: int, text: list[str]) -> list[str]:
    """Return definitions of the elementary functions in use and declarations of the intrinsics."""
    library: list[str] = []
    done: set[str] = set()
    waiting = sorted(name for name in called if name.startswith("nadflux_"))
    intrinsics = {name: line for name, line in called.items() if name.startswith("llvm.")}
    # Functions call others: those found on the way are waiting too.
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        function = print_function(name.removeprefix("nadflux_"), width)
        library.append(function.text("noinline nounwind", "internal"))
        waiting += [n for n in function.called if n.startswith("nadflux_")]
        intrinsics.update({n: line for n, line in function.called.items() if n.startswith("llvm.")})
    return [*library, *(intrinsics[name] for name in sorted(intrinsics))]


def _loop_functions(program: Program, width: int, needed: list[int]) -> list[Function]:
    step = StepPrinter(program, width, needed)
    loop = LoopPrinter(program, width, needed)
    peaks = PeakPrinter(program, width, needed)
    return [
        step.attempt(), step.first_step(), step.choose_step(),
        loop.begin(), loop.copy_start(), loop.pass_stop(), loop.interpolate(False), loop.interpolate(True),
        loop.record(), loop.judge(), loop.move_on(), loop.advance(),
        peaks.find_peaks(), peaks.look(),
    ]  # fmt: skip


def _entries(program: Program, position: dict[int, int]) -> dict[tuple[int, int], int]:
    """Return the storage index of each Jacobian entry by (row, column) in elimination order."""
    keys = sorted((position[i], position[j]) for i, j in program.jacobian)
    return {key: k for k, key in enumerate(keys)}


def _prepare_stores(program: Program, hoisted: dict[int, int], position: dict[int, int]) -> list[Store]:
    stores = [Store(a, "first", k) for a, k in hoisted.items()]
    return stores + [Store(a, "second", position[i]) for i, a in enumerate(program.initial)]


def _slope_stores(program: Program, position: dict[int, int]) -> list[Store]:
    rows = sorted((position[i], a) for i, a in enumerate(program.derivatives))
    return [Store(a, "first", k) for k, a in rows]


def _linear_stores(program: Program, position: dict[int, int], entries: dict[tuple[int, int], int]) -> list[Store]:
    """Return f, then J and ∂f/∂t row by row, so that a row's shared terms stay close."""
    by_row: dict[int, list[Store]] = {k: [] for k in range(len(program.states))}
    for i, a in enumerate(program.derivatives):
        by_row[position[i]].append(Store(a, "first", position[i]))
    for (i, j), a in program.jacobian.items():
        by_row[position[i]].append(Store(a, "second", entries[position[i], position[j]]))
    for i, a in enumerate(program.time_derivatives):
        if program.nodes[a] != ("c", 0.0):
            by_row[position[i]].append(Store(a, "third", position[i]))
    return [store for k in sorted(by_row) for store in by_row[k]]


def _signs(program: Program) -> str:
    """Print the table by elimination order: amounts may end one tolerance below zero, other states anywhere."""
    bounds = [1.0 if program.state_kinds[i] == "amount" else math.inf for i in program.order] or [math.inf]
    entries = ", ".join(f"double {literal(bound)}" for bound in bounds)
    return f"@{SIGNS} = internal constant [{len(bounds)} x double] [{entries}]"


def needed_positions(program: Program, position: dict[int, int]) -> list[int]:
    """Return the positions of the states that the outputs depend on."""
    found: set[int] = set()
    seen: set[int] = set()
    stack = list(program.output_nodes)
    while stack:
        a = stack.pop()
        if a in seen or program.levels[a] < RUN:
            continue
        seen.add(a)
        operation, *rest = program.nodes[a]
        if operation == "y":
            found.add(position[rest[0]])
        elif operation not in ("c", "b", "t", "u"):
            stack.extend(rest)
    return sorted(found)
