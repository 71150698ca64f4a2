"""A hundred nearly right questions are run: each gives numbers without a NaN or is refused in words, at once."""

from __future__ import annotations

import pytest
from asking import UNEXPECTED, case_of, outcome
from known import is_known

RUNS, BLOCKS, SEED = 100, 5, 1


@pytest.mark.parametrize("block", range(BLOCKS))
def test_what_is_run_gives_numbers_or_is_refused(block: int) -> None:
    found = []
    for index in range(block, RUNS, BLOCKS):
        kind, case = case_of(SEED, index, runs=True)
        met = outcome(kind, case)
        if met.word == UNEXPECTED and not is_known(met):
            found.append(f"{kind.name} {case!r}: {met}")
    assert not found, "\n".join(found)
