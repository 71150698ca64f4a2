"""Caloric restriction and overfeeding: less or more of all usual food."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import ClassVar, Self

from nadflux.errors import PlanError
from nadflux.plans.bounds import shipped_bounds
from nadflux.plans.day.contribution import Contribution
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Lasting, Size
from nadflux.plans.habits.words import LASTING, read_clauses
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import LifestyleTables
from nadflux.plans.timing import Amount


@dataclass(frozen=True)
class EnergyEaten(Lasting):
    """A change of all usual food by ``percent`` of its energy.

    Attributes
    ----------
    percent : float
    name, said : str
        Words for it in a plan, and at the start of a sentence about its size.
    asked : str
        Words for the percentage in an error about a missing one.
    pattern : re.Pattern
        Words that begin it.
    """

    percent: float
    name: ClassVar[str]
    said: ClassVar[str]
    asked: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]
    sign: ClassVar[float]
    remedy: ClassVar[str] = ""
    subject: ClassVar = "energy eaten"

    def __post_init__(self) -> None:
        super().__post_init__()
        largest = shipped_bounds().possible(self.name, "%")
        if not 0 < self.percent <= largest:
            raise PlanError(
                f"{self.said} {self.percent:g} % cannot be planned; give above 0 up to {largest:g} %{self.remedy}"
            )

    @property
    def share(self) -> float:
        """Share of the usual food."""
        return 1.0 + self.sign * self.percent / 100.0

    @classmethod
    def read(cls, reader: Reader, begin: int) -> Self | None:
        """Read e.g. ``caloric restriction 25%``."""
        if not reader.take(cls.pattern):
            return None
        percent, start, end = reader.amount(cls.asked)
        if percent.unit != "%":
            raise reader.error(f"{cls.asked} is given in %, e.g. '25 %'", start, end)
        found = read_clauses(reader, LASTING)
        with reader.pointing(start, end):
            return cls(percent.value, **found)

    def head(self) -> str:
        """Return e.g. ``caloric restriction 25 %``."""
        return f"{self.name} {Amount(self.percent, '%')}"

    @property
    def size(self) -> Size:
        """Percentage of energy."""
        return Size(self.name, self.percent, "%", f"{self.said} {self.percent:g} %")

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the hours in which less or more than the usual food is eaten."""
        return Contribution(energy=tuple((begin, stop, self.share) for begin, stop in window.spans))


@dataclass(frozen=True)
class Restriction(EnergyEaten):
    """Less of all usual food."""

    name: ClassVar = "caloric restriction"
    said: ClassVar = "a restriction of"
    asked: ClassVar = "a restriction"
    pattern: ClassVar = word_pattern(r"(?:caloric|calorie|energy) restriction(?:\s+(?:of|by))?")
    sign: ClassVar = -1.0
    remedy: ClassVar = ", or a fast"
    words: ClassVar = ("caloric restriction",)
    says: ClassVar = (("`caloric restriction 25%`", "less of everything"),)


@dataclass(frozen=True)
class Overfeeding(EnergyEaten):
    """More of all usual food; it flattens the circadian clock."""

    name: ClassVar = "overfeeding"
    said: ClassVar = "overfeeding by"
    asked: ClassVar = "overfeeding"
    pattern: ClassVar = word_pattern(r"(?:overfeeding|(?:caloric|calorie|energy) (?:surplus|excess))(?:\s+(?:of|by))?")
    sign: ClassVar = 1.0
    words: ClassVar = ("overfeeding",)
    says: ClassVar = (("`overfeeding 30%`", "more of everything, and a flatter clock"),)

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the hours in which more is eaten and the clock is weaker."""
        strength = tables.number(self.name, "strength", "fraction")
        return dataclasses.replace(
            super().contribute(window, tables), strengths=tuple((*span, strength) for span in window.spans)
        )
