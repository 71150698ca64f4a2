"""Capacities from resting fluxes: V = J_rest / law(V = 1, resting state), as initial assignments.

Multipliers of activity (``X__activity``: inhibitor, training, age) count as 1 there: a person with six-fold
NAMPT starts from the same resting state and moves away from it.

A capacity is a parameter ``X__V`` without a value of its own. It multiplies one law or several (an enzyme
that serves two substrates, an uptake from two sides); the resting flux ``X__J`` is their sum.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from nadflux.errors import ModelError
from nadflux.network.expression import Apply, Expression, Number, Symbol, substitute, symbols
from nadflux.network.model import Model
from nadflux.network.names import to_name

CAPACITY, FLUX, ACTIVITY = "__V", "__J", "__activity"


def add_capacities(model: Model) -> Model:
    """Add an initial assignment for every capacity that has neither value nor assignment.

    Raises
    ------
    ModelError
        Where a capacity occurs in no law, has no resting flux, or does not multiply its laws.
    """
    laws: dict[str, list[Expression]] = {}
    for reaction in model.reactions.values():
        if reaction.law is not None:
            for name in symbols(reaction.law):
                laws.setdefault(name, []).append(reaction.law)
    assignments = dict(model.initial_assignments)
    for identifier, parameter in model.parameters.items():
        if not identifier.endswith(CAPACITY) or parameter.value is not None or identifier in assignments:
            continue
        flux = identifier[: -len(CAPACITY)] + FLUX
        if flux not in model.parameters:
            raise ModelError(f"capacity {to_name(identifier)} has no resting flux {to_name(flux)}; declare it")
        unit_laws = [_at_rest(_without(law, identifier)) for law in laws.get(identifier, ())]
        if not unit_laws:
            raise ModelError(f"capacity {to_name(identifier)} occurs in no law; remove it or declare it absent")
        total = unit_laws[0] if len(unit_laws) == 1 else Apply("add", tuple(unit_laws))
        ratio = Apply("div", (Symbol(flux), total))
        # the square of the root is the ratio itself, and not a number where the ratio is negative: a person
        # whose resting fluxes contradict each other fails at the start and never runs on a negative capacity
        assignments[identifier] = Apply("pow", (Apply("sqrt", (ratio,)), Number(2.0, "dimensionless")))
    return dataclasses.replace(model, initial_assignments=assignments)


def inline(model: Model, names: Mapping[str, Expression]) -> Model:
    """Replace named symbols (reactions, say) in initial assignments by their formulas, repeatedly."""
    assignments = {}
    for variable, formula in model.initial_assignments.items():
        for _ in range(len(names) + 1):
            used = symbols(formula) & names.keys()
            if not used:
                break
            formula = substitute(formula, {name: names[name] for name in used})
        assignments[variable] = formula
    return dataclasses.replace(model, initial_assignments=assignments)


def names_of_faults(model: Model) -> list[str]:
    """Return the ids whose resting values decide whether a person has a resting state, see `resting_faults`.

    Parameters
    ----------
    model : Model
    """
    capacities = _capacities_with_flux(model)
    return [*model.species, *capacities, *(name[: -len(CAPACITY)] + FLUX for name in capacities)]


def resting_faults(model: Model, values: Mapping[str, np.ndarray]) -> list[tuple[int, str]]:
    """List people whose resting state is impossible, each with the first reason found.

    Parameters
    ----------
    model : Model
    values : mapping of str to array (person,), each in the unit of its id
        Of `names_of_faults` at least.

    Returns
    -------
    list of (int, str)
        Index of the person and the reason: a resting flux that would have to run backwards, or a pool below
        zero, by name and value.
    """
    reasons: dict[int, str] = {}

    def note(name: str, label: str, unit: str | None, bad: np.ndarray) -> None:
        for person in np.flatnonzero(bad):
            number = np.broadcast_to(values[name], np.shape(bad))[person]
            text = f"the resting {label} {to_name(name)} would be {number:.3g} {unit}"
            reasons.setdefault(int(person), f"{text}: these numbers contradict each other")

    capacities = _capacities_with_flux(model)
    # a flux that would run backwards says more than the pools and capacities that follow from it
    for name in capacities:
        flux = name[: -len(CAPACITY)] + FLUX
        impossible = ~(np.atleast_1d(values[name]) >= 0)
        note(flux, "flux", model.parameters[flux].unit, impossible & (np.atleast_1d(values[flux]) < 0))
    for name in model.species:
        note(name, "pool", "uM", ~(np.atleast_1d(values[name]) >= 0))
    for name in capacities:
        note(name, "capacity", model.parameters[name].unit, ~(np.atleast_1d(values[name]) >= 0))
    return sorted(reasons.items())


def _capacities_with_flux(model: Model) -> list[str]:
    return [n for n in model.parameters if n.endswith(CAPACITY) and n[: -len(CAPACITY)] + FLUX in model.parameters]


def _at_rest(law: Expression) -> Expression:
    one = Number(1.0, "dimensionless")
    return substitute(law, {name: one for name in symbols(law) if name.endswith(ACTIVITY)})


def _without(law: Expression, capacity: str) -> Expression:
    """Return the law at capacity 1: the one factor taken out, so that the unit is right too."""
    if isinstance(law, Symbol) and law.name == capacity:
        return Number(1.0, "dimensionless")
    if isinstance(law, Apply) and law.op in ("mul", "div", "neg"):
        holders = [i for i, argument in enumerate(law.args) if capacity in symbols(argument)]
        if len(holders) == 1 and (law.op != "div" or holders == [0]):
            i = holders[0]
            inner = _without(law.args[i], capacity)
            return Apply(law.op, (*law.args[:i], inner, *law.args[i + 1 :]))
    raise ModelError(f"the capacity {to_name(capacity)} must be one factor of its rate law")
