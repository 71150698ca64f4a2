"""Numbers in tables of the plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.plans.table_numbers import amount, applied

HEADER = "route,quantity,value,unit,tier,source,note\n"


@pytest.mark.parametrize("text", ["many", "nan", "inf", "-1"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(TableError, match=r"p line 2: share .* is not a number from 0"):
        amount("p line 2", "share", text)


def test_zero_is_an_amount_where_it_may_be() -> None:
    assert amount("p", "share", "0") == 0.0
    with pytest.raises(TableError, match="not a number above 0"):
        amount("p", "share", "0", zero=False)


def test_a_number_of_application_is_found_by_route_and_quantity(tmp_path: Path) -> None:
    file = tmp_path / "application.csv"
    file.write_text(HEADER + "topical,film,1.5,mg/cm²,assumed,recalled,\nfood,film,0,mg,assumed,recalled,\n")
    assert applied(file, "topical", "film") == (1.5, "mg/cm²")
    with pytest.raises(TableError, match="above 0"):
        applied(file, "food", "film")
    with pytest.raises(TableError, match="no row for tryptophan of food"):
        applied(file, "food", "tryptophan")
