"""What is computed at rest in NumPy (scales of events, why a person fails) has the bits of machine code."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nadflux.kernel import Batch, Engine, Program, compile_program
from nadflux.kernel.integrate import integrate
from nadflux.kernel.lanes import load_person
from nadflux.kernel.program import levels_of
from nadflux.kernel.symbols import Symbols
from nadflux.people import Cohort, Distribution, draw, draw_covariates
from nadflux.plans import parse_plan
from nadflux.plans.schedule import schedule
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.event_arrays import scales_of
from nadflux.simulation.failures import faults_at_rest
from nadflux.simulation.parameters import parameter_rows

PEOPLE = 64
COHORT = Cohort(PEOPLE, Distribution(50.0, 15.0))


def people_of(prepared: Prepared) -> np.ndarray:
    draws = draw(prepared.body.table, PEOPLE, 7)
    return parameter_rows(prepared, draws, draw_covariates(COHORT, np.arange(PEOPLE), 7), {})


def program_at_rest(prepared: Prepared, names: list[str]) -> Program:
    """A program without states, whose outputs are ids at the start."""
    symbols = Symbols(prepared.body.model, prepared.program.inputs, ())
    roots = [symbols.initial(name) for name in names]
    kept = symbols.graph.below(roots)
    number = {a: k for k, a in enumerate(kept)}
    nodes = []
    for a in kept:
        operation, *rest = symbols.graph.nodes[a]
        nodes.append((operation, *rest) if operation in "cbpo" else (operation, *(number[child] for child in rest)))
    return dataclasses.replace(
        prepared.program, states=(), state_kinds=(), outputs=tuple(names), nodes=tuple(nodes), derivatives=(),
        time_derivatives=(), initial=(), jacobian={}, output_nodes=tuple(number[a] for a in roots), order=(), rows=(),
        levels=levels_of(tuple(nodes)), hash="",
    )  # fmt: skip


def same(a: np.ndarray, b: np.ndarray) -> bool:
    missing = np.isnan(a)
    return np.array_equal(missing, np.isnan(b)) and np.array_equal(a[~missing].view("i8"), b[~missing].view("i8"))


def initial_states(engine: Engine, rows: np.ndarray) -> np.ndarray:
    """States of each person as the machine code of every run prepares them, shape (person, state)."""
    block, found = engine.block(), []
    for first in range(0, len(rows), engine.width):
        load_person(engine, block, rows[first : first + engine.width], 0.0)
        found.append(block.arrays["y"][: len(engine.order)].T[:, engine.position].copy())
    return np.concatenate(found)


@pytest.mark.parametrize("body", ["nad", "whole"])
def test_every_quantity_at_rest_has_the_bits_of_machine_code(body: str) -> None:
    prepared = prepare(body=body)
    rows = people_of(prepared)
    values, _ = faults_at_rest(prepared, rows)
    engine = compile_program(program_at_rest(prepared, list(values)), cache=False)
    found = integrate(engine, Batch(rows, 0.0, 0.0, np.zeros(1))).outputs[:, 0]
    different = [name for k, name in enumerate(values) if not same(np.ascontiguousarray(found[:, k]), values[name])]
    assert different == []


@pytest.mark.parametrize("body", ["nad", "whole"])
def test_runs_start_from_the_same_bits(body: str) -> None:
    prepared = prepare(body=body)
    model, program = prepared.body.model, prepared.program
    rows = people_of(prepared)
    values, _ = faults_at_rest(prepared, rows)
    expected = initial_states(prepared.engine(), rows)
    compared = 0
    for k, name in enumerate(program.states):
        if program.state_kinds[k] == "amount" and not model.species[name].only_substance_units:
            found = values[name] * values[model.species[name].compartment]
        else:
            found = values[name]
        assert same(found, np.ascontiguousarray(expected[:, k])), name
        compared += 1
    assert compared > 100


def test_scales_of_a_lived_plan_are_those_of_machine_code() -> None:
    prepared = prepare(body="whole")
    rows = people_of(prepared)
    planned = schedule(parse_plan("fast 36 h"))
    scales = scales_of(prepared, rows, planned.events, planned.start_h)
    assert scales
    names = [name.replace(".", "__") for name in scales]
    engine = compile_program(program_at_rest(prepared, names), cache=False)
    batch = Batch(rows, planned.start_h, planned.start_h, np.full(1, planned.start_h), origin=planned.start_h)
    found = integrate(engine, batch).outputs[:, 0]
    for k, name in enumerate(scales):
        assert same(np.ascontiguousarray(found[:, k]), scales[name]), name
        assert np.ptp(scales[name]) > 0
