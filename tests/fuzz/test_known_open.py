"""Open faults: each is expected to fail, and a test that passes says that its row can go and a real test can come."""

from __future__ import annotations

import pytest
from asking import UNEXPECTED, outcome
from known import Open, known_open


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=pytest.mark.xfail(strict=True, reason=f"open: {fault.said[:60]}"))
        for fault in known_open()
    ],
    ids=lambda fault: f"{fault.kind}-{fault.place.partition(' ')[0]}",
)
def test_an_open_fault(fault: Open) -> None:
    found = outcome(fault.asked, fault.input)
    assert found.word != UNEXPECTED, found
