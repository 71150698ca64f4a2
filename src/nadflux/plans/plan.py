"""Plans as objects: habits, and regimens with a compound, a route and phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nadflux import units
from nadflux.errors import PlanError
from nadflux.notes import Note
from nadflux.plans.bounds import refuse_impossible
from nadflux.plans.phase import PERCENT, Phase, check_sequence

if TYPE_CHECKING:
    from nadflux.plans.habits.habit import Habit

TOPICAL, ORAL, FOOD = "topical", "oral", "food"


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
        if self.route == FOOD:
            for phase in self.phases:
                if units.compatible(phase.dose.unit, "mg"):
                    refuse_impossible("diet", phase.dose.to("mg"), "mg/day", f"a diet of {phase.dose} NE a day")
        food = next((phase.food for phase in self.phases if phase.food), "")
        if food and self.route != ORAL:
            raise PlanError(
                f"{self.compound} {self.route} does not pass the stomach, and food does not act on it; "
                f"leave out '{food}'"
            )
        check_sequence(self.phases)


@dataclass(frozen=True)
class Plan:
    """Regimens and habits that run side by side.

    Attributes
    ----------
    regimens : tuple of Regimen
    notes : tuple of Note
        Assumptions made on reading a sentence, such as the salt; not part of equality.
    lifestyle : tuple of Habit
        Meals, fasts, exercise, sleep and drinks; see `nadflux.plans.habits`.
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
        """Compounds and routes of all regimens."""
        return frozenset((regimen.compound, regimen.route) for regimen in self.regimens)

    @classmethod
    def parse(cls, sentence: str) -> Plan:
        """Read a sentence; see `nadflux.plans.language.sentence.parse_plan`."""
        from nadflux.plans.language.sentence import parse_plan

        return parse_plan(sentence)

    def __str__(self) -> str:
        from nadflux.plans.language.sentence import format_plan

        return format_plan(self)
