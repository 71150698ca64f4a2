from __future__ import annotations

import pytest

from nadflux.errors import ModelError
from nadflux.network.names import first_part, join, to_id, to_name


@pytest.mark.parametrize("name", ["liver.NAMPT.Km", "person.age", "red_cells.NAD"])
def test_name_and_id_are_the_same_thing(name: str) -> None:
    assert to_name(to_id(name)) == name


def test_an_id_passes_unchanged() -> None:
    assert to_id("liver__NAMPT__Km") == "liver__NAMPT__Km"


@pytest.mark.parametrize("name", ["", "liver..", "2PY", "liver.NAMPT Km", "liver-NAD"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match="not a name of the model"):
        to_id(name) if name != "liver.." else to_id("liver.%")


def test_parts() -> None:
    assert join("liver", "", "NAD") == "liver__NAD"
    assert first_part("red_cells__NAD__total") == "red_cells"
