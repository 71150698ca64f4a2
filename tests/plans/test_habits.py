"""Habits in sentences, objects and YAML, and mistakes pointed at."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError
from nadflux.plans import (
    Amount,
    EatingWindow,
    Exercise,
    Fast,
    Frequency,
    Meals,
    Nutrient,
    Overfeeding,
    Phase,
    Restriction,
    SetMeal,
    ShiftWork,
    Sleep,
    from_yaml,
    parse_plan,
)
from nadflux.plans.habits import Habit
from refusals import refusal_of


def one(sentence: str) -> Habit:
    (habit,) = parse_plan(sentence).lifestyle
    return habit


@pytest.mark.parametrize(
    ("sentence", "habit"),
    [
        ("three meals a day", Meals(3)),
        ("2 meals/day high-protein for 4 weeks", Meals(2, style="high-protein", duration=Amount(4, "weeks"))),
        ("meals at 8:00, 13:00 and 19:00", Meals(3, (8.0, 13.0, 19.0))),
        ("16:8 eating window", EatingWindow(12.0, 20.0)),
        ("18:6 eating window 8:00-14:00", EatingWindow(8.0, 14.0)),
        ("time-restricted eating 12:00-20:00 for 2 weeks", EatingWindow(12.0, 20.0, duration=Amount(2, "weeks"))),
        ("fast 36 h", Fast(Amount(36, "h"))),
        ("fast 36 h from day 1 at 20:00", Fast(Amount(36, "h"), times_of_day=(20.0,), start=Amount(1, "days"))),
        ("fasting for 24 h weekly for 8 weeks", Fast(Amount(24, "h"), Frequency("weekly"), (), Amount(8, "weeks"))),
        ("caloric restriction 25%", Restriction(25.0)),
        ("calorie restriction of 12.5 % for 6 months", Restriction(12.5, duration=Amount(6, "months"))),
        ("overfeeding 30% for 2 weeks", Overfeeding(30.0, duration=Amount(2, "weeks"))),
        ("caloric surplus of 20 %", Overfeeding(20.0)),
        ("meal 600 kcal at 12:00", SetMeal(Amount(600, "kcal"), times_of_day=(12.0,))),
        ("meal of 2500 kJ high-protein", SetMeal(Amount(2500, "kJ"), style="high-protein")),
        (
            "meal 50 g carbohydrate, 20 g protein, 15 g fat",
            SetMeal(None, Amount(50, "g"), Amount(20, "g"), Amount(15, "g")),
        ),
        (
            "endurance 45 min at 70% VO2max 3/week at 18:00",
            Exercise("endurance", Amount(45, "min"), 70.0, Frequency("weekly", 3), (18.0,)),
        ),
        ("resistance 45 min 2/week", Exercise("resistance", Amount(45, "min"), None, Frequency("weekly", 2))),
        ("sleep 23:00-7:00", Sleep(23.0, 7.0)),
        ("sleep 6 h irregular", Sleep(1.0, 7.0, True)),
        ("shift work", ShiftWork()),
        ("glucose 75 g oral at 8:00", Nutrient("glucose", (Phase(Amount(75, "g"), times_of_day=(8.0,)),))),
        ("leucine 3.5 g", Nutrient("leucine", (Phase(Amount(3.5, "g")),))),
        (
            "alcohol 40 g at 20:00 daily",
            Nutrient("ethanol", (Phase(Amount(40, "g"), Frequency("daily"), (20.0,)),)),
        ),
    ],
)
def test_what_sentences_mean(sentence: str, habit: Habit) -> None:
    assert one(sentence) == habit


def test_habits_and_regimens_stand_side_by_side() -> None:
    plan = parse_plan("NR 500 mg oral daily for 2 weeks + 16:8 eating window; ethanol 40 g at 20:00 daily")
    assert [regimen.compound for regimen in plan.regimens] == ["NR chloride"]
    assert [type(habit) for habit in plan.lifestyle] == [EatingWindow, Nutrient]
    assert plan != parse_plan("NR 500 mg oral daily for 2 weeks")


@pytest.mark.parametrize(
    ("sentence", "says", "word"),
    [
        ("16:7 eating window", "do not make a day", "16:7"),
        ("16:8 eating window 8:00-15:00", "not the 8 of 16:8", "8:00-15:00"),
        ("time-restricted eating", "hours are needed", " "),
        ("16:8 eating windw", "did you mean 'eating window'", "eating windw"),
        ("16:8 eating window 3/week", "no frequency fits here", "3/week"),
        ("fast", "length of a fast with its unit", ""),
        ("fast 36", "no unit", "36"),
        ("fast 36 kg", "not a time", "36 kg"),
        ("fast 3600 h", "out of range", "3600 h"),
        ("fast 36 h daily for 1 week", "runs into the next", "36 h"),
        ("fast 36 h for 2 weeks", "how often", "fast 36 h for 2 weeks"),
        ("caloric restriction", "a percentage with its unit is needed here", " "),
        ("caloric restriction 25", "the percentage has no unit", "25"),
        ("caloric restriction 25 for 8 weeks", "the percentage has no unit", "25"),
        ("overfeeding daily", "a percentage with its unit is needed here", "daily"),
        ("caloric restriction 25 kcal", "given in %", "25 kcal"),
        ("caloric restriction 95%", "cannot be planned", "95%"),
        ("overfeeding 500 kcal", "given in %", "500 kcal"),
        ("overfeeding 300%", "cannot be planned", "300%"),
        ("endurance 45 min at 70%", "of what", "at 70%"),
        ("endurance 45 min at 140% VO2max", "cannot be kept up", "endurance 45 min at 140% VO2max"),
        ("resistance 45 min at 70% VO2max", "no share of VO2max", "resistance 45 min at 70% VO2max"),
        ("endurance 45 mn 3/week", "did you mean 'min'", "endurance 45 mn 3/week"),
        ("sleep", "time of sleep", ""),
        ("sleep 20 h", "between 1 and 16 h", "20 h"),
        ("sleep 23:00-7:60", "not a time of day", "7:60"),
        ("sleep 23:00-7:00 quietly", "unknown word 'quietly'", "quietly"),
        ("meal at 12:00", "what is in the meal", "at"),
        ("meal 600 kcal 700 kcal", "given twice", "700 kcal"),
        ("meal 50 g carbohydrat", "did you mean 'carbohydrate'", "carbohydrat"),
        ("meal 50 g", "part of a meal is missing", " "),
        ("meal 600 kcal high-protien", "did you mean", "high-protien"),
        ("meals", "how many", "meals"),
        ("three meals a day at 8:00 and 19:00", "3 times of day", "three meals a day at 8:00 and 19:00"),
        ("glucose 75 mmol oral", "not a mass", "glucose 75 mmol oral"),
        ("glucse 75 g oral", "did you mean 'glucose'", "glucse"),
        ("ethanol 40 g over 2 h", "swallowed", "ethanol 40 g over 2 h"),
        ("smoking daily", "not modelled; of lifestyle there is: meals", "smoking"),
        ("slep 8 h", "did you mean 'sleep'", "slep"),
    ],
)
def test_errors_point_at_the_word(sentence: str, says: str, word: str) -> None:
    message, marked = refusal_of(sentence)
    assert says in message
    assert marked.strip() == word.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {lifestyle: sleep 23:00-07:00, frequency: daily}", "leave out 'frequency'"),
        ("- {lifestyle: NR 500 mg oral}", "unknown habit"),
        ("- {lifestyle: fast 36 h, over: 3 h}", "field of a habit 'over'"),
        ("- {nutrient: glukose, phases: [{dose: 75 g}]}", "unknown nutrient"),
        ("- {nutrient: glucose, phases: 75 g}", "must be a list"),
    ],
)
def test_yaml_mistakes(text: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        from_yaml(text)
