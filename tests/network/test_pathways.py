"""The pathways table and its match to the shipped body."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.network.assemble import assemble
from nadflux.network.pathways import nad_pools, reactions_of, read_pathways, unnamed

HEADER = "reaction,role,pathway,form,note\n"


def test_every_way_out_of_an_nad_pool_has_a_name() -> None:
    model, table = assemble().model, read_pathways()
    assert list(unnamed(model, table)) == []


def test_organs_are_those_of_the_cells() -> None:
    model, table = assemble().model, read_pathways()
    found = reactions_of(model, table)
    assert found["gut_lumen__NMN_absorption"][0] == "gut_wall"
    assert found["red_cells__NAPRT_portal"][0] == "red_cells"
    assert nad_pools(model, table)["liver"][0] == "liver__NAD"
    # an organ that uses NAD+ also makes it
    makes = {organ for organ, row in found.values() if row.role == "synthesis"}
    uses = {organ for organ, row in found.values() if row.role == "use"}
    assert uses - makes == {"plasma"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("NRK,makes,NRK,NR,\n", "role 'makes'"),
        ("NRK,synthesis,NRK,,\n", "needs a pathway"),
        ("SIRT,use,sirtuins,NR,\n", "needs a pathway"),
        ("SIRT,use,sirtuins,,\nSIRT,use,others,,\n", "is given twice"),
    ],
)
def test_bad_rows_are_refused(tmp_path: Path, rows: str, words: str) -> None:
    file = tmp_path / "pathways.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(TableError, match=words):
        read_pathways(file)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pathways.csv"
    file.write_text("reaction,role\nNRK,synthesis\n", encoding="utf-8")
    with pytest.raises(TableError, match="column 'pathway'"):
        read_pathways(file)
