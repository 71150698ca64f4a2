"""Plans as objects: habits, and regimens with a compound, a route and phases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nadflux import units
from nadflux.errors import PlanError
from nadflux.notes import Note, NoteCode
from nadflux.plans.bounds import refuse_impossible
from nadflux.plans.phase import PERCENT, Phase, check_sequence
from nadflux.plans.timing import Amount, check_time

if TYPE_CHECKING:
    import pandas as pd

    from nadflux.people import Person
    from nadflux.plans.habits.habit import Habit

TOPICAL, ORAL, FOOD, IV = "topical", "oral", "food", "IV"


@dataclass(frozen=True)
class Regimen:
    """One compound by one route, in phases.

    Attributes
    ----------
    compound : str
        Canonical name with its salt, e.g. ``NR chloride``.
    route : str
    phases : tuple of Phase
    washout : Amount or None
        Time without doses after the last phase, for which the run goes on.
    """

    compound: str
    route: str
    phases: tuple[Phase, ...]
    washout: Amount | None = None

    def __post_init__(self) -> None:
        if self.washout is not None:
            check_time("washout", self.washout)
            check_sequence((*self.phases, *self.phases[-1:]))
        if not self.phases:
            raise PlanError(f"{self.compound} {self.route} has no dose; write e.g. '500 mg'")
        if self.route != TOPICAL and any(phase.dose.unit == PERCENT for phase in self.phases):
            raise PlanError(
                f"a strength in % is for topical use; {self.compound} {self.route} needs mg, g, µmol or mmol"
            )
        if self.route == FOOD:
            for phase in self.phases:
                if phase.dose.per_kg:
                    raise PlanError(f"a diet of {phase.dose} is not modelled; give mg NE a day")
                if units.compatible(phase.dose.unit, "mg"):
                    refuse_impossible("diet", phase.dose.to("mg"), "mg/day", f"a diet of {phase.dose} NE a day")
        food = next((phase.food for phase in self.phases if phase.food), "")
        if food and self.route != ORAL:
            raise PlanError(
                f"{self.compound} {self.route} does not pass the stomach, and food does not act on it; "
                f"leave out '{food}'"
            )
        check_sequence(self.phases)


def _of_weight(phases: tuple[Phase, ...], weight: float) -> tuple[Phase, ...]:
    return tuple(replace(phase, dose=phase.dose.of_weight(weight)) for phase in phases)


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

    @property
    def by_weight(self) -> bool:
        """True if a dose is given by weight, such as 10 mg/kg."""
        return any(phase.dose.per_kg for regimen in self.regimens for phase in regimen.phases)

    @property
    def empty(self) -> bool:
        """True if nothing is taken and no habit changes."""
        return not self.regimens and not self.lifestyle

    def of_weight(self, weight: float) -> Plan:
        """Return the plan with doses by weight as those of a person of this weight, kg, and a note on each."""
        regimens = tuple(replace(one, phases=_of_weight(one.phases, weight)) for one in self.regimens)
        notes = dict.fromkeys(
            Note(NoteCode.READ_AS, f"{phase.dose} is {phase.dose.of_weight(weight)} at {weight:g} kg", one.compound)
            for one in self.regimens
            for phase in one.phases
            if phase.dose.per_kg
        )
        return replace(self, regimens=regimens, notes=(*self.notes, *notes))

    @classmethod
    def parse(cls, text: str) -> Plan:
        """Read a sentence, or YAML as `nadflux.plans.to_yaml` writes it.

        Raises
        ------
        PlanError
            For what is not understood; the message points at it.
        """
        from nadflux.plans.language.document import from_text

        return from_text(text)

    def to_event_table(
        self, *, days: float | None = None, who: Person | None = None, id: str | int = 1
    ) -> pd.DataFrame:
        """Return the doses as an event table of NONMEM and mrgsolve; see `nadflux.plans.event_table`.

        Parameters
        ----------
        days : float, optional
            Length; the plan's own by default.
        who : Person, optional
            Their covariates become columns.
        id : str or int

        Raises
        ------
        PlanError
            For a plan without an end, and for habits and diets.
        """
        from nadflux.plans.event_table import to_event_table

        return to_event_table(self, days=days, who=who, id=id)

    def __str__(self) -> str:
        from nadflux.plans.language.sentence import format_plan

        return format_plan(self)
