"""Assembly of one cell: names, rows of species, unknown words."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError
from nadflux.network.assemble import assemble
from nadflux.network.assemble_cell import assemble_cell


def test_names_are_those_of_the_organ_and_its_medium() -> None:
    body = assemble_cell("liver")
    assert "liver__J_seq__rest" in body.model.parameters
    assert "medium__LEU" in body.model.species
    assert "drugs__bafilomycin" in body.inputs


def test_rows_of_a_species_come_first_and_human_rows_stand_in() -> None:
    rat, human = assemble_cell("liver", species="rat"), assemble_cell("liver")
    assert rat.model.parameters["liver__J_seq__rest"].value == 0.0134
    assert human.model.parameters["liver__J_seq__rest"].value != 0.0134
    assert {row.species for row in rat.table.rows} == {"rat", "human"}


def test_the_switch_sets_its_parameter() -> None:
    values = [
        assemble_cell(switches={"AMPK_ULK1": option}).model.parameters["liver__AMPK_ULK1__switch"].value
        for option in ("inhibits", "activates")
    ]
    assert values == [0.0, 1.0]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ({"organ": "livr"}, "liver"),
        ({"species": "rats"}, "rat"),
        ({"switches": {"AMPK_ULK": "inhibits"}}, "AMPK_ULK1"),
        ({"switches": {"AMPK_ULK1": "inhibit"}}, "inhibits"),
    ],
)
def test_unknown_words_are_refused_with_the_nearest(words: dict, near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        assemble_cell(**words)


def test_the_dish_does_not_touch_the_body() -> None:
    body = assemble()
    assert not any("dish" in row.place or "AMPK" in row.name for row in body.table.rows)
    assert not any("autophagy" in name or "J_seq" in name for name in body.model.parameters)
