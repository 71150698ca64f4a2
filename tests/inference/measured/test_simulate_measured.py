"""A measured person: everything downstream is of the people chosen, the same each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import NotModelledError, RecordMismatchError, UnknownNameError, ValueOutOfRangeError
from nadflux.notes import NoteCode

WHO, PLAN = "woman, 62 y, 70 kg", "NR chloride 500 mg oral daily for 2 days"
ASKED = {"n": 40, "draws": 300, "outputs": ["whole_blood_nad", "urine_mna"]}


@pytest.fixture(scope="module")
def high() -> nf.Run:
    return nf.simulate_measured(WHO, "whole blood NAD+ 45 uM", PLAN, **ASKED)


def test_figures_are_those_of_people_who_agree(high: nf.Run) -> None:
    low = nf.simulate_measured(WHO, "whole blood NAD+ 18 uM", PLAN, **ASKED)
    assert np.median(low["whole_blood_nad"][:, 0]) < np.median(high["whole_blood_nad"][:, 0])
    found = high.record["measured"]
    assert found["drawn"] == 300 and 20 <= found["effective"] < 300 and len(found["people"]) == high.persons == 40
    (note,) = (note for note in high.notes if note.code is NoteCode.MEASURED)
    assert "effective sample size" in str(note) and "NAD+ in whole blood 45 uM" in high.record["who"]


def test_people_are_those_of_a_plain_run_and_the_same_each_time(high: nf.Run) -> None:
    people = high.record["measured"]["people"]
    once, places = np.unique(people, return_inverse=True)
    plain = nf.simulate(WHO, PLAN, people=once, outputs=ASKED["outputs"])
    assert np.array_equal(plain.values[places], high.values)
    again = nf.simulate_measured(WHO, "whole blood NAD+ 45 uM", PLAN, threads=1, **ASKED)
    assert np.array_equal(again.values, high.values)
    assert "whole blood" in str(high) and "measured values" in str(high.diagnose())


def test_a_saved_run_keeps_what_was_measured_and_is_no_plain_scenario(high: nf.Run, tmp_path: Path) -> None:
    path = str(tmp_path / "run.zarr")
    high.save(path)
    assert nf.Run.load(path).record["measured"] == high.record["measured"]
    with pytest.raises(RecordMismatchError, match="--measured"):
        nf.read_scenario(path)


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(ValueOutOfRangeError, match="people would be needed"):
        nf.simulate_measured(WHO, "plasma NAM 1.5 uM", PLAN, **ASKED)
    with pytest.raises(ValueOutOfRangeError, match="people is given beside"):
        nf.simulate_measured(WHO, "whole blood NAD+ 45 uM", PLAN, people=[1, 2])
    with pytest.raises(ValueOutOfRangeError, match="draws"):
        nf.simulate_measured(WHO, "whole blood NAD+ 45 uM", PLAN, draws=0)
    cohort = nf.Cohort(5, age=nf.Distribution(60, 5))
    with pytest.raises(ValueOutOfRangeError, match="one person"):
        nf.simulate_measured(cohort, "whole blood NAD+ 45 uM", PLAN)  # type: ignore[arg-type]


def test_what_no_assay_measures_in_a_person_is_refused() -> None:
    with pytest.raises(NotModelledError, match="not measurable in a living person"):
        nf.simulate_measured(WHO, "liver_J_deg 2 %/h", PLAN, body="whole")
    with pytest.raises(UnknownNameError, match="--body whole"):
        nf.simulate_measured(WHO, "plasma glucose 5 mM", PLAN)
