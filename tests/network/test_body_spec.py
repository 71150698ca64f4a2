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
