"""The generator of the documentation, built once with few people."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all pages, made by ``python docs/build.py --quick``."""
    folder = tmp_path_factory.mktemp("docs")
    words = [sys.executable, str(ROOT / "docs" / "build.py"), "--quick", "--out", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Makes the modules of ``docs/`` importable by their names."""
    folder = ROOT / "docs"
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [n for n, m in sys.modules.items() if str(getattr(m, "__file__", "")).startswith(str(folder))]:
        del sys.modules[name]
