"""A plan as an object: regimens, each a compound, a route and phases."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nadflux import units
from nadflux.errors import PlanError

# Hours of the day at which time 0 of a run lies: the morning sample, before the first dose.
CLOCK_AT_START = 8.0
# Waking hours over which "three times daily" is spread: 08:00 to 20:00.
WAKING = 12.0
LARGEST_DOSE_G = 100.0
LARGEST_DOSE_MMOL = 1000.0
LONGEST_Y = 100.0
MOST_PER_DAY = 24
PERCENT, TOPICAL = "%", "topical"
LARGEST_AREA_CM2 = 25_000.0


@dataclass(frozen=True)
class Amount:
    """A number with its unit as written, e.g. ``Amount(500, "mg")``."""

    value: float
    unit: str

    def __str__(self) -> str:
        whole = abs(self.value) < 1e15 and self.value == int(self.value)
        value = int(self.value) if whole else self.value
        return f"{value!r} {self.unit}"

    def to(self, unit: str) -> float:
        """The value in another unit."""
        return units.convert(self.value, self.unit, unit)


@dataclass(frozen=True)
class Frequency:
    """How often: once, ``count`` times per day or week, or every ``interval``.

    Attributes
    ----------
    kind : str
        ``once``, ``daily``, ``weekly`` or ``every``.
    count : int
        Doses per day or week.
    interval : Amount or None
        For ``every``.
    """

    kind: str
    count: int = 1
    interval: Amount | None = None

    def __str__(self) -> str:
        if self.kind == "once":
            return "once"
        if self.kind == "every":
            return f"every {self.interval}"
        if self.kind == "weekly":
            return f"{self.count} sessions/week" if self.count != 1 else "weekly"
        return {1: "daily", 2: "twice daily", 3: "three times daily"}.get(self.count, f"{self.count} times daily")


ONCE = Frequency("once")


@dataclass(frozen=True)
class Phase:
    """A stretch of one dose and one frequency.

    Attributes
    ----------
    dose : Amount
    frequency : Frequency
    clock : tuple of float
        Hours of the day; empty for the usual hours.
    infusion : Amount or None
        Time over which each dose runs in.
    duration : Amount or None
        How long the phase lasts; None until the end of the run.
    start : Amount or None
        When the phase begins, from the start of the run; None after the phase before.
    area : Amount or None
        Skin that is treated (cm²), where the dose is a strength in %.
    """

    dose: Amount
    frequency: Frequency = ONCE
    clock: tuple[float, ...] = ()
    infusion: Amount | None = None
    duration: Amount | None = None
    start: Amount | None = None
    area: Amount | None = None

    def __post_init__(self) -> None:
        check_dose(self.dose)
        self._check_area()
        if self.duration is not None:
            check_time("duration", self.duration)
        if self.infusion is not None:
            check_time("infusion time", self.infusion)
        if self.start is not None:
            check_time("start", self.start)
        if self.frequency.interval is not None:
            check_time("interval", self.frequency.interval)
        if not 1 <= self.frequency.count <= MOST_PER_DAY:
            raise PlanError(f"{self.frequency.count} doses a day or week; between 1 and {MOST_PER_DAY} can be planned")
        if self.frequency.kind == "weekly" and self.frequency.count > 7:
            raise PlanError(f"{self.frequency.count} sessions a week; up to 7 can be planned, else say 'daily'")
        if self.clock:
            self._check_clock()
        if self.frequency.kind == "once" and self.duration is not None:
            raise PlanError("a single dose has no duration; say how often, e.g. 'daily for 8 weeks'")
        gap = self._shortest_gap()
        if self.infusion is not None and self.infusion.to("h") > gap * (1 + 1e-12):
            raise PlanError(f"an infusion over {self.infusion} runs into the next one {gap:g} h later; space them out")

    def hours(self) -> tuple[float, ...]:
        """Hours from the morning of a dosing day at which doses are given."""
        if self.clock:
            return tuple(sorted((hour - CLOCK_AT_START) % 24.0 for hour in self.clock))
        if self.frequency.kind == "daily" and self.frequency.count > 1:
            step = WAKING / (self.frequency.count - 1)
            return tuple(step * i for i in range(self.frequency.count))
        return (0.0,)

    def _check_area(self) -> None:
        if self.area is None:
            if self.dose.unit == PERCENT:
                raise PlanError(f"a strength of {self.dose} needs the skin it is spread on, e.g. 'on 300 cm²'")
            return
        if self.dose.unit != PERCENT:
            raise PlanError(f"an area goes with a strength, e.g. '4 %'; leave out 'on {self.area}' or give a strength")
        check_area(self.area)

    def _check_clock(self) -> None:
        if any(not 0 <= hour < 24 for hour in self.clock):
            raise PlanError(f"{clock_text(self.clock)} is not a time of day; write 00:00 to 23:59")
        if len(set(self.clock)) != len(self.clock):
            raise PlanError(f"{clock_text(self.clock)} names a time twice; name each once")
        if self.frequency.kind == "daily" and len(self.clock) != self.frequency.count:
            raise PlanError(f"{self.frequency} needs {self.frequency.count} times of day, found {len(self.clock)}")
        if self.frequency.kind != "daily" and len(self.clock) != 1:
            raise PlanError(f"'{self.frequency}' takes one time of day, found {len(self.clock)}")
        if self.frequency.interval is not None and self.frequency.interval.to("h") % 24:
            raise PlanError(f"'every {self.frequency.interval}' does not keep a time of day; leave out the time")

    def _shortest_gap(self) -> float:
        if self.frequency.kind == "once":
            return math.inf
        if self.frequency.interval is not None:
            return self.frequency.interval.to("h")
        hours = self.hours()
        return min((b - a for a, b in zip(hours, (*hours[1:], hours[0] + 24.0), strict=True)), default=24.0)


@dataclass(frozen=True)
class Regimen:
    """One compound by one route, in phases.

    Attributes
    ----------
    compound : str
        Canonical name with its salt, e.g. ``NR chloride``.
    route : str
    phases : tuple of Phase
    """

    compound: str
    route: str
    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        if not self.phases:
            raise PlanError(f"{self.compound} {self.route} has no dose; write e.g. '500 mg'")
        if self.route != TOPICAL and any(phase.dose.unit == PERCENT for phase in self.phases):
            raise PlanError(
                f"a strength in % is for topical use; {self.compound} {self.route} needs mg, g, µmol or mmol"
            )
        for phase in self.phases[:-1]:
            if phase.duration is None and phase.frequency.kind != "once":
                raise PlanError("every phase before a 'then' needs a length, e.g. 'for 4 weeks'")


@dataclass(frozen=True)
class Plan:
    """Regimens that run side by side.

    Attributes
    ----------
    regimens : tuple of Regimen
    notes : tuple of str
        What was assumed when a sentence was read, such as the salt; not part of equality.
    """

    regimens: tuple[Regimen, ...]
    notes: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.regimens == other.regimens

    def __hash__(self) -> int:
        return hash(self.regimens)

    @classmethod
    def parse(cls, sentence: str) -> Plan:
        """Read a sentence; see `nadflux.plans.sentence.parse_plan`."""
        from nadflux.plans.sentence import parse_plan

        return parse_plan(sentence)

    def __str__(self) -> str:
        from nadflux.plans.sentence import format_plan

        return format_plan(self)


def clock_text(hours: tuple[float, ...]) -> str:
    """``(8.0, 20.5)`` as ``08:00 and 20:30``."""
    minutes = [round(hour * 60) for hour in hours]
    return " and ".join(f"{m // 60:02d}:{m % 60:02d}" for m in minutes)


def check_dose(dose: Amount) -> None:
    """Refuse a dose that is no mass or amount, not above 0 or beyond sense; raises `PlanError`."""
    if dose.unit == PERCENT:
        if not 0 < dose.value <= 100:
            raise PlanError(f"a strength of {dose} cannot be given; it must be above 0 and at most 100 %")
        return
    if units.compatible(dose.unit, "mg"):
        largest, unit = LARGEST_DOSE_G, "g"
    elif units.compatible(dose.unit, "µmol"):
        largest, unit = LARGEST_DOSE_MMOL, "mmol"
    else:
        raise PlanError(f"a dose in {dose.unit!r} is not understood; give mg, g, µmol or mmol")
    if not (math.isfinite(dose.value) and dose.value > 0):
        raise PlanError(f"a dose of {dose} cannot be given; it must be a number above 0")
    if dose.to(unit) > largest:
        raise PlanError(f"a dose of {dose} is beyond sense; at most {largest:g} {unit} can be planned")


def check_area(area: Amount) -> None:
    """Refuse an area that is none, not above 0 or larger than a person; raises `PlanError`."""
    if not units.compatible(area.unit, "cm²"):
        raise PlanError(f"{area} is not an area of skin; give cm²")
    if not (math.isfinite(area.value) and 0 < area.to("cm²") <= LARGEST_AREA_CM2):
        raise PlanError(f"{area} of skin cannot be treated; give an area above 0 up to {LARGEST_AREA_CM2:g} cm²")


def check_time(what: str, time: Amount) -> None:
    """Refuse a time that is none, negative, zero (but for a start) or beyond sense; raises `PlanError`."""
    positive = what != "start"
    if not units.compatible(time.unit, "h"):
        raise PlanError(f"{what} {time} is not a time; give min, h, d, weeks or months")
    if not math.isfinite(time.value) or time.value < 0 or (positive and time.value == 0):
        raise PlanError(f"{what} {time} cannot be planned; it must be a number {'above' if positive else 'from'} 0")
    if time.to("y") > LONGEST_Y:
        raise PlanError(f"{what} {time} is beyond sense; at most {LONGEST_Y:g} years can be planned")
    if what == "interval" and time.to("h") < 0.25:
        raise PlanError(f"a dose every {time} is beyond sense; plan an infusion ('over 4 h') instead")
