"""Two thousand nearly right inputs are read: each gives a value or is refused in words, at once."""

from __future__ import annotations

from random import Random

import pytest
from asking import KINDS, UNEXPECTED, Kind, outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from known import is_known

INPUTS = 2000
PARSED = [kind for kind in KINDS.values() if not kind.runs]
SHARE = INPUTS // sum(kind.weight for kind in PARSED) + 1


@pytest.mark.parametrize("kind", PARSED, ids=lambda kind: kind.name)
def test_what_is_read_is_a_value_or_is_refused(kind: Kind) -> None:
    @settings(
        max_examples=SHARE * kind.weight,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def ask(rng: Random) -> None:
        case = kind.make(rng)
        found = outcome(kind, case)
        assert found.word != UNEXPECTED or is_known(found), f"{kind.name} {case!r}: {found}"

    ask()
