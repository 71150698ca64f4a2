"""Plans side by side: the same people, length and body, and differences person by person."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import PlanError, ValueOutOfRangeError
from nadflux.simulation import simulate
from nadflux.simulation.summary import final
from nadflux.studies.experiments.compare_plans import compare_plans, settle_together

WOMAN = "woman, 62 y, 70 kg"
SHOWN = ["whole_blood_nad", "urine_mna"]


def test_each_plan_gives_the_bits_it_gives_alone() -> None:
    found = compare_plans(WOMAN, ["NR 1 g daily for 3 d", "nothing"], n=3, outputs=SHOWN)
    alone = simulate(WOMAN, "NR 1 g daily for 3 d", n=3, outputs=SHOWN, days=3)
    assert np.array_equal(found.runs[0]["whole_blood_nad"], alone["whole_blood_nad"])
    assert found.runs[1].times[-1] == 72.0


def test_differences_are_person_by_person() -> None:
    found = compare_plans(WOMAN, ["NR 1 g daily for 3 d", "NR 1 g daily for 3 d", "nothing"], n=4, outputs=SHOWN)
    rows = [row for row in found.rows(SHOWN) if row.quantity.id == "whole_blood_nad"]
    assert [row.plan for row in rows] == ["A", "B", "C"]
    assert rows[0].difference is None and rows[1].difference == (0.0, 0.0, 0.0)
    apart = final(found.runs[2], "whole_blood_nad") - final(found.runs[0], "whole_blood_nad")
    assert rows[2].difference is not None
    assert rows[2].difference == pytest.approx((np.median(apart), apart.min(), apart.max()))
    assert rows[2].difference[2] < 0


def test_plans_take_the_length_of_the_longest_and_one_body() -> None:
    settled, notes = settle_together(WOMAN, ["NR 500 mg daily", "NMN 500 mg daily for 2 weeks"], n=1)
    assert [one.planned.end_h for one in settled] == [336.0, 336.0] and not notes
    lived, notes = settle_together(
        WOMAN, ["fast 24 h", "NR 500 mg daily for 3 d", "nothing"], n=1, outputs=["liver_nad"]
    )
    assert {one.prepared.body.name for one in lived} == {"whole"}
    assert [str(one.scenario.plan) for one in lived] == [
        "fast 24 h once",
        "3 meals a day + NR chloride 500 mg oral daily for 3 d",
        "3 meals a day",
    ]
    assert "usual days" in str(notes[0])


def test_a_dose_by_weight_is_that_of_the_person() -> None:
    settled, _ = settle_together(WOMAN, ["NMN 10 mg/kg daily for 1 week", "nothing"], n=1)
    assert str(settled[0].scenario.plan) == "NMN 700 mg oral daily for 1 week"


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueOutOfRangeError, match="two or more"):
        compare_plans(WOMAN, ["NR 500 mg daily for 1 week"])
    with pytest.raises(PlanError, match="none of the plans ends"):
        compare_plans(WOMAN, ["NR 500 mg daily", "NMN 500 mg daily"])
    with pytest.raises(PlanError, match="needs the weight"):
        compare_plans("woman, 62 y", ["NR 10 mg/kg daily for 1 week", "nothing"])
