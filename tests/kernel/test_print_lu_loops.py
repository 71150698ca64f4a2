"""Factorisation by loops: the same numbers as line by line, and a dense model compiled in seconds."""

from __future__ import annotations

import time

import numpy as np
import pytest

from nadflux.kernel import Batch, compile_program, integrate, lower, module
from nadflux.kernel.print_lu_loops import count_updates
from nadflux.network.read_antimony import read_antimony


def ring(count: int, reach: int) -> str:
    """Pools that each exchange with the next few."""
    lines = [f"x{i} = {1 + i % 3};" for i in range(count)]
    for i in range(count):
        flows = " + ".join(f"0.{j + 1} * (x{(i + j) % count} - x{i})" for j in range(1, reach))
        lines.append(f"x{i}' = {flows};")
    return "\n".join(lines) + "\n"


def test_updates_of_a_full_matrix() -> None:
    rows = [tuple(range(4))] * 4
    assert count_updates(rows) == sum(k**2 for k in range(4))


@pytest.mark.parametrize("width", [1, 4])
def test_loops_give_the_numbers_of_the_straight_line(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    model = read_antimony(ring(12, 4))
    program = lower(model, {})
    batch = Batch(np.tile(program.defaults, (3, 1)) * [[1.0], [2.0], [3.0]], 0.0, 5.0)
    straight = integrate(compile_program(program, cache=False, width=width), batch)
    monkeypatch.setattr(module, "MOST_UPDATES", 0)
    loops = integrate(compile_program(program, cache=False, width=width), batch)
    assert np.array_equal(straight.final, loops.final)
    assert np.array_equal(straight.steps, loops.steps)


def test_a_dense_model_is_compiled_in_seconds() -> None:
    count = 120
    model = read_antimony(
        "".join(f"x{i} = {i}; x{i}' = m - x{i};\n" for i in range(count))
        + f"m := ({'+'.join(f'x{i}^2' for i in range(count))})^0.5 / {count};\n"
    )
    program = lower(model, {})
    assert count_updates(program.rows) > module.MOST_UPDATES
    start = time.process_time()
    engine = compile_program(program, cache=False, opt=0, width=1)
    assert time.process_time() - start < 30
    assert not integrate(engine, Batch(program.defaults[None], 0.0, 1.0)).failures
