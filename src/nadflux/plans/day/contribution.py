"""The parts that a habit brings to the days of a run, as data: patterns of meals and sleep, fasts, bouts and more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Stretch = tuple[float, float]
"""Hours of the run from which to which something holds."""


@dataclass(frozen=True, slots=True)
class UsualMeal:
    """A meal of a pattern: hours of the run, share of what is eaten in a usual day, and style."""

    time_h: float
    share: float
    style: str


@dataclass(frozen=True, slots=True)
class MealPattern:
    """Meals that hold the usual food while a pattern lasts.

    Attributes
    ----------
    start_h, stop_h : float
    meals : tuple of UsualMeal
    yields : bool
        Whether it only moves the meals of the usual day, and gives way to a pattern that is said.
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
        Whether no usual meal is eaten soon after it.
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
        What it is one of, where only one can be done at a time, such as ``bouts of exercise``; else empty.
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
    """The effect that repeated bouts build up: the input that says how much a week, and the state that follows it.

    Attributes
    ----------
    target, level_target : str
    level : float
        In programmes of reference.
    """

    target: str
    level_target: str
    level: float


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """All that one habit brings; nothing by default.

    Attributes
    ----------
    meal_patterns : tuple of MealPattern
    sleep_patterns : tuple of SleepPattern
    fasts : tuple of (start, stop)
        Hours in which nothing is eaten.
    energy : tuple of (start, stop, share)
        Hours in which another share of the usual food is eaten.
    set_meals, loads : tuple of Swallowed
        Set meals take the place of usual ones; loads and drinks come besides.
    inputs : tuple of InputSpan
    training : Training or None
    strengths : tuple of (start, stop, factor)
        Hours in which the circadian clock is weaker, and by how much.
    lateness : tuple of (start, stop, hours)
        Hours in which sleep is later than usual, and by how much.
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
