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


def test_letters_that_are_not_ascii_are_named() -> None:
    with pytest.raises(ModelError, match="the text also holds é"):
        read_antimony("model ém\n  S1 -> S2; k*S1\n  S1 = 10; S2 = 0; k = 0.1\nend\n")


def test_a_file_that_is_not_utf_8_is_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "m.ant"
    file.write_bytes("a = 1;\n// Müller\n".encode("latin-1"))
    with pytest.raises(ModelError, match=r"not UTF-8 \(byte 0xfc in line 2\)"):
        read_antimony(file)


def test_a_file_that_imports_itself(tmp_path: Path) -> None:
    file = tmp_path / "m.ant"
    file.write_text('import "m.ant"\na = 1;\n')
    with pytest.raises(ModelError, match="imports itself"):
        read_antimony(file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("".join(f"p{i} := p{i + 1} + p{i + 1};\n" for i in range(60)) + "p60 = 1;\n", "too many ways"),
        ("".join(f"p{i} := p{i + 1} + 1;\n" for i in range(1000)) + "p1000 = 1;\n", "too many ways"),
        ("y := " + "exp(" * 500 + "1" + ")" * 500 + ";\n", "nested deeper than 150 brackets in line 1"),
        ("y := " + "k+" * 60_000 + "k;\n", "statement of 12"),
        (
            "model m0()\n  x = 1;\nend\n"
            + "".join(f"model m{i}()\n  A: m{i - 1}(); B: m{i - 1}();\nend\n" for i in range(1, 40)),
            "at most 10000",
        ),
        ("model m()\n  A: m();\nend\n", "within itself"),
        ("model m()\n m()\n  S1 = 4\n  J0: S1 -> ; S1\nend\n", "within itself"),
        ("model a()\n  S = 1; b()\nend\nmodel b()\n a()\nend\n", "within itself"),
    ],
)
def test_texts_on_which_the_library_would_not_end_are_refused(text: str, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        read_antimony(text)


def test_a_sum_of_a_thousand_terms() -> None:
    model = read_antimony("k = 1; y := " + "k+" * 999 + "k;\n")
    (found,) = model.assignment_rules.values()
    assert len(found.args) == 1000  # type: ignore[union-attr]
