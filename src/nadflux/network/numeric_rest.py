"""A model at rest in numbers: for tools that take minutes over a chain of initial assignments."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from nadflux.network.evaluate import initial_values
from nadflux.network.model import Model


def settled(model: Model, values: Mapping[str, np.ndarray | float] | None = None, person: int = 0) -> Model:
    """Return the model with every initial assignment replaced by its number.

    It computes the same. Lost is that capacities follow when a number of the tables is changed: the body then no longer
    starts at rest.

    Parameters
    ----------
    model : Model
    values : mapping of str to ndarray, shape (person,) or scalar, optional
        Constants that differ from the model's own, in the model's units.
    person : int
        Index of the person whose numbers to write down, where there are several.

    Raises
    ------
    ModelError
        For formulas that need each other, or a quantity without value.
    """
    numbers = {name: of_person(array, person) for name, array in initial_values(model, values).items()}
    return dataclasses.replace(
        model,
        compartments={k: dataclasses.replace(c, size=numbers[k]) for k, c in model.compartments.items()},
        species={k: dataclasses.replace(s, concentration=numbers[k], amount=None) for k, s in model.species.items()},
        parameters={
            k: p if k in model.assignment_rules else dataclasses.replace(p, value=numbers[k])
            for k, p in model.parameters.items()
        },
        initial_assignments={},
    )


def of_person(array: np.ndarray, person: int = 0) -> float:
    """Return the number of one person from `array`, shape (person,) or scalar, in its own unit."""
    flat = np.ravel(array)
    return float(flat[person] if flat.size > 1 else flat[0])
