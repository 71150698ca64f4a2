"""A table of covariates is read, and each mistake in it is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import TableError, UnknownNameError
from nadflux.people.read_covariates import FILE, read_covariates, shipped_covariates
from nadflux.shipped import BIOLOGY


def test_the_shipped_table() -> None:
    table = shipped_covariates()
    assert [row.name for row in table] == ["female", "age", "weight", "height", "bmi"]
    assert table.row("weight").drawn and not table.row("weight").varies
    with pytest.raises(UnknownNameError, match="'height'"):
        table.row("hieght")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a b,,kg,1,2,,,,,,,,assumed,s,", "'a b' is no name"),
        ("x,,kg,1,2,,,,,,,,guessed,s,", "tier 'guessed'"),
        ("x,kg,kg,1,2,,,,,,,,assumed,s,", "needs one #"),
        ("x,,kg,2,1,,,,,,,,assumed,s,", "low 2 is not below high 1"),
        ("x,,kg,a,1,,,,,,,,assumed,s,", "low 'a' is no number"),
        ("x,,kg,1,2,person.weight,,,,,,,assumed,s,", "'person.weight' is no law"),
        ("x,,kg,1,2,,1.5,,,,,,assumed,s,", "give both"),
        ("x,,kg,1,2,,1.5,1.5,,,,,assumed,s,", "cv_woman '' is no number"),
        ("x,,kg,1,2,,1.5,1.5,-1,0,,,assumed,s,", "may not be negative"),
        ("x,,kg,1,2,,hieght,height,0,0,,,assumed,s,", "'hieght'; did you mean 'height'"),
        ("x,,kg,1,2,,height +,height,0,0,,,assumed,s,", "cannot be read"),
        ("x,,kg,1,2,,1.5,1.5,0.1,0.1,,bmi -2,assumed,s,", "correlation 'bmi -2'"),
        ("x,,kg,1,2,,1.5,1.5,0.1,0.1,,bmy 0.2,assumed,s,", "'bmy'; did you mean 'bmi'"),
        ("x,,kg,1,2,,1.5,1.5,0.1,0.1,,age 0.2,assumed,s,", "both need median and cv"),
        ("x,,kg,1,2,,x * 2,x * 2,0.1,0.1,,,assumed,s,", "from itself"),
        ("age,,y,1,2,,,,,,,,assumed,s,", "age is given twice"),
    ],
)
def test_mistakes(tmp_path: Path, row: str, says: str) -> None:
    file = tmp_path / FILE
    file.write_text((BIOLOGY / FILE).read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"covariates.csv line \d+: .*{says}"):
        read_covariates(file)


def test_age_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / FILE
    rows = (BIOLOGY / FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(row for row in rows if not row.startswith("age")), encoding="utf-8")
    with pytest.raises(TableError, match="no row for age"):
        read_covariates(file)
