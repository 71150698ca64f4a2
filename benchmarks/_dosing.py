"""The shipped body with twice-daily dosing, as every engine of the benchmark is given it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from nadflux.network.evaluate import initial_values
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time, rename
from nadflux.network.model import Event, Model, Parameter

DOSE_SPECIES = "gut_lumen__NR"
DOSE_AMOUNT = 1720.0  # µmol: 500 mg NR chloride (290.7 g/mol)
INTERVAL = 12.0  # h
FIRST_DOSE = 8.0  # h


def settled(model: Model, values: Mapping[str, np.ndarray | float] | None = None, person: int = 0) -> Model:
    """The model with every initial assignment replaced by its number: no peer has to solve the chain.

    Parameters
    ----------
    model : Model
    values : mapping of str to array (person,), optional
        Constants of the people.
    person : int
        Whose numbers to write down.
    """
    numbers = {name: float(_of(person, array)) for name, array in initial_values(model, values).items()}
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


def with_doses(model: Model, species: tuple[str, ...] = (DOSE_SPECIES,)) -> Model:
    """The model with one SBML event that gives the dose to each of ``species`` every 12 hours, from 8 h on."""
    next_dose = Parameter("next_dose", FIRST_DOSE, constant=False)
    trigger = Apply("ge", (Time(), Symbol("next_dose")))
    given = tuple(
        (
            name,
            Apply(
                "add",
                (Symbol(name), Apply("div", (Number(DOSE_AMOUNT), Symbol(model.species[name].compartment)))),
            ),
        )
        for name in species
    )
    again: tuple[str, Expression] = ("next_dose", Apply("add", (Symbol("next_dose"), Number(INTERVAL))))
    event = Event("dose", trigger, (*given, again), initial_value=True, persistent=True)
    return dataclasses.replace(model, parameters={**model.parameters, "next_dose": next_dose}, events={"dose": event})


def doubled(model: Model) -> Model:
    """Every organ twice: the model beside a second copy of itself, for growth with the number of states."""

    def twin(name: str) -> str:
        return f"twin__{name}"

    def both(things: Mapping, copy) -> dict:  # type: ignore[no-untyped-def,type-arg]
        return {**things, **{twin(name): copy(name, thing) for name, thing in things.items()}}

    def side(references):  # type: ignore[no-untyped-def]
        return tuple(
            dataclasses.replace(r, species=twin(r.species), stoichiometry=rename(r.stoichiometry, twin))
            for r in references
        )

    formulas = {
        field: both(getattr(model, field), lambda _, expression: rename(expression, twin))
        for field in ("assignment_rules", "rate_rules", "initial_assignments")
    }
    return dataclasses.replace(
        model,
        compartments=both(model.compartments, lambda n, c: dataclasses.replace(c, id=twin(n))),
        species=both(model.species, lambda n, s: dataclasses.replace(s, id=twin(n), compartment=twin(s.compartment))),
        parameters=both(model.parameters, lambda n, p: dataclasses.replace(p, id=twin(n))),
        reactions=both(
            model.reactions,
            lambda n, r: dataclasses.replace(
                r,
                id=twin(n),
                reactants=side(r.reactants),
                products=side(r.products),
                modifiers=tuple(map(twin, r.modifiers)),
                law=rename(r.law, twin),
            ),
        ),
        **formulas,
    )


def _of(person: int, array: np.ndarray) -> float:
    flat = np.ravel(array)
    return flat[person] if flat.size > 1 else flat[0]
