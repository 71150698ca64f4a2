"""Bodies from the cache: all that was assembled and lowered comes back, to the last sign."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from nadflux.kernel.stored_values import pack, unpack
from nadflux.simulation import compiled
from nadflux.simulation.compiled import Names, Prepared, names_of, prepare
from nadflux.simulation.tracer.labelled_body import Traced, traced_body


@pytest.mark.parametrize("body", ["nad", "whole"])
def test_body_comes_back_from_the_cache(body: str) -> None:
    first = prepare(body=body)
    again = unpack(pack(first, Prepared), Prepared)
    same(first, again)
    assert again.parameters(2).tobytes() == first.parameters(2).tobytes()


def test_labelled_body_comes_back_from_the_cache() -> None:
    first = traced_body()
    again = unpack(pack(first, Traced), Traced)
    same(first.prepared, again.prepared)
    assert repr(again.labelled) == repr(first.labelled)


def test_built_body_is_stored_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path))
    for kept in (compiled._names, compiled._prepare):
        kept.cache_clear()
    names = names_of()
    assert len(names.outputs) > 10
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".body", ".names"]
    monkeypatch.setattr(compiled, "_build", None)
    for kept in (compiled._names, compiled._prepare):
        kept.cache_clear()
    assert names_of() == names
    same(prepare(), prepare())
    assert isinstance(unpack(pack(names, Names), Names).outputs, frozenset)
    compiled._prepare.cache_clear()


def same(first: Prepared, second: Prepared) -> None:
    assert repr(first.body) == repr(second.body)
    for field in dataclasses.fields(first.program):
        assert repr(getattr(first.program, field.name)) == repr(getattr(second.program, field.name)), field.name
    assert (first.biology_hash, first.tiers, first.read_with) == (second.biology_hash, second.tiers, second.read_with)
