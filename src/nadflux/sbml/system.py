"""An SBML model compiled together with the outputs that its events need at any time and state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from nadflux.errors import ModelError
from nadflux.kernel.graph import LEAVES
from nadflux.kernel.lower import lower
from nadflux.kernel.program import Program
from nadflux.network.expression import COMPARISONS, Apply, Expression, Number, Symbol, symbols, walk
from nadflux.network.infix import to_infix
from nadflux.network.model import Event, Model

STEPS = frozenset(("floor", "ceil", "quotient", "rem", "sign"))


class System:
    """Program and engine of a model, with the indices of the outputs that drive events.

    Attributes
    ----------
    events : tuple of Event
    program : Program
    switches : ndarray of int
        Outputs that jump, shape (switch,): triggers, comparisons and whole-number functions. While none changes,
        nothing jumps.
    gaps : ndarray of int, shape (gap,)
        Outputs whose sign decides the comparisons (left minus right side).
    timed_switches, timed_gaps : ndarray of int
        Those that depend on no integrated state between events, so that they can be evaluated ahead.
    equalities : ndarray of int
        Differences of two sides that a trigger compares for equality; ``moving_equalities`` is true for those
        that depend on an integrated state.
    moving : bool
        Whether any state has a derivative that is not identically zero.
    """

    def __init__(self, model: Model, selection: Mapping[str, Expression], compile_program: Callable[..., Any]) -> None:
        self.model = model
        self.events: tuple[Event, ...] = tuple(model.events.values())
        self.selection = tuple(selection)
        outputs: dict[str, Expression] = {f"select:{name}": e for name, e in selection.items()}
        for c in model.compartments:
            outputs[f"size:{c}"] = Symbol(c)
        for event in self.events:
            outputs.update(_event_outputs(event))
        self._conditions: dict[str, Expression] = {f"trigger:{e.id}": e.trigger for e in self.events}
        for number, (switch, gap) in enumerate(_switches(model)):
            outputs[f"switch:{number}"] = self._conditions[f"switch:{number}"] = switch
            if gap is not None:
                outputs[f"gap:{number}"] = gap
            if isinstance(switch, Apply) and switch.op in ("eq", "ne") and gap is not None:
                # so that a run stops where a moving quantity becomes equal and where it leaves again
                outputs[f"equal:{number}"] = gap
                outputs[f"switch:{number}:reached"] = Apply("ge", (gap, Number(0.0)))
                outputs[f"switch:{number}:passed"] = Apply("gt", (gap, Number(0.0)))
        self.program: Program = lower(model, outputs, also_states=_event_targets(model))
        self.engine = compile_program(self.program)
        self._place = {name: i for i, name in enumerate(self.program.outputs)}
        self._state = {name: i for i, name in enumerate(self.program.states)}
        self.selected = self._places("select:")
        self.triggers = np.array([self._place[f"trigger:{e.id}"] for e in self.events], dtype=int)
        self.sizes = tuple(int(i) for i in self._places("size:"))
        self.switches = np.concatenate([self.triggers, self._places("switch:")])
        self.gaps = self._places("gap:")
        self.moving_states = moving = self._moving_states()
        self.moving = bool(moving)
        self.timed_switches = np.array([i for i in self.switches if not self.states_used(int(i)) & moving], dtype=int)
        self.timed_gaps = np.array([i for i in self.gaps if not self.states_used(int(i)) & moving], dtype=int)
        self.equalities = self._places("equal:")
        self.moving_equalities = np.array([bool(self.states_used(int(i)) & moving) for i in self.equalities], bool)
        self.all_timed = len(self.timed_switches) == len(self.switches)

    def place(self, kind: str, event: Event, variable: str = "") -> int:
        """Return the index of an event's output: ``delay``, ``priority`` or the ``value`` of an assigned variable."""
        return self._place[f"{kind}:{event.id}" + (f":{variable}" if variable else "")]

    def condition(self, output: int) -> str:
        """Return the formula of a switch in infix notation; empty if it is not from the model."""
        found = self._conditions.get(self.program.outputs[output])
        return to_infix(found, units=False)[:120] if found is not None else ""

    def assign(
        self,
        evaluate: Callable[[float, np.ndarray], np.ndarray],
        time: float,
        state: np.ndarray,
        values: Mapping[str, float],
    ) -> np.ndarray:
        """Return the state after variables were set simultaneously.

        All assignments use the situation before them: a species that is set as a concentration gets the
        amount that goes with the old size of its compartment; amounts stay when the size changes.

        Parameters
        ----------
        evaluate : callable
            From time and state, shape (state,), to outputs, shape (output,), in the units of the model.
        time : float
        state : ndarray, shape (state,)
            In the units of the model.
        values : mapping of str to float
            New values of variables, in the units of the model.

        Returns
        -------
        ndarray, shape (state,)
            In the units of the model.
        """
        before = evaluate(time, state)
        after_state = state.copy()
        for variable, value in values.items():
            if variable not in self.model.species:
                after_state[self._state[variable]] = value
        after = evaluate(time, after_state)
        for name, number in self._state.items():
            species = self.model.species.get(name)
            if species is None:
                continue
            size = after[self._place[f"size:{species.compartment}"]]
            old_size = before[self._place[f"size:{species.compartment}"]]
            is_amount = self.program.state_kinds[number] == "amount"
            assigned = values.get(name)
            if species.only_substance_units:
                after_state[number] = state[number] if assigned is None else assigned
            elif is_amount:
                after_state[number] = state[number] if assigned is None else assigned * old_size
            else:
                concentration = float(state[number]) if assigned is None else assigned
                after_state[number] = concentration if size == old_size else concentration * old_size / size
        return after_state

    def _places(self, prefix: str) -> np.ndarray:
        return np.array([i for name, i in self._place.items() if name.startswith(prefix)], dtype=int)

    def _moving_states(self) -> frozenset[int]:
        nodes = self.program.nodes
        return frozenset(i for i, d in enumerate(self.program.derivatives) if nodes[d] != ("c", 0.0))

    def states_of(self, variables: Iterable[str]) -> frozenset[int]:
        """Return the indices of the states behind variables that events set."""
        return frozenset(self._state[variable] for variable in variables)

    def states_used(self, output: int) -> frozenset[int]:
        """Return the indices of the states that an output depends on."""
        return self._leaves_below([self.program.output_nodes[output]], "y")

    def lacking_values(self, numbers: np.ndarray) -> list[str]:
        """Return the ids that a derivative depends on but that have no value.

        Parameters
        ----------
        numbers : ndarray, shape (parameter,), in the units of the model
        """
        used = self._leaves_below(self.program.derivatives, "p")
        return [self.program.parameters[i] for i in sorted(used) if np.isnan(numbers[i])]

    def _leaves_below(self, roots: Iterable[int], kind: str) -> frozenset[int]:
        """Return the indices of the states (``y``) or parameters (``p``) that some nodes depend on."""
        nodes = self.program.nodes
        stack = list(roots)
        seen = set(stack)
        found = set()
        # Depth first below the roots; ``seen`` keeps a node from being visited twice.
        while stack:
            node = nodes[stack.pop()]
            if node[0] == kind:
                found.add(node[1])
            elif node[0] not in LEAVES:
                new = {child for child in node[1:] if child not in seen}
                seen |= new
                stack.extend(new)
        return frozenset(found)


def _event_outputs(event: Event) -> Iterator[tuple[str, Expression]]:
    yield f"trigger:{event.id}", Apply("and", (event.trigger,))
    if event.delay is not None:
        yield f"delay:{event.id}", event.delay
    if event.priority is not None:
        yield f"priority:{event.id}", event.priority
    for variable, expression in event.assignments:
        yield f"value:{event.id}:{variable}", expression


def _event_targets(model: Model) -> tuple[str, ...]:
    targets = dict.fromkeys(v for event in model.events.values() for v, _ in event.assignments)
    for name in targets:
        if name in model.assignment_rules:
            raise ModelError(f"{name!r} is set by an event and by an assignment rule; keep one of them")
    return tuple(targets)


def _switches(model: Model) -> Iterator[tuple[Expression, Expression | None]]:
    """Yield every comparison and whole-number function of the model, with the difference that decides it."""
    in_triggers = _expanded(model, [event.trigger for event in model.events.values()])
    elsewhere = [*model.assignment_rules.values(), *model.rate_rules.values()]
    for reaction in model.reactions.values():
        elsewhere += [reaction.law] if reaction.law is not None else []
        elsewhere += [r.stoichiometry for r in (*reaction.reactants, *reaction.products)]
    seen: set[Expression] = set()
    for expression, is_trigger in [*((e, True) for e in in_triggers), *((e, False) for e in elsewhere)]:
        for node in walk(expression):
            if not isinstance(node, Apply) or node in seen:
                continue
            # an equality outside a trigger is true for an instant only and moves nothing
            if node.op in COMPARISONS and (is_trigger or node.op not in ("eq", "ne")):
                seen.add(node)
                for left, right in zip(node.args, node.args[1:], strict=False):
                    yield Apply(node.op, (left, right)), _difference(left, right)
            elif node.op in STEPS:
                seen.add(node)
                yield Apply("quotient" if node.op == "rem" else node.op, node.args), None


def _difference(left: Expression, right: Expression) -> Expression:
    if right == Number(0.0):
        return left
    return Apply("sub", (left, right))


def _expanded(model: Model, expressions: list[Expression]) -> list[Expression]:
    """Return the expressions with the assignment rules that they use, directly or not."""
    found = list(expressions)
    seen: set[str] = set()
    # ``found`` grows within the loop, until no rule is new.
    for expression in found:
        for name in sorted(symbols(expression) - seen):
            seen.add(name)
            if name in model.assignment_rules:
                found.append(model.assignment_rules[name])
    return found
