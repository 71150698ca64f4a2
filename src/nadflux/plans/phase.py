"""Phases of a regimen: one dose and its frequency."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nadflux import units
from nadflux.errors import PlanError
from nadflux.plans.bounds import refuse_impossible, shipped_bounds
from nadflux.plans.timing import ONCE, Amount, Frequency, Timed, check_time

PERCENT = "%"
WITH_FOOD, FASTED, EITHER = "with food", "fasted", ""


@dataclass(frozen=True)
class Phase(Timed):
    """A stretch of one dose and one frequency.

    Attributes
    ----------
    dose : Amount
    frequency : Frequency
    times_of_day : tuple of float
        Hours of the day; empty for the usual hours.
    infusion : Amount or None
        Time over which each dose runs in.
    duration : Amount or None
        Length of the phase; None for the rest of the run.
    start : Amount or None
        Start of the phase, from the start of the run; None to follow the phase before.
    area : Amount or None
        Treated skin (cm²), if the dose is a strength in %.
    food : str
        ``with food``, ``fasted``, or empty if not stated.
    """

    dose: Amount
    frequency: Frequency = ONCE
    times_of_day: tuple[float, ...] = ()
    infusion: Amount | None = None
    duration: Amount | None = None
    start: Amount | None = None
    area: Amount | None = None
    food: str = EITHER

    def __post_init__(self) -> None:
        check_dose(self.dose)
        if self.food not in (WITH_FOOD, FASTED, EITHER):
            raise PlanError(f"{self.food!r} does not say how a dose goes with food; say '{WITH_FOOD}' or '{FASTED}'")
        self._check_area()
        if self.infusion is not None:
            check_time("infusion time", self.infusion)
        self.check_timing()
        gap = self.shortest_gap()
        if self.infusion is not None and self.infusion.to("h") > gap * (1 + 1e-12):
            raise PlanError(f"an infusion over {self.infusion} runs into the next one {gap:g} h later; space them out")

    def _check_area(self) -> None:
        if self.area is None:
            if self.dose.unit == PERCENT:
                raise PlanError(f"a strength of {self.dose} needs the skin it is spread on, e.g. 'on 300 cm²'")
            return
        if self.dose.unit != PERCENT:
            raise PlanError(f"an area goes with a strength, e.g. '4 %'; leave out 'on {self.area}' or give a strength")
        check_area(self.area)


def check_sequence(phases: Sequence[Phase]) -> None:
    """Refuse a phase without an end that another follows; raises `PlanError`."""
    for phase in phases[:-1]:
        if phase.duration is None and phase.frequency.kind != "once":
            raise PlanError("every phase before a 'then' needs a length, e.g. 'for 4 weeks'")


def check_dose(dose: Amount) -> None:
    """Refuse a dose that is neither mass nor amount, not above 0 or out of range; raises `PlanError`."""
    if dose.unit == PERCENT:
        if not 0 < dose.value <= 100:
            raise PlanError(f"a strength of {dose} cannot be given; it must be above 0 and at most 100 %")
        return
    if dose.per_kg:
        if not math.isfinite(dose.value):
            raise PlanError(f"a dose of {dose} cannot be given; it must be a number above 0")
        check_dose(dose.of_weight(1.0))
        return
    if units.compatible(dose.unit, "mg"):
        what, unit = "dose", "g"
    elif units.compatible(dose.unit, "µmol"):
        what, unit = "amount of a dose", "mmol"
    else:
        raise PlanError(f"a dose in {dose.unit!r} is not understood; give mg, g, µmol or mmol")
    if not (math.isfinite(dose.value) and dose.value > 0):
        raise PlanError(f"a dose of {dose} cannot be given; it must be a number above 0")
    refuse_impossible(what, dose.to(unit), unit, f"a dose of {dose}")


def check_area(area: Amount) -> None:
    """Refuse an area in another unit, not above 0 or larger than a person; raises `PlanError`."""
    if not units.compatible(area.unit, "cm²"):
        raise PlanError(f"{area} is not an area of skin; give cm²")
    largest = shipped_bounds().possible("skin", "cm²")
    if not (math.isfinite(area.value) and 0 < area.to("cm²") <= largest):
        raise PlanError(f"{area} of skin cannot be treated; give an area above 0 up to {largest:g} cm²")
