"""Rows of tables: what is optional may be empty, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.network.records import records


def test_rows_are_stripped_and_blank_ones_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("b,a\n 1 ,\n\n,\n2,x\n", encoding="utf-8")
    found = list(records(file, ("a", "b"), optional=("a",)))
    assert found == [("t.csv line 2", {"b": "1", "a": ""}), ("t.csv line 5", {"b": "2", "a": "x"})]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n1\n", "column 'b' is missing; the columns are a, b"),
        ("a,b,c\n1,2,3\n", "unknown column 'c'"),
        ("a,b\n1,2,3\n", "3 cells for 2 columns"),
        ("a,b\n1,\n", "line 2: column 'b' is empty"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=says):
        list(records(file, ("a", "b")))


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot read the table"):
        list(records(tmp_path / "t.csv", ("a",)))
