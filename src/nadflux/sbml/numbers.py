"""Numbers of a model changed by name: parameters, sizes of compartments, starts of species."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from nadflux import units
from nadflux.errors import ModelError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.model import Model
from nadflux.network.unit_text import amount_unit, quantity_unit

_SPECIES = re.compile(r"^(?:\[(?P<concentration>\w+)\]|amount\((?P<amount>\w+)\))$")
_LOCAL = re.compile(r"^(\w+)\.(\w+)$")

Given = float | int | str


def with_numbers(model: Model, given: Mapping[str, Given]) -> Model:
    """Return the model with numbers changed.

    Parameters
    ----------
    model : Model
    given : mapping of str to float or str
        By id: a parameter, a compartment, or a species at the start, in the meaning that the id has in formulas;
        ``[S]`` and ``amount(S)`` choose a meaning, ``J.k`` is the number ``k`` of the law of reaction ``J``. A value
        with a unit, such as ``"3 uM"``, is brought into the unit of the model. A number that a formula gave at the
        start (an initial assignment) loses the formula.

    Raises
    ------
    UnknownNameError
        For a name that the model does not have.
    ModelError
        For a name that a rule determines.
    ValueOutOfRangeError, UnitError
        For a value that is not finite or whose unit does not fit.
    """
    # One after the other: each change is on top of those before it.
    for name, value in given.items():
        model = _with_number(model, name, value)
    return model


def number_names(model: Model) -> tuple[str, ...]:
    """Return the ids whose number can be changed."""
    every = (*model.parameters, *model.species, *model.compartments)
    return tuple(name for name in every if name not in model.assignment_rules)


def number_of(model: Model, name: str) -> float | None:
    """Return a number of the text by id; None where a rule or formula gives it, or nothing.

    Raises
    ------
    UnknownNameError
        For a name that the model does not have.
    """
    name = _plain(name)
    if name in model.initial_assignments or name in model.assignment_rules:
        return None
    if name in model.parameters:
        return model.parameters[name].value
    if name in model.compartments:
        return model.compartments[name].size
    if name not in model.species:
        raise UnknownNameError("number of the model", name, number_names(model))
    species = model.species[name]
    size = model.compartments[species.compartment].size
    if (species.amount is None) == (not species.only_substance_units):
        return species.concentration if species.amount is None else species.amount
    if size is None:
        return None
    if species.amount is None:
        return None if species.concentration is None else species.concentration * size
    return species.amount / size


def _with_number(model: Model, said: str, given: Given) -> Model:
    found = _SPECIES.match(said.strip())
    name = found["concentration"] or found["amount"] if found else _plain(said)
    meaning = None if not found else "concentration" if found["concentration"] else "amount"
    known = model.species if meaning else (*model.parameters, *model.species, *model.compartments)
    if name not in known:
        raise UnknownNameError("species" if meaning else "number of the model", name, known)
    if name in model.assignment_rules:
        raise ModelError(f"{name!r} follows from a rule of the model; change the numbers that the rule uses")
    model = replace(model, initial_assignments={k: v for k, v in model.initial_assignments.items() if k != name})
    if name in model.species:
        species = model.species[name]
        meaning = meaning or ("amount" if species.only_substance_units else "concentration")
        unit = amount_unit(model, name, concentration=meaning == "concentration")
        value = _value(said, given, unit)
        amount, concentration = (value, None) if meaning == "amount" else (None, value)
        changed = replace(species, amount=amount, concentration=concentration)
        return replace(model, species={**model.species, name: changed})
    value = _value(said, given, quantity_unit(model, name))
    if name in model.compartments:
        if not value > 0.0:
            raise ValueOutOfRangeError(f"the size of compartment {name!r} is {value:g}; it must be above 0")
        compartment = replace(model.compartments[name], size=value)
        return replace(model, compartments={**model.compartments, name: compartment})
    return replace(model, parameters={**model.parameters, name: replace(model.parameters[name], value=value)})


def _plain(name: str) -> str:
    """Return an id, of which ``J.k`` is another spelling of ``J__k``."""
    local = _LOCAL.match(name.strip())
    return f"{local[1]}__{local[2]}" if local else name.strip()


def _value(name: str, given: Given, unit: str) -> float:
    """Return a value in the unit of the model."""
    if not isinstance(given, str):
        value = float(given)
    else:
        value, written = _quantity(name, given)
        if written:
            if not unit:
                raise UnitError(f"{name} = {given!r}: the model declares no unit for {name}; give the bare number")
            value = units.convert(value, written, unit)
    if not math.isfinite(value):
        raise ValueOutOfRangeError(f"{name} is {value}; give a finite number")
    return value


def _quantity(name: str, text: str) -> tuple[float, str]:
    """Return the number and the unit, which may be empty, of a text."""
    try:
        return float(text), ""
    except ValueError:
        pass
    try:
        value, unit = units.parse_quantity(text)
    except UnitError as error:
        raise UnitError(f"{name} = {text!r}: {error}") from error
    return value, unit
