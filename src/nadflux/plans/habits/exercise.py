"""Exercise: bouts as steps of intensity or resistance, and training as the weekly dose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nadflux.errors import PlanError
from nadflux.plans.bounds import ONCE, POSSIBLE, SLACK, shipped_bounds
from nadflux.plans.day.contribution import Contribution, InputSpan, Training
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Happening, Size
from nadflux.plans.habits.words import TIMED, OwnClause, check_how_often, number_next, read_clauses
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle
from nadflux.plans.timing import ONCE as SINGLE
from nadflux.plans.timing import Amount, Frequency, check_time

ENDURANCE, RESISTANCE = "endurance", "resistance"
_INPUT = {ENDURANCE: "exercise.intensity", RESISTANCE: "exercise.resistance"}
_TRAINING = {ENDURANCE: "training.aerobic", RESISTANCE: "training.resistance"}
_PATTERNS = {
    ENDURANCE: word_pattern(r"trains|exercises|endurance(?:\s+(?:exercise|training))?|aerobic (?:exercise|training)"),
    RESISTANCE: word_pattern(r"lifts(?: weights)?|resistance(?:\s+(?:exercise|training))?|strength training"),
}
_SHARE = word_pattern(r"(?:at|@)?\s*(?P<value>[-+]?\d+(?:\.\d+)?)\s*%(?P<of>\s*(?:of\s+)?VO(?:2|₂)[\s-]?(?:max|peak))?")


@dataclass(frozen=True)
class Exercise(Happening):
    """Bouts of endurance (with an intensity, % of VO2max) or resistance exercise."""

    sort: str
    length: Amount
    intensity: float | None = None
    frequency: Frequency = SINGLE
    times_of_day: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None
    words: ClassVar = (ENDURANCE, RESISTANCE)
    says: ClassVar = (("`endurance 45 min at 70% VO2max`, `resistance 45 min`", "bouts; repeated ones train"),)

    def __post_init__(self) -> None:
        if self.sort not in _INPUT:
            raise PlanError(f"{self.sort!r} is no exercise; there is: {', '.join(_INPUT)}")
        check_time("exercise", self.length)
        self.check_timing()
        if self.length_h > self.shortest_gap() * (1 + 1e-12):
            raise PlanError(f"exercise of {self.length} runs into the next; shorten it")
        if self.intensity is not None:
            if self.sort == RESISTANCE:
                raise PlanError("resistance exercise has no share of VO2max; leave it out")
            if not 0 < self.intensity <= 100:
                raise PlanError(f"{self.intensity:g} % of VO2max cannot be kept up; give above 0 up to 100 %")
        self._check_length()

    @classmethod
    def read(cls, reader: Reader, begin: int) -> Exercise | None:
        """Read ``endurance 45 min at 70% VO2max 3/week`` or ``trains 3 times a week``."""
        sort = next((sort for sort, pattern in _PATTERNS.items() if reader.take(pattern)), None)
        if sort is None:
            return None
        if number_next(reader):
            length, _, _ = reader.amount("length of exercise")
        else:
            length = Amount(shipped_lifestyle().number(sort, "length", "min"), "min")
        found = read_clauses(reader, TIMED, {"intensity": OwnClause(_read_intensity)})
        check_how_often(reader, found, begin)
        with reader.pointing(begin, reader.end):
            return cls(sort, length, **found)

    @property
    def subject(self) -> str:
        """The kind of exercise."""
        return self.sort

    def head(self) -> str:
        """Return e.g. ``endurance 45 min at 70 % VO2max``."""
        share = "" if self.intensity is None else f" at {Amount(self.intensity, '%')} VO2max"
        return f"{self.sort} {self.length}{share}"

    @property
    def length_h(self) -> float:
        """Hours of one bout."""
        return self.length.to("h")

    def sizes(self, tables: LifestyleTables) -> tuple[Size, ...]:
        """Return the length of a bout at its intensity."""
        share = self.share(tables) if self.sort == ENDURANCE else 0.0
        at = f"exercise at {100 * share:g} % of VO2max for {self.length}" if share else f"{self.head()}"
        return (Size(self.sort, self.length_h, "h", at, at=share),)

    def usual_hour(self, tables: LifestyleTables) -> float:
        """Return the hour of the day of a bout if the plan does not say."""
        return tables.number(self.sort, "time", "h")

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the bouts and the training from them; a single bout gives none."""
        share = self.share(tables)
        label = f"{100 * share:g} % VO2max" if self.sort == ENDURANCE else "resistance exercise"
        bouts = tuple(
            InputSpan(_INPUT[self.sort], time, time + self.length_h, share, self.sort, label, "bouts of exercise")
            for time in self.times(window, tables)
        )
        weekly = self.frequency.per_week
        if not weekly:
            return Contribution(inputs=bouts)
        target = _TRAINING[self.sort]
        level = weekly * self.length_h * self._per_reference(share, tables)
        return Contribution(inputs=bouts, training=Training(target, f"{target}_level", level))

    def _check_length(self) -> None:
        """Refuse a bout that is longer than its intensity can be sustained."""
        share = self.share(shipped_lifestyle()) if self.sort == ENDURANCE else 0.0
        longest = shipped_bounds().bound(self.sort, POSSIBLE, ONCE, share)
        if longest is not None and self.length_h > longest.to("h") * SLACK:
            at = f" at {100 * share:g} % of VO2max" if share else ""
            raise PlanError(
                f"{self.sort} of {self.length}{at} cannot be kept up; at most {longest.value:g} {longest.unit} "
                f"({longest.source})"
            )

    def share(self, tables: LifestyleTables) -> float:
        """Return the share of VO2max (0 to 1); 1 for resistance exercise, which has no intensity."""
        if self.sort != ENDURANCE:
            return 1.0
        if self.intensity is None:
            return tables.number(ENDURANCE, "intensity", "fraction")
        return self.intensity / 100.0

    def _per_reference(self, share: float, tables: LifestyleTables) -> float:
        """Return the training dose of one hour a week, in units of the reference programme."""
        if self.sort == ENDURANCE:
            minutes = tables.number("training", "minutes", "h")
            return share / tables.number("training", "intensity", "fraction") / minutes
        return 1.0 / tables.number("training", "resistance", "h")


def _read_intensity(reader: Reader) -> float | None:
    start = reader.position
    match = reader.take(_SHARE)
    if match is None:
        return None
    if not match.group("of"):
        raise reader.error("of what? say e.g. 'at 70% VO2max'", start, match.end())
    return float(match.group("value"))
