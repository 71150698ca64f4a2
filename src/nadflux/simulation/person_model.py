"""A described person under a plan as one model: their numbers and start, doses and days as events of SBML."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from nadflux.errors import SimulationError
from nadflux.network.event_series import series_of, with_series, with_steps
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model, Parameter
from nadflux.network.names import to_id
from nadflux.network.numeric_rest import settled as at_rest
from nadflux.notes import Note
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.course import Course, Segment
from nadflux.simulation.door import notes_on_screening
from nadflux.simulation.event_arrays import scales_of
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.resolve import Resolved, resolve
from nadflux.simulation.run import PersonFailure
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import settle
from nadflux.units import DAY_H


@dataclass(frozen=True)
class PersonModel:
    """A person under a plan as a model.

    Attributes
    ----------
    model : Model
        Time 0 is the start of the plan. Observables are parameters with assignment rules, by their ids.
    end_h : float
    observables : mapping of str to str
        Label with unit, by id.
    screening : tuple of Note
        Remarks on the screening of the plan, which belong to everything made of it.
    """

    model: Model
    end_h: float
    observables: dict[str, str]
    screening: tuple[Note, ...] = ()


def person_model(scenario: Scenario) -> PersonModel:
    """Return the typical person of a description under their plan.

    Numbers are the typical values of the tables or of the posterior for the person's covariates; no spread is drawn.

    Parameters
    ----------
    scenario : Scenario

    Raises
    ------
    NadfluxError
        For a plan or settings that do not fit, and a person who has no resting state.
    """
    typical = scenario.changed(uncertainty=False, spread=False, people=1)
    settled = settle(typical)
    resolved = resolve(settled)
    prepared, planned = resolved.prepared, resolved.planned
    first = np.zeros(1, dtype=np.int64)
    rows, _ = resolved.course.numbers.of(prepared, first)
    state, inputs, scales = _at_start(resolved, first)
    model = at_rest(prepared.body.model, dict(zip(prepared.program.parameters, rows[0].tolist(), strict=True)))
    model = _started(model, prepared, state, inputs)
    model, shown = _with_observables(model, prepared)
    changes: dict[tuple[str, str, float], list[float]] = defaultdict(list)
    for event in planned.events:
        if 0.0 <= event.time_h < planned.end_h:
            value = float(np.ravel(event.value)[0]) * (scales[event.scale] if event.scale else 1.0)
            changes[to_id(event.target), event.kind, value].append(event.time_h)
    # Change by change: equal ones at equal intervals become one event.
    for (target, kind, value), times in changes.items():
        for series in series_of(sorted(times), value, DAY_H):
            model = with_series(model, target, series) if kind == "add" else with_steps(model, target, series)
    screening = tuple(notes_on_screening(scenario.who, settled.screening))
    return PersonModel(model, planned.end_h, shown, screening)


def _at_start(resolved: Resolved, people: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Return states and inputs of the person at time 0, shapes (state,) and (input,), and what scales events."""
    whole = resolved.course
    origin = resolved.planned.start_h
    start = origin if whole.life is None else -whole.life.period
    events = tuple(event for event in resolved.planned.events if start <= event.time_h < 0.0)
    before = Segment(start, 0.0, np.zeros(0), events, outputs=())
    course = Course(whole.numbers, (before,), origin, whole.rtol, whole.life)
    chunk = run_chunk(resolved.prepared, course, people)
    if chunk.failures:
        failure: PersonFailure = chunk.failures[0]
        raise SimulationError(f"this person cannot be started: {failure.state}: {failure.reason}")
    scales = scales_of(resolved.prepared, chunk.rows, resolved.planned.events, origin)
    found = {name: float(values[0]) for name, values in scales.items()}
    solution = chunk.courses[-1]
    return solution.final[0], solution.final_inputs[0], found


def _started(model: Model, prepared: Prepared, state: np.ndarray, inputs: np.ndarray) -> Model:
    """Return the model with the person's state and inputs at time 0."""
    species, parameters = dict(model.species), dict(model.parameters)
    for name, kind, value in zip(prepared.program.states, prepared.program.state_kinds, state.tolist(), strict=True):
        if kind == "amount":
            species[name] = dataclasses.replace(species[name], amount=value, concentration=None)
        else:
            parameters[name] = dataclasses.replace(parameters[name], value=value)
    for name, value in zip(prepared.program.inputs, inputs.tolist(), strict=True):
        parameters[name] = dataclasses.replace(parameters[name], value=value)
    return dataclasses.replace(model, species=species, parameters=parameters)


def _with_observables(model: Model, prepared: Prepared) -> tuple[Model, dict[str, str]]:
    """Return the model with its observables as assignment rules, and their labels."""
    taken = {*model.parameters, *model.species, *model.compartments, *model.reactions}
    new = {o.id: o for o in prepared.body.observables if o.id not in taken}
    parameters = {
        name: Parameter(name, None, o.unit if o.unit in model.units else None, constant=False, name=o.label)
        for name, o in new.items()
    }
    rules = {name: parse_infix(o.formula) for name, o in new.items()}
    shown = {name: f"{o.label} in {o.matrix} ({o.unit})" for name, o in new.items()}
    return (
        dataclasses.replace(
            model,
            parameters={**model.parameters, **parameters},
            assignment_rules={**model.assignment_rules, **rules},
        ),
        shown,
    )
