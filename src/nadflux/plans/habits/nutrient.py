"""Nutrients and drinks by mouth: glucose, leucine, amino acids, ethanol and the like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from nadflux import units
from nadflux.errors import PlanError, UnknownNameError
from nadflux.plans.day.contribution import Contribution, Stretch, Swallowed
from nadflux.plans.day.intake import refuse_intake
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Habit
from nadflux.plans.habits.words import read_name
from nadflux.plans.language.fields import check_fields, phases_of, phases_out
from nadflux.plans.language.phases import Clauses, format_clauses, read_dose, read_phases
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle
from nadflux.plans.occurrences import phase_end, span_of
from nadflux.plans.phase import Phase, check_sequence
from nadflux.units import DAY_H

NUTRIENT_ENTRY = "nutrient"
"""Field of a document that names a nutrient."""
DRINK = "ethanol"
_ORAL = word_pattern(r"oral(?:ly)?|by mouth|po")


@dataclass(frozen=True)
class Nutrient(Habit):
    """A nutrient or drink by mouth, in phases as a regimen: glucose, leucine, essential amino acids, ethanol."""

    name: str
    phases: tuple[Phase, ...]
    says: ClassVar = (("`NUTRIENT 75 g`", "glucose, leucine, amino acids, protein, fat, ethanol by mouth"),)

    def __post_init__(self) -> None:
        if not self.phases:
            raise PlanError(f"{self.name} has no amount; write e.g. '75 g'")
        for phase in self.phases:
            if phase.infusion is not None or phase.area is not None:
                raise PlanError(f"{self.name} is swallowed; leave out over how long and on what")
            if phase.food:
                raise PlanError(f"{self.name} is food or drink itself; leave out '{phase.food}', or plan a meal")
            if not units.compatible(phase.dose.unit, "g"):
                raise PlanError(f"{phase.dose} of {self.name} is not a mass; give g or mg")
            refuse_intake({self.name: phase.dose.to("g")}, phase.frequency.per_day, shipped_lifestyle())
        check_sequence(self.phases)

    @classmethod
    def read(cls, reader: Reader, begin: int) -> Nutrient | None:
        """Read ``glucose 75 g oral at 8:00``."""
        name = read_name(reader, shipped_lifestyle().nutrient_names)
        if name is None:
            return None
        dose = read_dose(reader)
        reader.take(_ORAL)
        phases, washout = read_phases(
            reader, dose, lambda: reader.take(_ORAL), Clauses(reader, lambda: reader.take(_ORAL))
        )
        if washout is not None:
            raise reader.error("usual life goes on after it; give the length of the run (--days)", begin, reader.end)
        with reader.pointing(begin, reader.end):
            return cls(name, phases)

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> Nutrient:
        """Read an entry of a document; raises `PlanError`."""
        check_fields("nutrient", entry, (NUTRIENT_ENTRY, "phases"))
        names = shipped_lifestyle().nutrient_names
        name = names.get(str(entry[NUTRIENT_ENTRY]).casefold())
        if name is None:
            raise PlanError(str(UnknownNameError("nutrient", str(entry[NUTRIENT_ENTRY]), names)))
        return cls(name, phases_of(name, entry["phases"]))

    @property
    def subject(self) -> str:
        """The nutrient."""
        return self.name

    @property
    def repeats(self) -> bool:
        """True if every phase has a frequency."""
        return all(phase.frequency.kind != "once" for phase in self.phases)

    @property
    def bounded(self) -> bool:
        """True if a phase has a start or a length."""
        return any(phase.duration is not None or phase.start is not None for phase in self.phases)

    def sentence(self) -> str:
        """Return e.g. ``glucose 75 g oral once at 08:00``."""
        words = [self.name]
        for phase in self.phases:
            words += ["then"] * (phase is not self.phases[0]) + [str(phase.dose)]
            words += ["oral"] * (phase is self.phases[0]) + [format_clauses(phase)]
        return " ".join(words)

    def to_entry(self) -> dict[str, Any]:
        """Return the nutrient as an entry of a document."""
        return {NUTRIENT_ENTRY: self.name, "phases": phases_out(self.phases)}

    def with_timing(self, entry: Mapping[str, Any]) -> Habit:
        """Refuse a timing, since the phases of a nutrient have their own; raises `PlanError`."""
        raise PlanError(f"unknown habit {self.name!r}; a nutrient belongs under '{NUTRIENT_ENTRY}', with its phases")

    def over_at(self, tables: LifestyleTables) -> float:
        """Return the time at which it ends, h."""
        return phase_end(self.phases, DAY_H)

    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return its start and stop, h."""
        return span_of(self.name, self.phases, end_h)

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the loads or drinks with their content; usual meals soon after a load are skipped."""
        drink = self.name == DRINK
        return Contribution(
            loads=tuple(
                Swallowed(
                    time,
                    tables.amounts({self.name: phase.dose.to("g")}),
                    "drink" if drink else "load",
                    f"{self.name} {phase.dose}",
                    {self.name: phase.dose.to("g")},
                    alone=not drink,
                )
                for time, phase in window.times(self.name, self.phases)
            )
        )
