"""Libraries of extras: named with the extra where they are missing, before anything runs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from nadflux.errors import NadfluxError
from nadflux.extras import check_library
from nadflux.faces.plot.paths import check_figure_path
from nadflux.files import check_place
from nadflux.simulation.storage import check_ending


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without extras."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in ("matplotlib", "pyarrow") else found(name)
    )


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [("a.png", "matplotlib", "plot"), ("a.SVG", "matplotlib", "plot"), ("a.parquet", "pyarrow", "parquet")],
)
def test_missing_library_is_named_with_its_extra(tmp_path: Path, name: str, library: str, extra: str) -> None:
    for check in (check_library, check_place):
        with pytest.raises(NadfluxError, match=rf"'{name}' needs {library}: pip install 'nadflux\[{extra}\]'"):
            check(tmp_path / name)


@pytest.mark.usefixtures("bare")
def test_checks_of_commands_name_it_too(tmp_path: Path) -> None:
    with pytest.raises(NadfluxError, match=r"nadflux\[plot\]"):
        check_figure_path(str(tmp_path / "a.pdf"))
    with pytest.raises(NadfluxError, match=r"nadflux\[parquet\]"):
        check_ending(str(tmp_path / "a.parquet"))


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("name", ["a.csv", "a.zarr", "a.json", "png"])
def test_other_files_need_none(tmp_path: Path, name: str) -> None:
    check_place(tmp_path / name)


def test_installed_libraries_pass(tmp_path: Path) -> None:
    for name in ("a.png", "a.parquet"):
        check_library(tmp_path / name)
