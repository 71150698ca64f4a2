"""Eating windows: the usual food between two hours of the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from nadflux.errors import PlanError
from nadflux.plans.bounds import shipped_bounds
from nadflux.plans.day.contribution import Contribution, MealPattern
from nadflux.plans.day.usual_day import usual_meal_hours
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Lasting, Size, WithMeals
from nadflux.plans.habits.meals import PATTERN_OF_MEALS, patterns_of_meals
from nadflux.plans.habits.words import LASTING, STYLE, hours_text, read_clauses, read_hours, style_text
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import USUAL_STYLE, LifestyleTables, shipped_lifestyle
from nadflux.plans.occurrences import TINY
from nadflux.plans.timing import CLOCK_AT_START

_RATIO = word_pattern(
    r"(?P<fasted>\d{1,2}):(?P<fed>\d{1,2})"
    r"(?:\s+(?:eating window|time-restricted (?:eating|feeding)|fasting)|(?=\s*(?:$|for\b|from\b)))"
)
_WINDOW = word_pattern(r"eating window|time-restricted eating|time-restricted feeding")


@dataclass(frozen=True)
class EatingWindow(WithMeals, Lasting):
    """The usual food, eaten between two hours of the day.

    Attributes
    ----------
    opens, closes : float
        Hours of the day.
    style : str
    """

    opens: float
    closes: float
    style: str = USUAL_STYLE
    words: ClassVar = ("eating window", "time-restricted eating")
    says: ClassVar = (
        ("`16:8 eating window`, `time-restricted eating 12:00-20:00`", "the usual food within these hours"),
    )
    subject: ClassVar = PATTERN_OF_MEALS

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 24.0 - self.length <= shipped_bounds().possible("eating window", "h"):
            raise PlanError("an eating window is at least an hour long; write e.g. '12:00-20:00'")

    @property
    def length(self) -> float:
        """Hours from opening to closing."""
        return (self.closes - self.opens) % 24.0

    @classmethod
    def read(cls, reader: Reader, begin: int) -> EatingWindow | None:
        """Read ``16:8 eating window`` or ``time-restricted eating 12:00-20:00``."""
        ratio = reader.take(_RATIO)
        if ratio:
            return cls._of_ratio(reader, begin, int(ratio.group("fasted")), int(ratio.group("fed")))
        if not reader.take(_WINDOW):
            return None
        hours = read_hours(reader)
        if hours is None:
            raise reader.error("hours are needed, e.g. '12:00-20:00'", *reader.next_word)
        return cls._with_clauses(reader, begin, *hours)

    @classmethod
    def _of_ratio(cls, reader: Reader, begin: int, fasted: int, fed: int) -> EatingWindow:
        if fasted + fed != 24 or not fed:
            raise reader.error(f"{fasted} and {fed} hours do not make a day", begin, begin + len(f"{fasted}:{fed}"))
        start = reader.position
        hours = read_hours(reader)
        if hours is None and fed > fasted:
            raise reader.error(
                f"{fasted}:{fed} may mean {fed} hours without food or {fed} hours of eating; write '{fed}:{fasted}' "
                "for the first, or the hours of eating, e.g. '8:00-22:00'",
                begin,
                begin + len(f"{fasted}:{fed}"),
            )
        opens = shipped_lifestyle().number("eating window", "start", "h") if hours is None else hours[0]
        closes = (opens + fed) % 24.0
        if hours is not None and abs(hours[1] - closes) > 1e-9:
            raise reader.error(f"these hours are not the {fed} of {fasted}:{fed}", start, reader.position)
        return cls._with_clauses(reader, begin, opens, closes)

    @classmethod
    def _with_clauses(cls, reader: Reader, begin: int, opens: float, closes: float) -> EatingWindow:
        found = read_clauses(reader, LASTING, {"style": STYLE})
        with reader.pointing(begin, reader.end):
            return cls(opens, closes, **found)

    def head(self) -> str:
        """Return e.g. ``16:8 eating window 12:00-20:00``."""
        length = self.length
        ratio = f"{24 - int(length)}:{int(length)} " if length == int(length) and length < 24 else ""
        return f"{ratio}eating window {hours_text(self.opens, self.closes)}{style_text(self.style)}"

    @property
    def size(self) -> Size:
        """Hours of the day without food."""
        fasted = 24.0 - self.length
        return Size("eating window", fasted, "h", f"an eating window that leaves {fasted:g} h of the day without food")

    @property
    def meal_style(self) -> str:
        """Style of the meals of every day."""
        return self.style

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the usual meals, moved into the window."""
        usual = usual_meal_hours(tables)
        first, last = usual[0][0], usual[-1][0]
        length = self.length - tables.number("eating window", "last meal", "h")
        meals = [(self.opens + (hour - first) / (last - first) * length, share) for hour, share in usual]
        patterns = patterns_of_meals(window, meals, self.style)
        return Contribution(meal_patterns=tuple(self._within(pattern) for pattern in patterns))

    def _within(self, pattern: MealPattern) -> MealPattern:
        """Return the meals of a pattern, each with the window of its day."""
        first = self.opens - CLOCK_AT_START
        opened = [meal.time_h - ((meal.time_h - first + TINY) % 24.0 - TINY) for meal in pattern.meals]
        meals = zip(pattern.meals, opened, strict=True)
        return replace(pattern, meals=tuple(replace(meal, window=(at, at + self.length)) for meal, at in meals))
