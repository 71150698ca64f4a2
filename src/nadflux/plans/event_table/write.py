"""Writing of event tables: the doses of a plan as rows with ``II`` and ``ADDL``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nadflux.errors import PlanError
from nadflux.people import Person
from nadflux.plans.administration import DIET, INFUSION
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.event_table.read import COLUMNS
from nadflux.plans.occurrences import TINY, phase_times
from nadflux.plans.phase import PERCENT, Phase
from nadflux.plans.plan import Plan, Regimen
from nadflux.plans.schedule import length_of
from nadflux.units import DAY_H, WEEK_H, compatible

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 12  # of amounts and times: what conversion of units adds beyond is rounded away


def to_event_table(
    plan: Plan, *, days: float | None = None, who: Person | None = None, id: str | int = 1, amount_unit: str = "mg"
) -> pd.DataFrame:
    """Return the doses of a plan as an event table, to be read by NONMEM, mrgsolve, nlmixr2 or `read_event_table`.

    Parameters
    ----------
    plan : Plan
    days : float, optional
        Length; the plan's own by default.
    who : Person, optional
        Their covariates become columns, and their weight the dose of 10 mg/kg.
    id : str or int
    amount_unit : str
        Of ``AMT``: mg of the salt, or e.g. ``µmol``.

    Raises
    ------
    PlanError
        For a plan without an end, and for habits, diets and strengths in %, which are no doses of a compartment.

    Examples
    --------
    >>> table = to_event_table(Plan.parse("NR chloride 500 mg oral twice daily for 2 weeks"))
    >>> table[["TIME", "AMT", "II", "ADDL", "CMT"]].values.tolist()
    [[0.0, 500.0, 24.0, 13, 'NR chloride oral'], [12.0, 500.0, 24.0, 13, 'NR chloride oral']]
    """
    import pandas as pd

    if plan.lifestyle:
        words = ", ".join(str(habit) for habit in plan.lifestyle)
        raise PlanError(f"habits are no doses of a compartment ({words}); leave them out, or keep the sentence")
    if plan.by_weight and who is not None and who.weight is not None:
        plan = plan.of_weight(who.weight)
    end_h = days * DAY_H if days is not None else length_of(plan)
    if end_h is None or not math.isfinite(end_h):
        raise PlanError("this plan has no end; say e.g. 'for 8 weeks', or give days")
    catalogue = shipped()
    rows = [row for regimen in plan.regimens for row in _rows(regimen, end_h, catalogue, amount_unit)]
    people = {} if who is None else _covariates(who)
    table = [{"ID": id, **row, **people} for row in sorted(rows, key=lambda row: (row["TIME"], row["CMT"]))]
    return pd.DataFrame(table, columns=[*COLUMNS, *people])


def _covariates(who: Person) -> dict[str, Any]:
    short = {"female": "FEMALE", "age": "AGE", "weight": "WT", "height": "HT"}
    found = {short.get(name, name): value for name, value in who.described.items()}
    return {**found, "FEMALE": int(found["FEMALE"])}


def _rows(regimen: Regimen, end_h: float, catalogue: Catalogue, unit: str) -> list[dict[str, Any]]:
    route = catalogue.route(regimen.compound, regimen.route)
    if route.kind == DIET:
        raise PlanError(f"{regimen.compound} {regimen.route} is no dose of a compartment; leave it out")
    times = [one for one in phase_times(regimen.compound, regimen.phases, end_h) if one[0] < end_h - TINY]
    found = []
    for phase in dict.fromkeys(phase for _, phase in times):
        own = [time for time, other in times if other is phase or other == phase]
        amount = _amount(phase, regimen, catalogue, unit)
        hours = phase.infusion.to("h") if route.kind == INFUSION and phase.infusion is not None else 0.0
        for start, step, more in _series(own, phase):
            found.append(
                {
                    "TIME": _rounded(start), "AMT": amount, "RATE": _rounded(amount / hours) if hours else 0.0,
                    "II": _rounded(step), "ADDL": more, "SS": 0, "EVID": 1,
                    "CMT": f"{regimen.compound} {regimen.route}",
                }
            )  # fmt: skip
    return found


def _amount(phase: Phase, regimen: Regimen, catalogue: Catalogue, unit: str) -> float:
    dose = phase.dose
    if dose.unit == PERCENT:
        raise PlanError(f"a strength of {dose} is no amount; give the dose in mg")
    if dose.per_kg:
        raise PlanError(f"a dose of {dose} needs a weight; give who, e.g. Person('woman', 62, weight=70)")
    if compatible(dose.unit, unit):
        return _rounded(dose.to(unit))
    mass = catalogue.compounds[regimen.compound].molar_mass
    if compatible(dose.unit, "mg"):
        return _rounded(dose.to("mg") / mass * _factor("µmol", unit))
    return _rounded(dose.to("µmol") * mass * _factor("mg", unit))


def _factor(unit: str, target: str) -> float:
    from nadflux.units import factor

    return factor(unit, target)


def _series(times: list[float], phase: Phase) -> list[tuple[float, float, int]]:
    """Return start, step and number of further doses of each series by which the times of a phase repeat."""
    frequency = phase.frequency
    period = WEEK_H if frequency.kind == "weekly" else DAY_H * frequency.cycle
    if frequency.interval is not None:
        period = frequency.interval.to("h")
    left, found = sorted(times), []
    # Takes the first time that is left, and all that follow it at whole periods.
    while left:
        start, count = left[0], 1
        # Counts the times that follow it without a gap.
        while any(abs(time - (start + count * period)) < TINY * max(1.0, time) for time in left):
            count += 1
        wanted = [start + k * period for k in range(count)]
        left = [time for time in left if all(abs(time - one) >= TINY * max(1.0, time) for one in wanted)]
        found.append((start, period if count > 1 else 0.0, count - 1))
    return found


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
