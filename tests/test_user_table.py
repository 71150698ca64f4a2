"""Tables that users give: what is read, and what each mistake is answered."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nadflux.errors import TableError, UnknownNameError
from nadflux.user_table import read_user_table

KNOWN = {"time": "TIME", "hours": "TIME", "value": "VALUE"}


def test_files_frames_and_rows_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\ufeffHours, Value ,extra\n0,1.5,a\n\n2,.,b\n", encoding="utf-8")
    rows = read_user_table(path, KNOWN, ignored=("extra",))
    assert [(row.number, row.cells) for row in rows] == [(2, {"TIME": "0", "VALUE": "1.5"}), (4, {"TIME": "2"})]
    frame = pd.DataFrame({"time": [0, 2], "value": [1.5, None]})
    assert [row.cells for row in read_user_table(frame, KNOWN)] == [{"TIME": "0", "VALUE": "1.5"}, {"TIME": "2"}]
    assert read_user_table([{"time": 1}], KNOWN)[0].number_of("TIME") == 1.0


def test_errors_name_table_row_column_and_value(tmp_path: Path) -> None:
    (row,) = read_user_table([{"hours": "abc", "value": 2.5}], KNOWN)
    with pytest.raises(TableError, match="the table, row 2, column hours = 'abc': not a number"):
        row.number_of("TIME")
    with pytest.raises(TableError, match=r"column value = '2.5': not a whole number"):
        row.whole("VALUE")
    with pytest.raises(UnknownNameError, match="TIME"):
        read_user_table([{"tim": 1}], {"time": "TIME"})
    with pytest.raises(TableError, match="no column VALUE"):
        read_user_table([{"time": 1}], KNOWN, ("VALUE",))
    with pytest.raises(TableError, match="two columns are read as TIME"):
        read_user_table([{"time": 1, "hours": 1}], KNOWN)
    with pytest.raises(TableError, match=r"cannot read .*none.csv"):
        read_user_table(tmp_path / "none.csv", KNOWN)
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(TableError, match="is empty"):
        read_user_table(empty, KNOWN)
    empty.write_text("time\n1,2\n")
    with pytest.raises(TableError, match="row 2: 2 cells"):
        read_user_table(empty, KNOWN)
    with pytest.raises(TableError, match="is no table"):
        read_user_table(5, KNOWN)
