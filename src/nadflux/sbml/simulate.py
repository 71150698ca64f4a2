"""Runs of any supported SBML model, events included: ``nadflux run``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nadflux.errors import (
    UnknownNameError,
    UnsupportedModelError,
    ValueOutOfRangeError,
)
from nadflux.kernel.lanes import ZERO_SCALE
from nadflux.kernel.step import ABSOLUTE_FRACTION
from nadflux.network.expression import Apply, Expression, Symbol
from nadflux.network.model import Model
from nadflux.network.refusals import missing_laws
from nadflux.network.unit_text import amount_unit, quantity_unit, unit_text
from nadflux.sbml.compiled_system import compiled_system, numbers_of
from nadflux.sbml.runner import Runner
from nadflux.sbml.time_course import TimeCourse

SMALLEST_RTOL, LARGEST_RTOL = 1e-13, 0.1
_BRACKETS = re.compile(r"^\[(\w+)\]$")
_AMOUNT = re.compile(r"^amount\((\w+)\)$")


def run_model(
    model: Model,
    times: Sequence[float] | np.ndarray,
    *,
    select: Sequence[str] | None = None,
    rtol: float = 1e-6,
    seed: int = 0,
    progress: Callable[[float], object] | None = None,
    compile_program: Callable[..., Any] | None = None,
) -> TimeCourse:
    """Simulate a model.

    Parameters
    ----------
    model : Model
    times : sequence of float, shape (time,)
        Increasing, in the model's time unit; the first is the start, the time of the initial state.
    select : sequence of str, optional
        ``S`` (what the id means in formulas), ``[S]`` (concentration) or ``amount(S)``. By default all
        species and all other variables that change.
    rtol : float
        Relative tolerance of the integration.
    seed : int
        Seed for the order of simultaneous events, where SBML leaves it to chance and it matters.
    progress : callable, optional
        Called with the fraction done after each output time.
    compile_program : callable, optional
        Function that compiles the lowered program; by default the kernel's, with its cache.

    Raises
    ------
    UnsupportedModelError
        For constructs that are refused, before the run or, if only then apparent, during it.
    ModelError, UnknownNameError, ValueOutOfRangeError
        For an inconsistent model, an unknown name, or times that do not increase.
    SimulationError
        If the integration cannot go on; the message names state and time.

    Notes
    -----
    An event at an output time is executed before the output is taken. Triggers that turn true and false again
    within 1/2000 of the time span are found if a compared quantity turns smoothly, and may be missed otherwise.
    """
    grid = _checked_times(times)
    if not SMALLEST_RTOL <= rtol <= LARGEST_RTOL:
        raise ValueOutOfRangeError(
            f"rtol is {rtol:g}; choose a tolerance from {SMALLEST_RTOL:g} to {LARGEST_RTOL:g}, such as 1e-6"
        )
    report = missing_laws(model)
    if report:
        raise UnsupportedModelError(report)
    names = tuple(select) if select is not None else default_selection(model)
    selection = {name: selected(model, name) for name in names}
    system = compiled_system(model, selection, compile_program)
    runner = Runner(system, float(grid[0]), float(grid[-1]), rtol, seed, numbers_of(model, system))
    rows = []
    for number, time in enumerate(grid, start=1):
        rows.append(runner.at(float(time)))
        if progress is not None:
            progress(number / len(grid))
    values = np.array(rows, dtype=np.float64).reshape(len(grid), len(names))
    units = tuple(unit_of(model, name) for name in names)
    notes = (*model.notes, *runner.machine.notes, *_not_finite(grid, names, values))
    noise = _noise(model, names, values, rtol)
    return TimeCourse(grid, names, values, units, unit_text(model, model.time_unit), notes, noise)


def default_selection(model: Model) -> tuple[str, ...]:
    """Return all species, and all other ids that a rule, an event or the text lets change."""
    changed = {*model.assignment_rules, *model.rate_rules}
    changed |= {variable for event in model.events.values() for variable, _ in event.assignments}
    others = [i for i in (*model.compartments, *model.parameters) if i in changed]
    return (*model.species, *others)


def _not_finite(times: np.ndarray, names: Sequence[str], values: np.ndarray) -> list[str]:
    """Return sentences on quantities with values, shape (time, name), that are not finite."""
    found: dict[tuple[str, float], list[str]] = {}
    for name, column in zip(names, values.T, strict=True):
        for what, where in (("not a number (NaN)", np.isnan(column)), ("infinite", np.isinf(column))):
            if where.any():
                found.setdefault((what, float(times[np.argmax(where)])), []).append(name)
    return [
        f"{what} from time {time:g}: {', '.join(those[:8])}{f' and {len(those) - 8} more' if len(those) > 8 else ''}"
        for (what, time), those in found.items()
    ]


def _noise(model: Model, names: Sequence[str], values: np.ndarray, rtol: float) -> np.ndarray:
    """Return the size, shape (name,), below which the values of a species, shape (time, name), are noise."""
    species = np.array(
        [(_BRACKETS.sub(r"\1", _AMOUNT.sub(r"\1", name))) in model.species for name in names], dtype=bool
    )
    if not species.any():
        return np.zeros(len(names))
    with np.errstate(invalid="ignore"):
        largest = np.nanmax(np.where(np.isfinite(values), np.abs(values), 0.0), axis=0)
    scale = np.maximum(largest, ZERO_SCALE * largest[species].max())
    return np.where(species, rtol * ABSOLUTE_FRACTION * scale, 0.0)


def _checked_times(times: Sequence[float] | np.ndarray) -> np.ndarray:
    grid = np.array(times, dtype=np.float64)
    if grid.ndim != 1 or len(grid) == 0 or not np.all(np.isfinite(grid)) or np.any(np.diff(grid) <= 0):
        raise ValueOutOfRangeError("times must be finite and rise; give e.g. numpy.linspace(0, 100, 101)")
    return grid


def selected(model: Model, name: str) -> Expression:
    """Return the formula of a quantity: an id, ``[S]`` or ``amount(S)``.

    Raises
    ------
    UnknownNameError
        For a name that the model does not have.
    """
    for pattern, wanted in ((_BRACKETS, "concentration"), (_AMOUNT, "amount")):
        found = pattern.match(name)
        if not found:
            continue
        if found[1] not in model.species:
            raise UnknownNameError("species", found[1], model.species)
        species = model.species[found[1]]
        symbol, size = Symbol(species.id), Symbol(species.compartment)
        if (wanted == "amount") == species.only_substance_units:
            return symbol
        return Apply("mul" if wanted == "amount" else "div", (symbol, size))
    references = {r.id for x in model.reactions.values() for r in (*x.reactants, *x.products) if r.id}
    known = {*model.species, *model.parameters, *model.compartments, *model.reactions, *references}
    if name not in known:
        raise UnknownNameError("id", name, known, "(write S, [S] or amount(S))")
    return Symbol(name)


def unit_of(model: Model, name: str) -> str:
    """Return the unit of an id, ``[S]`` or ``amount(S)`` in words; empty where the model declares none."""
    for pattern, concentration in ((_BRACKETS, True), (_AMOUNT, False)):
        found = pattern.match(name)
        if found:
            return amount_unit(model, found[1], concentration=concentration)
    return quantity_unit(model, name)
