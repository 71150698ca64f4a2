"""Runs of an event table: one for each ID, with its observation times, equal to the same plan as a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import UnknownNameError, ValueOutOfRangeError

ROWS = [
    {"ID": 1, "TIME": 0, "AMT": 500, "CMT": "NAM oral", "SEX": "F", "AGE": 62},
    {"ID": 1, "TIME": 3.3, "CMT": "NAM oral"},
    {"ID": 2, "TIME": 0, "AMT": 500, "II": 24, "ADDL": 1, "CMT": "NAM oral", "SEX": "M", "AGE": 40},
]


def test_every_id_is_a_run_of_its_person_and_plan() -> None:
    runs = nf.simulate_events(ROWS, n=2, outputs=["plasma_nam"])
    assert list(runs) == ["1", "2"] and len(runs) == 2
    assert 3.3 in runs[1].times and runs[1].record["who"] == "woman, 62 y"
    same = nf.simulate("man, 40 y", "NAM 500 mg oral every 24 h for 48 h", n=2, outputs=["plasma_nam"])
    assert np.array_equal(runs["2"]["plasma_nam"], same["plasma_nam"])
    table = runs.table()
    assert table["ID"].tolist() == ["1", "2"] and "end_median" in table.columns
    assert "ID 2" in runs._repr_html_()
    with pytest.raises(UnknownNameError, match="3"):
        runs[3]


def test_nobody_described_is_refused() -> None:
    with pytest.raises(ValueOutOfRangeError, match="ID 1: nobody is described"):
        nf.simulate_events([{"ID": 1, "TIME": 0, "AMT": 500, "CMT": "NAM oral"}], n=2)
