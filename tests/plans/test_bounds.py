"""Plans within all that was studied say nothing; beyond it they are flagged, and what is impossible is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nadflux.errors import PlanError, TableError
from nadflux.notes import NoteCode
from nadflux.plans import Amount, Frequency, Phase, Plan, Regimen, parse_plan
from nadflux.plans.bounds import COURSE, DAY, ONCE, POSSIBLE, STUDIED, Bound, Bounds, read_bounds, shipped_bounds
from nadflux.plans.catalogue import shipped
from nadflux.plans.dose_limits import BEYOND, DAILY, DOSE, DURATION, RATE, StudiedDose, flags_of, shipped_studied
from nadflux.plans.schedule import schedule
from nadflux.shipped import BIOLOGY
from refusals import refusal_of

TABLE = BIOLOGY / "whole" / "bounds.csv"
FOODS = [row.what for row in shipped_bounds().of_food(STUDIED, ONCE) if row.what in row.of]


def flagged(sentence: str) -> bool:
    return BEYOND in flags_of(schedule(parse_plan(sentence)).notes)


@pytest.mark.parametrize(
    ("sentence", "code", "says"),
    [
        ("NR 500 mg oral twice daily for 5 y", NoteCode.COURSE_BEYOND, "1827 days of NR chloride oral"),
        ("NA ER 2 g oral daily for 1 y", NoteCode.COURSE_BEYOND, "1 d at 2000 mg/day (10.5414/cpp45448"),
        ("NA ER 2 g oral daily for 1 y", NoteCode.COURSE_BEYOND, "tolerated for 3.9 y at 2000 mg/day"),
        ("NR 1.5 g oral twice daily for 8 weeks", NoteCode.COURSE_BEYOND, "at more than 2000 mg in a day"),
        ("NMN 1500 mg oral once", NoteCode.DOSE_BEYOND, "1500 mg at once of NMN oral"),
        ("NAM 8 g oral once", NoteCode.DOSE_NOT_TOLERATED, "the highest that was tolerated is 6000 mg"),
        ("diet 60 mg NE daily for 5 d", NoteCode.DOSE_BEYOND, "60 mg in a day of diet food"),
        ("diet 20 mg NE daily for 60 d", NoteCode.COURSE_BEYOND, "60 days of diet food"),
        ("ethanol 40 g twice daily for 2 d", NoteCode.HABIT_BEYOND, "80 g of ethanol in a day"),
        ("protein 60 g + whey protein 60 g", NoteCode.HABIT_BEYOND, "120 g of protein at once"),
        ("meal 4000 kcal", NoteCode.HABIT_BEYOND, "4000 kcal of energy of food at once"),
        ("caloric restriction 25% for 800 d", NoteCode.HABIT_COURSE_BEYOND, "days of caloric restriction"),
        ("endurance 45 min at 60% VO2max 3/week for 1 y", NoteCode.HABIT_COURSE_BEYOND, "days of endurance"),
        (
            "endurance 75 min at 75% VO2max",
            NoteCode.HABIT_BEYOND,
            "the largest in the collected data is 60 min at 80 %",
        ),
        ("sleep 3 h for 2 d", NoteCode.HABIT_BEYOND, "the least in the collected data is 4 h"),
        ("eating window 12:00-16:00 for 2 d", NoteCode.HABIT_BEYOND, "20 h of the day without food"),
    ],
)
def test_what_was_never_studied_is_said(sentence: str, code: NoteCode, says: str) -> None:
    notes = [note for note in schedule(parse_plan(sentence)).notes if note.code == code]
    assert any(says in note.text for note in notes), notes


@pytest.mark.parametrize(
    "sentence",
    [
        "NR 500 mg oral twice daily for 180 d",
        "NR 1.5 g oral twice daily for 4 weeks",
        "NMN 250 mg oral daily for 12 weeks",
        "NA ER 2 g oral once",
        "NA ER 2 g oral every 5 weeks for 20 weeks",
        "diet 6.1 mg NE daily for 35 d",
        "caloric restriction 25% for 2 y",
        "endurance 60 min at 80% VO2max 3/week for 12 weeks",
        "sleep 4 h for 5 d",
        "ethanol 40 g daily at 20:00 for 2 weeks",
    ],
)
def test_what_was_studied_is_not_flagged(sentence: str) -> None:
    assert not flagged(sentence)


def test_a_course_that_is_only_tolerated_bears_the_flag_but_one_that_is_not_tolerated_alone_does_not() -> None:
    assert flagged("NAM 500 mg oral twice daily for 1 y")
    assert not flagged("NAM 8 g oral once")


@pytest.mark.parametrize(
    ("sentence", "says", "pointed"),
    [
        ("diet 100 g NE daily for 2 d", "a diet of 100 g NE a day is out of range", "100 g"),
        ("endurance 24 h at 100% VO2max", "at most 0.5 h", "endurance 24 h at 100% VO2max"),
        ("meal 1000 g protein", "1000 g of protein at once", "meal 1000 g protein"),
        ("protein 1 kg", "a dose of 1 kg is out of range", "1 kg"),
        ("meal 10000 kcal", "of energy of food at once", "meal 10000 kcal"),
        ("ethanol 100 g 24 times a day for 2 d", "2400 g of ethanol in a day", "24 times a day"),
        ("NAD+ 500 mg IV over 100 years once", "an infusion over 100 years is out of range", "100 years"),
        ("NR 500 mg oral daily for 1 s", "a duration of 1 s is shorter than the 24 h", "daily for 1 s"),
        ("16:8 eating window for 1 s", "a duration of 1 s is shorter", "for 1 s"),
        ("endurance 45 min weekly for 3 d", "shorter than the 168 h", "weekly for 3 d"),
    ],
)
def test_what_is_impossible_is_refused_at_its_word(sentence: str, says: str, pointed: str) -> None:
    message, words = refusal_of(sentence)
    assert says in message
    assert pointed in words


def test_what_is_impossible_together_is_refused() -> None:
    with pytest.raises(PlanError, match=r"600 g of ethanol in a day"):
        schedule(parse_plan("; ".join(f"ethanol 100 g at {hour}:00" for hour in range(9, 15))))


def test_a_bout_inside_sleep_is_refused_with_both_times() -> None:
    said = r"endurance at 02:00-02:45 on day 0 falls into sleep at 23:00-07:00; move it"
    with pytest.raises(PlanError, match=said):
        schedule(parse_plan("endurance 45 min at 2:00"))
    with pytest.raises(PlanError, match=r"resistance at 22:30-23:15 on day 0 falls into sleep at 23:00-07:00"):
        schedule(parse_plan("resistance 45 min at 22:30"))
    early = schedule(parse_plan("endurance 45 min at 6:00 + sleep 22:00-5:30 for 2 d"))
    assert [span.start_h for span in early.spans if span.what == "endurance"] == [22.0]


@st.composite
def doses(draw: st.DrawFn) -> tuple[StudiedDose, float, int]:
    """A course that was studied, a daily dose (mg) within it and its days."""
    course = draw(st.sampled_from([s for s in shipped_studied() if s.quantity == DURATION and s.kind == STUDIED]))
    highest = min(course.at_daily, *(s.highest for s in limits(course, DOSE) + limits(course, DAILY)))
    return course, highest * draw(st.floats(0.01, 1.0)), draw(st.integers(1, int(course.highest)))


def limits(course: StudiedDose, quantity: str) -> list[StudiedDose]:
    way = (course.compound, course.route, quantity, STUDIED)
    return [s for s in shipped_studied() if (s.compound, s.route, s.quantity, s.kind) == way]


def is_flagged(course: StudiedDose, daily: float, days: int, rate: float | None = None) -> bool:
    """Whether the course is flagged or refused; infused at a rate (mg/min), by default within the one studied."""
    infused = shipped().routes[course.compound, course.route].kind == "infusion"
    rate = rate or min((s.highest for s in limits(course, RATE)), default=daily)
    over = Amount(daily / rate, "min") if infused else None
    try:
        phase = Phase(Amount(daily, "mg"), Frequency("daily"), infusion=over, duration=Amount(float(days), "d"))
        planned = schedule(Plan((Regimen(course.compound, course.route, (phase,)),)))
    except PlanError:
        return True
    return BEYOND in flags_of(planned.notes)


@settings(max_examples=40, deadline=None)
@given(doses(), st.floats(1.01, 20.0))
def test_doses_within_all_rows_are_unflagged_and_beyond_any_are_not(
    studied: tuple[StudiedDose, float, int], scale: float
) -> None:
    course, daily, days = studied
    assert not is_flagged(course, daily, days)
    for limit in (*limits(course, DOSE), *limits(course, DAILY)):
        assert is_flagged(course, limit.highest * scale, 1)
    longest = max(s.highest for s in limits(course, DURATION))
    assert is_flagged(course, daily, int(longest * scale) + 1)
    for limit in limits(course, RATE):
        assert is_flagged(course, daily, 1, limit.highest * scale)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(FOODS), st.floats(0.01, 1.0), st.floats(1.01, 20.0), st.integers(2, 4))
def test_food_within_all_rows_is_unflagged_and_beyond_any_is_not(
    what: str, share: float, scale: float, times: int
) -> None:
    once, day = (shipped_bounds().bound(what, STUDIED, per) for per in (ONCE, DAY))
    assert once is not None and day is not None
    within = share * min(once.value, day.value, 100.0)
    assert not flagged(f"{what} {within!r} g")
    assert flagged_or_refused(f"{what} {once.value * scale!r} g")
    assert flagged_or_refused(f"{what} {day.value * scale / times!r} g {times} times daily for 1 d")


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(
        [
            ("fast", "fast {:.6f} h every 7 d for {:.6f} d", "h", 7),
            ("caloric restriction", "caloric restriction {:.6f} % for {:.6f} d", "%", 1),
            ("resistance", "resistance {:.6f} min daily for {:.6f} d", "min", 1),
            ("endurance", "endurance {:.6f} min at 60 % VO2max daily for {:.6f} d", "min", 1),
        ]
    ),
    st.floats(0.05, 1.0),
    st.floats(0.0, 1.0),
    st.floats(1.01, 5.0),
)
def test_habits_within_all_rows_are_unflagged_and_beyond_any_are_not(
    habit: tuple[str, str, str, int], share: float, part: float, scale: float
) -> None:
    what, sentence, unit, least = habit
    size = shipped_bounds().bound(what, STUDIED, ONCE, 0.6 if what == "endurance" else 0.0)
    course = shipped_bounds().bound(what, STUDIED, COURSE)
    assert size is not None and course is not None
    within, days = size.to(unit) * share * 0.999, max(least, part * min(course.to("d"), 21.0))
    assert not flagged(sentence.format(within, days))
    assert flagged_or_refused(sentence.format(size.to(unit) * scale, days))


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("fast", "fast 24 h every 28 d"),
        ("eating window", "16:8 eating window"),
        ("endurance", "endurance 45 min every 28 d"),
        ("resistance", "resistance 45 min every 28 d"),
        *((row.what, f"{row.what} 1 g every 28 d") for row in shipped_bounds().of_food(STUDIED, COURSE)),
    ],
)
def test_a_course_is_flagged_from_the_day_beyond_the_longest(what: str, sentence: str) -> None:
    course = shipped_bounds().bound(what, STUDIED, COURSE)
    assert course is not None
    assert flagged(f"{sentence} for {course.to('d') + 1.0:g} d")
    assert not flagged(f"{sentence} for {course.to('d'):g} d")


def flagged_or_refused(sentence: str) -> bool:
    try:
        return flagged(sentence)
    except PlanError:
        return True


def test_what_is_possible_is_no_less_than_what_was_studied() -> None:
    for row in shipped_bounds().rows:
        possible = shipped_bounds().bound(row.what, POSSIBLE, row.per, row.at)
        if row.kind == STUDIED and possible is not None and row.per != "least":
            assert possible.to(row.unit) >= row.value, row


def test_of_several_intensities_the_longest_bout_at_least_as_hard_is_the_bound() -> None:
    rows = [Bound("bout", (), STUDIED, ONCE, value, "min", at, "s") for value, at in ((90.0, 0.5), (60.0, 0.8))]
    found = [Bounds(rows).bound("bout", STUDIED, ONCE, at) for at in (0.3, 0.5, 0.6, 0.8, 0.9)]
    assert [row and row.value for row in found] == [90.0, 90.0, 60.0, 60.0, None]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",studied,once,60,h", ",seen,once,60,h", "unknown kind 'seen'"),
        (",studied,once,60,h", ",studied,often,60,h", "unknown per 'often'"),
        (",studied,once,60,h", ",studied,once,0,h", "above 0"),
        ("measured,Fryburg", "guessed,Fryburg", "unknown tier"),
        ("90,min,60 %", "90,min,50 %", "listed twice"),
    ],
)
def test_rows_that_cannot_be_used(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "bounds.csv"
    shutil.copy(TABLE, file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError, match=says):
        read_bounds(file)


def test_a_bound_that_is_missing_is_named() -> None:
    with pytest.raises(TableError, match="no row for the possible skin"):
        Bounds(()).possible("skin", "cm²")
    with pytest.raises(TableError, match="break of a course"):
        Bounds(()).course_break()
