"""What ids mean: SBML semantics of compartments, species, rules, initial assignments and references."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest
from kernel_models import body_model, body_program, parse, reaction, rules_model

from nadflux.errors import ModelError, UnknownNameError
from nadflux.kernel import Batch, Program, Stepper, compile_program, integrate, lower
from nadflux.network.expression import Apply, Symbol
from nadflux.network.model import Compartment, Model, Parameter, Reaction, Species, SpeciesReference


def run(program: Program, end: float = 1.0, rtol: float = 1e-9, **values: float) -> dict[str, float]:
    """Outputs at the end, for the defaults with some values changed."""
    engine = compile_program(program, cache=False)
    parameters = program.defaults.copy()
    for name, value in values.items():
        parameters[program.parameters.index(name)] = value
    result = integrate(engine, Batch(parameters[None], 0.0, end, np.array([end])), rtol=rtol)
    assert result.failures == ()
    return dict(zip(program.outputs, result.outputs[0, 0], strict=True))


def test_parameters_are_what_nothing_determines() -> None:
    model = Model(
        "m",
        compartments={"c": Compartment("c", None), "d": Compartment("d", 2.0)},
        species={"A": Species("A", "c", amount=3.0), "B": Species("B", "d")},
        parameters={"k": Parameter("k", 1.0), "open": Parameter("open"), "set": Parameter("set"),
                    "rule": Parameter("rule", constant=False)},
        assignment_rules={"rule": parse("2 * k")},
        initial_assignments={"c": parse("k + 4"), "set": parse("rule * 3")},
    )  # fmt: skip
    program = lower(model, {"A": Symbol("A"), "set": Symbol("set")})
    assert program.parameters == ("d", "A", "B", "k", "open")
    np.testing.assert_array_equal(program.defaults, [2.0, 3.0, np.nan, 1.0, np.nan])
    assert program.states == ("A", "B")
    assert run(program, B=0.0, k=2.0) == {"A": 3.0 / 6.0, "set": 12.0}


def test_initial_assignments_chain_through_everything() -> None:
    """Species by concentration, compartment by another, a capacity from a law at V = 1, rules and rates."""
    model = Model(
        "chain",
        compartments={"c": Compartment("c", None)},
        species={"A": Species("A", "c"), "B": Species("B", "c", amount=1.0)},
        parameters={"V": Parameter("V"), "flux": Parameter("flux", 3.0), "total": Parameter("total", constant=False),
                    "start": Parameter("start"), "weight": Parameter("weight", 70.0)},
        reactions={"r": reaction("r", "A -> B", "V * A / (2 + A)")},
        assignment_rules={"total": parse("A + B")},
        initial_assignments={"A": parse("weight / 10"), "c": parse("weight / 35"), "V": parse("flux / (A / (2 + A))"),
                             "start": parse("r + total")},
    )  # fmt: skip
    program = lower(model, {name: Symbol(name) for name in ("A", "V", "start")})
    found = run(program, end=0.0)
    assert found["A"] == pytest.approx(7.0)
    assert found["V"] == pytest.approx(3.0 * 9 / 7)
    assert found["start"] == pytest.approx(3.0 + 7.5)
    assert run(program, end=0.0, weight=35.0)["A"] == pytest.approx(3.5)


def test_variable_compartment_dilutes() -> None:
    model = Model(
        "dilute",
        compartments={"c": Compartment("c", 1.0, constant=False)},
        species={
            "A": Species("A", "c", amount=2.0),
            "B": Species("B", "c", concentration=4.0, only_substance_units=True),
            "C": Species("C", "c", concentration=3.0, constant=True, boundary=True),
        },
        rate_rules={"c": parse("1")},
    )
    outputs = {name: Symbol(name) for name in "ABCc"} | {"rate": Apply("rate", (Symbol("A"),))}
    program = lower(model, outputs)
    assert dict(zip(program.states, program.state_kinds, strict=True)) == {"A": "amount", "B": "amount", "c": "value"}
    found = run(program, end=3.0)
    assert found == pytest.approx({"A": 0.5, "B": 4.0, "C": 0.75, "c": 4.0, "rate": -0.125})


def test_rate_rules_on_species_are_in_concentration() -> None:
    model = Model(
        "rates",
        compartments={"c": Compartment("c", 4.0)},
        species={"A": Species("A", "c", amount=8.0, boundary=True), "B": Species("B", "c", amount=0.0)},
        reactions={"r": reaction("r", "A -> B", "A * c")},
        rate_rules={"A": parse("0.5")},
    )
    found = run(lower(model, {"A": Symbol("A"), "B": Symbol("B")}), end=2.0)
    assert found == pytest.approx({"A": 3.0, "B": 5.0})


def test_stoichiometry_that_varies_and_conversion_factor() -> None:
    made = SpeciesReference("B", parse("2"), "count", constant=False)
    model = Model(
        "counts",
        compartments={"c": Compartment("c", 1.0)},
        species={"A": Species("A", "c", amount=10.0), "B": Species("B", "c", amount=0.0, conversion_factor="scale"),
                 "D": Species("D", "c", amount=0.0)},
        parameters={"scale": Parameter("scale", 10.0), "k": Parameter("k", 1.0)},
        reactions={
            "r": Reaction("r", (), (made,), parse("k")),
            "s": Reaction("s", (), (SpeciesReference("D", parse("k + 2")),), parse("1")),
        },
        rate_rules={"count": parse("3")},
    )  # fmt: skip
    outputs = {"B": Symbol("B"), "D": Symbol("D"), "count": Symbol("count")}
    found = run(lower(model, outputs), end=2.0)
    assert found == pytest.approx({"B": 10 * (2 * 2 + 3 * 4 / 2), "D": 6.0, "count": 8.0})


def test_also_states_can_be_set() -> None:
    model = rules_model({"x": "k"}, {"x": 0.0}, k=1.0)
    program = lower(model, {"x": Symbol("x")}, also_states=["k"])
    assert program.states == ("x", "k")
    stepper = Stepper(compile_program(program, cache=False), program.defaults, None, 0.0)
    while stepper.advance(1.0):
        pass
    state = stepper.state
    state[1] = 5.0
    stepper.state = state
    while stepper.advance(2.0):
        pass
    assert stepper.state[0] == pytest.approx(6.0)


def test_rate_of_assignment_rule_and_at_the_start() -> None:
    model = dataclasses.replace(
        rules_model({"x": "-k*x"}, {"x": 2.0}, k=0.5),
        assignment_rules={"square": parse("x * x")},
        initial_assignments={"first": Apply("rate", (Symbol("square"),))},
    )
    extra = {name: Parameter(name, constant=False) for name in ("square", "first")}
    model = dataclasses.replace(model, parameters={**model.parameters, **extra})
    outputs = {"now": Apply("rate", (Symbol("square"),)), "first": Symbol("first")}
    found = run(lower(model, outputs), end=1.0)
    assert found["first"] == pytest.approx(-4.0)
    assert found["now"] == pytest.approx(-4.0 * np.exp(-1.0), rel=1e-7)


def test_circles_are_refused_by_name() -> None:
    model = Model(
        "circle", parameters={n: Parameter(n, constant=False) for n in "abc"},
        assignment_rules={"a": parse("b + 1"), "b": parse("c"), "c": parse("2 * a")},
    )  # fmt: skip
    with pytest.raises(ModelError, match=r"circle.*a.*b.*c"):
        lower(model, {"a": Symbol("a")})
    self_rate = rules_model({"x": "1 + rate(x)"}, {"x": 0.0})
    with pytest.raises(ModelError, match="depends on itself"):
        lower(self_rate, {})


def test_rules_that_nothing_uses_are_checked_too() -> None:
    model = Model("unused", parameters={"a": Parameter("a", constant=False)}, assignment_rules={"a": parse("a + 1")})
    with pytest.raises(ModelError, match="circle"):
        lower(model, {})


def test_unknown_ids_are_named() -> None:
    with pytest.raises(UnknownNameError, match="plasma"):
        lower(body_model(), {"x": Symbol("plasna")})
    with pytest.raises(UnknownNameError, match="infusion"):
        lower(body_model(), {}, inputs=["infusoin"])


def test_long_chains_of_rules_do_not_overflow() -> None:
    names = [f"p{k}" for k in range(3000)]
    rules = {name: parse(f"{before} + 1") for name, before in zip(names[1:], names, strict=False)}
    model = Model("long", parameters={n: Parameter(n, 1.0, constant=False) for n in names}, assignment_rules=rules)
    assert run(lower(model, {"last": Symbol(names[-1])}))["last"] == 3000.0


def test_program_is_reproducible_and_pickles() -> None:
    program = body_program()
    again = body_program()
    assert program.hash == again.hash
    assert program.hash != body_program(("gut",)).hash
    copy = pickle.loads(pickle.dumps(program))
    assert copy.hash == program.hash
    assert copy.sizes == program.sizes
    assert program.sizes["states"] == 6


def test_no_parameter_value_is_in_the_program() -> None:
    model = body_model()
    changed = {name: dataclasses.replace(p, value=p.value * 2) for name, p in model.parameters.items() if p.value}
    other = lower(dataclasses.replace(model, parameters=changed), {"plasma": Symbol("plasma")}, inputs=["infusion"])
    first = lower(model, {"plasma": Symbol("plasma")}, inputs=["infusion"])
    assert other.nodes == first.nodes
