"""Formulas over time through periods: rest before the start, then changes of numbers at set times."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.network.expression import Expression
from nadflux.network.model import Model
from nadflux.sbml.compiled_system import compiled_system, numbers_of
from nadflux.sbml.numbers import number_of, with_numbers
from nadflux.sbml.runner import Runner
from nadflux.sbml.steady_state import steady_state


@dataclass(frozen=True)
class Period:
    """A stretch of time from ``start`` on, in the time unit of the model; minus infinity for rest before time 0.

    Attributes
    ----------
    start : float
    numbers : mapping of str to float
        Numbers and species that are set at its start, in the units of the model.
    """

    start: float
    numbers: Mapping[str, float]


def formulas_over_periods(
    model: Model,
    periods: Sequence[Period],
    formulas: Mapping[str, Expression],
    times: np.ndarray,
    rtol: float = 1e-8,
) -> np.ndarray:
    """Return formulas at times through periods of changed numbers.

    Parameters
    ----------
    model : Model
    periods : sequence of Period
        In the order of their starts.
    formulas : mapping of str to Expression
        By name, over the ids of the model.
    times : ndarray, shape (time,)
        Rising, in the time unit of the model, from the first finite start on; infinite for steady state.
    rtol : float

    Returns
    -------
    ndarray, shape (time, formula), each in the unit of its formula

    Raises
    ------
    SimulationError
        Where a state of rest is not reached, or the integration cannot go on.
    """
    values = np.full((len(times), len(formulas)), np.nan)
    carried: dict[str, float] | None = None
    ends = [*(period.start for period in periods[1:]), math.inf]
    # Period by period: each begins with the state at the end of the one before it.
    for period, end in zip(periods, ends, strict=True):
        model = with_numbers(model, period.numbers)
        if period.start == -math.inf:
            rest = steady_state(model)
            carried = dict(zip(rest.states, rest.state.tolist(), strict=True))
            continue
        last = end == math.inf
        here = (times >= period.start) & ((times < end) | (last & np.isfinite(times)))
        system = compiled_system(model, formulas)
        stops = times[here]
        finish = max([*stops, *([end] if not last else []), period.start])
        initial = None if carried is None else _state(model, system.program.states, carried, period.numbers)
        numbers = numbers_of(model, system)
        after = max(finish, math.nextafter(period.start, math.inf))
        runner = Runner(system, period.start, after, rtol, 0, numbers, initial=initial)
        for k, time in zip(np.flatnonzero(here), stops, strict=True):
            values[k] = runner.at(float(time))
        if not last:
            runner.at(end)
        carried = dict(zip(system.program.states, runner.situation.state.tolist(), strict=True))
        if last and np.any(np.isinf(times)):
            values[np.isinf(times)] = _at_rest(model, formulas)
    return values


def _at_rest(model: Model, formulas: Mapping[str, Expression]) -> np.ndarray:
    rest = steady_state(model)
    system = compiled_system(model, formulas)
    initial = np.array([dict(zip(rest.states, rest.state, strict=True))[name] for name in system.program.states])
    runner = Runner(system, 0.0, 1.0, 1e-8, 0, numbers_of(model, system), initial=initial)
    return runner.at(0.0)


def _state(model: Model, states: Sequence[str], carried: Mapping[str, float], given: Mapping[str, float]) -> np.ndarray:
    """Return the state of a period, shape (state,): that carried over, with what the period sets."""
    found = []
    for name in states:
        value = carried[name]
        if name in given:
            value = given[name]
            species = model.species.get(name)
            if species is not None and not species.only_substance_units:
                size = number_of(model, species.compartment)
                value *= 1.0 if size is None else size
        found.append(value)
    return np.array(found, dtype=np.float64)
