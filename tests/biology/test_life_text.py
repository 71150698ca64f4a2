"""Text and rows of a life: modules load alone, units are strict, rows have sources, other bodies do not read them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from body_bench import Mistaken

from nadflux.errors import TableError, UnknownNameError
from nadflux.network.assemble_life import assemble_life, moves_of, read_life
from nadflux.network.body_spec import read_body_spec
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.read_module import read_module
from nadflux.network.tables import read_parameters
from nadflux.shipped import BIOLOGY, file_hash

PLAN = read_life()
MODULES = sorted({*PLAN["modules"], *(name for names in PLAN["places"].values() for name in names)})
SOURCE = re.compile(r"10\.\d{4,}/\S+|recalled|definition")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "biology"
    shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
    return folder


@pytest.mark.parametrize("module", MODULES)
def test_each_module_loads_alone_with_units(module: str) -> None:
    model = read_module(module)
    assert all(p.unit for p in model.parameters.values())


def test_units_are_strict() -> None:
    assert unit_diagnostics(assemble_life().model) == []


@pytest.mark.parametrize(
    ("module", "right", "wrong"),
    [
        ("life/repair.ant", "decline * (1 year / 8766 h)", "decline"),
        ("life/senescence.ant", "senescent__half_life * (24 h / 1 day)", "senescent__half_life"),
        ("life/mortality.ant", "steepness = removal / noise", "steepness = removal"),
        ("life/nad.ant", "(NAD__total - NAD__free_rest)", "(NAD__total / NAD__free_rest)"),
    ],
)
def test_a_seeded_unit_mistake_is_caught(mistaken: Mistaken, module: str, right: str, wrong: str) -> None:
    assert unit_diagnostics(assemble_life(mistaken(module, right, wrong)).model)


def test_every_row_has_a_source_and_sets_something() -> None:
    used = {row.key for row in assemble_life().table}
    for row in read_parameters(BIOLOGY / "life" / "parameters").rows:
        assert SOURCE.search(row.source), row.place
        assert row.key in used, row.place
        if row.source.startswith("recalled") and row.tier != "assumed":
            assert row.tier == "derived", row.place
        if row.tier == "assumed" and row.distribution != "fixed":
            assert row.low < row.high, row.place


def test_a_row_that_sets_nothing_is_refused(copied: Path) -> None:
    table = copied / "life" / "parameters" / "immune.csv"
    table.write_text(table.read_text().replace("killers.loss", "killers.lost"))
    with pytest.raises(TableError, match="killers"):
        assemble_life(copied)


def test_no_number_of_biology_hides_in_a_law() -> None:
    """Literals are structural, convert units, or are nodes and weights of the quadrature, which are mathematics."""
    for module in MODULES:
        text = re.sub(r'//.*|".*?"', "", (BIOLOGY / module).read_text())
        if module == "life/mortality.ant":
            text = re.sub(r"\b0\.\d{16}\b", "", text)
        for number in re.findall(r"(?<![\w.])\d+\.?\d*(?:e-?\d+)?(?![\w.])", text):
            assert float(number) in (0, 1, 2, 4, 24, 8766), (module, number)


def test_no_law_reads_age() -> None:
    model = assemble_life().model
    assert not [name for name in model.parameters if "age" in re.split(r"_+", name)]
    for module in MODULES:
        assert not re.search(r"\btime\b", re.sub(r"//.*", "", (BIOLOGY / module).read_text())), module


def test_numbers_of_the_nad_body_have_one_home() -> None:
    rows = {row.key: row for row in assemble_life().table}
    assert Path(rows["liver.CD38.share"].place.split(" line")[0]).name == "enzymes.csv"
    shared = read_parameters(BIOLOGY / "parameters").rows
    own = read_parameters(BIOLOGY / "life" / "parameters").rows
    assert not {row.key for row in shared} & {row.key for row in own}


@pytest.mark.parametrize("body", ["nad", "whole"])
def test_other_bodies_do_not_depend_on_a_life(body: str, copied: Path) -> None:
    assert not [name for name in read_body_spec(BIOLOGY, body).modules if name.startswith("life/")]
    left_out = ("dish/", "life/") if body == "whole" else ("dish/", "life/", "whole/")
    before = file_hash(copied, ("*.csv",), leave_out=left_out)
    shutil.rmtree(copied / "life")
    assert file_hash(copied, ("*.csv",), leave_out=left_out) == before


def test_what_can_be_held_is_named() -> None:
    assert len(moves_of(PLAN, "damage")) == len(PLAN["tissues"])
    with pytest.raises(UnknownNameError, match="inflammation"):
        moves_of(PLAN, "inflamation")
