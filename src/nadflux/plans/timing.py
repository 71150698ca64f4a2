"""Timing of doses and habits: frequency, times of day, duration and start."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nadflux import units
from nadflux.errors import PlanError
from nadflux.plans.bounds import refuse_impossible
from nadflux.units import DAY_H, WEEK_H

PER_KG = "/kg"
# Hour of the day of time 0 of a run: the morning sample, before the first dose.
CLOCK_AT_START = 8.0
# Waking hours over which "three times daily" is spread: 08:00 to 20:00.
WAKING = 12.0
LONGEST_Y = 100.0
MOST_PER_DAY = 24
LONGEST_CYCLE_D = 366


@dataclass(frozen=True)
class Amount:
    """A number with its unit as written, e.g. ``Amount(500, "mg")``."""

    value: float
    unit: str

    def __str__(self) -> str:
        whole = abs(self.value) < 1e15 and self.value == int(self.value)
        value = int(self.value) if whole else self.value
        return f"{value!r} {self.unit}"

    @property
    def per_kg(self) -> bool:
        """True for an amount by weight, such as 10 mg/kg."""
        return self.unit.endswith(PER_KG)

    def of_weight(self, weight: float) -> Amount:
        """Return an amount by weight as that of a person of this weight, kg."""
        return Amount(float(f"{self.value * weight:.10g}"), self.unit.removesuffix(PER_KG)) if self.per_kg else self

    def to(self, unit: str) -> float:
        """Return the value in another unit."""
        return units.convert(self.value, self.unit, unit)


@dataclass(frozen=True)
class Frequency:
    """A frequency: once, ``count`` times per day or week, or every ``interval``.

    Attributes
    ----------
    kind : str
        ``once``, ``daily``, ``weekly`` or ``every``.
    count : int
        Doses per day or week.
    interval : Amount or None
        For ``every``.
    on, off : int
        For ``daily``: days with doses and days without, in turn; 0 for every day.
    """

    kind: str
    count: int = 1
    interval: Amount | None = None
    on: int = 0
    off: int = 0

    def __str__(self) -> str:
        if self.on:
            return f"{Frequency(self.kind, self.count)} {_days(self.on)} on {_days(self.off)} off"
        if self.kind == "once":
            return "once"
        if self.kind == "every":
            return f"every {self.interval}"
        if self.kind == "weekly":
            return f"{self.count} sessions/week" if self.count != 1 else "weekly"
        return {1: "daily", 2: "twice daily", 3: "three times daily"}.get(self.count, f"{self.count} times daily")

    @property
    def interval_h(self) -> float:
        """Hours between two times; infinite if it happens once."""
        return WEEK_H / self.per_week if self.kind != "once" else math.inf

    @property
    def per_day(self) -> float:
        """Largest number of times in 24 hours."""
        if self.interval is not None:
            return max(1.0, math.ceil(24.0 / self.interval.to("h") - 1e-9))
        return float(self.count) if self.kind == "daily" else 1.0

    @property
    def per_week(self) -> float:
        """Times in a week; 0 if it happens once."""
        if self.interval is not None:
            return WEEK_H / self.interval.to("h")
        share = self.on / (self.on + self.off) if self.on else 1.0
        return {"weekly": 1.0, "daily": 7.0}.get(self.kind, 0.0) * self.count * share

    @property
    def cycle(self) -> int:
        """Days after which it repeats: days with doses and without, or 1."""
        return self.on + self.off if self.on else 1


ONCE = Frequency("once")


class Timed:
    """Timing by a frequency, times of day, a duration and a start; subclasses declare the fields."""

    frequency: Frequency
    times_of_day: tuple[float, ...]
    duration: Amount | None
    start: Amount | None

    def hours(self) -> tuple[float, ...]:
        """Return the hours from the morning of a dosing day at which doses are given."""
        if self.times_of_day:
            return tuple(sorted((hour - CLOCK_AT_START) % 24.0 for hour in self.times_of_day))
        if self.frequency.kind == "daily" and self.frequency.count > 1:
            step = WAKING / (self.frequency.count - 1)
            return tuple(step * i for i in range(self.frequency.count))
        return (0.0,)

    def check_timing(self) -> None:
        """Refuse times that cannot be planned; raises `PlanError`."""
        if self.duration is not None:
            check_time("duration", self.duration)
        if self.start is not None:
            check_time("start", self.start)
        if self.frequency.interval is not None:
            check_time("interval", self.frequency.interval)
        if not 1 <= self.frequency.count <= MOST_PER_DAY:
            raise PlanError(f"{self.frequency.count} doses a day or week; between 1 and {MOST_PER_DAY} can be planned")
        self._check_cycle()
        if self.frequency.kind == "weekly" and self.frequency.count > 7:
            raise PlanError(f"{self.frequency.count} sessions a week; up to 7 can be planned, else say 'daily'")
        if self.times_of_day:
            self._check_times_of_day()
        if self.duration is not None:
            if self.frequency.kind == "once":
                raise PlanError("a single dose has no duration; say how often, e.g. 'daily for 8 weeks'")
            check_course(
                self.duration,
                min(self.frequency.interval_h, DAY_H) if self.frequency.on else self.frequency.interval_h,
                f" '{self.frequency}'",
            )

    def shortest_gap(self) -> float:
        """Return the shortest time between two doses, h."""
        if self.frequency.kind == "once":
            return math.inf
        if self.frequency.interval is not None:
            return self.frequency.interval.to("h")
        hours = self.hours()
        return min((b - a for a, b in zip(hours, (*hours[1:], hours[0] + 24.0), strict=True)), default=24.0)

    def timing_words(self) -> tuple[str, ...]:
        """Return the clauses of frequency, time of day, duration and start in a sentence."""
        return (str(self.frequency), *clock_words(self.times_of_day), *span_words(self.duration, self.start))

    def _check_cycle(self) -> None:
        on, off = self.frequency.on, self.frequency.off
        if (on or off) and not (self.frequency.kind == "daily" and on > 0 and off > 0 and on + off <= LONGEST_CYCLE_D):
            raise PlanError(
                f"'{self.frequency}' cannot be planned; give days with doses and days without, up to "
                f"{LONGEST_CYCLE_D} together, e.g. '5 days on 2 days off'"
            )

    def _check_times_of_day(self) -> None:
        if any(not 0 <= hour < 24 for hour in self.times_of_day):
            raise PlanError(f"{clock_text(self.times_of_day)} is not a time of day; write 00:00 to 23:59")
        if len(set(self.times_of_day)) != len(self.times_of_day):
            raise PlanError(f"{clock_text(self.times_of_day)} names a time twice; name each once")
        if self.frequency.kind == "daily" and len(self.times_of_day) != self.frequency.count:
            raise PlanError(
                f"{self.frequency} needs {self.frequency.count} times of day, found {len(self.times_of_day)}"
            )
        if self.frequency.kind != "daily" and len(self.times_of_day) != 1:
            raise PlanError(f"'{self.frequency}' takes one time of day, found {len(self.times_of_day)}")
        if self.frequency.interval is not None and self.frequency.interval.to("h") % 24:
            raise PlanError(f"'every {self.frequency.interval}' does not keep a time of day; leave out the time")


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


def clock_text(hours: tuple[float, ...]) -> str:
    """Return ``(8.0, 20.5)`` as ``08:00 and 20:30``."""
    minutes = [round(hour * 60) for hour in hours]
    return " and ".join(f"{m // 60:02d}:{m % 60:02d}" for m in minutes)


def clock_words(hours: tuple[float, ...]) -> tuple[str, ...]:
    """Return ``at 08:00 and 20:30``, or nothing."""
    return (f"at {clock_text(hours)}",) if hours else ()


def span_words(duration: Amount | None, start: Amount | None) -> tuple[str, ...]:
    """Return ``for 4 weeks`` and ``from day 7``, as far as given."""
    words = () if duration is None else (f"for {duration}",)
    if start is None:
        return words
    days = start.unit == "days"
    return (*words, f"from day {str(start).split()[0]}" if days else f"from {start}")


def check_course(duration: Amount, interval_h: float, often: str = "") -> None:
    """Refuse a duration shorter than one interval (``interval_h``); raises `PlanError`."""
    if duration.to("h") < interval_h * (1 - 1e-9):
        raise PlanError(
            f"a duration of {duration} is shorter than the {interval_h:g} h from one time to the next{often}; "
            "make it longer, or say 'once'"
        )


def check_time(what: str, time: Amount) -> None:
    """Refuse a duration in another unit, negative, zero (except for a start) or out of range; raises `PlanError`."""
    positive = what != "start"
    if not units.compatible(time.unit, "h"):
        raise PlanError(f"{what} {time} is not a time; give min, h, d, weeks or months")
    if not math.isfinite(time.value) or time.value < 0 or (positive and time.value == 0):
        raise PlanError(f"{what} {time} cannot be planned; it must be a number {'above' if positive else 'from'} 0")
    if time.to("y") > LONGEST_Y:
        raise PlanError(f"{what} {time} is out of range; at most {LONGEST_Y:g} years can be planned")
    if what == "infusion time":
        refuse_impossible("infusion", time.to("d"), "d", f"an infusion over {time}")
    if what == "interval" and time.to("h") < 0.25:
        raise PlanError(f"a dose every {time} is out of range; plan an infusion ('over 4 h') instead")
