"""Times of study files, as trials write them."""

from __future__ import annotations

import pytest

from nadflux.errors import NadfluxError
from nadflux.studies.published.quantities import parse_time, parse_window


@pytest.mark.parametrize(
    ("text", "hours"), [("8 wk", 1344.0), ("8wk", 1344.0), ("2 wks", 336.0), ("8 weeks", 1344.0), ("56 d", 1344.0)]
)
def test_weeks_are_read_as_trials_write_them(text: str, hours: float) -> None:
    assert parse_time(text) == hours


def test_a_window_may_be_in_weeks() -> None:
    assert parse_window("0 wk to 8 wk") == (0.0, 1344.0)
    with pytest.raises(NadfluxError):
        parse_time("8 gwk")
