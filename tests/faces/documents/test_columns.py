"""Columns: JSON and table from one list."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nadflux.faces.documents.columns import Column, columns_of, document, fields, plain
from nadflux.faces.documents.figures import documented, measured, written


@dataclass(frozen=True)
class Organ:
    name: str
    pool: tuple[float, float, float]
    tier: str


LIVER = Organ("liver", (3.14159, 1.0, 5.5), "fitted")
BRAIN = Organ("brain", (math.nan, math.nan, math.nan), "assumed")
COLUMNS: tuple[Column[Organ], ...] = (
    Column(key="organ", head="organ", of=lambda one: one.name),
    Column(key="pool", head="pool", below="µmol", of=lambda one: one.pool, write=written, plain=measured(unit="µmol")),
    Column(merged=True, of=lambda one: one.pool, plain=documented),
    Column(head="first letter", of=lambda one: one.name[0]),
    Column(key="tier", of=lambda one: one.tier),
)


def test_json_has_the_keys_of_the_columns_in_their_order() -> None:
    (liver,) = document([LIVER], COLUMNS)
    assert list(liver) == ["organ", "pool", "median", "low", "high", "tier"]
    assert liver["pool"] == {"median": 3.14159, "low": 1.0, "high": 5.5, "unit": "µmol"}
    assert liver["high"] == 5.5 and liver["tier"] == "fitted"


def test_what_is_no_number_is_null() -> None:
    brain = fields(BRAIN, COLUMNS)
    assert brain["pool"] == {"median": None, "low": None, "high": None, "unit": "µmol"}


def test_a_column_is_in_json_by_its_key_and_in_the_table_by_its_head() -> None:
    assert [column.in_json for column in COLUMNS] == [True, True, True, False, True]
    assert [column.in_table for column in COLUMNS] == [True, True, False, True, False]


def test_a_column_serves_rows_that_hold_its_row() -> None:
    lifted = COLUMNS[0].within(lambda pair: pair[1])
    assert lifted.of((1, LIVER)) == "liver" and (lifted.key, lifted.head) == ("organ", "organ")


def test_fields_of_a_dataclass_are_columns() -> None:
    assert document([LIVER], columns_of(Organ)) == [
        {"name": "liver", "pool": [3.14159, 1.0, 5.5], "tier": "fitted"}
    ]  # fmt: skip
    assert fields(LIVER, columns_of(Organ, ("tier", "name"))) == {"tier": "fitted", "name": "liver"}


def test_plain_values_hold_nothing_that_json_has_no_word_for() -> None:
    found = plain({1: (np.float64(2.0), np.int64(3), math.inf), "row": BRAIN, "said": None, "yes": True})
    assert found == {
        "1": [2.0, 3, None],
        "row": {"name": "brain", "pool": [None, None, None], "tier": "assumed"},
        "said": None,
        "yes": True,
    }
    assert type(found["1"][0]) is float and type(found["1"][1]) is int
