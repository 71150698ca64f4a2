"""Operations and bytes of a step, counted in the printed code, and the rate that this processor reaches at best."""

from __future__ import annotations

import ctypes
import re
import time
from collections import Counter
from dataclasses import dataclass

from nadflux.kernel import machine, tableau
from nadflux.kernel.module import print_module
from nadflux.kernel.program import Program

_FUNCTION = re.compile(r"define[^@]*@(\w+)\((.*?)^}", re.DOTALL | re.MULTILINE)
_OPERATION = re.compile(r"= (?:fadd|fsub|fmul|fdiv|call <\d+ x double> @llvm\.sqrt)")
_MEMORY = re.compile(r"(?:= load|store) <\d+ x double>")
_CALL = re.compile(r"call (?:void|<\d+ x double>) @(\w+)\(")
_CHAINS, _ROUNDS = 16, 20_000_000


@dataclass(frozen=True)
class Work:
    """What a step of a person takes: operations on doubles, and bytes read and written, by part."""

    operations: dict[str, int]
    bytes: dict[str, int]


def of_step(program: Program, width: int) -> Work:
    """Return the work of one step: J, LU, right-hand sides, solutions, and the sums of stages.

    Elementary functions count as the operations they consist of; selections and comparisons do not count.
    """
    bodies = dict(_FUNCTION.findall(print_module(program, width).text))
    calls = {"linearise": 1, "factorise": 1, "slopes": tableau.STAGES - 1, "solve": tableau.STAGES, "multiply": 1}
    operations = {name: times * _count(bodies, name, _OPERATION) for name, times in calls.items()}
    moved = {name: 8 * times * _count(bodies, name, _MEMORY) for name, times in calls.items()}
    states = len(program.states)
    terms = sum(stage for stage in range(tableau.STAGES))
    # a state and a right-hand side per stage; the error: a new state, weight, ratio and fourth power
    operations["sums"] = states * (2 * 2 * terms + 12)
    moved["sums"] = 8 * states * (terms + 4 * tableau.STAGES + 6)
    return Work(operations, moved)


def _count(bodies: dict[str, str], name: str, pattern: re.Pattern[str]) -> int:
    """Count a pattern in a function and all it calls."""
    body = bodies.get(name, "")
    inner = Counter(_CALL.findall(body))
    return len(pattern.findall(body)) + sum(times * _count(bodies, called, pattern) for called, times in inner.items())


def peak(width: int) -> float:
    """Return the additions and multiplications of doubles that one core does in a second, none fused; measured."""
    vector = f"<{width} x double>"
    one = "<" + ", ".join(["double 1.0"] * width) + ">"
    heads = [f"  %x{k} = phi {vector} [ {one}, %entry ], [ %y{k}, %loop ]" for k in range(_CHAINS)]
    steps = [f"  %y{k} = {'fadd' if k % 2 else 'fmul'} {vector} %x{k}, {one}" for k in range(_CHAINS)]
    total = [f"  %t{k} = fadd {vector} %y{k}, {f'%t{k - 1}' if k else one}" for k in range(_CHAINS)]
    text = "\n".join([
        "define void @run(i64 %rounds, ptr %out) {", "entry:", "  br label %loop", "loop:",
        "  %i = phi i64 [ 0, %entry ], [ %j, %loop ]", *heads, *steps, "  %j = add i64 %i, 1",
        "  %more = icmp slt i64 %j, %rounds", "  br i1 %more, label %loop, label %end", "end:", *total,
        f"  store {vector} %t{_CHAINS - 1}, ptr %out, align 8", "  ret void", "}",
    ])  # fmt: skip
    code = machine.Code(machine.generate(text, 1))  # kept: its memory goes with it
    run = code.function("run", [ctypes.c_int64, ctypes.c_void_p])
    out = (ctypes.c_double * width)()
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        run(_ROUNDS, ctypes.addressof(out))
        best = max(best, _ROUNDS * _CHAINS * width / (time.process_time() - started))
    return best
