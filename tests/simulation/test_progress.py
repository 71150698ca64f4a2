"""Parts of a run tell how far the whole is."""

from __future__ import annotations

from nadflux.simulation.progress import part_of


def test_parts_end_where_the_next_begins() -> None:
    told: list[float] = []
    for start, size in ((0, 16), (16, 4)):
        progress = part_of(told.append, start, size, 20)
        assert progress is not None
        progress(0.0)
        progress(1.0)
    assert told == [0.0, 0.8, 0.8, 1.0]


def test_nobody_is_told_where_nobody_asked() -> None:
    assert part_of(None, 0.0, 1.0) is None
