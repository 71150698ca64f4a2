"""What `import nadflux as nf` offers: every name resolves, is documented, and costs nothing until used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nadflux as nf


@pytest.mark.parametrize("name", [name for name in nf.__all__ if not name.startswith("_")])
def test_every_name_resolves_and_is_documented(name: str) -> None:
    assert getattr(nf, name).__doc__
    assert name in dir(nf)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="simulat"):
        nf.simulat  # noqa: B018


def test_import_is_cheap() -> None:
    code = "import sys, nadflux; print(sorted({'numpy', 'typer', 'yaml'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
