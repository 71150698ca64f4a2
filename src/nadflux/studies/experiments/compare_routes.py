"""The comparison of routes: the same dose of every NAD+ precursor by every route. It is never a recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from nadflux import units
from nadflux.errors import PlanError, SimulationError, UnitError, ValueOutOfRangeError
from nadflux.network.tables import Route
from nadflux.notes import Note, NoteCode
from nadflux.people import Person, Posterior
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.dose_limits import BEYOND, NO_KINETICS, TypicalUse, flags_of, shipped_typical
from nadflux.plans.language.person import at_rest, read_person
from nadflux.plans.phase import Phase, check_dose
from nadflux.plans.plan import Plan, Regimen
from nadflux.plans.screening import ContraindicatedError
from nadflux.plans.timing import Amount, Frequency
from nadflux.simulation.evidence_tier import weakest
from nadflux.simulation.progress import Progress
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.select_posterior import DEFAULT
from nadflux.simulation.simulate import simulate
from nadflux.simulation.tracer.tracer import Trace, carries_label, trace
from nadflux.units import DAY_H

PERSON = "woman, 50 y, 70 kg"
DAYS = 28
INFUSION = "4 h"
OBSERVABLES = ("whole_blood_nad",)
# Below this rise, as a share of the baseline, no time to half of it is given.
_LEAST_RISE = 0.01


@dataclass(frozen=True, eq=False)
class Cell:
    """One figure of the comparison: a value for each person drawn, NaN if there is none.

    Attributes
    ----------
    values : ndarray, shape (person,)
        In ``unit``.
    unit : str
    tier : str
        The weaker of the tiers of the observable and the route.
    """

    values: np.ndarray
    unit: str
    tier: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """The effect of one route on one observable under daily dosing.

    Attributes
    ----------
    rise : Cell
        Mean of the last day against baseline, %.
    time_to_half : Cell
        Time until the mean of the preceding 24 hours reaches half of that rise, days.
    exposure : Cell
        Area over baseline, in the observable's unit times days.
    ripple : Cell
        Highest minus lowest value of the last day, % of its mean.
    between_people : Cell
        The rise with typical parameters, from differences between people alone.
    course : ndarray, shape (3, time)
        5th, 50th and 95th percentile of the level, in the observable's unit.
    """

    quantity: Quantity
    rise: Cell
    time_to_half: Cell
    exposure: Cell
    ripple: Cell
    between_people: Cell
    course: np.ndarray


@dataclass(frozen=True, eq=False)
class RouteResult:
    """One compound by one route.

    Attributes
    ----------
    dose_mg, dose_umol, infusion_h : float
    outcomes : mapping of str to Outcome
        Outcome by observable; empty if ``refused`` gives a reason.
    reach : Trace or None
        Distribution of one labelled dose within a day.
    flags : tuple of str
        ``no PK data``, ``beyond data``: to show with every number of this route.
    typical : TypicalUse or None
    """

    compound: str
    route: str
    row: Route
    dose_mg: float
    dose_umol: float
    infusion_h: float
    outcomes: Mapping[str, Outcome]
    reach: Trace | None
    flags: tuple[str, ...]
    typical: TypicalUse | None
    refused: str = ""

    @property
    def label(self) -> str:
        """Compound and route with their flags."""
        words = ", ".join(self.flags)
        return f"{self.compound} {self.route}" + (f" ({words})" if words else "")


@dataclass(frozen=True, eq=False)
class RouteComparison:
    """All routes, with their common settings."""

    who: str
    dose: str
    equal_moles: bool
    days: int
    times: np.ndarray
    routes: tuple[RouteResult, ...]
    notes: tuple[Note, ...]
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """Number of people with a result, for the route that has most."""
        cells = [o.rise.values for route in self.routes for o in route.outcomes.values()]
        return max((int(np.isfinite(values).sum()) for values in cells), default=0)


def compare_routes(
    dose: str,
    who: Person | str = PERSON,
    *,
    equal_moles: bool = False,
    observables: Sequence[str] = OBSERVABLES,
    days: int = DAYS,
    infusion: str = INFUSION,
    n: int = 48,
    seed: int = 0,
    posterior: Posterior | Path | str | None = DEFAULT,
    switches: Mapping[str, str] | None = None,
    research: bool = False,
    supervised: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    catalogue: Catalogue | None = None,
) -> RouteComparison:
    """Simulate one dose a day of every compound by every route of the tables, for the same people.

    Parameters
    ----------
    dose : str
        ``"500 mg"``, or an amount of substance such as ``"2 mmol"``.
    who : Person or str
    equal_moles : bool
        Whether to give every compound in the moles that ``dose`` is of the first compound of the table.
    observables : sequence of str
        Levels to compare.
    days : int
        Days of daily dosing.
    infusion : str
        Duration of each infusion.
    n, seed, posterior, switches, research, supervised, threads, progress
        As in `nadflux.simulation.simulate`; every route sees the same people. A route whose plan screening stops is
        listed with the rules instead.
    catalogue : Catalogue, optional
        The shipped one by default.

    Raises
    ------
    NadfluxError
        For an impossible dose, time or observable; `ValueOutOfRangeError` for days outside 2 to 366. A route that
        cannot take the dose is listed with the reason instead.
    """
    catalogue = catalogue or shipped()
    who = at_rest(read_person(who) if isinstance(who, str) else who)
    amount = _amount(dose)
    if not 2 <= days <= 366 or days != int(days):
        raise ValueOutOfRangeError(f"{days} days of dosing; give a whole number from 2 to 366")
    order = list(dict.fromkeys(route for _, route in catalogue.routes))
    ways = [way for way, row in catalogue.routes.items() if carries_label(row.target, switches)]
    ways.sort(key=lambda way: order.index(way[1]))
    if equal_moles and units.compatible(amount.unit, "mg"):
        reference = next(iter(catalogue.compounds.values()))
        amount = Amount(float(f"{amount.to('mg') / reference.molar_mass:.6g}"), "µmol")
        given = f"as many moles of each as {dose} of {reference.compound} ({amount.value:.4g} µmol)"
    else:
        given = f"{dose} of each"
    times = np.arange(0.0, days * DAY_H + 0.5, 1.0)
    options = {
        "n": n, "seed": seed, "posterior": posterior, "switches": switches, "research": research,
        "supervised": supervised, "threads": threads,
    }  # fmt: skip
    routes: list[RouteResult] = []
    notes: list[Note] = []
    record: dict[str, Any] = {}
    # Route by route; the record is that of the first route that can be simulated.
    for done, (compound, route) in enumerate(ways):
        row = catalogue.routes[compound, route]
        base = _RouteInput(compound, route, row, amount, catalogue.compounds[compound].molar_mass, infusion)
        try:
            result, run = _one(who, base, observables, days, times, options)
        except ContraindicatedError as stop:
            routes.append(base.refused(stop.brief))
            continue
        except (PlanError, SimulationError) as error:
            routes.append(base.refused(str(error)))
            continue
        routes.append(result)
        record = record or {**run.record, "plan": f"{given}, once a day by every route"}
        notes += [_of_route(note, f"{compound} {route}") for note in run.notes]
        reached = result.reach.notes if result.reach is not None else ()
        notes += [note for note in reached if note.code == NoteCode.LABEL_IN_PART]
        if progress is not None:
            progress((done + 1) / len(ways))
    return RouteComparison(
        who=str(who),
        dose=given,
        equal_moles=equal_moles,
        days=days,
        times=times,
        routes=tuple(routes),
        notes=(*dict.fromkeys(notes), *_NOTES),
        record=record,
    )


_OF_ONE_ROUTE = (NoteCode.PEOPLE_FAILED, NoteCode.SCREENED, NoteCode.RESEARCH)
_NOTES = (
    Note(
        NoteCode.SAME_PEOPLE,
        "the same people take the same dose once a day by every route, whether or not anybody uses it so; "
        "usual practice has its own column",
    ),
    Note(
        NoteCode.COLUMNS,
        "rise and ripple are those of the last day; time: until the mean of the 24 h before is half of the rise; "
        "exposure: area over baseline of all days; time has a dash where most people rise by less than 1 %",
    ),
    Note(
        NoteCode.BETWEEN_PEOPLE,
        "between people: the rise with typical parameters, so without what is not known of the biology",
    ),
    Note(
        NoteCode.BUILT_IN,
        "built in: share of one labelled dose that an organ built into NAD+ within a day, by the form in which it "
        "came; what leaves an organ and comes back counts again, so that shares may pass 100 %; no human tracer data "
        "were fitted",
    ),
    Note(
        NoteCode.NO_RECOMMENDATION,
        "a comparison of what the model computes, not a recommendation of any compound, dose or route",
    ),
)


def _of_route(note: Note, way: str) -> Note:
    """Return the note with its route added if it is about the people of one run; other notes are unchanged."""
    return replace(note, text=f"{way}: {note}", about=way) if note.code in _OF_ONE_ROUTE else note


@dataclass(frozen=True)
class _RouteInput:
    compound: str
    route: str
    row: Route
    amount: Amount
    molar_mass: float
    infusion: str

    def plan(self, frequency: Frequency, days: int | None) -> Plan:
        """Return a plan of the dose, once or daily."""
        minutes = _time(self.infusion) if self.row.kind == "infusion" else None
        length = Amount(float(days), "days") if days is not None else None
        phase = Phase(self.amount, frequency, infusion=minutes, duration=length)
        return Plan((Regimen(self.compound, self.route, (phase,)),))

    def micromoles(self) -> float:
        """Return the amount of one dose, µmol."""
        mass = units.compatible(self.amount.unit, "mg")
        return self.amount.to("mg") / self.molar_mass if mass else self.amount.to("µmol")

    def result(
        self, outcomes: Mapping[str, Outcome], reach: Trace | None, flags: Sequence[str], refused: str = ""
    ) -> RouteResult:
        """Return the result of the route, with or without numbers."""
        dose = self.micromoles()
        hours = _time(self.infusion).to("h") if self.row.kind == "infusion" else 0.0
        use = {(t.compound, t.route): t for t in shipped_typical()}.get((self.compound, self.route))
        return RouteResult(
            self.compound, self.route, self.row, dose * self.molar_mass, dose, hours, outcomes, reach,
            tuple(flags), use, refused,
        )  # fmt: skip

    def refused(self, reason: str) -> RouteResult:
        """Return the result of a route that cannot be compared."""
        return self.result({}, None, (), reason)


def _one(
    who: Person | str,
    way: _RouteInput,
    observables: Sequence[str],
    days: int,
    times: np.ndarray,
    options: Mapping[str, Any],
) -> tuple[RouteResult, Run]:
    daily = way.plan(Frequency("daily"), days)
    run = simulate(who, daily, times=times, outputs=observables, **options)
    alike = simulate(who, daily, times=times, outputs=observables, uncertainty=False, **options)
    reach = trace(who, way.plan(Frequency("once"), None), **options)
    outcomes = {name: _outcome(run, alike, name, way.row.tier) for name in observables}
    flags = [NO_KINETICS] if way.row.without_kinetics else []
    flags += [BEYOND] if BEYOND in flags_of(run.notes) else []
    return way.result(outcomes, reach, flags), run


def _outcome(run: Run, alike: Run, name: str, route_tier: str) -> Outcome:
    quantity = run.quantity(name)
    tier = weakest({quantity.tier, route_tier})
    levels, days = run[name], run.times / DAY_H
    base = levels[:, :1]
    last = run.times >= run.times[-1] - DAY_H
    mean = levels[:, last].mean(axis=1)
    rise = mean / base[:, 0] - 1.0
    ripple = (levels[:, last].max(axis=1) - levels[:, last].min(axis=1)) / mean
    exposure = np.trapezoid(levels - base, days, axis=1)
    middle = np.full((3, days.size), np.nan)
    whole = np.isfinite(levels).all(axis=1)
    if whole.any():
        middle = np.quantile(levels[whole], [0.05, 0.5, 0.95], axis=0)
    unit = f"{quantity.units}·day"
    return Outcome(
        quantity=quantity,
        rise=Cell(100.0 * rise, "%", tier),
        time_to_half=Cell(_half(levels, base, rise, days), "day", tier),
        exposure=Cell(exposure, unit, tier),
        ripple=Cell(100.0 * ripple, "%", tier),
        between_people=Cell(100.0 * (alike[name][:, last].mean(axis=1) / alike[name][:, 0] - 1.0), "%", tier),
        course=middle,
    )


def _half(levels: np.ndarray, base: np.ndarray, rise: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return days (person,) until the mean of the preceding 24 hours reaches half of the rise of the last day."""
    step = days[1] - days[0]
    width = round(1.0 / step)
    excess = levels / base - 1.0
    area = np.concatenate([np.zeros((len(levels), 1)), np.cumsum(0.5 * (excess[:, 1:] + excess[:, :-1]), axis=1)], 1)
    before = np.concatenate([np.zeros((len(levels), width)), area[:, :-width]], axis=1)
    mean = (area - before) / width
    result = np.full(len(levels), np.nan)
    for person in np.flatnonzero(np.isfinite(rise) & (np.abs(rise) >= _LEAST_RISE)):
        share = mean[person] / (0.5 * rise[person])
        reached = int(np.argmax(share >= 1.0))
        if reached > 0:
            part = (1.0 - share[reached - 1]) / (share[reached] - share[reached - 1])
            result[person] = days[reached - 1] + part * step
    return result


def _amount(text: str) -> Amount:
    try:
        value, unit = units.parse_quantity(text)
    except UnitError as error:
        raise UnitError(f"dose {text!r} cannot be read ({error}); write for example '500 mg'") from error
    if not units.compatible(unit, "mg") and not units.compatible(unit, "µmol"):
        raise ValueOutOfRangeError(f"dose {text!r}: give a mass or an amount of substance, such as '500 mg'")
    dose = Amount(value, unit)
    check_dose(dose)
    return dose


def _time(text: str) -> Amount:
    value, unit = units.parse_quantity(text)
    if not units.compatible(unit, "h") or not value > 0:
        raise ValueOutOfRangeError(f"infusion over {text!r}: give a time above 0, such as '4 h'")
    return Amount(value, unit)
