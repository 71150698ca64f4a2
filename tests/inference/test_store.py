from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nadflux.errors import RecordMismatchError, ValueOutOfRangeError
from nadflux.inference.data import Array
from nadflux.inference.store import ForwardStore


class Counting:
    def __init__(self) -> None:
        self.members = 0

    def __call__(self, parameters: Array) -> Array:
        self.members += len(parameters)
        return parameters**2


def test_runs_each_member_once_and_keeps_order(tmp_path: Path) -> None:
    forward = Counting()
    store = ForwardStore(forward, "f", tmp_path, chunk=3)
    parameters = np.arange(14.0).reshape(7, 2)
    np.testing.assert_array_equal(store.run(parameters), parameters**2)
    np.testing.assert_array_equal(store.run(parameters), parameters**2)
    assert forward.members == 7
    assert (store.evaluated, store.recalled) == (7, 7)


def test_a_new_store_reads_what_the_old_one_kept(tmp_path: Path) -> None:
    parameters = np.random.default_rng(0).standard_normal((5, 2))
    first = ForwardStore(Counting(), "f", tmp_path, chunk=2).run(parameters)
    forward = Counting()
    second = ForwardStore(forward, "f", tmp_path, chunk=2).run(parameters)
    assert forward.members == 0
    assert first.tobytes() == second.tobytes()


def test_another_fingerprint_is_not_served(tmp_path: Path) -> None:
    parameters = np.ones((2, 2))
    ForwardStore(Counting(), "model A", tmp_path).run(parameters)
    forward = Counting()
    ForwardStore(forward, "model B", tmp_path).run(parameters)
    assert forward.members == 2


def test_interruption_keeps_finished_chunks(tmp_path: Path) -> None:
    calls: list[int] = []

    def stopping(parameters: Array) -> Array:
        calls.append(len(parameters))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return parameters

    with pytest.raises(KeyboardInterrupt):
        ForwardStore(stopping, "f", tmp_path, chunk=2).run(np.arange(10.0).reshape(10, 1))
    forward = Counting()
    ForwardStore(forward, "f", tmp_path, chunk=2).run(np.arange(10.0).reshape(10, 1))
    assert forward.members == 6
    assert not list(tmp_path.glob("*.part"))


def test_progress_counts_members() -> None:
    seen: list[tuple[str, int, int]] = []
    store = ForwardStore(Counting(), chunk=4, progress=lambda stage, done, of: seen.append((stage, done, of)))
    store.run(np.zeros((6, 1)), "prior")
    assert seen == [("prior", 4, 6), ("prior", 6, 6)]


def test_refuses_a_wrong_shape() -> None:
    with pytest.raises(ValueOutOfRangeError, match=r"\(member, datum\)"):
        ForwardStore(lambda parameters: parameters[:1]).run(np.zeros((3, 2)))


class Trap:
    """What leaves a mark where it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return open, (f"{MARK}", "w")  # type: ignore[return-value]


MARK = ""


def test_a_chunk_that_holds_objects_is_refused_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = np.ones((2, 2))
    ForwardStore(Counting(), "f", tmp_path).run(parameters)
    (chunk,) = tmp_path.glob("*.npy")
    monkeypatch.setattr(f"{__name__}.MARK", str(tmp_path / "mark"))
    np.save(chunk, np.array([[Trap()]], dtype=object), allow_pickle=True)
    with pytest.raises(RecordMismatchError, match=r"pickle.*remove it"):
        ForwardStore(Counting(), "f", tmp_path).run(parameters)
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("content", [b"", b"x", b"\x93NUMPY\x01\x00\xff"])
def test_a_damaged_chunk_is_refused(tmp_path: Path, content: bytes) -> None:
    parameters = np.ones((2, 2))
    ForwardStore(Counting(), "f", tmp_path).run(parameters)
    (chunk,) = tmp_path.glob("*.npy")
    chunk.write_bytes(content)
    with pytest.raises(RecordMismatchError, match="no chunk of a fit"):
        ForwardStore(Counting(), "f", tmp_path).run(parameters)


def test_a_chunk_of_another_shape_is_refused(tmp_path: Path) -> None:
    parameters = np.ones((2, 2))
    ForwardStore(Counting(), "f", tmp_path).run(parameters)
    (chunk,) = tmp_path.glob("*.npy")
    np.save(chunk, np.ones(3))
    with pytest.raises(RecordMismatchError, match=r"not \(member, datum\) numbers"):
        ForwardStore(Counting(), "f", tmp_path).run(parameters)
