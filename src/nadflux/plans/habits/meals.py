"""Meals a day with the usual food: a number of them, or at given hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from nadflux.errors import PlanError
from nadflux.plans.bounds import shipped_bounds
from nadflux.plans.day.contribution import Contribution, MealPattern
from nadflux.plans.day.usual_day import daily_meals, usual_meal_hours
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Lasting, WithMeals
from nadflux.plans.habits.words import LASTING, STYLE, read_clauses, read_style, style_text
from nadflux.plans.language.clauses import COUNTS
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import USUAL_STYLE, LifestyleTables
from nadflux.plans.timing import clock_words

PATTERN_OF_MEALS = "pattern of meals"
_COUNT = "|".join(COUNTS)
_MEALS = word_pattern(rf"(?P<count>{_COUNT}|\d+)\s+meals?(?:\s*(?:a day|per day|daily|/\s*d(?:ay)?))?|meals(?=\s|$)")
_DIET = word_pattern(r"diet")


@dataclass(frozen=True)
class Meals(WithMeals, Lasting):
    """A number of meals a day, which together make up the usual food.

    Attributes
    ----------
    count : int
    times_of_day : tuple of float
        Hours of the day; empty for the usual ones.
    style : str
        Shares of carbohydrate, protein and fat, a row of ``meals.csv``.
    """

    count: int = 3
    times_of_day: tuple[float, ...] = ()
    style: str = USUAL_STYLE
    words: ClassVar = ("meals",)
    says: ClassVar = (
        ("`N meals a day`, `meals at 8:00, 13:00 and 19:00`", "the usual food, N times or at these hours"),
        ("`high-protein` and other styles", "after meals, meal or window: another share of macronutrients"),
    )
    subject: ClassVar = PATTERN_OF_MEALS

    def __post_init__(self) -> None:
        super().__post_init__()
        most = shipped_bounds().possible("meals", "1")
        if not 1 <= self.count <= most:
            raise PlanError(f"{self.count} meals a day cannot be planned; between 1 and {most:g} can")
        if self.times_of_day and len(self.times_of_day) != self.count:
            raise PlanError(f"{self.count} meals a day need {self.count} times of day, found {len(self.times_of_day)}")
        if len(set(self.times_of_day)) != len(self.times_of_day):
            raise PlanError("a time of day is named twice; name each once")

    @classmethod
    def read(cls, reader: Reader, begin: int) -> Meals | None:
        """Read ``three meals a day``, ``meals at 8:00 and 19:00`` or a style alone, as ``vegetarian``."""
        found = reader.take(_MEALS)
        if found:
            return cls._counted(reader, begin, found.group("count"))
        style = read_style(reader)
        if style is None:
            return None
        reader.take(_DIET)
        return cls(style=style, **read_clauses(reader, LASTING))

    @classmethod
    def _counted(cls, reader: Reader, begin: int, count: str | None) -> Meals:
        number = None if count is None else COUNTS.get(count.casefold()) or int(count)
        found = read_clauses(reader, ("times_of_day", *LASTING), {"style": STYLE})
        hours = found.get("times_of_day", ())
        if number is None and not hours:
            raise reader.error(
                "how many? say 'three meals a day' or 'meals at 08:00, 13:00 and 19:00'", begin, begin + 5
            )
        with reader.pointing(begin, reader.end):
            return cls(number or len(hours), **found)

    def head(self) -> str:
        """Return e.g. ``3 meals a day high-protein``."""
        hours = clock_words(self.times_of_day)
        named = " ".join(("meals", *hours)) if hours else f"{self.count} meals a day"
        return named + style_text(self.style)

    @property
    def meal_style(self) -> str:
        """Style of the meals of every day."""
        return self.style

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the meals of every day."""
        return Contribution(meal_patterns=patterns_of_meals(window, self._hours_and_shares(tables), self.style))

    def _hours_and_shares(self, tables: LifestyleTables) -> list[tuple[float, float]]:
        usual = usual_meal_hours(tables)
        shares = [share for _, share in usual] if self.count == len(usual) else [1.0 / self.count] * self.count
        return list(zip(self._hours([hour for hour, _ in usual]), shares, strict=True))

    def _hours(self, usual: Sequence[float]) -> Sequence[float]:
        """Return the hours of the meals: as given, else the last of the usual ones, else spread over them."""
        if self.times_of_day:
            return sorted(self.times_of_day)
        if self.count <= len(usual):
            return usual[-self.count :]
        first, last = usual[0], usual[-1]
        return [first + (last - first) * k / (self.count - 1) for k in range(self.count)]


def patterns_of_meals(
    window: Window, hours_and_shares: Sequence[tuple[float, float]], style: str
) -> tuple[MealPattern, ...]:
    """Return the meals of every day of a window.

    Parameters
    ----------
    window : Window
    hours_and_shares : sequence of (hour, share)
        Hours of the day, and shares of the food of a usual day.
    style : str
    """
    return tuple(
        MealPattern(begin, stop, daily_meals(hours_and_shares, style, begin, stop)) for begin, stop in window.spans
    )
