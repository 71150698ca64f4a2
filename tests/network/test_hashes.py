"""The hash of equations: what moves it and what does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from nadflux.network.expression import Apply, Symbol
from nadflux.network.hashes import equations_hash
from nadflux.network.read_antimony import read_antimony
from nadflux.shipped import file_hash

TEXT = """
model m
  compartment c = 1
  species S in c = 3, P in c = 0
  J: S -> P; k * S / (Km + S)
  k = a + b + 2; a = 1; b = 1
  Km has uM
end
"""


def _hash(text: str) -> str:
    return equations_hash(read_antimony(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  k = a", "  // a comment\n  k = a"),
        ("a = 1; b = 1", "b = 1; a = 1"),
        ("model m", "model other"),
        ("  Km has uM", "  unit uM = 1e-6 mole\n  Km has uM"),
        ("  J: S", '  J is "a name"\n  J: S'),
        ("a + b + 2", "(a + b) + 2"),
    ],
)
def test_the_way_it_is_written_does_not_count(old: str, new: str) -> None:
    assert old in TEXT
    assert _hash(TEXT.replace(old, new)) == _hash(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("k * S /", "k * S * S /"),
        ("a + b + 2", "a + b + 3"),
        ("b = 1", "b = 0"),
        ("S in c = 3", "S in c = 4"),
        ("J: S -> P", "J: S -> 2 P"),
        ("c = 1", "c = 2"),
        ("Km has uM", "Km has uM; Km := a"),
    ],
)
def test_what_is_computed_counts(old: str, new: str) -> None:
    assert old in TEXT
    assert _hash(TEXT.replace(old, new)) != _hash(TEXT)


def test_a_sum_as_one_node_is_the_same_as_one_nested_to_the_left() -> None:
    model = read_antimony(TEXT)
    a, b, c = Symbol("a"), Symbol("b"), Symbol("Km")
    nested = {"k": Apply("add", (Apply("add", (a, b)), c))}
    flat, other = {"k": Apply("add", (a, b, c))}, {"k": Apply("add", (a, Apply("add", (b, c))))}
    first, second, third = (
        equations_hash(dataclasses.replace(model, initial_assignments=found)) for found in (nested, flat, other)
    )
    assert first == second != third


def test_the_hash_of_files_follows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.ant").write_text("x")
    first = file_hash(tmp_path, ("a.ant", "none.ant"))
    (tmp_path / "b.csv").write_text("y")
    assert file_hash(tmp_path, ("*.ant",)) == first
    assert file_hash(tmp_path, ("*.ant", "*.csv")) != first
    assert file_hash(tmp_path, ("*.ant", "*.csv"), leave_out=("b",)) == first
