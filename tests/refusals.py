"""What the plan language says of a sentence that it cannot read."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError
from nadflux.plans import parse_plan


def refusal_of(sentence: str) -> tuple[str, str]:
    """The message, and the words below which the carets stand; the sentence itself is shown between them."""
    with pytest.raises(PlanError) as caught:
        parse_plan(sentence)
    message, shown, carets = str(caught.value).split("\n")
    assert shown == f"  {sentence}"
    return message, shown[carets.index("^") : len(carets)]
