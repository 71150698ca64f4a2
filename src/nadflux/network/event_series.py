"""Doses and steps at equal intervals as events of SBML, one event for a whole series, which every tool runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nadflux.errors import ModelError
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time
from nadflux.network.model import Event, Model, Parameter, Reaction, SpeciesReference

_OFF_FIRST, _ON_NEXT = Number(1.0), Number(0.0)
# An infusion that ends as the next one begins is switched off before that is switched on.


@dataclass(frozen=True)
class Series:
    """Doses at equal intervals.

    Attributes
    ----------
    first, interval : float
        In the time unit of the model; the interval is 0 for one dose.
    count : float
        Number of doses; infinite for a series without end.
    amount : float
        In the unit of the species' amount, or of what is dosed where it is no species.
    length : float
        Length of each infusion, in the time unit of the model; 0 for a dose at once.
    """

    first: float
    interval: float
    count: float
    amount: float
    length: float


def with_series(model: Model, target: str, series: Series) -> Model:
    """Return the model with a series of doses into a species, or into a variable that a rate rule moves.

    Parameters
    ----------
    model : Model
    target : str
    series : Series

    Raises
    ------
    ModelError
        For an infusion into a boundary species, which no reaction changes.
    """
    stem = _free_stem(model, f"{'infusion' if series.length else 'dose'}_{target}")
    species = model.species.get(target)
    amount_unit = species.unit or model.substance_unit if species else model.parameters[target].unit
    numbers = [Parameter(f"{stem}_amount", series.amount, amount_unit), *_timing(stem, series, model.time_unit)]
    amount: Expression = Symbol(f"{stem}_amount")
    if not series.length:
        size = None if species is None or species.only_substance_units else Symbol(species.compartment)
        added = Apply("add", (Symbol(target), amount if size is None else Apply("div", (amount, size))))
        events = [_event(stem, "", stem, series, None, ((target, added),), None)]
        return _extended(model, numbers, events)
    return _infused(model, target, stem, series, numbers)


def with_steps(model: Model, target: str, series: Series) -> Model:
    """Return the model with a parameter set to ``series.amount`` at each time of a series.

    Parameters
    ----------
    model : Model
    target : str
        Id of a parameter.
    series : Series
        Its amount is in the unit of the parameter.
    """
    stem = _free_stem(model, f"set_{target}")
    parameter = model.parameters[target]
    numbers = [
        replace(parameter, constant=False),
        Parameter(f"{stem}_value", series.amount, parameter.unit),
        *_timing(stem, series, model.time_unit),
    ]
    return _extended(model, numbers, [_event(stem, "", stem, series, None, ((target, Symbol(f"{stem}_value")),), None)])


def series_of(times: Sequence[float], amount: float, period: float) -> Iterator[Series]:
    """Yield series of equal intervals that together have some times.

    Parameters
    ----------
    times : sequence of float
        Rising.
    amount : float
    period : float
        Times that are whole periods apart can be of one series, such as a day.
    """
    groups: dict[float, list[float]] = {}
    for time in times:
        groups.setdefault(round(math.fmod(time, period), 6), []).append(time)
    for group in groups.values():
        run = [group[0]]
        # Time by time: a series ends where the interval changes.
        for time in [*group[1:], math.inf]:
            interval = run[1] - run[0] if len(run) > 1 else time - run[0]
            if math.isclose(time - run[-1], interval, rel_tol=1e-9) and time != math.inf:
                run.append(time)
                continue
            yield Series(run[0], interval if len(run) > 1 else 0.0, float(len(run)), amount, 0.0)
            run = [time]


def _timing(stem: str, series: Series, time_unit: str | None) -> list[Parameter]:
    """Return the numbers that say when a series happens, and its counter."""
    numbers = [
        Parameter(f"{stem}_start", series.first, time_unit),
        Parameter(f"{stem}_given", 0.0, "dimensionless", constant=False),
    ]
    if series.interval:
        numbers.append(Parameter(f"{stem}_interval", series.interval, time_unit))
    if math.isfinite(series.count) and series.count > 1:
        numbers.append(Parameter(f"{stem}_count", series.count, "dimensionless"))
    return numbers


def _infused(model: Model, target: str, stem: str, series: Series, numbers: list[Parameter]) -> Model:
    """Return the model with an infusion: a rate that events switch on and off."""
    time = model.time_unit
    rate, length = Symbol(f"{stem}_rate"), Symbol(f"{stem}_length")
    on = Apply("div", (Symbol(f"{stem}_amount"), length))
    numbers += [
        Parameter(f"{stem}_length", series.length, time),
        Parameter(f"{stem}_ended", 0.0, "dimensionless", constant=False),
        Parameter(rate.name, 0.0, None, constant=False),
    ]
    events = [
        _event(f"{stem}_on", "", stem, series, None, ((rate.name, on),), _ON_NEXT),
        _event(f"{stem}_off", "_ended", stem, series, length, ((rate.name, Number(0.0)),), _OFF_FIRST),
    ]
    model = _extended(model, numbers, events)
    species = model.species.get(target)
    if target in model.rate_rules:
        sized = species is not None and not species.only_substance_units
        part = Apply("div", (rate, Symbol(species.compartment))) if sized and species is not None else rate
        return replace(model, rate_rules={**model.rate_rules, target: Apply("add", (model.rate_rules[target], part))})
    if species is not None and (species.boundary or species.constant):
        raise ModelError(
            f"{target!r} is a boundary species, which no reaction changes; give doses at once, or into another"
        )
    reaction = Reaction(stem, (), (SpeciesReference(target),), rate, name=f"infusion into {target}")
    return replace(model, reactions={**model.reactions, stem: reaction})


def _event(
    name: str,
    counter: str,
    stem: str,
    series: Series,
    after: Expression | None,
    assignments: tuple[tuple[str, Expression], ...],
    priority: Expression | None,
) -> Event:
    """Return an event that happens at each time of a series, ``after`` it, and counts itself."""
    count = Symbol(f"{stem}{counter or '_given'}")
    due: Expression = Symbol(f"{stem}_start")
    if series.interval:
        due = Apply("add", (due, Apply("mul", (count, Symbol(f"{stem}_interval")))))
    if after is not None:
        due = Apply("add", (due, after))
    trigger: Expression = Apply("ge", (Time(), due))
    if math.isfinite(series.count):
        last: Expression = Symbol(f"{stem}_count") if series.count > 1 else Number(1.0)
        trigger = Apply("and", (trigger, Apply("lt", (count, last))))
    counted = (count.name, Apply("add", (count, Number(1.0))))
    return Event(
        name,
        trigger,
        (*assignments, counted),
        priority=priority,
        initial_value=False,
        # values of the moment of execution, so that of two doses at one time none is lost
        use_values_from_trigger_time=False,
    )


def _extended(model: Model, numbers: Sequence[Parameter], events: Sequence[Event]) -> Model:
    return replace(
        model,
        parameters={**model.parameters, **{p.id: p for p in numbers}},
        events={**model.events, **{e.id: e for e in events}},
    )


def _free_stem(model: Model, stem: str) -> str:
    """Return a name with which no id of the model begins."""
    taken = (*model.parameters, *model.events, *model.reactions, *model.species, *model.compartments)
    name, number = stem, 1
    # Number by number, until no id begins with the name.
    while any(one == name or one.startswith(f"{name}_") for one in taken):
        number += 1
        name = f"{stem}_{number}"
    return name
