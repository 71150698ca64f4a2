"""Plans of bodies: one that extends another adds to it and changes nothing of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.body_spec import read_body_spec
from nadflux.shipped import BIOLOGY


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("body.yaml", "whole.yaml"):
        shutil.copy(BIOLOGY / name, tmp_path / name)
    return tmp_path


def test_the_whole_body_appends_to_that_of_nad() -> None:
    nad, whole = read_body_spec(BIOLOGY, "nad"), read_body_spec(BIOLOGY, "whole")
    for organ, spec in nad.organs.items():
        for key, value in spec.items():
            mine = whole.organs[organ][key]
            assert mine[: len(value)] == value if isinstance(value, list) else mine.items() >= value.items()
    assert set(nad.inputs) < set(whole.inputs) and whole.switches.items() >= nad.switches.items()
    assert whole.files == ("body.yaml", "whole.yaml") and whole.tables == ("parameters", "whole/parameters")


def test_groups_and_inputs_of_cells_are_written_out() -> None:
    whole = read_body_spec(BIOLOGY, "whole")
    for organ in whole.cells:
        assert "cell/autophagy.ant" in whole.organs[organ]["modules"]
        assert f"{organ}.chain.stress" in whole.inputs
    assert not set(whole.inputs) & {"red_cells.chain.stress"}


def test_a_group_of_organs_stands_for_each_of_them_in_order() -> None:
    nad, whole = read_body_spec(BIOLOGY, "nad"), read_body_spec(BIOLOGY, "whole")
    organs = nad.organ_groups["organs_with_PARP"]
    assert organs == (*nad.organ_groups["solid_organs"], "immune_cells")
    first = nad.inputs.index("gut_wall.PARP.activity")
    assert nad.inputs[first : first + len(organs)] == tuple(f"{organ}.PARP.activity" for organ in organs)
    assert whole.organ_groups["cells"] == tuple(whole.cells)
    assert nad.sums["tissues"].over == nad.organ_groups["tissue_organs"]
    assert whole.sums.keys() == {"plasma", "tissues", "organs"}


def test_groups_that_hold_themselves_or_nothing_known_are_refused(copy: Path) -> None:
    file = copy / "body.yaml"
    text = file.read_text()
    file.write_text(text.replace("solid_organs: [gut_wall", "solid_organs: [organs_with_PARP, gut_wall"))
    with pytest.raises(ModelError, match="holds itself: solid_organs holds organs_with_PARP holds solid_organs"):
        read_body_spec(copy, "nad")
    file.write_text(text.replace("over: tissue_organs", "over: tissue_organ"))
    with pytest.raises(UnknownNameError, match="tissue_organs"):
        read_body_spec(copy, "nad")
    file.write_text(text)
    whole = copy / "whole.yaml"
    whole.write_text(f"{whole.read_text()}\norgan_groups: {{urine: [liver]}}\n")
    with pytest.raises(ModelError, match=r"whole\.yaml: urine is the name of an organ and of a group"):
        read_body_spec(copy, "whole")


def test_mistakes_are_named(copy: Path) -> None:
    with pytest.raises(UnknownNameError, match="whole"):
        read_body_spec(copy, "whol")
    file = copy / "whole.yaml"
    text = file.read_text()
    file.write_text(text.replace("modules: [recycling", "modules: [recyclng"))
    with pytest.raises(UnknownNameError, match="recycling"):
        read_body_spec(copy, "whole")
    file.write_text("organs: [")
    with pytest.raises(ModelError, match="not valid YAML"):
        read_body_spec(copy, "whole")
    file.write_text(text.replace("extends: nad", ""))
    with pytest.raises(ModelError, match=r"whole\.yaml must name extends"):
        read_body_spec(copy, "whole")
    (copy / "body.yaml").write_text("species: [human]\n")
    with pytest.raises(ModelError, match="must name species, organs and inputs"):
        read_body_spec(copy, "nad")
