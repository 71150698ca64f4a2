"""Dataclasses as JSON: all comes back as it was, and what is no such value is refused."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from nadflux.kernel.stored_values import DamagedValueError, pack, unpack
from nadflux.network.expression import Apply, Expression, Number, Symbol, Time


@dataclasses.dataclass(frozen=True)
class Leaf:
    name: str
    size: float | None = None


@dataclasses.dataclass(frozen=True, eq=False)
class Tree:
    leaves: Mapping[str, Leaf]
    law: Expression
    start: Expression | None
    pairs: dict[tuple[int, int], int]
    nodes: tuple[tuple[Any, ...], ...]
    numbers: np.ndarray
    raw: bytes
    words: frozenset[str]
    truth: bool
    spread: tuple[tuple[str, float], ...] = ()


def tree() -> Tree:
    shared = Apply("mul", (Symbol("a"), Number(0.1, "mole")))
    return Tree(
        leaves={"b": Leaf("b", 1.5), "a": Leaf("a"), "ü\ud800": Leaf("", float("inf"))},
        law=Apply("add", (shared, shared, Number(0.0), Number(-0.0), Number(1), Number(1.0), Time(), Symbol("0.0"))),
        start=None,
        pairs={(3, 1): 7, (0, 2): 9},
        nodes=(("c", 0.1), ("b", True), ("t",), ("add", 0, 2)),
        numbers=np.array([np.nan, -0.0, 5e-324, 0.1]),
        raw=bytes(range(256)),
        words=frozenset(("x", "y")),
        truth=False,
        spread=(("NA", 1.0), ("NR", 2e-300)),
    )


def test_all_of_it_comes_back() -> None:
    first = tree()
    again = unpack(pack(first, Tree), Tree)
    for field in dataclasses.fields(Tree):
        assert repr(getattr(again, field.name)) == repr(getattr(first, field.name))
    assert again.numbers.tobytes() == first.numbers.tobytes()
    assert list(again.leaves) == list(first.leaves)
    assert again.numbers.flags.writeable


def changed(place: int, value: object) -> bytes:
    content = json.loads(pack(tree(), Tree))
    content[2][place] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, [["a"], [[1, None]]]),
        (0, [["a"], [["a", "1"]]]),
        (0, [["a", "b"], [["a", None]]]),
        (1, 1000),
        (1, -1),
        (1, True),
        (2, "a"),
        (3, [[[1]], [2]]),
        (4, [[1, 2]]),
        (4, [["add", [1]]]),
        (5, "?"),
        (6, 5),
        (7, ["x", 1]),
        (8, 0),
        (9, [["NA"]]),
    ],
)
def test_value_of_another_type_is_refused(place: int, value: object) -> None:
    with pytest.raises(DamagedValueError):
        unpack(changed(place, value), Tree)


@pytest.mark.parametrize(
    "rows", [[["add", 0]], [["add", 1], "a"], [["add", -1]], [[1.0]], [["add", "a"]], [5], [[None, None]], [{}], "a"]
)
def test_expression_of_what_does_not_stand_before_it_is_refused(rows: object) -> None:
    content = json.loads(pack(tree(), Tree))
    content[1], content[2][1] = rows, 0
    with pytest.raises(DamagedValueError):
        unpack(json.dumps(content).encode(), Tree)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1,2]", b"null", b"\xff\xfe", b"[" * 100_000, b"\x80\x05K\x01."])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedValueError):
        unpack(data, Tree)


def test_other_fields_are_another_schema() -> None:
    @dataclasses.dataclass(frozen=True)
    class Leaf:  # the name is the same
        name: str
        size: float

    data = pack(globals()["Leaf"]("a", 1.0), globals()["Leaf"])
    with pytest.raises(DamagedValueError, match="another Leaf"):
        unpack(data, Leaf)


def test_what_the_schema_does_not_know_is_not_written() -> None:
    @dataclasses.dataclass(frozen=True)
    class Strange:
        value: complex

    with pytest.raises(TypeError, match="complex"):
        pack(Strange(1j), Strange)
    with pytest.raises(TypeError):
        pack(Leaf(name=5), Leaf)  # type: ignore[arg-type]
