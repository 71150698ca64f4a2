"""The shipped body, compiled once for the tests of the biology."""

from __future__ import annotations

import pytest
from body_bench import Bench, make_bench


@pytest.fixture(scope="session")
def bench() -> Bench:
    return make_bench()
