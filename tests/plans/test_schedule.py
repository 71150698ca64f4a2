"""Schedules: times, amounts, overlaps and ends."""

from __future__ import annotations

import math

import pytest

from nadflux.errors import PlanError
from nadflux.plans import Plan, parse_plan
from nadflux.plans.schedule import Schedule, schedule


def of(sentence: str, **options: float) -> Schedule:
    return schedule(parse_plan(sentence), **options)  # type: ignore[arg-type]


def times(sentence: str, **options: float) -> list[float]:
    return [event.time_h for event in of(sentence, **options).events]


def test_milligrams_become_micromoles() -> None:
    planned = of("NR chloride 1 g oral")
    (event,) = planned.events
    # 1 g NR chloride is 3.44 mmol (biology.md section 9).
    assert event.value == pytest.approx(3440, rel=2e-3)
    assert (event.target, event.kind, event.time_h) == ("gut_lumen.NR", "add", 0.0)
    assert of("NMN 1 g oral").events[0].value == pytest.approx(2990, rel=2e-3)
    assert of("NMN 2.5 mmol oral").events[0].value == 2500.0


def test_eight_weeks_twice_daily() -> None:
    planned = of("NR chloride 500 mg oral twice daily for 8 weeks")
    assert planned.end_h == 56 * 24
    assert len(planned.events) == len(planned.doses) == 112
    assert [event.time_h for event in planned.events][:3] == [0.0, 12.0, 24.0]
    assert planned.events[-1].time_h == 55 * 24 + 12


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("NAM 1 g oral every 8 h for 1 d", [0, 8, 16]),
        ("NAM 1 g oral three times daily for 1 d", [0, 6, 12]),
        ("NAM 1 g oral 3 sessions/week for 1 week", [0, 48, 96]),
        ("NAM 1 g oral weekly for 2 weeks", [0, 168]),
        ("NAM 1 g oral daily at 20:00 for 2 d", [12, 36]),
        ("NAM 1 g oral daily at 07:00 for 2 d", [23, 47]),
        ("NAM 1 g oral daily for 2 d from day 7", [168, 192]),
        ("NAM 1 g oral at 10:30", [2.5]),
        ("NAM 1 g oral daily for 2 d then 2 g twice daily for 1 d", [0, 24, 48, 60]),
        ("NAM 1 g oral daily for 2 d then 2 g daily for 1 d from day 5", [0, 24, 120]),
    ],
)
def test_dose_times(sentence: str, expected: list[float]) -> None:
    assert times(sentence) == pytest.approx(expected)


def test_a_strength_on_skin_becomes_micromoles_and_says_what_it_assumes() -> None:
    planned = of("nicotinamide 4% topical twice daily on 300 cm2 for 1 week")
    # 4 % of 1 mg/cm² on 300 cm² are 12 mg.
    assert planned.events[0].value == pytest.approx(12 / 0.12212)
    assert (planned.events[0].target, len(planned.events)) == ("topical.NAM_film", 14)
    assert any("mg of product per cm²" in str(note) for note in planned.notes)


@pytest.mark.parametrize("route", ["subcutaneous", "intramuscular"])
@pytest.mark.parametrize("compound", ["NAD+", "NR chloride"])
def test_injections_say_that_no_kinetics_exist(compound: str, route: str) -> None:
    planned = of(f"{compound} 100 mg {route} once")
    assert planned.events[0].target.startswith(f"{route}.")
    assert any("no PK data" in str(note) for note in planned.notes)


def test_tryptophan_counts_sixty_to_one() -> None:
    planned = of("tryptophan 600 mg oral once")
    assert planned.events[0].value == pytest.approx(10 / 0.12212, rel=1e-3)


def test_a_diet_takes_the_place_of_the_usual_one_and_ends() -> None:
    planned = of("diet 6.1 mg NE daily for 3 days then 30 mg daily for 1 day", days=6)
    offered = [(e.time_h, e.value) for e in planned.events if e.target == "diet.offered"]
    controlled = [(e.time_h, e.value) for e in planned.events if e.target == "diet.controlled"]
    assert offered[0] == (0.0, pytest.approx(6.1)) and offered[-1] == (96.0, 0.0)
    assert dict(offered)[72.0] == pytest.approx(30.0)
    assert {value for _, value in controlled[:-1]} == {1.0} and controlled[-1] == (96.0, 0.0)
    assert planned.doses == ()


@pytest.mark.parametrize(
    "sentence",
    ["diet 6 mg NE twice daily for 2 d", "diet 6 mg NE once", "diet 6 mg NE daily at 08:00 for 2 d"],
)
def test_a_diet_is_eaten_over_the_day(sentence: str) -> None:
    with pytest.raises(PlanError, match="over the day"):
        of(sentence)


def test_two_diets_at_once_are_refused() -> None:
    with pytest.raises(PlanError, match="at once on day 1"):
        of("diet 6 mg NE daily for 3 d + diet 9 mg NE daily for 3 d from day 1")


def test_infusions_set_a_rate_and_end_at_zero() -> None:
    planned = of("NAD+ 750 mg IV over 6 h")
    assert [(e.time_h, e.kind, e.target) for e in planned.events] == [
        (0.0, "set", "plasma.infusion.NAD"),
        (6.0, "set", "plasma.infusion.NAD"),
    ]
    # About 3 µmol/min (route:R002).
    assert planned.events[0].value / 60 == pytest.approx(3.14, rel=0.01)
    assert planned.events[1].value == 0.0


def test_overlapping_infusions_add_and_leave_nothing() -> None:
    planned = of("NAD+ 663.43 mg IV over 4 h + NAD+ 663.43 mg IV over 4 h at 10:00")
    assert [(e.time_h, e.value) for e in planned.events] == [
        (0.0, pytest.approx(250)),
        (2.0, pytest.approx(500)),
        (4.0, pytest.approx(250)),
        (6.0, 0.0),
    ]
    given = sum(
        before.value * (after.time_h - before.time_h)
        for before, after in zip(planned.events, planned.events[1:], strict=False)
    )
    assert given == pytest.approx(2000)
    assert any("overlap" in str(note) for note in planned.notes)


def test_coincident_doses_add_and_are_reported() -> None:
    planned = of("NR chloride 500 mg oral daily for 4 weeks + NR chloride 300 mg oral daily for 1 week")
    single = of("NR chloride 800 mg oral daily for 1 week")
    assert planned.events[0].value == pytest.approx(single.events[0].value)
    assert len(planned.events) == 28
    assert any("7 doses fall together" in str(note) for note in planned.notes)
    assert any("overlap from day 0 to day 6" in str(note) for note in planned.notes)


def test_single_dose_is_followed_for_three_days() -> None:
    assert of("NAM 1 g oral").end_h == 72.0


def test_days_cut_the_plan_and_say_so() -> None:
    planned = of("NAM 1 g oral daily for 8 weeks", days=3)
    assert len(planned.events) == 3 and planned.end_h == 72.0
    assert any("before the plan does" in str(note) for note in planned.notes)
    assert len(of("NAM 1 g oral daily", days=5).events) == 5


@pytest.mark.parametrize("days", [0, -3, math.nan, math.inf, 1e9])
def test_bad_length_of_run(days: float) -> None:
    with pytest.raises(PlanError, match="cannot be simulated"):
        of("NAM 1 g oral daily", days=days)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("NAM 1 g oral daily", "does not end"),
        ("NAD+ 500 mg IV", "over 4 h"),
        ("NR 500 mg oral over 4 h", "not infused"),
        ("NAM 1 g oral daily for 9 d then 2 g daily for 9 d from day 3", "starts before"),
        ("NAM 1 g oral every 0.5 h for 90 years", "more than"),
    ],
)
def test_refusals(sentence: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        of(sentence)


def test_amounts_given_do_not_depend_on_how_the_plan_is_split() -> None:
    whole = of("NAM 1 g oral daily for 4 weeks")
    halves = of("NAM 1 g oral daily for 2 weeks then 1 g daily for 2 weeks")
    assert whole.events == halves.events
    assert isinstance(Plan.parse("NAM 1 g oral"), Plan)


@pytest.mark.parametrize(
    ("sentence", "judged"),
    [
        ("fast 36 h", 48.0),  # from 20:00, 12 h after the start, to 08:00 of the second day
        ("fast 16 h", 28.0),
        ("fast 36 h + NR chloride 1 g oral", 72.0),
        ("fast 36 h + endurance 45 min at 60% VO2max", 72.0),
        ("endurance 45 min at 60% VO2max", 48.0),
    ],
)
def test_a_fast_alone_is_judged_by_its_own_last_day(sentence: str, judged: float) -> None:
    planned = of(sentence)
    assert planned.judged_h == judged
    assert of(sentence, days=5.0).judged_h == 120.0


def test_a_plan_without_end_says_so_where_the_run_ends_first() -> None:
    notes = [str(note) for note in schedule(parse_plan("vegetarian"), days=1).notes]
    assert "the run ends on day 1, before the plan, which has no end" in notes
    assert not any("inf" in note.split() for note in notes)


def test_what_is_open_beside_a_length_ends_with_it() -> None:
    """Usual meals added to be compared run as long as the doses: the plan does not go on without end."""
    plan = parse_plan("3 meals a day + NR 500 mg oral daily for 1 week")
    assert not [note for note in map(str, schedule(plan, days=7).notes) if "the run ends" in note]
    cut = [note for note in map(str, schedule(plan, days=5).notes) if "the run ends" in note]
    assert cut == ["the run ends on day 5, before the plan does (day 7)"]


def test_a_length_beyond_all_numbers_is_refused() -> None:
    with pytest.raises(PlanError, match="days"):
        schedule(parse_plan("NR chloride 300 mg oral daily"), days=10**400)
