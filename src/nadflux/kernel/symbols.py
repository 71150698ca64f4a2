"""Meaning of each id of a model: its value at the start and during a run, and its time derivative."""

from __future__ import annotations

from collections.abc import Iterator

from nadflux.errors import ModelError, UnknownNameError
from nadflux.kernel.differentiate import TIME, Differentiator
from nadflux.kernel.graph import Graph
from nadflux.kernel.translate import translate
from nadflux.network.expression import Apply, Expression, Symbol, symbols, walk
from nadflux.network.model import Model, Species, SpeciesReference


class Symbols:
    """Nodes of the ids of a model, made on demand.

    Attributes
    ----------
    states : dict of str to str
        Integrated variables and whether the state is the ``amount`` of a species or the ``value`` of the id.
    parameters : dict of str to float or None
        What a caller may set for each person, with the value in the text.
    """

    def __init__(self, model: Model, inputs: tuple[str, ...], also_states: tuple[str, ...]) -> None:
        self.model = model
        self.graph = Graph()
        self.inputs = inputs
        self.references = dict(_references(model))
        self._uses = _uses(model)
        self.states = self._find_states(also_states)
        self.parameters = self._find_parameters()
        self._state_number = {name: i for i, name in enumerate(self.states)}
        self._parameter_number = {name: i for i, name in enumerate(self.parameters)}
        self._input_number = {name: i for i, name in enumerate(inputs)}
        self._known: dict[tuple[str, str], int] = {}
        self._open: list[tuple[str, str]] = []
        self._derivatives: dict[str, int] = {}
        self.differentiator = Differentiator(self.graph)
        for name in inputs:
            if name not in self.parameters or name in self.states:
                raise UnknownNameError("input", name, self.parameters, "(an input is a parameter without rule)")

    def _find_states(self, also_states: tuple[str, ...]) -> dict[str, str]:
        model = self.model
        states: dict[str, str] = {}
        for name, species in model.species.items():
            free = name not in model.assignment_rules and name not in model.rate_rules
            if free and not species.constant and (not species.boundary or name in also_states):
                states[name] = "amount"
        for name in model.rate_rules:
            self.find(name)
            states[name] = "value"
        for name in also_states:
            self.find(name)
            if name in model.assignment_rules:
                raise ModelError(f"{name!r} is given by an assignment rule and cannot also be a state")
            states.setdefault(name, "amount" if name in model.species else "value")
        return states

    def _find_parameters(self) -> dict[str, float | None]:
        model = self.model
        given: dict[str, float | None] = {}
        for name, compartment in model.compartments.items():
            given[name] = compartment.size
        for name, species in model.species.items():
            given[name] = species.amount if species.amount is not None else species.concentration
        for name, parameter in model.parameters.items():
            given[name] = parameter.value
        determined = set(model.assignment_rules) | set(model.initial_assignments)
        return {name: value for name, value in given.items() if name not in determined}

    def find(self, name: str) -> None:
        """Raise ``UnknownNameError`` unless the model has this id."""
        model = self.model
        everything = (model.compartments, model.species, model.parameters, model.reactions, self.references)
        if not any(name in part for part in everything):
            raise UnknownNameError("id", name, [n for part in everything for n in part])

    # values

    def run(self, name: str) -> int:
        """Return the node of the id's value during the run."""
        return self._value(name, "run")

    def initial(self, name: str) -> int:
        """Return the node of the id's value at the start."""
        return self._value(name, "initial")

    def expression(self, expression: Expression, mode: str = "run") -> int:
        """Return the node of an expression during the run or at the start."""
        if mode == "run":
            return translate(self.graph, expression, self.run, self.graph.make("t"), self.rate)
        return translate(self.graph, expression, self.initial, self.graph.make("o"), self._initial_rate)

    def _value(self, name: str, mode: str) -> int:
        key = (name, mode)
        if key in self._known:
            return self._known[key]
        for step in self._pending(key):
            self._known[step] = self._make(*step)
        return self._known[key]

    def _pending(self, key: tuple[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the values that ``key`` needs, deepest first, found without recursion; refuse cycles."""
        stack = [(key, iter(self._needs(*key)))]
        on_path = [key]
        while stack:
            current, needs = stack[-1]
            for need in needs:
                if need in on_path or need in self._open:
                    names = [n for n, _ in on_path[on_path.index(need) if need in on_path else 0 :]]
                    raise ModelError(
                        "these definitions depend on each other in a circle: " + " -> ".join([*names, need[0]])
                    )
                if need not in self._known:
                    stack.append((need, iter(self._needs(*need))))
                    on_path.append(need)
                    break
            else:
                stack.pop()
                on_path.pop()
                if current not in self._known:
                    self._open.append(current)
                    yield current
                    self._open.pop()

    def _needs(self, name: str, mode: str) -> list[tuple[str, str]]:
        self.find(name)
        definition = self._definition(name, mode)
        if definition is not None:
            expression, inner = definition
            return [(s, inner) for s in sorted(_plain_symbols(expression))]
        if name in self.model.species and name not in self.model.rate_rules:
            return [(self.model.species[name].compartment, mode), *self._amount_needs(name, mode)]
        if mode == "run" and name not in self.states and name not in self.inputs:
            return [(name, "initial")]
        if mode == "initial" and name in self.model.species and self._scaled_by_size(self.model.species[name]):
            return [(self.model.species[name].compartment, "initial")]
        return []

    def _amount_needs(self, name: str, mode: str) -> list[tuple[str, str]]:
        if mode == "run" and name not in self.states:
            return [(name, "initial"), (self.model.species[name].compartment, "initial")]
        return []

    def _definition(self, name: str, mode: str) -> tuple[Expression, str] | None:
        """Return the expression that determines the id in this mode, and the mode of its symbols."""
        model = self.model
        if name in model.assignment_rules:
            return model.assignment_rules[name], mode
        if mode == "initial" and name in model.initial_assignments:
            return model.initial_assignments[name], mode
        if name in model.reactions:
            law = model.reactions[name].law
            if law is None:
                raise ModelError(f"reaction {name!r} has no kinetic law")
            return law, mode
        if name in self.references and mode == "initial":
            return self.references[name].stoichiometry, mode
        return None

    def _make(self, name: str, mode: str) -> int:
        graph = self.graph
        definition = self._definition(name, mode)
        if definition is not None:
            return graph.number(self.expression(*definition))
        if mode == "initial":
            return self._given(name)
        if name in self.states and self.states[name] == "value":
            return graph.make("y", self._state_number[name])
        if name in self._input_number:
            return graph.make("u", self._input_number[name])
        if name in self.model.species:
            amount = self.amount(name)
            species = self.model.species[name]
            return amount if species.only_substance_units else self.per_size(amount, self.run(species.compartment))
        return self.initial(name)

    def _given(self, name: str) -> int:
        """Return the start value that the caller sets, in the meaning that the id has in expressions."""
        graph = self.graph
        node = graph.make("p", self._parameter_number[name])
        species = self.model.species.get(name)
        if species is None:
            return node
        size = self.initial(species.compartment)
        given_as_concentration = species.concentration is not None and species.amount is None
        if given_as_concentration:
            return graph.mul(node, size) if species.only_substance_units else node
        return node if species.only_substance_units else self.per_size(node, size)

    def _scaled_by_size(self, species: Species) -> bool:
        return (species.concentration is not None and species.amount is None) == species.only_substance_units

    def per_size(self, amount: int, size: int) -> int:
        """Return amount / size; undo a multiplication by the same size exactly."""
        return self.graph.div(amount, size)

    # amounts

    def amount(self, name: str) -> int:
        """Return the node of a species' amount during the run."""
        if self.states.get(name) == "amount":
            return self.graph.make("y", self._state_number[name])
        return self.initial_amount(name)

    def initial_amount(self, name: str) -> int:
        """Return the node of a species' amount at the start."""
        species = self.model.species[name]
        if name in self._parameter_number and (species.concentration is None or species.amount is not None):
            return self.graph.make("p", self._parameter_number[name])
        value = self.initial(name)
        if species.only_substance_units:
            return value
        return self.graph.mul(value, self.initial(species.compartment))

    # rates

    def rate(self, name: str) -> int:
        """Return the node of the time derivative of any id.

        Raises
        ------
        ModelError
            If it depends on itself.
        """
        self.find(name)
        graph = self.graph
        key = (name, "rate")
        if key in self._known:
            return self._known[key]
        if key in self._open:
            raise ModelError(f"the rate of {name!r} depends on itself")
        self._open.append(key)
        (gradient,) = self.differentiator.gradients([self.run(name)])
        total = gradient.get(TIME, graph.constant(0.0))
        names = tuple(self.states)
        # Chain rule: sums the partial derivatives times the rates of the states.
        for v, partial in gradient.items():
            if v != TIME:
                total = graph.add(total, graph.mul(partial, self.state_derivative(names[v])))
        self._open.pop()
        self._known[key] = total
        return total

    def state_derivative(self, name: str) -> int:
        """Return the node of dy/dt of a state: its rate rule, or the reactions that make and use it.

        Raises
        ------
        ModelError
            If it depends on itself.
        """
        if name in self._derivatives:
            return self._derivatives[name]
        key = (name, "derivative")
        if key in self._open:
            raise ModelError(f"the rate of {name!r} depends on itself")
        self._open.append(key)
        if name in self.model.rate_rules:
            node = self.graph.number(self.expression(self.model.rate_rules[name]))
        elif name in self.model.species and not self.model.species[name].boundary:
            node = self._from_reactions(name)
        else:
            node = self.graph.constant(0.0)
        self._open.pop()
        self._derivatives[name] = node
        return node

    def _from_reactions(self, name: str) -> int:
        graph, model = self.graph, self.model
        total = graph.constant(0.0)
        # Sums the rates of the reactions that make and use it.
        for reaction, sides in self._uses.get(name, {}).items():
            net = graph.constant(0.0)
            # Net stoichiometry, in the order of the model.
            for is_product, reference in sides:
                stoichiometry = self._stoichiometry(reference)
                net = graph.add(net, stoichiometry) if is_product else graph.sub(net, stoichiometry)
            total = graph.add(total, graph.mul(net, self.run(reaction)))
        factor = model.species[name].conversion_factor or model.conversion_factor
        return graph.mul(self.run(factor), total) if factor else total

    def _stoichiometry(self, reference: SpeciesReference) -> int:
        if reference.id and reference.id in self.references:
            return self.run(reference.id)
        return self.graph.number(self.expression(reference.stoichiometry))

    def _initial_rate(self, name: str) -> int:
        graph = self.graph
        node = self.rate(name)
        leaves = {graph.make("t"): graph.make("o")}
        for a in graph.below([node]):
            kind, *rest = graph.nodes[a]
            if kind == "y":
                leaves[a] = self.initial_state(list(self.states)[rest[0]])
            elif kind == "u":
                leaves[a] = self.initial(self.inputs[rest[0]])
        return graph.rebuild([node], leaves)[0]

    def initial_state(self, name: str) -> int:
        """Return the node of a state at the start."""
        return self.initial_amount(name) if self.states[name] == "amount" else self.initial(name)


def _references(model: Model) -> Iterator[tuple[str, SpeciesReference]]:
    for reaction in model.reactions.values():
        for reference in (*reaction.reactants, *reaction.products):
            if reference.id:
                yield reference.id, reference


def _plain_symbols(expression: Expression) -> frozenset[str]:
    """Return the symbols whose value the expression uses; those under rateOf are found when the rate is made."""
    if not any(isinstance(node, Apply) and node.op == "rate" for node in walk(expression)):
        return symbols(expression)
    found: set[str] = set()
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, Symbol):
            found.add(node.name)
        elif isinstance(node, Apply) and node.op != "rate":
            stack.extend(node.args)
    return frozenset(found)


def _uses(model: Model) -> dict[str, dict[str, list[tuple[bool, SpeciesReference]]]]:
    """Return for each species the reactions that make or use it, with the references."""
    uses: dict[str, dict[str, list[tuple[bool, SpeciesReference]]]] = {}
    for name, reaction in model.reactions.items():
        for is_product, side in ((False, reaction.reactants), (True, reaction.products)):
            for reference in side:
                uses.setdefault(reference.species, {}).setdefault(name, []).append((is_product, reference))
    return uses
