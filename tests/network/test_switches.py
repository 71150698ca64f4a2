"""Contested links: the first option unless another is wanted, and what it leaves out, zeroes or sets."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError
from nadflux.network.switches import choose

SWITCHES = {
    "sign": {"parameter": "all.A.switch", "options": {"no": {"value": 0}, "yes": {"value": 1}}},
    "route": {"options": {"on": {}, "off": {"absent": ["liver.X"], "zero": ["liver.k"]}}},
}


def test_the_first_option_is_the_default() -> None:
    choice = choose(SWITCHES, {})
    assert choice.taken == {"sign": "no", "route": "on"}
    assert choice.values == {"all__A__switch": 0.0} and not choice.absent and not choice.zero


def test_what_an_option_does() -> None:
    choice = choose(SWITCHES, {"sign": "yes", "route": "off"})
    assert choice.values == {"all__A__switch": 1.0}
    assert choice.absent == {"liver": frozenset({"X"})} and choice.zero == ("liver__k",)


@pytest.mark.parametrize(("wanted", "near"), [({"sgn": "yes"}, "sign"), ({"route": "of"}, "off")])
def test_unknown_words_are_refused_with_the_nearest(wanted: dict[str, str], near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        choose(SWITCHES, wanted)
