"""The body in standard formats, from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import NadfluxError, UnknownNameError
from nadflux.network.export import FORMULAS, exported_model, write_model
from nadflux.network.read_model import read_model
from nadflux.network.write_omex import ANTIMONY


def test_the_start_is_written_as_numbers_or_as_formulas() -> None:
    numbers, formulas = exported_model(), exported_model(start=FORMULAS)
    assert set(numbers.species) == set(formulas.species)
    assert len(numbers.initial_assignments) < len(formulas.initial_assignments)
    with pytest.raises(UnknownNameError, match="numbers"):
        exported_model(start="number")


def test_a_written_model_is_read_back(tmp_path: Path) -> None:
    model = exported_model()
    path = write_model(model, ANTIMONY, tmp_path / "body.ant")
    assert set(read_model(path).reactions) == set(model.reactions)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(NadfluxError, match="nowhere"):
        write_model(exported_model(), ANTIMONY, tmp_path / "nowhere" / "body.ant")
