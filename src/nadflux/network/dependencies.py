"""The one walk from a quantity to everything that its value is computed from."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from nadflux.network.expression import Expression, symbols
from nadflux.network.model import Model


class Dependencies:
    """Graph of the quantities that each quantity of a model is computed from.

    Parameters
    ----------
    formulas : mapping of str to list of Expression
        The formulas that give each quantity its value, by id.
    """

    def __init__(self, formulas: Mapping[str, list[Expression]]) -> None:
        self._formulas = formulas
        self._direct: dict[str, frozenset[str]] = {}
        self._uses: dict[str, list[str]] = {}

    @classmethod
    def at_rest(cls, model: Model) -> Dependencies:
        """Return what values at the start are computed from: rate laws, rules and initial assignments."""
        formulas: dict[str, list[Expression]] = {}
        for found in (_laws(model), model.assignment_rules, model.initial_assignments):
            for name, formula in found.items():
                formulas.setdefault(name, []).append(formula)
        return cls(formulas)

    @classmethod
    def over_time(cls, model: Model, present: Mapping[str, Expression] | None = None) -> Dependencies:
        """Return what values during a run are computed from: those at rest and the laws that change each state.

        Parameters
        ----------
        model : Model
        present : mapping of str to Expression, optional
            Formulas of the inputs that are set to what people are now, by id.
        """
        formulas = cls.at_rest(model)._formulas
        result = {name: list(found) for name, found in formulas.items()}
        for name, formula in (*model.rate_rules.items(), *(present or {}).items()):
            result.setdefault(name, []).append(formula)
        for reaction in model.reactions.values():
            for reference in (*reaction.reactants, *reaction.products):
                if reaction.law is not None:
                    result.setdefault(reference.species, []).append(reaction.law)
        return cls(result)

    @property
    def names(self) -> frozenset[str]:
        """Ids with a formula."""
        return frozenset(self._formulas)

    def behind(self, names: Iterable[str], within: Container[str] | None = None) -> set[str]:
        """Return the given quantities and all that they are computed from, over any number of steps.

        Parameters
        ----------
        names : iterable of str
            Ids; one without a formula stands for itself alone.
        within : container of str, optional
            Ids from which the walk goes on; all by default. The others are returned and end it.
        """
        return _walk(names, lambda name: self._of(name) if within is None or name in within else ())

    def leading_from(self, names: Iterable[str]) -> set[str]:
        """Return the given quantities and all that is computed from them, over any number of steps.

        Parameters
        ----------
        names : iterable of str
            Ids.
        """
        if not self._uses:
            for name in self._formulas:
                for part in self._of(name):
                    self._uses.setdefault(part, []).append(name)
        return _walk(names, lambda name: self._uses.get(name, ()))

    def _of(self, name: str) -> frozenset[str]:
        if name not in self._direct:
            self._direct[name] = frozenset().union(*(symbols(f) for f in self._formulas.get(name, ())))
        return self._direct[name]


def _walk(names: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    """Return the names and all that a function leads on to, over any number of steps."""
    found: set[str] = set()
    waiting = list(names)
    # Each name found adds those it leads on to.
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += onward(name)
    return found


def _laws(model: Model) -> dict[str, Expression]:
    return {reaction.id: reaction.law for reaction in model.reactions.values() if reaction.law is not None}
