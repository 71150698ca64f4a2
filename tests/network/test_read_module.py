"""Modules read with the units that all of them share."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import ModelError
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_module import UNITS, module_text, read_module, shared_units
from nadflux.shipped import BIOLOGY

UNIT_LINES = "model units\n  unit uM = 1e-6 mole / litre // concentration\n  unit mM = 1e-3 mole / litre\nend\n"
MODULE = "// About\nmodel m  // the module\n  k has uM; k = 1 uM\nend\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / UNITS).write_text(UNIT_LINES)
    (tmp_path / "m.ant").write_text(MODULE)
    return tmp_path


def test_a_module_gets_the_units_that_it_names(folder: Path) -> None:
    model = read_module("m.ant", folder)
    assert model.parameters["k"].unit == "uM"
    assert [(f.kind, f.exponent, f.scale) for f in model.units["uM"]] == [("mole", 1.0, -6), ("litre", -1.0, 0)]
    assert "mM" not in model.units
    assert shared_units(folder).keys() == {"uM", "mM"}


def test_the_text_loads_without_the_file_of_units(folder: Path) -> None:
    assert read_antimony(module_text("m.ant", folder)) == read_module("m.ant", folder)


def test_an_edit_of_the_units_is_seen(folder: Path) -> None:
    before = read_module("m.ant", folder)
    (folder / UNITS).write_text(UNIT_LINES.replace("1e-6", "1e-9") + "\n")
    assert read_module("m.ant", folder).units["uM"] != before.units["uM"]


def test_a_module_with_units_of_its_own_needs_no_file(folder: Path) -> None:
    (folder / UNITS).unlink()
    (folder / "m.ant").write_text(MODULE.replace("  k has", "  unit uM = 1e-6 mole / litre\n  k has"))
    assert read_module("m.ant", folder).units["uM"]
    assert shared_units(folder) == {}


def test_mistakes_are_named_with_their_line(folder: Path) -> None:
    (folder / "m.ant").write_text(MODULE.replace("k = 1 uM", "k = = 1"))
    with pytest.raises(ModelError, match=r"m\.ant: .*line 3"):
        read_module("m.ant", folder)
    (folder / "m.ant").write_text("k = 1\n")
    with pytest.raises(ModelError, match=r"m\.ant has no line 'model NAME'"):
        read_module("m.ant", folder)
    with pytest.raises(ModelError, match="cannot read the module"):
        read_module("none.ant", folder)


def test_units_of_the_biology_stand_once_and_are_all_used() -> None:
    modules = [file for file in sorted(BIOLOGY.rglob("*.ant")) if file.name != UNITS]
    assert len(modules) > 60
    named: set[str] = set()
    for file in modules:
        assert not any(line.strip().startswith("unit ") for line in file.read_text().splitlines()), file.name
        named |= read_module(file.relative_to(BIOLOGY).as_posix()).units.keys()
    assert shared_units().keys() - {"time_unit", "umol"} <= named
