"""Reading Antimony text and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import ModelError
from nadflux.network.expression import Apply, Number, Symbol
from nadflux.network.read_antimony import read_antimony

TEXT = "model m()\n  compartment c = 1; species S in c = 3;\n  J: S -> ; k * S; k = 2;\nend\n"


def test_text_and_file(tmp_path: Path) -> None:
    file = tmp_path / "m.ant"
    file.write_text(TEXT)
    model = read_antimony(TEXT)
    assert model == read_antimony(file)
    assert model.id == "m"
    assert model.species["S"].concentration == 3.0
    assert model.reactions["J"].law == Apply("mul", (Symbol("k"), Symbol("S")))
    assert model.reactions["J"].reactants[0].stoichiometry == Number(1.0)


def test_one_text_does_not_leak_into_the_next() -> None:
    read_antimony(TEXT)
    other = read_antimony("model other()\n  x = 1;\nend\n")
    assert set(other.parameters) == {"x"}
    assert not other.species


def test_syntax_error_names_the_line() -> None:
    with pytest.raises(ModelError, match="line 2"):
        read_antimony("model m()\n  J: S -> -> ;\nend\n")


@pytest.mark.parametrize("content", ["", "   \n"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    file = tmp_path / "m.ant"
    file.write_text(content)
    with pytest.raises(ModelError, match="empty"):
        read_antimony(file)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read"):
        read_antimony(tmp_path / "absent.ant")
