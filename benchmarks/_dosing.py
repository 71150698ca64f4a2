"""The shipped body with its doses and lifestyle, as every engine of the benchmark is given it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nadflux.network.evaluate import initial_values
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time, rename
from nadflux.network.model import Event, Model, Parameter, SpeciesReference
from nadflux.network.names import to_id
from nadflux.network.numeric_rest import of_person


@dataclass(frozen=True)
class Stop:
    """Something that happens again and again: an amount added to a species or an input set.

    Attributes
    ----------
    kind : {"add", "set"}
    target : str
        Id of a species (add) or of a parameter (set).
    value : float
        µmol added, or the input's new value.
    first, every : float
        First time and interval, h.
    """

    kind: str
    target: str
    value: float
    first: float
    every: float

    @property
    def always(self) -> bool:
        """True if it sets an input once, at the start."""
        return self.kind == "set" and self.first == 0.0 and math.isinf(self.every)

    def times(self, end: float) -> np.ndarray:
        """Return all its times before ``end``, h, shape (time,)."""
        return np.arange(self.first, end, self.every) if math.isfinite(self.every) else np.array([self.first])


# 500 mg NR chloride (290.7 g/mol) at 8:00 and 20:00
TWICE_DAILY = (Stop("add", "gut_lumen__NR", 1720.0, 8.0, 12.0),)


# h: no stop falls on a sample, where engines differ in what comes first
LATER = 0.5
LIVED = "three meals a day + sleep 23:00-7:00 + endurance 45 min at 60% VO2max daily at 18:00"


def lived_day(model: Model, day: int = 2) -> tuple[Stop, ...]:
    """Return meals, sleep and exercise of one day of `LIVED`, every day again, for a typical whole body."""
    from nadflux.plans import parse_plan
    from nadflux.plans.schedule import schedule

    typical = initial_values(model)
    events = schedule(parse_plan(f"{LIVED} for {day + 2} days")).events
    # what is set once, at the start of the usual days, holds from 0 on
    once = {e.target: e for e in events if e.time_h <= 0.0 and e.kind == "set"}
    daily = [e for e in events if 24.0 * day <= e.time_h < 24.0 * (day + 1)]
    scale = {e.scale: of_person(typical[to_id(e.scale)]) for e in daily if e.scale}
    again = {e.target for e in daily}
    return (
        *(Stop("set", to_id(e.target), e.value, 0.0, math.inf) for e in once.values() if e.target not in again),
        *(
            Stop(e.kind, to_id(e.target), e.value * scale.get(e.scale, 1.0), e.time_h % 24.0 + LATER, 24.0)
            for e in daily
        ),
    )


def with_stops(model: Model, stops: Sequence[Stop]) -> Model:
    """Return the model with one SBML event per stop, which sets its own next time.

    A stop that holds from the start is not an event.
    """
    parameters, events = dict(model.parameters), dict(model.events)
    for k, stop in enumerate(stops):
        if stop.always:
            parameters[stop.target] = dataclasses.replace(parameters[stop.target], value=stop.value)
            continue
        clock = next_time(k)
        parameters[clock] = Parameter(clock, stop.first, constant=False)
        if stop.kind == "add":
            given = Apply("div", (Number(stop.value), Symbol(model.species[stop.target].compartment)))
            value: Expression = Apply("add", (Symbol(stop.target), given))
        else:
            parameters[stop.target] = dataclasses.replace(parameters[stop.target], constant=False)
            value = Number(stop.value)
        again: tuple[str, Expression] = (clock, Apply("add", (Symbol(clock), Number(stop.every))))
        trigger = Apply("ge", (Time(), Symbol(clock)))
        name = f"stop_{k}"
        events[name] = Event(name, trigger, ((stop.target, value), again), initial_value=True, persistent=True)
    return dataclasses.replace(model, parameters=parameters, events=events)


def next_time(k: int) -> str:
    """Return the id of the parameter that holds the next time of stop ``k``, h."""
    return f"next_{k}"


def on_twin(stop: Stop) -> Stop:
    """Return the same stop for the second copy of the body."""
    return dataclasses.replace(stop, target=f"twin__{stop.target}")


def doubled(model: Model) -> Model:
    """Return the model with a second copy of itself, every organ twice, for growth with the number of states."""

    def twin(name: str) -> str:
        return f"twin__{name}"

    def both(things: Mapping[str, Any], copy: Callable[[str, Any], Any]) -> dict[str, Any]:
        return {**things, **{twin(name): copy(name, thing) for name, thing in things.items()}}

    def side(references: Iterable[SpeciesReference]) -> tuple[SpeciesReference, ...]:
        return tuple(
            dataclasses.replace(r, species=twin(r.species), stoichiometry=rename(r.stoichiometry, twin))
            for r in references
        )

    formulas: dict[str, Any] = {
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
