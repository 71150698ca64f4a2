"""A new habit is its own file and one entry of the registry: everything else takes it as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest

from nadflux.errors import PlanError
from nadflux.plans import Plan, format_plan, from_yaml, parse_plan, to_yaml
from nadflux.plans.day.contribution import Contribution, InputSpan
from nadflux.plans.day.window import Window
from nadflux.plans.habits import HABITS, registry
from nadflux.plans.habits.habit import Habit, Happening, Size
from nadflux.plans.habits.words import TIMED, check_how_often, read_clauses
from nadflux.plans.language.person import read_person, usual_habits
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle_tables import LifestyleTables, shipped_lifestyle
from nadflux.plans.schedule import Schedule, schedule
from nadflux.plans.timing import ONCE, Amount, Frequency

RUN_IN = -24.0 * shipped_lifestyle().number("run-in", "habits", "d")
_BATH = word_pattern(r"cold bath|bathes")


@dataclass(frozen=True)
class ColdBath(Happening):
    """A habit of this test alone."""

    length: Amount
    frequency: Frequency = ONCE
    times_of_day: tuple[float, ...] = ()
    duration: Amount | None = None
    start: Amount | None = None
    words: ClassVar = ("cold bath",)
    subject: ClassVar = "cold bath"

    @classmethod
    def read(cls, reader: Reader, begin: int) -> ColdBath | None:
        if not reader.take(_BATH):
            return None
        length, _, _ = reader.amount("length of a bath")
        found = read_clauses(reader, TIMED)
        check_how_often(reader, found, begin)
        return cls(length, **found)

    def head(self) -> str:
        return f"cold bath {self.length}"

    @property
    def length_h(self) -> float:
        return self.length.to("h")

    @property
    def size(self) -> Size:
        return Size("cold bath", self.length.to("min"), "min", f"a bath of {self.length}")

    def usual_hour(self, tables: LifestyleTables) -> float:
        return 9.0

    def contribute(self, window: Window, tables: LifestyleTables) -> Contribution:
        times = self.times(window, tables)
        return Contribution(
            inputs=tuple(InputSpan("skin.cold", t, t + self.length_h, 1.0, "cold bath", "cold bath") for t in times)
        )


@pytest.fixture(autouse=True)
def with_baths(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "HABITS", (*HABITS, ColdBath))
    yield


def baths(planned: Schedule) -> list[tuple[float, float]]:
    return [(e.time_h, e.value) for e in planned.events if e.target == "skin.cold"]


def test_it_is_read_and_written() -> None:
    plan = parse_plan("cold bath 30 min 3/week at 10:00 for 1 week + fast 24 h")
    assert format_plan(plan) == "cold bath 30 min 3 sessions/week at 10:00 for 1 week + fast 24 h once"
    assert parse_plan(format_plan(plan)) == plan == from_yaml(to_yaml(plan))
    assert "lifestyle: cold bath 30 min\n" in to_yaml(plan)
    with pytest.raises(PlanError, match="how often"):
        parse_plan("cold bath 30 min for 1 week")


def test_it_sets_its_input_at_its_times() -> None:
    planned = schedule(parse_plan("cold bath 1 h 3/week at 10:00 for 1 week"))
    assert baths(planned) == [(2.0, 1.0), (3.0, 0.0), (50.0, 1.0), (51.0, 0.0), (98.0, 1.0), (99.0, 0.0)]
    assert [span.start_h for span in planned.spans if span.what == "cold bath"] == [2.0, 50.0, 98.0]
    assert baths(schedule(parse_plan("cold bath 30 min")))[0] == (1.0, 1.0)
    assert any("no size of cold bath" in str(note) for note in planned.notes)


def test_it_may_coincide_with_exercise_and_is_followed_to_its_end() -> None:
    planned = schedule(parse_plan("endurance 60 min at 9:00 + cold bath 1 h at 9:00"))
    assert planned.end_h == 48.0
    assert baths(planned) == [(1.0, 1.0), (2.0, 0.0)]


def test_it_may_be_one_of_usual_life_and_gives_way_to_the_plan() -> None:
    usual = usual_habits(read_person("woman, 60 y, bathes 30 min daily"))
    planned = schedule(Plan(()), days=2.0, usual=usual)
    assert [time for time, _ in baths(planned)][::2] == [RUN_IN + 1.0 + 24.0 * day for day in range(28 + 2)]
    planned = schedule(parse_plan("cold bath 10 min daily at 20:00 for 2 d"), days=3.0, usual=usual)
    assert [time for time, value in baths(planned) if value and time >= 0] == [12.0, 36.0, 49.0]


def test_every_habit_says_what_it_is() -> None:
    assert all(kind.says and kind.subject for kind in HABITS)
    assert ColdBath.says == Habit.says == ()
