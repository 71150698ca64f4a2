"""Numbers of the tables put into a model."""

from __future__ import annotations

import pytest

from nadflux.errors import TableError
from nadflux.network.fill import fill, refuse_idle, row_finder
from nadflux.network.read_antimony import read_antimony
from nadflux.network.tables import ParameterRow

MODEL = read_antimony("""
model m
  unit uM = 1e-6 mole / litre
  liver__Km has uM; heart__Km has uM; heart__k has dimensionless; liver__activity has dimensionless
  liver__activity = 1 dimensionless
  liver__double has uM; liver__double = 2 * liver__Km
end
""")


def _row(name: str, organ: str = "all", value: float = 3.0, unit: str = "uM", species: str = "human") -> ParameterRow:
    place = f"t.csv {organ}.{name} {species}"
    return ParameterRow(name, organ, species, value, unit, value, value, "fixed", 0.0, "assumed", "recalled", "", place)


ROWS = (_row("Km"), _row("Km", "heart", 5.0), _row("k", "heart", 0.5, "dimensionless"))


def test_the_row_of_the_organ_comes_before_that_of_all() -> None:
    model, table = fill(MODEL, row_finder((ROWS,), ("human",)), {}, "t")
    assert model.parameters["liver__Km"].value == 3.0
    assert model.parameters["heart__Km"].value == 5.0
    assert model.parameters["liver__activity"].value == 1.0
    assert model.parameters["liver__double"].value is None
    assert table.targets == {"all.Km": ("liver__Km",), "heart.Km": ("heart__Km",), "heart.k": ("heart__k",)}


def test_the_first_table_and_the_first_species_win() -> None:
    tables = ((_row("Km", value=7.0, species="rat"),), (*ROWS, _row("k", "heart", 0.9, "dimensionless", "rat")))
    model, table = fill(MODEL, row_finder(tables, ("rat", "human")), {}, "t")
    assert model.parameters["heart__Km"].value == 7.0
    assert model.parameters["heart__k"].value == 0.9
    assert {row.species for row in table.rows} == {"rat"}


def test_a_given_number_comes_before_the_rows_and_excuses_one_that_sets_nothing() -> None:
    given = {"heart__k": 0.0}
    model, used = fill(MODEL, row_finder((ROWS,), ("human",)), given, "t")
    assert model.parameters["heart__k"].value == 0.0
    table = refuse_idle(ROWS, used, given)
    assert table.rows == ROWS and table.targets["heart.k"] == ()


def test_a_row_that_sets_nothing_is_refused() -> None:
    rows = (*ROWS, _row("Kn", "heart"))
    _, used = fill(MODEL, row_finder((rows,), ("human",)), {}, "t")
    with pytest.raises(TableError, match=r"heart\.Kn sets nothing in the model \(1 such rows\)"):
        refuse_idle(rows, used, {})


def test_a_missing_row_another_unit_and_a_row_that_stands_twice_are_named() -> None:
    with pytest.raises(TableError, match=r"no parameter row for heart\.k; add rows to the folder"):
        fill(MODEL, row_finder((ROWS[:2],), ("human",)), {}, "the folder")
    with pytest.raises(TableError, match=r"given in per_h, the text declares uM for liver\.Km; write the number in uM"):
        fill(MODEL, row_finder(((_row("Km", unit="per_h"), *ROWS[1:]),), ("human",)), {}, "t")
    with pytest.raises(TableError, match=r"all\.Km stands already in"):
        row_finder(((*ROWS, _row("Km", value=4.0)),), ("human",))
