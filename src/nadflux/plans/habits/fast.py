"""Fasts: no food, and so no niacin from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nadflux.errors import PlanError
from nadflux.plans.bounds import refuse_impossible
from nadflux.plans.day.contribution import Contribution
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Happening, Size
from nadflux.plans.habits.words import TIMED, check_how_often, read_clauses
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import FAST, LifestyleTables
from nadflux.plans.timing import ONCE, Amount, Frequency, check_time

_FAST = word_pattern(r"fast(?:s|ing)?(?:\s+(?:for|of))?")


@dataclass(frozen=True)
class Fast(Happening):
    """A stretch of ``length`` without food; usual meals within it are skipped."""

    length: Amount
    frequency: Frequency = ONCE
    times_of_day: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None
    words: ClassVar = ("fast",)
    says: ClassVar = (
        ("`fast 36 h`", "nothing eaten, and no niacin of the food; from the evening on unless a time is given"),
    )
    subject: ClassVar = FAST
    judged_at_its_end: ClassVar = True

    def __post_init__(self) -> None:
        check_time("fast", self.length)
        self.check_timing()
        refuse_impossible(FAST, self.length.to("d"), "d", f"a fast of {self.length}")
        if self.length_h > self.shortest_gap() * (1 + 1e-12):
            raise PlanError(f"a fast of {self.length} runs into the next one; space them out")

    @classmethod
    def read(cls, reader: Reader, begin: int) -> Fast | None:
        """Read ``fast 36 h``."""
        if not reader.take(_FAST):
            return None
        length, start, end = reader.amount("length of a fast")
        found = read_clauses(reader, TIMED)
        check_how_often(reader, found, begin)
        with reader.pointing(start, end):
            return cls(length, **found)

    def head(self) -> str:
        """Return e.g. ``fast 36 h``."""
        return f"fast {self.length}"

    @property
    def length_h(self) -> float:
        """Hours of one fast."""
        return self.length.to("h")

    @property
    def size(self) -> Size:
        """Length of one fast."""
        return Size(FAST, self.length_h, "h", f"a fast of {self.length}")

    def usual_hour(self, tables: LifestyleTables) -> float:
        """Return the hour of the day at which a fast begins if the plan does not say."""
        return tables.number(FAST, "start", "h")

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the hours without food."""
        times = self.times(window, tables)
        return Contribution(fasts=tuple((time, min(time + self.length_h, window.end_h)) for time in times))
