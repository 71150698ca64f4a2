"""The one `simulate`: rest stays rest, doses act, people are who they are, and mistakes are named."""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import NadfluxError, PlanError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.notes import NoteCode
from nadflux.shipped import BIOLOGY
from nadflux.simulation import SimulationInterruptedError, prepare, simulate
from nadflux.simulation.summary import summarise

WOMAN = "woman, 62 y, 70 kg"
PLAN = "NR chloride 500 mg oral twice daily for 3 d"
BLOOD, PBMC, MNA = "whole_blood_nad", "pbmc_nad", "urine_mna"


@pytest.fixture(scope="module")
def run() -> nf.Run:
    return simulate(WOMAN, PLAN, n=6, seed=1)


def test_nothing_taken_nothing_changes() -> None:
    rest = simulate(WOMAN, n=4, seed=1, days=3, outputs=(BLOOD, PBMC, MNA))
    assert rest.values == pytest.approx(np.broadcast_to(rest.values[:, :1], rest.values.shape), rel=1e-5)


def test_a_dose_acts_in_every_person(run: nf.Run) -> None:
    assert not run.failures
    for name in (BLOOD, PBMC, MNA):
        assert np.all(run[name][:, -1] > 1.01 * run[name][:, 0])


def test_time_zero_is_rest_before_the_first_dose(run: nf.Run) -> None:
    rest = simulate(WOMAN, n=6, seed=1, days=1)
    assert run.times[0] == 0.0
    assert run.values[:, 0] == pytest.approx(rest.values[:, 0])


def test_moieties_balance(run: nf.Run) -> None:
    assert run.record["balance"]["NAD"] < 1e-6
    infused = simulate(WOMAN, "NAD+ 750 mg IV over 6 h", n=2, seed=1, supervised=True)
    assert infused.record["balance"]["NAD"] < 1e-6


def test_a_person_is_the_same_in_any_selection(run: nf.Run) -> None:
    alone = simulate(WOMAN, PLAN, people=np.array([4]), seed=1)
    assert np.array_equal(alone.values[0], run.values[4])


def test_outputs_do_not_change_the_bits(run: nf.Run) -> None:
    one = simulate(WOMAN, PLAN, n=6, seed=1, outputs=(MNA,), threads=1)
    assert np.array_equal(one[MNA], run[MNA])
    assert [quantity.id for quantity in one.quantities] == [MNA]


def test_larger_dose_more_excretion() -> None:
    ends = [
        np.median(simulate(WOMAN, f"NR {mg} mg oral daily for 3 d", n=6, seed=1, outputs=(MNA,)).at(MNA, 72.0))
        for mg in (100, 300, 1000)
    ]
    assert ends[0] < ends[1] < ends[2]


def test_uncertainty_and_spread_can_be_left_out() -> None:
    same = simulate("woman, 62 y, 70 kg, 168 cm", days=1, n=3, uncertainty=False, spread=False)
    assert np.all(same.values == same.values[:1])
    assert same.notes[0].code == NoteCode.NO_INTERVAL


def test_setting_a_number_with_its_unit(run: nf.Run) -> None:
    low = simulate(WOMAN, PLAN, n=6, seed=1, set={"diet.intake": "15 mg/day"})
    also = simulate(WOMAN, PLAN, n=6, seed=1, set={"diet.intake": "0.015 g/day"})
    assert np.all(low[MNA][:, 0] < run[MNA][:, 0].max())
    assert np.median(low[MNA][:, 0]) < np.median(run[MNA][:, 0])
    assert low.values == pytest.approx(also.values, rel=1e-9)
    assert low.record["set"] == {"diet.intake": "15 mg/day"}


def test_a_shared_row_sets_every_organ() -> None:
    shared = simulate(WOMAN, PLAN, n=2, seed=1, set={"all.SIRT.Km": "100 µM"})
    each = simulate(
        WOMAN, PLAN, n=2, seed=1,
        set={f"{organ}.SIRT.Km": 100.0 for organ in
             ("liver", "gut_wall", "kidney", "muscle", "heart", "brain", "skin", "adipose", "rest",
              "red_cells", "platelets", "immune_cells")},
    )  # fmt: skip
    assert np.array_equal(shared.values, each.values)


def test_a_cohort_is_drawn() -> None:
    cohort = nf.Cohort(8, nf.Distribution(51, 8), female=0.5, bmi=nf.Distribution(27, 2))
    run = simulate(cohort, days=1, seed=1)
    assert run.persons == 8
    assert any("cohort" in str(note) for note in run.notes)


def test_what_was_assumed_is_said(run: nf.Run) -> None:
    said = " | ".join(map(str, simulate("woman, 62 y", "NR 500 mg oral", n=2).notes))
    for words in ("height not given", "weight not given", "NR is read as NR chloride", "screened: ", "advice"):
        assert words in said
    assert "range of 6 people is over parameters, differences between people, traits not described (height)" in str(
        run.notes[0]
    )


def test_record_says_how_to_repeat_it(run: nf.Run) -> None:
    assert {"text_hash", "table_hash", "posterior", "seed", "rtol", "atol", "who", "plan"} <= run.record.keys()
    assert "0.001 of the person's own initial size of each state" in run.record["atol"]
    assert {"nadflux", "numpy", "llvmlite", "antimony", "libsbml"} == run.record["versions"].keys()
    assert all(re.match(r"\d+\.\d+", version) for version in run.record["versions"].values())
    again = simulate(run.record["who"], run.record["plan"], n=run.persons, seed=run.record["seed"])
    assert np.array_equal(again.values, run.values)


def test_run_pickles(run: nf.Run) -> None:
    assert np.array_equal(pickle.loads(pickle.dumps(run)).values, run.values)


def test_one_person_fails_and_the_others_go_on() -> None:
    failing = simulate(WOMAN, PLAN, n=6, seed=1, set={"kidney.NAMPT.activity": 1e200})
    assert len(failing.failures) == 6
    assert failing.failures[0].state and failing.failures[0].reason
    assert any("6 of 6 people could not be simulated" in str(note) for note in failing.notes)
    assert all(row.persons == 0 for row in summarise(failing, (BLOOD,)))


def test_interrupting_keeps_every_finished_person() -> None:
    people = 96
    whole = simulate(WOMAN, PLAN, n=people, seed=1)

    def interrupt(fraction: float) -> bool:
        if fraction > 0.3:
            raise KeyboardInterrupt
        return True

    with pytest.raises(SimulationInterruptedError) as caught:
        simulate(WOMAN, PLAN, n=people, seed=1, threads=1, progress=interrupt)
    kept = caught.value.run
    assert kept is not None
    chosen = kept.record["people"]
    assert 0 < len(chosen) < people
    assert kept.persons == kept.record["persons"] == len(chosen)
    assert kept.failures == ()
    assert np.array_equal(kept.values, whole.values[chosen])
    assert str(kept.notes[-1]) == f"interrupted after {len(chosen)} of {people} people; they are kept"


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"set": {"liver.NAMP.Km": "0.3 µM"}}, UnknownNameError, "'liver.NAMPT.Km'"),
        ({"set": {"livr.NAMPT.Km": "0.3 µM"}}, UnknownNameError, "'liver.NAMPT.Km'"),
        ({"set": {"liver.NAMPT.Km": "0.3 kg"}}, UnitError, "liver.NAMPT.Km = 0.3 kg"),
        ({"set": {"liver.NAMPT.Km": "0.3 florp"}}, UnitError, "florp"),
        ({"set": {"liver.NAMPT.Km": "nan µM"}}, ValueOutOfRangeError, "finite"),
        ({"set": {"liver.NAMPT.Km": float("nan")}}, ValueOutOfRangeError, "finite"),
        ({"set": {"liver.NAMPT.Km": "-1 µM"}}, ValueOutOfRangeError, "negative"),
        ({"set": {"liver.NAMPT.V": 1.0}}, ValueOutOfRangeError, "follows from other numbers"),
        ({"set": {"person.weight": "80 kg"}}, ValueOutOfRangeError, "description of the person"),
        ({"n": 0}, ValueOutOfRangeError, "at least one"),
        ({"threads": 0}, ValueOutOfRangeError, "threads"),
        ({"seed": -1}, ValueOutOfRangeError, "seed"),
        ({"days": -1}, PlanError, "above 0"),
        ({"days": float("nan")}, PlanError, "above 0"),
        ({"times": [5.0, 1.0]}, ValueOutOfRangeError, "increasing"),
        ({"times": [0.0, float("inf")]}, PlanError, "inf days"),
        ({"times": [float("nan"), 5.0]}, ValueOutOfRangeError, "finite"),
        ({"outputs": ["pbmc_nadd"]}, UnknownNameError, "'pbmc_nad'"),
        ({"switches": {"red_cells.NAA": "plasma"}}, UnknownNameError, "red_cells.NA"),
        ({"switches": {"red_cells.NA": "plasm"}}, UnknownNameError, "plasma"),
    ],
)
def test_bad_input(options: dict, error: type[NadfluxError], says: str) -> None:
    with pytest.raises(error, match=says):
        simulate(WOMAN, PLAN, **{"n": 2, **options})


def test_a_switch_changes_what_it_says() -> None:
    plan = "NA 500 mg oral daily for 3 d"
    default = simulate(WOMAN, plan, n=2, seed=1, outputs=("red_cell_nad",))
    plasma = simulate(WOMAN, plan, n=2, seed=1, outputs=("red_cell_nad",), switches={"red_cells.NA": "plasma"})
    assert not np.array_equal(default.values, plasma.values)


@pytest.mark.parametrize("people", [[-1], [], [0.5], [[0, 1]]])
def test_people_are_whole_numbers_from_0_on(people: list[Any]) -> None:
    with pytest.raises(ValueOutOfRangeError, match="whole numbers from 0 on"):
        simulate("woman, 62 y, 70 kg", days=1, people=people)


def test_a_moiety_of_a_species_that_is_not_there_is_named(tmp_path: Path) -> None:
    from nadflux.simulation import prepare

    copy = tmp_path / "biology"
    shutil.copytree(BIOLOGY, copy, ignore=shutil.ignore_patterns("posterior"))
    with (copy / "moieties.csv").open("a") as table:
        table.write("plasma.NADD,NAD,1,\n")
    with pytest.raises(UnknownNameError, match=r"did you mean 'plasma\.NAD'"):
        prepare(biology=copy)


def test_a_text_needs_the_unit_of_its_parameter() -> None:
    with pytest.raises(UnitError, match=r"no unit; write one, e\.g\. liver\.NAMPT\.Km='0.3 µM'"):
        simulate(WOMAN, PLAN, n=2, seed=1, set={"liver.NAMPT.Km": "0.3"})


def test_a_value_outside_the_range_of_its_row_is_said_to_be() -> None:
    wild = simulate(WOMAN, PLAN, n=2, seed=1, set={"liver.NAMPT.Km": "1e9 µM"})
    assert any(str(note).startswith("liver.NAMPT.Km = 1e9 µM: outside the range of its row") for note in wild.notes)
    assert any("capacities follow" in str(note) for note in wild.notes)
    row = next(row for row in prepare().body.table if row.name == "NAMPT.Km")
    tame = simulate(WOMAN, PLAN, n=2, seed=1, set={"liver.NAMPT.Km": f"{row.value} {row.unit}"})
    assert not any("outside" in str(note) for note in tame.notes)
