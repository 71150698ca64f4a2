"""The interface of every habit: its words, its subject, its timing and its contribution to the days of a run."""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from nadflux.errors import PlanError
from nadflux.plans.bounds import ONCE
from nadflux.plans.day.contribution import Contribution, Stretch
from nadflux.plans.day.window import Window
from nadflux.plans.language.fields import timing_of
from nadflux.plans.language.reader import Reader
from nadflux.plans.lifestyle_tables import USUAL_STYLE, LifestyleTables
from nadflux.plans.occurrences import phase_end, phase_times, span_of
from nadflux.plans.timing import Amount, Timed, check_course, check_time, clock_text, span_words
from nadflux.units import DAY_H

ENTRY = "lifestyle"
"""Field of a document with a habit as a sentence without its timing."""


@dataclass(frozen=True, slots=True)
class Size:
    """The planned amount of a habit, to compare with the largest in the collected data.

    Attributes
    ----------
    what : str
        Key of its rows in ``bounds.csv``.
    value : float
    unit : str
    said : str
        Such as ``a fast of 36 h``.
    per : str
        ``once``, or ``least`` if the smallest studied amount is the bound.
    at : float
        Intensity of exercise, 0 to 1; 0 for none.
    """

    what: str
    value: float
    unit: str
    said: str
    per: str = ONCE
    at: float = 0.0


class Habit(ABC):
    """A habit of a plan or of a person's usual life.

    Attributes
    ----------
    words : tuple of str
        Words that begin it, for errors.
    says : tuple of (str, str)
        Ways to write it, each with its meaning; the documentation shows them.
    one_of_each : bool
        Whether usual life has at most one habit of its subject.
    judged_at_its_end : bool
        Whether a plan with this habit alone is judged when it ends, because the next day differs.
    """

    words: ClassVar[tuple[str, ...]] = ()
    says: ClassVar[tuple[tuple[str, str], ...]] = ()
    one_of_each: ClassVar[bool] = False
    judged_at_its_end: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader, begin: int) -> Habit | None:
        """Read the habit from a sentence; return None without moving if its words are not next.

        Parameters
        ----------
        reader : Reader
            Positioned after words such as ``eats``.
        begin : int
            Start of the stretch of the sentence, for errors.

        Raises
        ------
        PlanError
            For a word that is not understood; the message points at it.
        """

    @property
    @abstractmethod
    def subject(self) -> str:
        """The subject of the habit; a plan's habit replaces the person's habit of the same subject."""

    @property
    @abstractmethod
    def repeats(self) -> bool:
        """True if it goes on or repeats, rather than happening once."""

    @property
    @abstractmethod
    def bounded(self) -> bool:
        """True if the sentence gives a start or a length."""

    @abstractmethod
    def sentence(self) -> str:
        """Return the habit as a sentence, which reads back to the same habit."""

    @abstractmethod
    def to_entry(self) -> dict[str, Any]:
        """Return the habit as an entry of a document."""

    @abstractmethod
    def with_timing(self, entry: Mapping[str, Any]) -> Habit:
        """Return the habit with the timing from an entry of a document; raises `PlanError`."""

    @abstractmethod
    def over_at(self, tables: LifestyleTables) -> float:
        """Return the time at which it ends, h; infinite if open; a single event is followed for a day."""

    @abstractmethod
    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return the start and stop of the habit in a plan, hours of a run that ends at ``end_h``."""

    @abstractmethod
    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return its contribution to the days of a run in the hours in which it holds."""

    @property
    def size(self) -> Size | None:
        """The planned amount; None if there are no data to compare it with."""
        return None

    def sizes(self, tables: LifestyleTables) -> tuple[Size, ...]:
        """Return every planned amount; those the sentence leaves open come from the tables."""
        return () if self.size is None else (self.size,)

    @property
    def meal_style(self) -> str | None:
        """Style of the meals of every day, or None if the habit has none."""
        return None

    def in_style(self, style: str) -> Habit:
        """Return the habit with meals of a style if it has meals without one."""
        return self


class WithMeals(Habit):
    """A habit with meals; its dataclass has a field for their style."""

    style: str

    def in_style(self, style: str) -> Self:
        """Return the habit with meals of a style if it has none."""
        return dataclasses.replace(self, style=style) if self.style == USUAL_STYLE else self  # type: ignore[type-var]


@dataclass(frozen=True, kw_only=True)
class Lasting(Habit):
    """A habit that holds every day for a while: ``duration`` (None: to the end of the run) from ``start`` (0)."""

    duration: Amount | None = None
    start: Amount | None = None
    one_of_each: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.duration is not None:
            check_time("duration", self.duration)
            check_course(self.duration, DAY_H)
        if self.start is not None:
            check_time("start", self.start)

    @abstractmethod
    def head(self) -> str:
        """Return the habit as a sentence without duration and start."""

    @property
    def repeats(self) -> bool:
        """Always true."""
        return True

    @property
    def bounded(self) -> bool:
        """True if the sentence gives a start or a length."""
        return self.duration is not None or self.start is not None

    def sentence(self) -> str:
        """Return the habit as a sentence."""
        return " ".join((self.head(), *span_words(self.duration, self.start)))

    def to_entry(self) -> dict[str, Any]:
        """Return the habit as an entry of a document."""
        return {ENTRY: self.head(), **_span_fields(self.duration, self.start)}

    def with_timing(self, entry: Mapping[str, Any]) -> Self:
        """Return the habit with the duration and start of an entry; raises `PlanError` for a frequency."""
        if entry.keys() & {"frequency", "at"}:
            raise PlanError(f"{entry[ENTRY]!r} holds every day; leave out 'frequency' and 'at'")
        return dataclasses.replace(self, **timing_of(entry))

    def over_at(self, tables: LifestyleTables) -> float:
        """Return the time at which it ends, h."""
        return self.holds(math.inf, tables)[1]

    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return its start and stop, h."""
        begin = 0.0 if self.start is None else self.start.to("h")
        return begin, min(end_h, math.inf if self.duration is None else begin + self.duration.to("h"))


class Happening(Timed, Habit):
    """A habit that happens at times; its dataclass has the fields of `Timed`."""

    @abstractmethod
    def head(self) -> str:
        """Return the habit as a sentence without frequency, times of day, duration and start."""

    @property
    def length_h(self) -> float:
        """Hours that it takes each time."""
        return 0.0

    def usual_hour(self, tables: LifestyleTables) -> float | None:
        """Return the hour of the day at which it happens if the sentence gives none; None for the morning."""
        return None

    def at_usual_hour(self, tables: LifestyleTables) -> Self:
        """Return the habit with its usual hour if it keeps a time of day and gives none."""
        interval = self.frequency.interval
        several = self.frequency.count > 1 and self.frequency.kind == "daily"
        if self.times_of_day or several or (interval is not None and interval.to("h") % DAY_H):
            return self
        hour = self.usual_hour(tables)
        return self if hour is None else dataclasses.replace(self, times_of_day=(hour % DAY_H,))  # type: ignore[type-var]

    def times(self, window: Window, tables: LifestyleTables) -> list[float]:
        """Return the hours of a run at which it happens."""
        return [time for time, _ in window.times(self.subject, [self.at_usual_hour(tables)])]

    @property
    def repeats(self) -> bool:
        """True if the sentence gives a frequency."""
        return self.frequency.kind != "once"

    @property
    def bounded(self) -> bool:
        """True if the sentence gives a start or a length."""
        return self.duration is not None or self.start is not None

    def sentence(self) -> str:
        """Return the habit as a sentence."""
        return " ".join((self.head(), *self.timing_words()))

    def to_entry(self) -> dict[str, Any]:
        """Return the habit as an entry of a document."""
        fields = {ENTRY: self.head(), "frequency": str(self.frequency)}
        if self.times_of_day:
            fields["at"] = clock_text(self.times_of_day)
        return {**fields, **_span_fields(self.duration, self.start)}

    def with_timing(self, entry: Mapping[str, Any]) -> Self:
        """Return the habit with the timing of an entry; raises `PlanError`."""
        return dataclasses.replace(self, **timing_of(entry))  # type: ignore[type-var]

    def over_at(self, tables: LifestyleTables) -> float:
        """Return the time at which it ends, h."""
        if self.repeats:
            return phase_end([self], DAY_H)
        return phase_times("", [self.at_usual_hour(tables)], math.inf)[0][0] + self.length_h + DAY_H

    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return its start and stop, h."""
        return span_of(self.subject, [self.at_usual_hour(tables)], end_h, self.length_h)


def _span_fields(duration: Amount | None, start: Amount | None) -> dict[str, str]:
    return {name: str(value) for name, value in (("for", duration), ("from", start)) if value is not None}
