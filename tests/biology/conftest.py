"""The shipped body, compiled once for the tests of the biology."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from body_bench import Bench, Mistaken, make_bench

from nadflux.network.assemble import Body
from nadflux.shipped import BIOLOGY


@pytest.fixture(scope="session")
def bench() -> Bench:
    return make_bench()


@pytest.fixture(scope="session")
def body(bench: Bench) -> Body:
    return bench.body


@pytest.fixture
def mistaken(tmp_path: Path) -> Mistaken:
    """A copy of the biology with a mistake seeded in one of its files."""

    def seeded(file: str, right: str, wrong: str) -> Path:
        folder = tmp_path / "biology"
        shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
        text = (folder / file).read_text()
        assert right in text
        (folder / file).write_text(text.replace(right, wrong, 1))
        return folder

    return seeded
