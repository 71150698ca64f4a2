"""Doses onto a species of any model: a regimen sentence becomes events of SBML, which every tool runs."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence

from nadflux import units
from nadflux.errors import ModelError, PlanError, UnitError, UnknownNameError
from nadflux.network.event_series import Series, with_series
from nadflux.network.model import Model
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
        model = with_series(model, target, series)
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
