"""Parts of the model by name, from Python."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError
from nadflux.simulation.describe import describe


def test_a_name_stands_for_its_entry_and_what_lies_below_it() -> None:
    found = describe("liver.NAMPT", posterior="none")
    assert found.entries[0].name == "liver.NAMPT" and found.entries[0].what == "reactions"
    assert {"liver.NAMPT.Km", "liver.NAMPT.share"} & {entry.name for entry in found.entries}
    assert not found.elsewhere


def test_a_pattern_stands_for_all_that_fit_it() -> None:
    names = {entry.name for entry in describe("*.CD38.Km", posterior="none").entries}
    assert names and all(name.endswith(".CD38.Km") for name in names)


def test_all_parts_are_listed_but_reactions_and_contested_links() -> None:
    whats = {entry.what for entry in describe(posterior="none").entries}
    assert {"observables", "states", "parameters", "inputs", "derived"} <= whats
    assert not {"reactions", "links"} & whats


def test_what_the_smaller_body_has_not_is_looked_for_in_the_whole() -> None:
    found = describe("liver_mTORC1", posterior="none")
    assert found.elsewhere and found.body.name == "whole"
    with pytest.raises(UnknownNameError):
        describe("liver_mTORC1", body="nad", posterior="none")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"liver\.NAMPT\.Km"):
        describe("liver.NMPT.Km", posterior="none")
