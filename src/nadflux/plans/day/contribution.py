"""Contributions of a habit to the days of a run, as data: patterns of meals and sleep, fasts, bouts and more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Stretch = tuple[float, float]
"""Start and stop, hours of the run."""


@dataclass(frozen=True, slots=True)
class UsualMeal:
    """A meal of a pattern: time (h of the run), share of the food of a usual day, style, and eating window if any."""

    time_h: float
    share: float
    style: str
    window: Stretch | None = None


@dataclass(frozen=True, slots=True)
class MealPattern:
    """Meals with the usual food while a pattern lasts.

    Attributes
    ----------
    start_h, stop_h : float
    meals : tuple of UsualMeal
    yields : bool
        Whether it only moves the meals of the usual day, and gives way to an explicit pattern.
    """

    start_h: float
    stop_h: float
    meals: tuple[UsualMeal, ...]
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Night:
    """One stretch of sleep, hours of the run."""

    start_h: float
    stop_h: float


@dataclass(frozen=True, slots=True)
class SleepPattern:
    """Nights while a pattern lasts, hours of the run."""

    start_h: float
    stop_h: float
    nights: tuple[Night, ...]


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A meal, load or drink of known content.

    Attributes
    ----------
    time_h : float
    amounts : mapping of str to float
        µmol by state of the stomach.
    what, label : str
        As in a `Span`.
    grams : mapping of str to float
        g by nutrient.
    alone : bool
        Whether usual meals soon after it are skipped.
    """

    time_h: float
    amounts: Mapping[str, float]
    what: str
    label: str
    grams: Mapping[str, float]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class InputSpan:
    """An input of the model that is on for a while and 0 otherwise.

    Attributes
    ----------
    target : str
        Name of the input.
    start_h, stop_h, value : float
        In hours of the run and the unit of the input.
    what, label : str
        As in a `Span`.
    one_at_a_time : str
        Group of activities of which only one can be done at a time, such as ``bouts of exercise``; else empty.
    """

    target: str
    start_h: float
    stop_h: float
    value: float
    what: str
    label: str
    one_at_a_time: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """The effect of repeated bouts: an input for the weekly dose, and the state that follows it.

    Attributes
    ----------
    target, level_target : str
    level : float
        Dose in units of the reference programme.
    """

    target: str
    level_target: str
    level: float


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """The contribution of one habit; empty by default.

    Attributes
    ----------
    meal_patterns : tuple of MealPattern
    sleep_patterns : tuple of SleepPattern
    fasts : tuple of (start, stop)
        Hours without food.
    energy : tuple of (start, stop, share)
        Hours in which less or more than the usual food is eaten, as a share of it.
    set_meals, loads : tuple of Swallowed
        Set meals replace usual ones; loads and drinks are added to them.
    inputs : tuple of InputSpan
    training : Training or None
    strengths : tuple of (start, stop, factor)
        Hours in which the circadian clock is weaker, with the factor.
    lateness : tuple of (start, stop, hours)
        Hours in which sleep is later than usual, with the delay (h).
    """

    meal_patterns: tuple[MealPattern, ...] = ()
    sleep_patterns: tuple[SleepPattern, ...] = ()
    fasts: tuple[Stretch, ...] = ()
    energy: tuple[tuple[float, float, float], ...] = ()
    set_meals: tuple[Swallowed, ...] = ()
    loads: tuple[Swallowed, ...] = ()
    inputs: tuple[InputSpan, ...] = ()
    training: Training | None = None
    strengths: tuple[tuple[float, float, float], ...] = ()
    lateness: tuple[tuple[float, float, float], ...] = ()
