"""Sleep: nights between two hours of the day, regular or irregular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nadflux.errors import NadfluxError, PlanError
from nadflux.plans.bounds import LEAST, ONCE, shipped_bounds
from nadflux.plans.day.contribution import Contribution, SleepPattern
from nadflux.plans.day.usual_day import daily_nights, usual_night
from nadflux.plans.day.window import Window
from nadflux.plans.habits.habit import Lasting, Size
from nadflux.plans.habits.words import LASTING, OwnClause, hours_text, read_clauses, read_hours
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle

PATTERN_OF_SLEEP = "pattern of sleep"
_SLEEP = word_pattern(r"sleeps?")
_IRREGULAR = word_pattern(r"irregular(?:ly)?")


@dataclass(frozen=True)
class Sleep(Lasting):
    """Nights from ``begins`` to ``ends`` (hours of the day); irregular nights are earlier and later in turn."""

    begins: float
    ends: float
    irregular: bool = False
    words: ClassVar = ("sleep",)
    says: ClassVar = (
        (
            "`sleep 23:00-7:00`, `sleep 6 h irregular`",
            "nights; short ones leave a debt, irregular ones flatten the clock",
        ),
    )
    subject: ClassVar = PATTERN_OF_SLEEP

    def __post_init__(self) -> None:
        super().__post_init__()
        least, most = _possible_hours()
        if not least <= self.length <= most:
            raise PlanError(f"{self.length:g} h of sleep cannot be planned; between {least:g} and {most:g} h can")

    @property
    def length(self) -> float:
        """Hours of sleep."""
        return (self.ends - self.begins) % 24.0

    @classmethod
    def read(cls, reader: Reader, begin: int) -> Sleep | None:
        """Read ``sleep 23:00-7:00`` or ``sleeps 6 h irregular``; a length alone keeps the usual hour of waking.

        Raises
        ------
        PlanError
            For impossible hours; the message points at the word (made from a `NadfluxError`).
        """
        if not reader.take(_SLEEP):
            return None
        hours = read_hours(reader)
        start, end = begin, reader.position
        if hours is None:
            length, start, end = reader.amount("time of sleep, e.g. '23:00-07:00' or '7 h',")
            with reader.pointing(start, end):
                wakes = shipped_lifestyle().number("sleep", "end", "h")
                hours = (wakes - length.to("h")) % 24.0, wakes
                if not 0 < length.to("h") <= 24:
                    least, most = _possible_hours()
                    raise NadfluxError(f"{length} of sleep cannot be planned; between {least:g} and {most:g} h can")
        found = read_clauses(reader, LASTING, {"irregular": _IRREGULARLY})
        with reader.pointing(start, end):
            return cls(*hours, **found)

    def head(self) -> str:
        """Return e.g. ``sleep 23:00-07:00 irregular``."""
        return f"sleep {hours_text(self.begins, self.ends)}{' irregular' if self.irregular else ''}"

    def sizes(self, tables: LifestyleTables) -> tuple[Size, ...]:
        """Return the hours of sleep, to compare with the fewest and the most studied."""
        said = f"{self.length:g} h of sleep"
        return tuple(Size("sleep", self.length, "h", said, per) for per in (LEAST, ONCE))

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        """Return the nights, their lateness, and the weaker clock if they are irregular."""
        shift = tables.number("irregular sleep", "shift", "h") if self.irregular else 0.0
        strength = tables.number("irregular sleep", "strength", "fraction")
        late = self._lateness(tables)
        return Contribution(
            sleep_patterns=tuple(
                SleepPattern(begin, stop, daily_nights(self.begins, self.length, begin, stop, shift))
                for begin, stop in window.spans
            ),
            strengths=tuple((*span, strength) for span in window.spans if self.irregular),
            lateness=tuple((*span, late) for span in window.spans),
        )

    def _lateness(self, tables: LifestyleTables) -> float:
        """Return the hours by which the middle of sleep is later than usual, between -12 and 12."""
        begins, length = usual_night(tables)
        middle, reference = self.begins + self.length / 2.0, begins + length / 2.0
        return (middle - reference + 12.0) % 24.0 - 12.0


def _possible_hours() -> tuple[float, float]:
    bounds = shipped_bounds()
    return bounds.possible("sleep", "h", LEAST), bounds.possible("sleep", "h")


_IRREGULARLY = OwnClause(lambda reader: True if reader.take(_IRREGULAR) else None, lambda: ("irregular",))
