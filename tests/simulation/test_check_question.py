"""A slip of type in a question is said in words, with what to give instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nadflux
from nadflux.errors import ValueOutOfRangeError
from nadflux.people import Cohort, Distribution
from nadflux.simulation.check_question import check_question

WOMAN = "woman, 62 y"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"outputs": "whole_blood_nad"}, r"is one text; give a list of names, outputs=\['whole_blood_nad'\]"),
        ({"peaks": "plasma_nr"}, r"peaks=\['plasma_nr'\]"),
        ({"outputs": [1]}, "give a list of names of observables"),
        ({"people": 200}, r"people = 200: these are the indices .* for 200 people say n=200"),
        ({"people": "x"}, "give a list of whole numbers from 0 on"),
        ({"people": [0.5]}, "give a list of whole numbers from 0 on"),
        ({"people": []}, "give a list of whole numbers from 0 on"),
        ({"n": 0}, "simulate at least one person"),
        ({"n": 2.5}, "a whole number of them"),
        ({"n": 10**9}, "at most 1000000 people in one run; ask for fewer, or in Python for parts"),
        ({"who": 5}, "give a description such as 'woman, 62 y'"),
        ({"plan": ["NR"]}, "give a sentence such as"),
        ({"set": "liver.NAMPT.Km"}, "give names with values"),
        ({"set": {"liver.NAMPT.Km": None}}, "give names with values"),
        ({"switches": "red_cells.NA=plasma"}, "give links with options"),
        ({"switches": {"red_cells.NA": 1}}, "give links with options"),
        ({"times": "1 h"}, "give a list of hours"),
        ({"times": [[0], [1, 2]]}, "give a list of hours"),
        ({"days": "3"}, "give a number"),
        ({"days": 10**400}, "give a number"),
        ({"seed": "x"}, "give a whole number"),
        ({"group": 0}, "at least one is needed"),
        ({"threads": "all"}, "at least one is needed"),
        ({"posterior": 3}, "give a .zarr folder, 'shipped' or 'none'"),
        ({"body": 0}, "give 'nad' or 'whole'"),
        ({"rtol": "1e-4"}, "give a number"),
        ({"uncertainty": 1}, "give True or False"),
    ],
)
def test_what_is_not_understood_is_said(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueOutOfRangeError, match=says):
        nadflux.simulate(**{"who": WOMAN, "plan": "NR chloride 500 mg oral once", "n": 1, "days": 0.1, **given})


def test_what_is_right_is_let_pass() -> None:
    right = {
        "who": Cohort(2, Distribution(50, 8)), "plan": None, "n": np.int64(3), "seed": np.int32(1), "peaks": [],
        "days": np.float64(1), "times": range(3), "people": np.arange(3), "outputs": ("a",), "set": {"a": 1},
        "switches": {}, "uncertainty": np.True_, "spread": False, "group": 2, "rtol": 1e-4, "threads": None,
    }  # fmt: skip
    check_question({**right, "progress": object()})
