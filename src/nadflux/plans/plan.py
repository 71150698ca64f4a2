"""A plan as an object: regimens, each a compound, a route and phases."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nadflux import units
from nadflux.errors import PlanError
from nadflux.notes import Note
from nadflux.plans.timing import ONCE, Amount, Frequency, Timed, check_time

if TYPE_CHECKING:
    from nadflux.plans.lifestyle import Habit

LARGEST_DOSE_G = 100.0
LARGEST_DOSE_MMOL = 1000.0
PERCENT, TOPICAL = "%", "topical"
ORAL = "oral"
WITH_FOOD, FASTED, EITHER = "with food", "fasted", ""
LARGEST_AREA_CM2 = 25_000.0


@dataclass(frozen=True)
class Phase(Timed):
    """A stretch of one dose and one frequency.

    Attributes
    ----------
    dose : Amount
    frequency : Frequency
    clock : tuple of float
        Hours of the day; empty for the usual hours.
    infusion : Amount or None
        Time over which each dose runs in.
    duration : Amount or None
        How long the phase lasts; None until the end of the run.
    start : Amount or None
        When the phase begins, from the start of the run; None after the phase before.
    area : Amount or None
        Skin that is treated (cm²), where the dose is a strength in %.
    food : str
        ``with food``, ``fasted``, or empty where nothing is said.
    """

    dose: Amount
    frequency: Frequency = ONCE
    clock: tuple[float, ...] = ()
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


@dataclass(frozen=True)
class Regimen:
    """One compound by one route, in phases.

    Attributes
    ----------
    compound : str
        Canonical name with its salt, e.g. ``NR chloride``.
    route : str
    phases : tuple of Phase
    """

    compound: str
    route: str
    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        if not self.phases:
            raise PlanError(f"{self.compound} {self.route} has no dose; write e.g. '500 mg'")
        if self.route != TOPICAL and any(phase.dose.unit == PERCENT for phase in self.phases):
            raise PlanError(
                f"a strength in % is for topical use; {self.compound} {self.route} needs mg, g, µmol or mmol"
            )
        food = next((phase.food for phase in self.phases if phase.food), "")
        if food and self.route != ORAL:
            raise PlanError(
                f"{self.compound} {self.route} does not pass the stomach, and food does not act on it; "
                f"leave out '{food}'"
            )
        for phase in self.phases[:-1]:
            if phase.duration is None and phase.frequency.kind != "once":
                raise PlanError("every phase before a 'then' needs a length, e.g. 'for 4 weeks'")


@dataclass(frozen=True)
class Plan:
    """Regimens and habits that run side by side.

    Attributes
    ----------
    regimens : tuple of Regimen
    notes : tuple of Note
        What was assumed when a sentence was read, such as the salt; not part of equality.
    lifestyle : tuple of Habit
        Meals, fasts, exercise, sleep and drinks; see `nadflux.plans.lifestyle`.
    """

    regimens: tuple[Regimen, ...]
    notes: tuple[Note, ...] = ()
    lifestyle: tuple[Habit, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and (self.regimens, self.lifestyle) == (other.regimens, other.lifestyle)

    def __hash__(self) -> int:
        return hash((self.regimens, self.lifestyle))

    @property
    def ways(self) -> frozenset[tuple[str, str]]:
        """Compounds and routes of all that is taken."""
        return frozenset((regimen.compound, regimen.route) for regimen in self.regimens)

    @classmethod
    def parse(cls, sentence: str) -> Plan:
        """Read a sentence; see `nadflux.plans.language.sentence.parse_plan`."""
        from nadflux.plans.language.sentence import parse_plan

        return parse_plan(sentence)

    def __str__(self) -> str:
        from nadflux.plans.language.sentence import format_plan

        return format_plan(self)


def check_dose(dose: Amount) -> None:
    """Refuse a dose that is no mass or amount, not above 0 or beyond sense; raises `PlanError`."""
    if dose.unit == PERCENT:
        if not 0 < dose.value <= 100:
            raise PlanError(f"a strength of {dose} cannot be given; it must be above 0 and at most 100 %")
        return
    if units.compatible(dose.unit, "mg"):
        largest, unit = LARGEST_DOSE_G, "g"
    elif units.compatible(dose.unit, "µmol"):
        largest, unit = LARGEST_DOSE_MMOL, "mmol"
    else:
        raise PlanError(f"a dose in {dose.unit!r} is not understood; give mg, g, µmol or mmol")
    if not (math.isfinite(dose.value) and dose.value > 0):
        raise PlanError(f"a dose of {dose} cannot be given; it must be a number above 0")
    if dose.to(unit) > largest:
        raise PlanError(f"a dose of {dose} is beyond sense; at most {largest:g} {unit} can be planned")


def check_area(area: Amount) -> None:
    """Refuse an area that is none, not above 0 or larger than a person; raises `PlanError`."""
    if not units.compatible(area.unit, "cm²"):
        raise PlanError(f"{area} is not an area of skin; give cm²")
    if not (math.isfinite(area.value) and 0 < area.to("cm²") <= LARGEST_AREA_CM2):
        raise PlanError(f"{area} of skin cannot be treated; give an area above 0 up to {LARGEST_AREA_CM2:g} cm²")
