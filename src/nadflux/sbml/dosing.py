"""Doses onto a species of any model: a regimen sentence becomes events of SBML, which every tool runs."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from nadflux import units
from nadflux.errors import ModelError, PlanError, UnitError, UnknownNameError
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time
from nadflux.network.model import Event, Model, Parameter, Reaction, SpeciesReference
from nadflux.network.unit_text import quantity_unit, unit_text
from nadflux.plans.language.phases import read_dose, read_phases
from nadflux.plans.language.reader import Reader
from nadflux.plans.language.wording import reworded
from nadflux.plans.occurrences import TINY, phase_times
from nadflux.plans.phase import Phase
from nadflux.plans.timing import Amount
from nadflux.units import DAY_H, WEEK_H

_BARE = re.compile(
    r"\s*(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)\s+(?=once|daily|twice|three|four|every|over|for|at|\d)"
)
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


def with_doses(
    model: Model, target: str, sentence: str, *, molar_mass: float | None = None, time_unit: str | None = None
) -> Model:
    """Return the model with doses onto one of its species.

    Parameters
    ----------
    model : Model
    target : str
        Id of a species, or of a variable that a rate rule moves.
    sentence : str
        A dose and its timing, as in a plan: ``100 mg every 12 h for 3 days``, ``5 umol over 2 h daily``. A dose without
        unit is in the unit of the model. Time 0 of the model is 08:00.
    molar_mass : float, optional
        g/mol, for a dose by mass onto a model in moles.
    time_unit : str, optional
        Unit of time of a model that declares none.

    Raises
    ------
    PlanError
        For a sentence that is not understood; the message points at the word.
    UnknownNameError, ModelError
        For an unknown target, or one that a rule determines.
    UnitError
        Where the unit of the dose or of time does not fit, or the model declares none.
    """
    _check_target(model, target)
    per_hour = _per_hour(model, time_unit)
    phases, scale = _phases(sentence)
    unit = _amount_unit(model, target)
    # Series by series: each adds its events.
    for series in _series(phases, per_hour, lambda dose: _amount(dose, scale, unit, target, molar_mass)):
        model = _with_series(model, target, series)
    return model


def _check_target(model: Model, target: str) -> None:
    known = [s for s in model.species if s not in model.assignment_rules]
    known += [name for name in model.rate_rules if name not in model.species]
    if target in model.assignment_rules:
        raise ModelError(f"{target!r} follows from a rule of the model, so nothing can be given into it")
    if target not in known:
        raise UnknownNameError("species", target, known)
    if target in model.species and (model.species[target].conversion_factor or model.conversion_factor):
        raise ModelError(f"the amounts of {target!r} are rescaled by a conversion factor; doses onto it are not made")


def _per_hour(model: Model, time_unit: str | None) -> float:
    """Return the time units of the model in one hour."""
    declared = unit_text(model, model.time_unit)
    said = time_unit or declared.strip("()")
    if not said or said == "dimensionless":
        raise UnitError("the model declares no unit of time; say it: time_unit='h' (--time-unit h)")
    if declared and time_unit and not math.isclose(units.convert(1.0, time_unit, _parsed(declared)), 1.0):
        raise UnitError(f"the model declares {declared} as its unit of time, not {time_unit}; leave out time_unit")
    number, unit = units.parse_quantity(said if said[:1].isdigit() else f"1 {said}")
    return 1.0 / units.convert(number, unit, "h")


def _parsed(declared: str) -> str:
    return declared.strip("()")


def _phases(sentence: str) -> tuple[tuple[Phase, ...], float | None]:
    """Return the phases of a sentence, and the dose in units of the model where it has no unit."""
    bare = _BARE.match(sentence) or re.fullmatch(r"\s*(\d+\.?\d*(?:e[-+]?\d+)?)\s*", sentence)
    text = f"1 µmol {sentence[bare.end() :]}" if bare else sentence
    reader = Reader(reworded(text))
    dose = read_dose(reader)
    phases, _ = read_phases(reader, dose, lambda: False)
    for phase in phases:
        if phase.area is not None or phase.food:
            raise PlanError(f"{sentence!r}: food and skin are for plans of a body; give a dose and its times")
    return phases, float(bare[1]) if bare else None


def _amount_unit(model: Model, target: str) -> str:
    if target in model.species:
        return unit_text(model, model.species[target].unit or model.substance_unit)
    return quantity_unit(model, target)


def _amount(dose: Amount, scale: float | None, unit: str, target: str, molar_mass: float | None) -> float:
    """Return a dose in the unit of the model's amount."""
    if scale is not None:
        return dose.value * scale
    if not unit or unit == "dimensionless":
        raise UnitError(f"the model declares no unit for the amount of {target!r}; give the dose as a bare number")
    if units.compatible(dose.unit, unit):
        return dose.to(unit)
    masses = {units.compatible(dose.unit, "g"), units.compatible(unit, "g")}
    if masses == {True, False} and molar_mass is not None:
        if units.compatible(dose.unit, "g"):
            return units.convert(dose.to("g") / molar_mass, "mol", unit)
        return units.convert(dose.to("mol") * molar_mass, "g", unit)
    need = "; give molar_mass in g/mol (--molar-mass)" if masses == {True, False} else ""
    raise UnitError(f"a dose of {dose} does not fit {target!r}, whose amount is in {unit}{need}")


def _series(phases: Sequence[Phase], per_hour: float, amount: Callable[[Amount], float]) -> Iterator[Series]:
    """Yield the doses of phases as series of equal intervals."""
    open_end = phases[-1].duration is None and phases[-1].frequency.kind != "once"
    last_start = max((t for t, _ in phase_times("doses", phases[:-1], math.inf)), default=0.0) if open_end else 0.0
    horizon = last_start + 4 * WEEK_H + _period(phases[-1]) * 3 if open_end else math.inf
    every = phase_times("doses", phases, horizon)
    for phase in phases:
        times = [time for time, of in every if of is phase]
        endless = open_end and phase is phases[-1]
        period = _period(phase)
        for group in _groups(times, period):
            interval = group[1] - group[0] if len(group) > 1 else 0.0
            yield Series(
                group[0] * per_hour,
                (interval or period if endless else interval) * per_hour,
                math.inf if endless else float(len(group)),
                amount(phase.dose),
                0.0 if phase.infusion is None else phase.infusion.to("h") * per_hour,
            )


def _period(phase: Phase) -> float:
    """Return the hours after which the pattern of a phase repeats; 0 for a single dose."""
    frequency = phase.frequency
    if frequency.kind == "once":
        return 0.0
    if frequency.interval is not None:
        return frequency.interval.to("h")
    return WEEK_H if frequency.kind == "weekly" else DAY_H * frequency.cycle


def _groups(times: list[float], period: float) -> list[list[float]]:
    """Return times in groups of equal spacing: one if they are evenly spaced, else one for each time in a period."""
    gaps = [b - a for a, b in itertools.pairwise(times)]
    if not gaps or max(gaps) - min(gaps) < TINY or period == 0.0:
        return [times]
    groups: dict[int, list[float]] = {}
    for time in times:
        groups.setdefault(round(((time - times[0]) % period) * 1e6) % round(period * 1e6), []).append(time)
    return list(groups.values())


def _with_series(model: Model, target: str, series: Series) -> Model:
    stem = _free_stem(model, f"{'infusion' if series.length else 'dose'}_{target}")
    species = model.species.get(target)
    amount_unit = species.unit or model.substance_unit if species else model.parameters[target].unit
    time = model.time_unit
    numbers = [
        Parameter(f"{stem}_amount", series.amount, amount_unit),
        Parameter(f"{stem}_start", series.first, time),
        Parameter(f"{stem}_given", 0.0, "dimensionless", constant=False),
    ]
    if series.interval:
        numbers.append(Parameter(f"{stem}_interval", series.interval, time))
    if math.isfinite(series.count) and series.count > 1:
        numbers.append(Parameter(f"{stem}_count", series.count, "dimensionless"))
    amount: Expression = Symbol(f"{stem}_amount")
    if not series.length:
        size = None if species is None or species.only_substance_units else Symbol(species.compartment)
        added = Apply("add", (Symbol(target), amount if size is None else Apply("div", (amount, size))))
        events = [_event(stem, "", stem, series, Number(0.0, time), ((target, added),), None)]
        return _extended(model, numbers, events)
    return _infused(model, target, stem, series, numbers)


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
        _event(f"{stem}_on", "", stem, series, Number(0.0, time), ((rate.name, on),), _ON_NEXT),
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
    after: Expression,
    assignments: tuple[tuple[str, Expression], ...],
    priority: Expression | None,
) -> Event:
    """Return an event that happens at each time of a series, ``after`` it, and counts itself."""
    count = Symbol(f"{stem}{counter or '_given'}")
    due: Expression = Symbol(f"{stem}_start")
    if series.interval:
        due = Apply("add", (due, Apply("mul", (count, Symbol(f"{stem}_interval")))))
    if after != Number(0.0, after.unit if isinstance(after, Number) else None):
        due = Apply("add", (due, after))
    trigger: Expression = Apply("ge", (Time(), due))
    if math.isfinite(series.count):
        last = Symbol(f"{stem}_count") if series.count > 1 else Number(1.0)
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
