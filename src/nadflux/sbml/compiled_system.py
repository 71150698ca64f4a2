"""Compiled systems kept for the next run: in this process, and their machine code on disk.

The numbers of a model are arguments of its machine code. So a model whose numbers were changed runs on the code that
is there, and only a changed structure is compiled.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np

from nadflux.network.expression import Expression
from nadflux.network.model import Model
from nadflux.sbml.system import System

MOST_KEPT = 24
_kept: OrderedDict[str, System] = OrderedDict()
_lock = Lock()


def compiled_system(
    model: Model, selection: Mapping[str, Expression], compile_program: Callable[..., Any] | None = None
) -> System:
    """Return the compiled system of a model, whatever its numbers.

    Parameters
    ----------
    model : Model
    selection : mapping of str to Expression
        What to compute for the caller, by name.
    compile_program : callable, optional
        Function that compiles the lowered program; by default the kernel's, with its cache on disk.
    """
    shape = _without_numbers(model)
    if compile_program is not None:
        return System(shape, selection, compile_program)
    key = hashlib.sha256(repr((shape, tuple(selection.items()))).encode()).hexdigest()
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = System(shape, selection, _compile)
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def numbers_of(model: Model, system: System) -> np.ndarray:
    """Return the numbers of a model in the order of a system's program, shape (parameter,), in its units; NaN: none."""
    values: dict[str, float | None] = {name: c.size for name, c in model.compartments.items()}
    values |= {s.id: s.concentration if s.amount is None else s.amount for s in model.species.values()}
    values |= {name: p.value for name, p in model.parameters.items()}
    given = [values[name] for name in system.program.parameters]
    return np.array([math.nan if value is None else value for value in given], dtype=np.float64)


def _without_numbers(model: Model) -> Model:
    """Return the model with every number that is an argument of its machine code set to 1."""

    def one(value: float | None) -> float | None:
        return None if value is None else 1.0

    return replace(
        model,
        compartments={k: replace(c, size=one(c.size)) for k, c in model.compartments.items()},
        species={
            k: replace(s, amount=one(s.amount), concentration=one(s.concentration)) for k, s in model.species.items()
        },
        parameters={k: replace(p, value=one(p.value)) for k, p in model.parameters.items()},
        notes=(),
    )


def _compile(program: Any) -> Any:
    from nadflux.kernel.engine import compile_program

    return compile_program(program, opt=0, width=1)
