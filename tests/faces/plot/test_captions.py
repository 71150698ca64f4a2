"""The shape of figures with many panels."""

from __future__ import annotations

import math

import pytest

from nadflux.faces.plot.captions import columns_for


@pytest.mark.parametrize(("panels", "columns"), [(1, 1), (2, 2), (3, 3), (9, 3), (20, 4), (90, 8)])
def test_three_columns_and_more_for_many_panels(panels: int, columns: int) -> None:
    assert columns_for(panels) == columns
    assert math.ceil(panels / columns) <= max(3, 2 * columns)
