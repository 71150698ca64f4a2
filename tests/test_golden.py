"""The golden rule's own comparison: equal bits, one last bit, NaN, what one side alone has."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import golden
from _golden_answers import numbers_of
from _golden_questions import NAMES
from golden import compare


def answer(*values: float, path: str = "/a") -> dict[str, np.ndarray]:
    return {path: np.array(values, dtype=np.float64)}


def test_equal_bits_are_equal_and_nan_equals_any_nan() -> None:
    other_nan = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)[0]
    found = compare(answer(1.5, np.nan, 0.0, np.inf), answer(1.5, other_nan, 0.0, np.inf))
    assert found.equal
    assert (found.values, found.differing, found.largest, found.worst) == (4, 0, 0.0, "")


def test_one_last_bit_is_a_difference() -> None:
    here = {**answer(3.0, 2.0), **answer(7.0, path="/b")}
    there = {**answer(3.0, np.nextafter(2.0, 3.0)), **answer(7.0, path="/b")}
    found = compare(here, there)
    assert not found.equal
    assert (found.values, found.differing, found.worst) == (3, 1, "/a")
    assert found.largest == pytest.approx(2.0**-52)


def test_the_sign_of_zero_is_a_difference_of_size_zero() -> None:
    found = compare(answer(0.0), answer(-0.0))
    assert (found.equal, found.differing, found.largest) == (False, 1, 0.0)


def test_a_number_on_one_side_alone_differs_without_end() -> None:
    found = compare(answer(np.nan, 1.0), answer(1.0, np.inf))
    assert (found.differing, found.largest) == (2, np.inf)


def test_missing_keys_and_other_shapes_are_no_difference_of_bits() -> None:
    here = {**answer(1.0), **answer(2.0, path="/here"), **answer(1.0, 2.0, path="/shape")}
    there = {**answer(1.0), **answer(2.0, path="/there"), **answer(1.0, path="/shape")}
    found = compare(here, there)
    assert not found.equal
    assert (found.values, found.differing) == (1, 0)
    assert (found.only_here, found.only_there) == (("/here", "/shape"), ("/there", "/shape"))


def test_a_side_that_did_not_answer_is_never_equal() -> None:
    found = compare("no such person", "no such person")
    assert not found.equal
    assert found.failed == "here: no such person; there: no such person"
    assert not compare({}, {}).equal


def test_numbers_of_json_go_by_path_and_rows_by_name() -> None:
    text = (
        '{"rows": [{"id": "x", "low": 0.1, "unit": "h", "high": null}, {"id": "x", "hit": true}], '
        '"at": [1, null, 2.5], "record": {"seed": 7}, "notes": ["of 4 people"]}'
    )
    found = dict(numbers_of(json.loads(text)))
    assert list(found) == ["/rows/x/low", "/rows/x #2/hit", "/at"]
    np.testing.assert_array_equal(found["/at"], [1, np.nan, 2.5])
    turned = json.loads(text)
    turned["rows"] = [{"id": "y", "low": 1.0}, *turned["rows"]]
    assert compare(found, dict(numbers_of(turned))).only_there == ("/rows/y/low",)


def test_numbers_of_a_result_are_those_of_its_fields() -> None:
    @dataclasses.dataclass
    class Part:
        organ: str
        pool: np.ndarray

    found = dict(numbers_of((Part("liver", np.arange(6.0).reshape(2, 3)), Part("skin", np.array(["word"])))))
    assert {path: values.shape for path, values in found.items()} == {"/liver/pool": (2, 3)}


def test_the_table_counts_and_names_what_is_not_equal() -> None:
    text = golden.table({"same": compare(answer(1.0), answer(1.0)), "moved": compare(answer(1.0), answer(2.0))})
    assert "moved: largest difference at /a" in text
    assert text.endswith("2 questions, 2 values: 1 not equal")
    assert golden.table({"same": compare(answer(1.0), answer(1.0))}).endswith("1 values: all bits equal")


def test_names_of_questions_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES) > 30
