"""Present state of people against the healthy reference: the inputs that hold it, and the quiet years that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nadflux.errors import ModelError
from nadflux.network.expression import Expression, Symbol
from nadflux.network.names import to_id


@dataclass(frozen=True)
class Present:
    """Inputs that rest at the healthy reference and are set to what a person is now.

    Attributes
    ----------
    inputs : mapping of str to str
        Id of the quantity that each takes, by the id of the input.
    years : float, years
        How long people live quietly under these before a run begins.
    says : str
        What of ageing these inputs are, in words.
    held : tuple of str
        Ids of inputs that are 0 during the quiet years alone: what they multiply stands still.
    """

    inputs: Mapping[str, str]
    years: float
    says: str = ""
    held: tuple[str, ...] = ()

    @property
    def formulas(self) -> dict[str, Expression]:
        """Formula of each input now, by its id."""
        return {name: Symbol(quantity) for name, quantity in self.inputs.items()}

    @property
    def names(self) -> frozenset[str]:
        """Ids of the inputs and of the quantities that they take."""
        return frozenset((*self.inputs, *self.inputs.values(), *self.held))


NOBODY = Present({}, 0.0)
"""A model of which nobody is anything else than the reference, as of a cell in a dish."""


def read_present(content: Mapping[str, Any], base: Present, file: str) -> Present:
    """Return the part ``present`` of a specification, added to that of the body it extends.

    Parameters
    ----------
    content : mapping
        ``years``, ``says``, ``inputs`` (the quantity by the name of each input) and ``held``.
    base : Present
    file : str
        For messages.

    Raises
    ------
    ModelError
        For years that are not a positive number.
    """
    years = content.get("years", base.years)
    inputs = {to_id(name): to_id(quantity) for name, quantity in content.get("inputs", {}).items()}
    if isinstance(years, bool) or not isinstance(years, int | float) or (inputs and not years > 0):
        raise ModelError(f"{file}: present: years are {years!r}; give a positive number")
    held = (*base.held, *map(to_id, content.get("held", ())))
    return Present({**base.inputs, **inputs}, float(years), str(content.get("says", base.says)), held)
