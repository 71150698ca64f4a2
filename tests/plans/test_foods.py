"""Foods: the table, portions added up, and a diet named by its foods."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import PlanError, TableError, UnknownNameError, ValueOutOfRangeError
from nadflux.plans import format_plan, parse_plan
from nadflux.plans.foods import niacin_equivalents, read_foods, shipped_foods

HEADER = "food,aliases,group,niacin,tryptophan,unit,tier,source,note\n"


def test_sixty_milligrams_of_tryptophan_count_as_one() -> None:
    meal = niacin_equivalents({"chicken breast": 100.0})
    assert meal.preformed == pytest.approx(10.5)
    assert meal.tryptophan == pytest.approx(360 / 60)
    assert meal.total == meal.preformed + meal.tryptophan


def test_every_group_of_the_table_is_there() -> None:
    groups = {food.group for food in shipped_foods()}
    assert {"meat", "fish", "dairy and egg", "legumes", "grains", "berries", "greens"} <= groups
    assert all(food.tier == "assumed" for food in shipped_foods() if food.source.startswith("recalled"))


def test_a_mixed_day_lies_in_the_usual_range() -> None:
    """16 to 34 mg NE a day (route:F002)."""
    day = {
        "chicken breast": 100.0, "milk": 300.0, "wholemeal bread": 150.0, "white rice": 200.0, "lentils": 100.0,
        "broccoli": 150.0, "strawberries": 100.0, "cheese": 30.0,
    }  # fmt: skip
    assert 16 < niacin_equivalents(day).total < 40


def test_a_diet_named_by_its_foods_reads_back() -> None:
    plan = parse_plan("diet of 100 g chicken breast, 250 g milk daily for 2 weeks")
    (phase,) = plan.regimens[0].phases
    assert phase.dose.to("mg") == pytest.approx(niacin_equivalents({"chicken": 100.0, "milk": 250.0}).total)
    assert parse_plan(format_plan(plan)) == plan
    assert any("niacin equivalents a day" in str(note) for note in plan.notes)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("diet of 100 g chickn daily for 2 d", "did you mean 'chicken'"),
        ("diet of daily for 2 d", "portions are needed"),
        ("diet of 100 mL milk daily for 2 d", "mL"),
        ("diet of 9000 g milk daily for 2 d", "cannot be eaten"),
        ("diet of -5 g milk daily for 2 d", "cannot be eaten"),
    ],
)
def test_mistakes_point_at_the_word(sentence: str, says: str) -> None:
    with pytest.raises(PlanError, match=says) as caught:
        parse_plan(sentence)
    assert "^" in str(caught.value)


def test_unknown_foods_and_portions() -> None:
    with pytest.raises(UnknownNameError, match="salmon"):
        niacin_equivalents({"salmn": 100.0})
    with pytest.raises(ValueOutOfRangeError, match="cannot be eaten"):
        niacin_equivalents({"milk": float("nan")})


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("milk,,dairy,0.1,,mg per 100 g,assumed,recalled,", "'tryptophan' is empty"),
        ("milk,,dairy,-1,4,mg per 100 g,assumed,recalled,", "not a number from 0"),
        ("milk,,dairy,1,4,mg,assumed,recalled,", "is given in"),
        ("milk,Milk,dairy,1,4,mg per 100 g,assumed,recalled,", "is listed twice"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, says: str) -> None:
    file = tmp_path / "foods.csv"
    file.write_text(HEADER + row + "\n")
    with pytest.raises(TableError, match=says):
        read_foods(file)


def test_a_diet_is_written_in_niacin_equivalents() -> None:
    for sentence in ("diet 6.1 mg NE daily for 5 weeks", "diet of 150 g chicken breast, 300 g milk daily for 2 weeks"):
        plan = parse_plan(sentence)
        assert " mg NE daily" in format_plan(plan)
        assert parse_plan(format_plan(plan)).regimens == plan.regimens
