"""Schedules of habits: what happens when, and what is said of it."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError
from nadflux.plans import parse_plan
from nadflux.plans.bounds import ONCE, STUDIED, shipped_bounds
from nadflux.plans.schedule import Schedule, schedule

DAY = 24.0


def of(sentence: str, **options: float) -> Schedule:
    return schedule(parse_plan(sentence), **options)  # type: ignore[arg-type]


def spans(planned: Schedule, what: str, since: float = 0.0) -> list[tuple[float, float]]:
    return [(s.start_h, s.stop_h) for s in planned.spans if s.what == what and s.start_h >= since]


def meals(planned: Schedule, since: float = 0.0) -> list[float]:
    return [start for start, _ in spans(planned, "meal", since)]


def steps(planned: Schedule, target: str) -> list[tuple[float, float]]:
    return [(e.time_h, e.value) for e in planned.events if e.target == target and e.kind == "set"]


def given(planned: Schedule, target: str, start: float, stop: float) -> float:
    return sum(e.value for e in planned.events if e.target == target and e.kind == "add" and start <= e.time_h < stop)


def test_the_usual_day_runs_before_time_0() -> None:
    planned = of("three meals a day for 2 d")
    assert planned.start_h == -3 * DAY and planned.end_h == 2 * DAY
    assert steps(planned, "feeding.constant") == [(-72.0, 0.0)]
    assert steps(planned, "clock.strength") == [(-72.0, 1.0)]
    assert meals(planned, -72.0) == [DAY * day + hour for day in range(-3, 2) for hour in (0.0, 5.0, 11.0)]
    assert spans(planned, "sleep", -72.0) == [(DAY * d + 15.0, DAY * d + 23.0) for d in range(-3, 2)]
    assert any("people begin where such days repeat themselves" in str(note) for note in planned.notes)


def test_a_meal_slows_what_is_swallowed_with_it() -> None:
    planned = of("meals at 8:00, 9:00 and 19:00 for 1 d + NR 500 mg oral daily")
    assert [step for step in steps(planned, "gut_lumen.fed") if step[0] >= 0] == [
        (0.0, 1.0), (3.0, 0.0), (11.0, 1.0), (13.0, 0.0),
    ]  # fmt: skip


def test_meals_of_a_day_hold_what_is_usually_eaten() -> None:
    """24 h of the resting intake of the model, whatever the pattern."""
    for sentence in ("three meals a day for 2 d", "5 meals a day for 2 d", "16:8 eating window for 2 d"):
        planned = of(sentence)
        for target, rate in (("stomach.glucose", "feeding.glucose.rate"), ("stomach.protein", "feeding.protein.rate")):
            assert given(planned, target, DAY, 2 * DAY) == pytest.approx(DAY), sentence
            assert {e.scale for e in planned.events if e.target == target} == {rate}


def test_a_style_shares_out_the_same_energy() -> None:
    planned = of("three meals a day high-fat for 2 d")
    scaled = [e for e in planned.events if e.target == "stomach.fat" and e.time_h >= 0]
    assert {e.scale for e in scaled} == {"feeding.energy"}
    # A kcal of which 55 % is fat: 0.55 / 9 g of 0.2868 mg/µmol.
    assert sum(e.value for e in scaled) / 48.0 == pytest.approx(0.55 / 9 * 1000 / 0.2868)


def test_an_eating_window_holds_all_meals() -> None:
    planned = of("16:8 eating window for 2 weeks + NR 500 mg oral daily")
    assert planned.end_h == 14 * DAY and len(planned.doses) == 14
    hours = [(time + 8.0) % DAY for time in meals(planned)]
    assert min(hours) == 12.0 and max(hours) == 19.5 and len(hours) == 42
    assert meals(planned, -24.0)[:3] == [-24.0, -19.0, -13.0]


def test_a_fast_leaves_meals_out_and_niacin_with_them() -> None:
    planned = of("fast 36 h")
    assert spans(planned, "fast") == [(12.0, 48.0)]
    assert meals(planned) == [0.0, 5.0, 11.0, 48.0, 53.0, 59.0]
    assert steps(planned, "diet.controlled") == [(12.0, 1.0), (48.0, 0.0)]
    assert any("3 usual meals are left out" in str(note) for note in planned.notes)
    assert spans(of("fast 24 h weekly at 08:00 for 2 weeks"), "fast") == [(0.0, 24.0), (168.0, 192.0)]


def test_restriction_takes_the_same_share_of_food_and_niacin() -> None:
    planned = of("caloric restriction 25% for 2 d from day 1", days=4.0)
    assert given(planned, "stomach.fat", 0.0, DAY) == pytest.approx(DAY)
    assert given(planned, "stomach.fat", DAY, 3 * DAY) == pytest.approx(2 * 0.75 * DAY)
    offered = [(e.time_h, e.value, e.scale) for e in planned.events if e.target == "diet.offered"]
    assert offered == [(24.0, 0.75, "diet.usual"), (72.0, 0.0, "")]


def test_overfeeding_adds_to_food_and_niacin_and_flattens_the_clock() -> None:
    planned = of("overfeeding 30% for 2 d from day 1", days=4.0)
    assert given(planned, "stomach.fat", DAY, 3 * DAY) == pytest.approx(2 * 1.3 * DAY)
    offered = [(e.time_h, e.value, e.scale) for e in planned.events if e.target == "diet.offered"]
    assert offered == [(24.0, 1.3, "diet.usual"), (72.0, 0.0, "")]
    (_, regular), (start, weak), (stop, again) = steps(planned, "clock.strength")
    assert (start, stop) == (24.0, 72.0) and weak < regular == again
    assert any(
        "overfeeding by 30 %" in str(note) or "overfeeding is in the collected data" in str(note)
        for note in planned.notes
    )


def test_what_flattens_the_clock_at_the_same_time_acts_in_product() -> None:
    both = of("overfeeding 30% for 4 d + sleep 6 h irregular for 2 d from day 1", days=6.0)
    alone = {
        what: steps(of(what, days=6.0), "clock.strength")[1][1] for what in ("overfeeding 30%", "sleep 6 h irregular")
    }
    eaten, slept = alone.values()
    times, strengths = zip(*steps(both, "clock.strength")[1:], strict=True)
    assert times == (0.0, 24.0, 72.0, 96.0)
    assert strengths == pytest.approx((eaten, eaten * slept, eaten, 1.0))


def test_a_set_meal_takes_the_place_of_the_nearest() -> None:
    planned = of("meal 600 kcal at 12:00 daily for 2 d")
    assert meals(planned) == [0.0, 4.0, 11.0, 24.0, 28.0, 35.0]
    meal = [e for e in planned.events if e.time_h == 4.0 and e.target.startswith("stomach.")]
    assert len(meal) == 3 and all(not e.scale for e in meal)  # glucose, protein and fat


@pytest.mark.parametrize("hours", [24, 48, 72])
def test_the_meal_that_a_fast_would_just_cost_breaks_it(hours: int) -> None:
    planned = of(f"fast {hours} h")
    assert spans(planned, "fast") == [(12.0, 12.0 + hours)]
    eaten = [start for start, _ in spans(planned, "meal") if start > 12.0]
    assert eaten[0] == 12.0 + hours
    assert len([time for time in eaten if 12.0 + hours <= time < 24.0 + hours]) == 1


def test_a_fast_that_ends_in_sleep_is_broken_on_waking() -> None:
    planned = of("fast 24 h at 00:30 + sleep 22:00-06:00")
    nights = spans(planned, "sleep")
    assert not any(start <= time < stop for time, _ in spans(planned, "meal") for start, stop in nights)
    late = of("fast 25 h at 19:30 + sleep 20:00-04:00")  # dinner at 19:00 would be put off until 20:30
    asleep = spans(late, "sleep")
    assert not any(start <= time < stop for time, _ in spans(late, "meal") for start, stop in asleep)


@pytest.mark.parametrize(
    "window", ["12:12", "10:14 eating window 12:00-02:00", "eating window 18:00-02:00", "eating window 16:20-00:20"]
)
def test_a_meal_of_a_window_that_closes_in_sleep_is_eaten_before_it(window: str) -> None:
    """Put off to waking, it would fall hours after the window has closed."""
    planned = of(f"{window} for 1 week")
    times, nights = meals(planned), spans(planned, "sleep")
    assert len(times) == 21
    assert not any(start <= time < stop for time in times for start, stop in nights)
    assert not any(7.0 <= (time + 8.0) % 24.0 < 11.9 for time in times)


def test_a_meal_of_a_window_that_opens_in_sleep_waits_for_waking() -> None:
    assert {(time + 8.0) % 24.0 for time in meals(of("eating window 6:00-14:00 for 1 week"))} >= {7.0}


def test_a_load_is_taken_in_the_place_of_breakfast() -> None:
    planned = of("glucose 75 g oral at 8:00")
    assert spans(planned, "load") == [(0.0, 0.0)]
    assert meals(planned) == [5.0, 11.0]
    assert given(planned, "stomach.glucose", 0.0, 1.0) == pytest.approx(75 / 0.18016 * 1000)
    drink = of("ethanol 40 g at 20:00 daily for 2 d")
    assert [e.time_h for e in drink.events if e.target == "stomach.ethanol"] == [12.0, 36.0]
    assert len(meals(drink)) == 6


def test_exercise_steps_intensity_and_trains() -> None:
    planned = of("endurance 45 min at 70% VO2max 3/week for 2 weeks")
    assert steps(planned, "exercise.intensity")[:2] == [(10.0, 0.7), (pytest.approx(10.75), 0.0)]
    assert len(spans(planned, "endurance")) == 6
    assert steps(planned, "training.aerobic") == [(0.0, pytest.approx(1.0))]
    half = of("endurance 45 min at 35% VO2max 3/week for 1 week + resistance 30 min 3/week at 07:00", days=14.0)
    assert steps(half, "training.aerobic") == [(0.0, pytest.approx(0.5)), (168.0, 0.0)]
    assert steps(half, "training.resistance") == [(0.0, pytest.approx(2 / 3))]
    assert steps(of("endurance 45 min"), "training.aerobic") == []


def test_irregular_sleep_and_shifts_flatten_the_clock() -> None:
    planned = of("sleep 6 h irregular for 4 d", days=6.0)
    assert [start % DAY for start, _ in spans(planned, "sleep")[:4]] == [15.5, 18.5, 15.5, 18.5]
    (_, regular), (zero, weak), (stop, again) = steps(planned, "clock.strength")
    assert (zero, stop) == (0.0, 96.0) and weak < regular == again
    shift = of("shift work for 1 week")
    assert spans(shift, "sleep")[:4] == [(25.0, 31.0), (49.0, 55.0), (73.0, 79.0), (87.0, 95.0)]
    assert all(not start < meal < stop for start, stop in spans(shift, "sleep") for meal in meals(shift))
    assert given(shift, "stomach.glucose", 17.0, 17.0 + 3 * DAY) == pytest.approx(3 * DAY)


def test_late_sleep_moves_the_clock_an_hour_a_day() -> None:
    planned = of("sleep 2:00-10:00 for 5 d", days=7.0)
    assert steps(planned, "clock.phase") == [
        (0.0, 1.0), (24.0, 2.0), (48.0, 3.0), (120.0, 2.0), (144.0, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("fast 96 h", "beyond data: a fast of 96 h; the largest in the collected data is 60 h"),
        ("leucine 20 g", "beyond data: 20 g of leucine at once"),
        ("caloric restriction 40% for 1 week", "beyond data: a restriction of 40 %"),
        ("endurance 20 min at 95% VO2max", "beyond data: exercise at 95 % of VO2max"),
        ("meal 130 g protein", "beyond data: 130 g of protein at once; the largest in the collected data is 100 g"),
    ],
)
def test_beyond_data_is_said(sentence: str, says: str) -> None:
    assert any(says in str(note) for note in of(sentence).notes)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("three meals a day", "does not end"),
        ("three meals a day for 2 d + 16:8 eating window for 1 d", "two patterns of meals hold at once on day 0"),
        ("sleep 8 h for 2 d + shift work for 2 d", "two patterns of sleep"),
        ("fast 36 h + meal 600 kcal at 12:00 from day 1", "lies within a fast"),
        ("endurance 60 min at 18:00 + resistance 60 min at 18:30", "two bouts of exercise overlap"),
    ],
)
def test_what_cannot_hold_together(sentence: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        of(sentence)


def test_a_plan_without_habits_stays_as_it_was() -> None:
    planned = of("NR 500 mg oral daily for 2 d")
    assert planned.start_h == 0.0 and planned.spans == ()
    assert [event.target for event in planned.events] == ["gut_lumen.NR"] * 2


def test_fasts_that_overlap_are_one_and_said_to_be() -> None:
    planned = schedule(parse_plan("fast 36 h at 8:00 + fast 24 h at 12:00"))
    fasts = [(span.start_h, span.stop_h) for span in planned.spans if span.what == "fast"]
    assert len(fasts) == 1 and fasts[0][1] - fasts[0][0] == 36.0
    assert any(
        "fasts that overlap or touch count as one; the longest of them lasts 36 h" in str(n) for n in planned.notes
    )
    apart = schedule(parse_plan("fast 24 h weekly for 2 weeks"))
    assert not any("overlap" in str(note) for note in apart.notes)


def test_joined_fasts_may_be_longer_than_anything_studied() -> None:
    bound = shipped_bounds().bound("fast", STUDIED, ONCE)
    assert bound is not None
    studied = bound.to("h")
    half = 24.0 * (int(studied / 24.0) // 2 + 1)
    planned = schedule(parse_plan(f"fast {half:g} h from day 1 + fast {half:g} h from day {half / 24.0 + 1:g}"))
    assert any(str(note).startswith("beyond data: fasts joined") for note in planned.notes)
