"""The healthy reference: capacities come from it, what people are now acts on it, runs begin after quiet years."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from nadflux import simulate
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import prepare
from nadflux.simulation.quiet_years import present_steps

HEALTHY = "man, 28 y, 68.1472 kg, 176 cm"  # body mass index 22
SIGNALS = ("plasma_insulin", "muscle_mTORC1", "body_mTORC1", "muscle_J_deg", "heart_J_deg", "liver_J_deg")
OTHERS: Mapping[str, tuple[str, dict[str, float]]] = {
    "heavy": ("man, 28 y, 130 kg, 176 cm", {}),
    "resistant": (HEALTHY, {"fuels.insulin.sensitivity": 0.4}),
    "old": ("man, 80 y, 68.1472 kg, 176 cm", {}),
}
POOLS = tuple(csv.DictReader((BIOLOGY / "pools.csv").read_text(encoding="utf-8").splitlines()))
LEVELS = {"red_cells": "red_cell_nad", "platelets": "platelet_nad", "immune_cells": "immune_cells_NAD"}


def quiet(who: str, outputs: Sequence[str], *, body: str = "whole", n: int = 24, **asked: object) -> np.ndarray:
    """Return observables of people after their quiet years, shape (person, output)."""
    given = {"posterior": "none", "seed": 3, "times": [0.0], "body": body, **asked}
    run = simulate(who, None, n=n, outputs=outputs, **given)  # type: ignore[arg-type]
    assert not run.failures
    return run.values[:, 0]


def fasted(who: str, settings: Mapping[str, float], outputs: Sequence[str]) -> np.ndarray:
    """Return observables after 36 h of fasting over the mean of the day before, shape (person, output)."""
    run = simulate(who, "fast 36 h", n=24, posterior="none", seed=3, outputs=outputs, set=settings)
    assert not run.failures
    day, end = (run.times >= -24) & (run.times < 0), int(np.argmin(abs(run.times - 36)))
    return np.asarray(run.values[:, end] / run.values[:, day].mean(axis=1))


def test_the_healthy_stay_at_the_reference() -> None:
    """Who is 28, lean and of usual sensitivity reads 1 in every signal that is relative to it."""
    known = prepare(body="whole").body.observables
    relative = [o.id for o in known if o.unit == "of healthy reference" and not o.id.endswith("_ceiling")]
    usual = {"fuels.insulin.sensitivity": 1.0, "fuels.beta.share": 1.0}
    assert len(relative) > 50
    assert quiet(HEALTHY, relative, set=usual) == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("body", ["nad", "whole"])
def test_the_person_a_pool_was_measured_in_reads_it(body: str) -> None:
    known = {o.id for o in prepare(body=body).body.observables}
    for row in POOLS:
        weight = float(row["bmi"]) * 1.76**2
        name = LEVELS.get(row["organ"], f"{row['organ']}_nad")
        if row["organ"] == "immune_cells" and name not in known:
            continue  # the NAD body shows their nicotinamide alone
        fixed = {"body": body, "n": 1, "spread": False, "uncertainty": False}
        there, healthy = (quiet(who, [name], **fixed)[0, 0] for who in  # type: ignore[arg-type]
                          (f"man, {row['age']} y, {weight:.4f} kg, 176 cm", HEALTHY))  # fmt: skip
        assert there == pytest.approx(healthy, rel=0.01), row["organ"]


def test_every_pool_row_names_who_it_was_measured_in() -> None:
    table = prepare().body.table
    organs = {row.organ for row in table if row.name == "NAD.total"}
    assert organs == {row["organ"] for row in POOLS}
    ages = {organ: table.row(f"{organ}.ageing.reference").value for organ in ("liver", "muscle", "red_cells")
            if f"{organ}.ageing.reference" in table.targets}  # fmt: skip
    assert all(age == float(row["age"]) for row in POOLS for organ, age in ages.items() if organ == row["organ"])


@pytest.mark.parametrize("other", OTHERS)
def test_more_insulin_more_mtorc1_less_flux(other: str) -> None:
    """Signs in at least 22 of 24 drawn people each: obesity, resistance and age (10.1172/JCI119628 for insulin)."""
    who, settings = OTHERS[other]
    here = quiet(who, SIGNALS, set=settings) / quiet(HEALTHY, SIGNALS)
    higher = np.sum(here > 1, axis=0)
    assert all(higher[SIGNALS.index(name)] >= 22 for name in ("plasma_insulin", "muscle_mTORC1", "body_mTORC1"))
    assert all(higher[SIGNALS.index(name)] <= 2 for name in ("muscle_J_deg", "heart_J_deg", "liver_J_deg"))


@pytest.mark.parametrize("other", OTHERS)
def test_the_answer_to_a_fast_is_smaller(other: str) -> None:
    names = ("muscle_mTORC1", "body_mTORC1")
    who, settings = OTHERS[other]
    smaller = fasted(who, settings, names) > fasted(HEALTHY, {}, names)
    assert np.all(np.sum(smaller, axis=0) >= (18 if other == "resistant" else 22))


def test_age_and_fat_act_through_their_causes_alone() -> None:
    """Without the fall of filtration and what fat does to insulin, the old and heavy read as the young."""
    causes = {"person.filtration_fall": 0.0, "fuels.insulin.fat_power": 0.0, "fuels.lipolysis.fat_power": 0.0}
    healthy = quiet(HEALTHY, SIGNALS, set=causes)
    for who in (OTHERS["old"][0], OTHERS["heavy"][0]):
        assert quiet(who, SIGNALS, set=causes) == pytest.approx(healthy, rel=0.02)


def test_every_input_of_the_present_is_set_once() -> None:
    present = prepare(body="whole").body.present
    steps = present_steps(present, 0.0)
    assert [step.target for step in steps] == [*present.inputs, *present.held]
    assert {step.time_h for step in steps} == {-present.years * 8766.0}


def test_totals_begin_anew_after_the_quiet_years() -> None:
    found = quiet("woman, 70 y, 80 kg, 160 cm", ("urine_nad_total",), body="nad")
    assert np.all(found == 0)


def test_age_by_decree_is_a_switch() -> None:
    names = ("muscle_nad", "skin_nad", "whole_blood_nad")
    asked = {"body": "nad", "switches": {"NAD.age": "imposed"}}
    ratio = quiet("man, 80 y, 68.1472 kg, 176 cm", names, **asked) / quiet(HEALTHY, names, **asked)  # type: ignore[arg-type]
    assert np.all(ratio[:, :2] < 0.95) and ratio[:, 2] == pytest.approx(1, abs=0.02)
    causes = quiet("man, 80 y, 68.1472 kg, 176 cm", names, body="nad") / quiet(HEALTHY, names, body="nad")
    assert causes == pytest.approx(1, abs=0.02)
