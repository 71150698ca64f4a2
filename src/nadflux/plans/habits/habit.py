"""The answers of every habit: its words, its subject, how long it holds and what it brings to the days of a run."""

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
from nadflux.plans.occurrences import DAY_H, phase_end, phase_times, span_of
from nadflux.plans.timing import Amount, Timed, check_course, check_time, clock_text, span_words

ENTRY = "lifestyle"
"""Field of a document that holds a habit as a sentence, less its timing."""


@dataclass(frozen=True, slots=True)
class Size:
    """The amount of a habit that is planned, to be compared with the largest size in the collected data.

    Attributes
    ----------
    what : str
        Rows of ``bounds.csv`` which say what was studied.
    value : float
    unit : str
    said : str
        Such as ``a fast of 36 h``.
    per : str
        ``once``, or ``least`` where the smallest studied is the bound.
    at : float
        Intensity of exercise, 0 to 1; 0 where it has none.
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
        How it is written, each with what it means; the documentation shows them.
    one_of_each : bool
        Whether usual life holds one habit of its subject at most.
    judged_at_its_end : bool
        Whether a plan of nothing else is judged when it ends, as the day after is another day.
    """

    words: ClassVar[tuple[str, ...]] = ()
    says: ClassVar[tuple[tuple[str, str], ...]] = ()
    one_of_each: ClassVar[bool] = False
    judged_at_its_end: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader, begin: int) -> Habit | None:
        """Read the habit off a sentence; None and no move where its words do not stand there.

        Parameters
        ----------
        reader : Reader
            After words such as ``eats``.
        begin : int
            Where the stretch of the sentence begins, for errors.

        Raises
        ------
        PlanError
            Points at the word that is not understood.
        """

    @property
    @abstractmethod
    def subject(self) -> str:
        """The subject of the habit; of one subject the plan's takes the place of the person's."""

    @property
    @abstractmethod
    def repeats(self) -> bool:
        """True where it goes on, rather than to happen once."""

    @property
    @abstractmethod
    def bounded(self) -> bool:
        """True where a start or a length is said."""

    @abstractmethod
    def sentence(self) -> str:
        """Return the habit as a sentence, which reads back to the same habit."""

    @abstractmethod
    def to_entry(self) -> dict[str, Any]:
        """Return the habit as an entry of a document."""

    @abstractmethod
    def with_timing(self, entry: Mapping[str, Any]) -> Habit:
        """Return the habit with the timing that an entry of a document gives; raises `PlanError`."""

    @abstractmethod
    def over_at(self, tables: LifestyleTables) -> float:
        """Return when it is over, in hours; infinite where it is open; what happens once is followed for a day."""

    @abstractmethod
    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return from when to when it holds in a plan, hours of a run that ends at ``end_h``."""

    @abstractmethod
    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return what it brings to the days of a run in the hours in which it holds."""

    @property
    def size(self) -> Size | None:
        """The amount of it that is planned; None where nothing is said of what was studied."""
        return None

    def sizes(self, tables: LifestyleTables) -> tuple[Size, ...]:
        """Return every amount of it that is planned, with what the tables say of what is not said."""
        return () if self.size is None else (self.size,)

    @property
    def meal_style(self) -> str | None:
        """Style of the meals of every day, where the habit says how they are eaten."""
        return None

    def in_style(self, style: str) -> Habit:
        """Return the habit with meals of a style where it has meals and says none."""
        return self


class WithMeals(Habit):
    """A habit that has meals; its dataclass has a field for their style."""

    style: str

    def in_style(self, style: str) -> Self:
        """Return the habit with meals of a style where it says none."""
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
        """Always."""
        return True

    @property
    def bounded(self) -> bool:
        """True where a start or a length is said."""
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
        """Return when it is over, in hours."""
        return self.holds(math.inf, tables)[1]

    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return from when to when it holds, hours."""
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
        """Return the hour of the day at which it happens where none is said; None for the morning."""
        return None

    def at_usual_hour(self, tables: LifestyleTables) -> Self:
        """Return the habit with its usual hour where it says none and keeps a time of day."""
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
        """True where a frequency is said."""
        return self.frequency.kind != "once"

    @property
    def bounded(self) -> bool:
        """True where a start or a length is said."""
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
        """Return when it is over, in hours."""
        if self.repeats:
            return phase_end([self], DAY_H)
        return phase_times("", [self.at_usual_hour(tables)], math.inf)[0][0] + self.length_h + DAY_H

    def holds(self, end_h: float, tables: LifestyleTables) -> Stretch:
        """Return from when to when it holds, hours."""
        return span_of(self.subject, [self.at_usual_hour(tables)], end_h, self.length_h)


def _span_fields(duration: Amount | None, start: Amount | None) -> dict[str, str]:
    return {name: str(value) for name, value in (("for", duration), ("from", start)) if value is not None}
