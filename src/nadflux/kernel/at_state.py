"""Rates of a model and their exact partial derivatives at any time and state, without compiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.kernel.at_rest import evaluate_nodes
from nadflux.kernel.differentiate import TIME, Gradient
from nadflux.kernel.symbols import Symbols
from nadflux.network.model import Model


class AtState:
    """Equations of a model with derivatives by its states, and by chosen numbers.

    Parameters
    ----------
    model : Model
    by : sequence of str
        Numbers of the model (parameters, compartments) by which to differentiate too.
    also_states : sequence of str
        Ids that would otherwise be constant and that events may set.

    Attributes
    ----------
    states : tuple of str
        Integrated variables.
    state_kinds : tuple of str
        ``amount`` of a species or ``value`` of the id, for each state.
    reactions : tuple of str
    by : tuple of str
    """

    def __init__(self, model: Model, by: Sequence[str] = (), also_states: Sequence[str] = ()) -> None:
        symbols = Symbols(model, (), tuple(also_states))
        self._symbols = symbols
        self._graph = graph = symbols.graph
        self.states = tuple(symbols.states)
        self.state_kinds = tuple(symbols.states.values())
        self.reactions = tuple(model.reactions)
        self.by = tuple(by)
        numbers = {name: k for k, name in enumerate(symbols.parameters)}
        for name in self.by:
            if name not in numbers:
                raise UnknownNameError("number of the model", name, numbers)
        count = len(self.states)
        leaves = {graph.make("p", numbers[name]): graph.make("y", count + k) for k, name in enumerate(self.by)}
        roots = [symbols.state_derivative(name) for name in self.states]
        roots += [symbols.run(name) for name in self.reactions]
        roots += [symbols.run(name) for name in model.compartments]
        starts = [symbols.initial_state(name) for name in self.states]
        self._leaves = leaves
        self._roots = graph.rebuild(roots, leaves)
        self._starts = graph.rebuild(starts, leaves)
        self._sizes = tuple(model.compartments)
        self._given = [np.array([np.nan if v is None else v]) for v in symbols.parameters.values()]
        self._by_values = [self._given[numbers[name]] for name in self.by]
        self._gradients: list[Gradient] | None = None

    @property
    def defaults(self) -> Mapping[str, float]:
        """Values of all numbers in the text, by id, each in its own unit."""
        return {name: float(v[0]) for name, v in zip(self._symbols.parameters, self._given, strict=True)}

    def start(self, time: float = 0.0) -> np.ndarray:
        """Return the state at the start, shape (state,), in the units of the model."""
        return self._numbers(self._starts, time, np.zeros(0), time)

    def start_slopes(self, time: float = 0.0) -> np.ndarray:
        """Return the derivatives of the start by the chosen numbers, shape (state, number), in units of their ratio."""
        return self._matrix(self._symbols.differentiator.gradients(self._starts), time, self.start(time))[1]

    def derivatives(self, time: float, state: np.ndarray) -> np.ndarray:
        """Return the rates of change of the states.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        ndarray, shape (state,), in units of the model per time
        """
        return self._numbers(self._roots[: len(self.states)], time, state)

    def rates(self, time: float, state: np.ndarray) -> np.ndarray:
        """Return the rates of the reactions.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        ndarray, shape (reaction,), in units of extent per time
        """
        first = len(self.states)
        return self._numbers(self._roots[first : first + len(self.reactions)], time, state)

    def sizes(self, time: float, state: np.ndarray) -> dict[str, float]:
        """Return the sizes of the compartments, in their units, at a ``state`` of shape (state,)."""
        found = self._numbers(self._roots[len(self.states) + len(self.reactions) :], time, state)
        return dict(zip(self._sizes, found.tolist(), strict=True))

    def values(self, names: Sequence[str], time: float, state: np.ndarray) -> np.ndarray:
        """Return ids in the meaning that they have in formulas.

        Parameters
        ----------
        names : sequence of str
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        ndarray, shape (id,), each in its own unit
        """
        roots = self._graph.rebuild([self._symbols.run(name) for name in names], self._leaves)
        return self._numbers(roots, time, state)

    def stoichiometry(self, time: float, state: np.ndarray) -> np.ndarray:
        """Return how much of each state a unit of extent of each reaction makes.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        ndarray, shape (state, reaction), in units of the model per extent
        """
        return self._dense(self._counts(), time, state)

    def directions(self, time: float, state: np.ndarray) -> np.ndarray:
        """Return the directions in which the state can move: by reactions, and by rules.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        ndarray, shape (direction, state), in the units of the model
        """
        ruled = [i for i, name in enumerate(self.states) if name in self._symbols.model.rate_rules]
        return np.vstack([self.stoichiometry(time, state).T, np.eye(len(self.states))[ruled]])

    def turnover(self, time: float, state: np.ndarray) -> np.ndarray:
        """Return all that makes and all that uses each state, added up.

        For a state with a rule it is the sum of its rate's parts in proportion to the states.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        ndarray, shape (state,), in units of the model per time
        """
        found: np.ndarray = np.abs(self.stoichiometry(time, state)) @ np.abs(self.rates(time, state))
        ruled = np.array([name in self._symbols.model.rate_rules for name in self.states], dtype=bool)
        if not ruled.any():
            return found
        slopes = np.abs(self.jacobian(time, state)[0]) @ np.abs(state)
        found[ruled] = slopes[ruled]
        return found

    def jacobian(self, time: float, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the partial derivatives of the rates of change.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        (ndarray, ndarray), shapes (state, state) and (state, number)
            By the states and by the chosen numbers, in units of the model.
        """
        return self._matrix(self._all_gradients()[: len(self.states)], time, state)

    def elasticities(self, time: float, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the partial derivatives of the rates of reactions.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,), in the units of the model

        Returns
        -------
        (ndarray, ndarray), shapes (reaction, state) and (reaction, number)
            By the states and by the chosen numbers, in units of the model.
        """
        first = len(self.states)
        return self._matrix(self._all_gradients()[first : first + len(self.reactions)], time, state)

    def moving_in_time(self) -> tuple[str, ...]:
        """Return the states whose rate of change depends on time itself."""
        gradients = self._all_gradients()[: len(self.states)]
        return tuple(name for name, g in zip(self.states, gradients, strict=True) if TIME in g)

    @property
    def uses_time(self) -> bool:
        """True if any rate depends on time, if only by a switch."""
        return any(self._graph.nodes[a][0] == "t" for a in self._graph.below(self._roots))

    def _counts(self) -> list[tuple[int, int, int]]:
        """Return state, reaction and node of each stoichiometry that is not zero."""
        symbols, model, graph = self._symbols, self._symbols.model, self._graph
        place = {name: i for i, name in enumerate(self.states) if name in model.species}
        sums: dict[tuple[int, int], int] = {}
        # Net stoichiometry: products less reactants.
        for j, reaction in enumerate(model.reactions.values()):
            for is_product, side in ((False, reaction.reactants), (True, reaction.products)):
                for reference in side:
                    name = reference.species
                    if name not in place or name in model.rate_rules or model.species[name].boundary:
                        continue
                    count = graph.number(
                        symbols.run(reference.id) if reference.id else symbols.expression(reference.stoichiometry)
                    )
                    factor = model.species[name].conversion_factor or model.conversion_factor
                    count = graph.mul(symbols.run(factor), count) if factor else count
                    before = sums.get((place[name], j), graph.constant(0.0))
                    sums[place[name], j] = graph.add(before, count) if is_product else graph.sub(before, count)
        roots = graph.rebuild(list(sums.values()), self._leaves)
        return [(i, j, node) for (i, j), node in zip(sums, roots, strict=True)]

    def _dense(self, places: list[tuple[int, int, int]], time: float, state: np.ndarray) -> np.ndarray:
        found = np.zeros((len(self.states), len(self.reactions)))
        for (i, j, _), value in zip(places, self._numbers([a for *_, a in places], time, state), strict=True):
            found[i, j] = value
        return found

    def _all_gradients(self) -> list[Gradient]:
        if self._gradients is None:
            self._gradients = self._symbols.differentiator.gradients(self._roots)
        return self._gradients

    def _numbers(self, roots: Sequence[int], time: float, state: np.ndarray, origin: float = 0.0) -> np.ndarray:
        states = [np.array([v]) for v in state] if len(state) else [np.array([np.nan])] * len(self.states)
        known = evaluate_nodes(self._graph, roots, self._given, origin, [*states, *self._by_values], time)
        return np.array([float(np.ravel(known[a])[0]) for a in roots], dtype=np.float64)

    def _matrix(self, gradients: Sequence[Gradient], time: float, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        count = len(self.states)
        found = np.zeros((len(gradients), count + len(self.by)))
        places = [(i, j, a) for i, gradient in enumerate(gradients) for j, a in gradient.items() if j != TIME]
        values = self._numbers([a for _, _, a in places], time, state)
        for (i, j, _), value in zip(places, values, strict=True):
            found[i, j] = value
        return found[:, :count], found[:, count:]
