"""A copy of the biology to change: it is whole, and nothing is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import ModelError, NadfluxError
from nadflux.network.biology_folder import check_biology_folder, new_biology
from nadflux.network.text_places import places_of
from nadflux.shipped import SHIPPED_BIOLOGY


def test_the_copy_has_every_text_and_table(tmp_path: Path) -> None:
    folder, count = new_biology(tmp_path / "mine")
    assert check_biology_folder(folder) == folder
    names = {f.relative_to(SHIPPED_BIOLOGY) for f in SHIPPED_BIOLOGY.rglob("*") if f.is_file()}
    names = {name for name in names if name.parts[0] != "posterior" and "__pycache__" not in name.parts}
    assert {f.relative_to(folder) for f in folder.rglob("*") if f.is_file()} == names
    assert count == len(names)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NadfluxError, match="not empty"):
        new_biology(tmp_path)


def test_folders_that_are_no_biology(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"lacks body\.yaml"):
        check_biology_folder(tmp_path)
    with pytest.raises(ModelError, match="new-biology"):
        check_biology_folder(tmp_path / "absent")


def test_places() -> None:
    (place,) = places_of(SHIPPED_BIOLOGY, "liver.NAMPT")
    file, _, line = place.partition(", line ")
    assert (SHIPPED_BIOLOGY / file).read_text().splitlines()[int(line) - 1].lstrip().startswith("NAMPT:")
    assert places_of(SHIPPED_BIOLOGY, "liver.NAMPT.V") == [place]
    assert places_of(SHIPPED_BIOLOGY, "liver.nothing_of_that_name") == []
