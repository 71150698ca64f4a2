"""Habits of a plan as objects: meals, eating windows, fasts, nutrients, exercise, sleep and shift work.

A habit that lasts (meals, window, restriction, sleep, shift work) has a duration and a start; one that happens at
times (meal, fast, exercise, nutrient) has a frequency and times of day besides. Numbers that are not said come from
``biology/whole/lifestyle.csv``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from nadflux import units
from nadflux.errors import PlanError
from nadflux.plans.plan import Phase
from nadflux.plans.timing import ONCE, Amount, Frequency, Timed, check_time

USUAL = "usual"
ENDURANCE, RESISTANCE = "endurance", "resistance"
# Bounds of sense, not of biology: beyond them a sentence is taken for a slip.
MOST_MEALS = 12
LONGEST_FAST_H = 30 * 24.0
LONGEST_BOUT_H = 24.0
LARGEST_MEAL_KCAL = 10_000.0
LARGEST_PART_G = 1000.0
LARGEST_RESTRICTION = 80.0
LARGEST_OVERFEEDING = 200.0


@dataclass(frozen=True, kw_only=True)
class Lasting:
    """What holds for a while: ``duration`` (None: to the end of the run) from ``start`` (None: time 0)."""

    duration: Amount | None = None
    start: Amount | None = None

    def __post_init__(self) -> None:
        if self.duration is not None:
            check_time("duration", self.duration)
        if self.start is not None:
            check_time("start", self.start)


@dataclass(frozen=True)
class Meals(Lasting):
    """So many meals a day, which together hold what the person usually eats.

    Attributes
    ----------
    count : int
    clock : tuple of float
        Hours of the day; the usual ones where empty.
    style : str
        Shares of carbohydrate, protein and fat, a row of ``meals.csv``.
    """

    count: int = 3
    clock: tuple[float, ...] = ()
    style: str = USUAL

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.count <= MOST_MEALS:
            raise PlanError(f"{self.count} meals a day cannot be planned; between 1 and {MOST_MEALS} can")
        if self.clock and len(self.clock) != self.count:
            raise PlanError(f"{self.count} meals a day need {self.count} times of day, found {len(self.clock)}")
        if len(set(self.clock)) != len(self.clock):
            raise PlanError("a time of day is named twice; name each once")


@dataclass(frozen=True)
class EatingWindow(Lasting):
    """The usual food, eaten between two hours of the day.

    Attributes
    ----------
    opens, closes : float
        Hours of the day.
    style : str
    """

    opens: float
    closes: float
    style: str = USUAL

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.length >= 1.0:
            raise PlanError("an eating window is at least an hour long; write e.g. '12:00-20:00'")

    @property
    def length(self) -> float:
        """Hours from opening to closing."""
        return (self.closes - self.opens) % 24.0


@dataclass(frozen=True)
class EnergyEaten(Lasting):
    """Another amount of everything that is usually eaten: ``percent`` of energy less or more.

    Attributes
    ----------
    percent : float
    share : float
        Of the usual food.
    name, said : str
        How it is written in a plan, and how a sentence about its size begins.
    """

    percent: float
    name: ClassVar[str]
    said: ClassVar[str]
    sign: ClassVar[float]
    largest: ClassVar[float]
    remedy: ClassVar[str] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.percent <= self.largest:
            raise PlanError(
                f"{self.said} {self.percent:g} % cannot be planned; give above 0 up to {self.largest:g} %{self.remedy}"
            )

    @property
    def share(self) -> float:
        """Share of the usual food."""
        return 1.0 + self.sign * self.percent / 100.0


@dataclass(frozen=True)
class Restriction(EnergyEaten):
    """Less of everything that is usually eaten."""

    name: ClassVar[str] = "caloric restriction"
    said: ClassVar[str] = "a restriction of"
    sign: ClassVar[float] = -1.0
    largest: ClassVar[float] = LARGEST_RESTRICTION
    remedy: ClassVar[str] = ", or a fast"


@dataclass(frozen=True)
class Overfeeding(EnergyEaten):
    """More of everything that is usually eaten; it flattens the clock."""

    name: ClassVar[str] = "overfeeding"
    said: ClassVar[str] = "overfeeding by"
    sign: ClassVar[float] = 1.0
    largest: ClassVar[float] = LARGEST_OVERFEEDING


@dataclass(frozen=True)
class Sleep(Lasting):
    """Nights from ``begins`` to ``ends`` (hours of the day); irregular ones are earlier and later in turn."""

    begins: float
    ends: float
    irregular: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1.0 <= self.length <= 16.0:
            raise PlanError(f"{self.length:g} h of sleep cannot be planned; between 1 and 16 h can")

    @property
    def length(self) -> float:
        """Hours of sleep."""
        return (self.ends - self.begins) % 24.0


@dataclass(frozen=True)
class ShiftWork(Lasting):
    """A roster with nights in a row each week; sleep and meals of those nights as in the table."""


@dataclass(frozen=True)
class SetMeal(Timed):
    """A meal whose content is said, by energy and style or by grams; it replaces the usual meals of its day.

    Attributes
    ----------
    energy : Amount or None
        Such as 600 kcal.
    carbohydrate, protein, fat : Amount or None
        Masses; all that are left out count as none where one is said.
    style : str
        How energy is shared out.
    """

    energy: Amount | None = None
    carbohydrate: Amount | None = None
    protein: Amount | None = None
    fat: Amount | None = None
    style: str = USUAL
    frequency: Frequency = ONCE
    clock: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None

    def __post_init__(self) -> None:
        self.check_timing()
        if (self.energy is None) == (not self.parts):
            raise PlanError("a meal is said by its energy (600 kcal) or by grams of carbohydrate, protein and fat")
        if self.energy is not None:
            if not units.compatible(self.energy.unit, "kcal"):
                raise PlanError(f"{self.energy} is not an energy; give kcal or kJ")
            _positive("a meal of", self.energy, "kcal", LARGEST_MEAL_KCAL)
        for name, mass in self.parts.items():
            _positive(f"{name} of", mass, "g", LARGEST_PART_G)

    @property
    def parts(self) -> dict[str, Amount]:
        """Masses that are said."""
        every = {"carbohydrate": self.carbohydrate, "protein": self.protein, "fat": self.fat}
        return {name: mass for name, mass in every.items() if mass is not None}


@dataclass(frozen=True)
class Fast(Timed):
    """Nothing eaten for ``length``; usual meals within it fall out."""

    length: Amount
    frequency: Frequency = ONCE
    clock: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None

    def __post_init__(self) -> None:
        check_time("fast", self.length)
        self.check_timing()
        if self.length.to("h") > LONGEST_FAST_H:
            raise PlanError(f"a fast of {self.length} is beyond sense; at most {LONGEST_FAST_H / 24:g} days")
        if self.length.to("h") > self.shortest_gap() * (1 + 1e-12):
            raise PlanError(f"a fast of {self.length} runs into the next one; space them out")


@dataclass(frozen=True)
class Exercise(Timed):
    """Bouts of endurance (with an intensity, % of VO2max) or resistance exercise."""

    sort: str
    length: Amount
    intensity: float | None = None
    frequency: Frequency = ONCE
    clock: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None

    def __post_init__(self) -> None:
        if self.sort not in (ENDURANCE, RESISTANCE):
            raise PlanError(f"{self.sort!r} is no exercise; there is: {ENDURANCE}, {RESISTANCE}")
        check_time("exercise", self.length)
        self.check_timing()
        if self.length.to("h") > min(LONGEST_BOUT_H, self.shortest_gap()) * (1 + 1e-12):
            raise PlanError(f"exercise of {self.length} is beyond sense or runs into the next; shorten it")
        if self.intensity is not None:
            if self.sort == RESISTANCE:
                raise PlanError("resistance exercise has no share of VO2max; leave it out")
            if not 0 < self.intensity <= 100:
                raise PlanError(f"{self.intensity:g} % of VO2max cannot be kept up; give above 0 up to 100 %")


@dataclass(frozen=True)
class Nutrient:
    """A nutrient or drink by mouth, in phases as a regimen: glucose, leucine, essential amino acids, ethanol."""

    name: str
    phases: tuple[Phase, ...]

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
        for phase in self.phases[:-1]:
            if phase.duration is None and phase.frequency.kind != "once":
                raise PlanError("every phase before a 'then' needs a length, e.g. 'for 4 weeks'")


Habit = Meals | EatingWindow | Restriction | Overfeeding | Sleep | ShiftWork | SetMeal | Fast | Exercise | Nutrient


def _positive(what: str, amount: Amount, unit: str, largest: float) -> None:
    value = amount.to(unit)
    if not (math.isfinite(value) and 0 < value <= largest):
        raise PlanError(f"{what} {amount} cannot be eaten; give a number above 0 up to {largest:g} {unit}")
