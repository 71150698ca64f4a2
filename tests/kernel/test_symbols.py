"""What an id means, by hand-computed values: levels and amounts, starts, rules, reactions, rates, inputs."""

from __future__ import annotations

from typing import Any

import pytest
from graph_values import value_of
from kernel_models import parse, reaction, rules_model

from nadflux.errors import ModelError, UnknownNameError
from nadflux.kernel.symbols import Symbols
from nadflux.network.expression import Apply, Number, Symbol
from nadflux.network.model import Compartment, Model, Parameter, Reaction, Species, SpeciesReference


def _symbols(model: Model, inputs: tuple[str, ...] = (), also_states: tuple[str, ...] = ()) -> Symbols:
    return Symbols(model, inputs, also_states)


def _value(known: Symbols, node: int, states: dict[str, float] | None = None, **leaves: Any) -> float:
    """The node's value with the model's own parameters, states at their start unless given."""
    parameters = [0.0 if value is None else value for value in known.parameters.values()]
    started = {
        name: value_of(known.graph, known.initial_state(name), parameters, start=leaves.get("start", 0.0))
        for name in known.states
    }
    given = started | (states or {})
    return value_of(known.graph, node, parameters, list(given.values()), **leaves)


def _two_places() -> Model:
    """A in 2 L by concentration, B in 4 L by amount, D in 4 L as a bare amount given by concentration."""
    return Model(
        "two",
        compartments={"c": Compartment("c", 2.0), "d": Compartment("d", 4.0)},
        species={
            "A": Species("A", "c", concentration=3.0),
            "B": Species("B", "d", amount=10.0),
            "D": Species("D", "d", concentration=1.5, only_substance_units=True),
        },
        parameters={"k": Parameter("k", 0.5)},
        reactions={"r": reaction("r", "2 A -> B", "k * c * A"), "s": reaction("s", "B -> D", "0.1 * B")},
    )


def test_states_are_amounts_and_symbols_are_what_sbml_says() -> None:
    known = _symbols(_two_places())
    assert known.states == {"A": "amount", "B": "amount", "D": "amount"}
    assert {name: _value(known, known.initial_state(name)) for name in known.states} == {"A": 6.0, "B": 10.0, "D": 6.0}
    assert {name: _value(known, known.run(name)) for name in known.states} == {"A": 3.0, "B": 2.5, "D": 6.0}
    assert {name: _value(known, known.initial(name)) for name in known.states} == {"A": 3.0, "B": 2.5, "D": 6.0}
    amounts = {"A": 1.0, "B": 2.0, "D": 3.0}
    assert {name: _value(known, known.run(name), amounts) for name in known.states} == {"A": 0.5, "B": 0.5, "D": 3.0}
    assert {name: _value(known, known.amount(name), amounts) for name in known.states} == amounts


def test_reactions_move_amounts_by_their_stoichiometry() -> None:
    known = _symbols(_two_places())
    # r = 0.5 · 2 · 3 = 3 and s = 0.1 · 2.5 = 0.25
    assert _value(known, known.run("r")) == 3.0
    assert _value(known, known.state_derivative("A")) == -6.0
    assert _value(known, known.state_derivative("B")) == 2.75
    assert _value(known, known.state_derivative("D")) == 0.25
    assert _value(known, known.rate("A")) == -3.0  # per volume
    assert _value(known, known.rate("D")) == 0.25


def test_a_species_on_both_sides_counts_once_with_its_net_stoichiometry() -> None:
    model = Model(
        "net",
        compartments={"c": Compartment("c", 1.0)},
        species={"A": Species("A", "c", amount=2.0), "B": Species("B", "c", amount=0.0)},
        reactions={"r": reaction("r", "A + B -> 3 A", "A"), "idle": reaction("idle", "A -> A", "7 * A")},
    )
    known = _symbols(model)
    assert _value(known, known.state_derivative("A")) == 4.0
    assert _value(known, known.state_derivative("B")) == -2.0


def test_conversion_factors_scale_what_reactions_do() -> None:
    model = Model(
        "factor",
        compartments={"c": Compartment("c", 1.0)},
        species={
            "A": Species("A", "c", amount=2.0),
            "B": Species("B", "c", amount=0.0, conversion_factor="own"),
        },
        parameters={"general": Parameter("general", 10.0), "own": Parameter("own", 1000.0)},
        reactions={"r": reaction("r", "A -> B", "3 * A")},
        conversion_factor="general",
    )
    known = _symbols(model)
    assert _value(known, known.state_derivative("A")) == -60.0
    assert _value(known, known.state_derivative("B")) == 6000.0


def test_what_is_held_is_no_state() -> None:
    model = Model(
        "held",
        compartments={"c": Compartment("c", 2.0)},
        species={
            "fixed": Species("fixed", "c", amount=1.0, constant=True),
            "bath": Species("bath", "c", concentration=5.0, boundary=True),
            "ruled": Species("ruled", "c"),
            "free": Species("free", "c", amount=4.0),
        },
        reactions={"r": reaction("r", "bath -> free", "bath * ruled")},
        assignment_rules={"ruled": parse("3 * free")},
    )
    known = _symbols(model)
    assert list(known.states) == ["free"]
    assert _value(known, known.run("ruled")) == 6.0
    assert _value(known, known.run("bath"), {"free": 100.0}) == 5.0
    assert _value(known, known.state_derivative("free")) == 30.0
    also = _symbols(model, also_states=("bath",))
    assert _value(also, also.state_derivative("bath")) == 0.0
    assert _value(also, also.run("bath"), {"bath": 8.0}) == 4.0


def test_rules_hold_during_the_run_and_assignments_at_the_start() -> None:
    model = Model(
        "when",
        parameters={
            "x": Parameter("x", constant=False),
            "double": Parameter("double", constant=False),
            "frozen": Parameter("frozen"),
            "k": Parameter("k", 3.0),
        },
        rate_rules={"x": parse("-k")},
        assignment_rules={"double": parse("2 * x + time")},
        initial_assignments={"x": parse("k + 1"), "frozen": parse("double")},
    )
    known = _symbols(model)
    assert known.parameters == {"k": 3.0}
    assert known.states == {"x": "value"}
    assert _value(known, known.initial("double"), start=0.5) == 8.5
    assert _value(known, known.run("double"), {"x": 10.0}, time=4.0, start=0.5) == 24.0
    assert _value(known, known.run("frozen"), {"x": 10.0}, time=4.0, start=0.5) == 8.5


def test_the_rate_of_a_rule_follows_by_the_chain_rule() -> None:
    model = rules_model({"x": "-0.5 * x", "y": "x"}, {"x": 4.0, "y": 1.0}, k=3.0)
    model = Model(
        "chain",
        parameters={**model.parameters, "z": Parameter("z", constant=False)},
        rate_rules=model.rate_rules,
        assignment_rules={"z": parse("x^2 * y + k * time")},
    )
    known = _symbols(model)
    # dz/dt = 2·x·y·x' + x²·y' + k with x' = -2, y' = 4
    assert _value(known, known.rate("z")) == 2 * 4.0 * 1.0 * -2.0 + 16.0 * 4.0 + 3.0
    assert _value(known, known.rate("k")) == 0.0
    expression = Apply("add", (Apply("rate", (Symbol("z"),)), Symbol("k")))
    assert _value(known, known.expression(expression)) == 54.0
    # at the start the states are replaced by where they start: the node does not depend on the states
    at_start = known.expression(expression, "initial")
    assert _value(known, at_start, {"x": 100.0, "y": 100.0}) == 54.0


def test_a_rate_at_the_start_is_taken_at_the_starting_time() -> None:
    model = Model("when", parameters={"z": Parameter("z", constant=False)}, assignment_rules={"z": parse("time^2")})
    known = _symbols(model)
    at_start = known.expression(Apply("rate", (Symbol("z"),)), "initial")
    assert _value(known, at_start, time=99.0, start=3.0) == 6.0
    assert _value(known, known.rate("z"), time=99.0, start=3.0) == 198.0


def test_a_growing_compartment_dilutes() -> None:
    model = Model(
        "grow",
        compartments={"c": Compartment("c", 2.0, constant=False)},
        species={"A": Species("A", "c", amount=6.0)},
        rate_rules={"c": Number(0.5)},
    )
    known = _symbols(model)
    assert _value(known, known.run("A"), {"c": 4.0}) == 1.5
    # d(6/c)/dt = -6/c² · 0.5
    assert _value(known, known.rate("A")) == pytest.approx(-0.75, rel=1e-15)
    assert _value(known, known.rate("c")) == 0.5


def test_an_input_is_a_value_of_its_own_during_the_run() -> None:
    known = _symbols(_two_places(), inputs=("k",))
    assert _value(known, known.run("r"), inputs=[2.0]) == 12.0
    assert _value(known, known.initial("r"), inputs=[2.0]) == 3.0  # at the start it has its parameter's value


def test_stoichiometry_can_be_a_variable() -> None:
    reference = SpeciesReference("B", Number(1.0), id="share", constant=False)
    model = Model(
        "share",
        compartments={"c": Compartment("c", 1.0)},
        species={"A": Species("A", "c", amount=2.0), "B": Species("B", "c", amount=0.0)},
        reactions={"r": Reaction("r", (SpeciesReference("A"),), (reference,), parse("A"))},
        assignment_rules={"share": parse("A / 4")},
    )
    known = _symbols(model)
    assert _value(known, known.state_derivative("B"), {"A": 8.0}) == 16.0
    assert _value(known, known.state_derivative("A"), {"A": 8.0}) == -8.0


def test_a_node_is_made_once() -> None:
    known = _symbols(_two_places())
    before = known.run("r"), known.rate("A"), known.initial("B")
    size = len(known.graph.nodes)
    assert (known.run("r"), known.rate("A"), known.initial("B")) == before
    assert len(known.graph.nodes) == size


def test_names_that_are_unknown_or_unfit_are_refused() -> None:
    known = _symbols(_two_places())
    with pytest.raises(UnknownNameError, match="id 'AA'"):
        known.run("AA")
    for name in ("nothing", "x"):  # x is integrated and cannot be an input
        with pytest.raises(UnknownNameError, match=f"input '{name}'"):
            _symbols(rules_model({"x": "1"}, {"x": 0.0}), inputs=(name,))
    with pytest.raises(UnknownNameError, match="id 'x'"):
        _symbols(rules_model({"x": "1"}, {}))
    ruled = Model("m", parameters={"a": Parameter("a", constant=False)}, assignment_rules={"a": Number(1.0)})
    with pytest.raises(ModelError, match="'a' is given by an assignment rule and cannot also be a state"):
        _symbols(ruled, also_states=("a",))


def test_circles_are_refused_with_their_way() -> None:
    circle = Model(
        "circle",
        parameters={name: Parameter(name, constant=False) for name in "ab"},
        assignment_rules={"a": parse("b + 1"), "b": parse("2 * a")},
    )
    with pytest.raises(ModelError, match="circle: a -> b -> a"):
        _symbols(circle).run("a")
    with pytest.raises(ModelError, match="circle: a -> b -> a"):
        _symbols(circle).initial("a")


def test_a_rate_that_needs_itself_is_refused() -> None:
    model = Model(
        "self",
        parameters={"x": Parameter("x", 1.0, constant=False)},
        rate_rules={"x": Apply("mul", (Number(2.0), Apply("rate", (Symbol("x"),))))},
    )
    with pytest.raises(ModelError, match="the rate of 'x' depends on itself"):
        _symbols(model).state_derivative("x")


def test_a_reaction_without_law_is_refused() -> None:
    model = Model(
        "lawless",
        compartments={"c": Compartment("c", 1.0)},
        species={"A": Species("A", "c", amount=1.0)},
        reactions={"r": Reaction("r", (SpeciesReference("A"),), (), None)},
    )
    with pytest.raises(ModelError, match="reaction 'r' has no kinetic law"):
        _symbols(model).state_derivative("A")
