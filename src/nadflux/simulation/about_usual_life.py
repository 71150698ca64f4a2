"""The record of how the usual life of people was found, before time 0 and beside a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nadflux.notes import Note, NoteCode
from nadflux.simulation.course import Chunk, Course


def lives_of(course: Course, chunk: Chunk) -> dict[str, Any] | None:
    """Return how the usual life of the people of a chunk was found; None where nobody lives one.

    ``repeats_after_h`` is the length of the period that repeats itself (None where life does not repeat),
    ``people`` whose does, ``periods`` the most that were simulated to find it, ``change`` by how much the start
    of any departs from where it repeats, relative to each state, and ``counterfactual`` how usual life goes on
    beside the plan: ``repeated`` (that of the others is integrated), ``integrated``, or None without one.
    """
    if course.origin >= 0.0:
        return None
    again = any(segment.again is not None for segment in course.segments)
    beside = "repeated" if again else "integrated" if len(course.segments) > 2 else None
    usual = chunk.usual
    if usual is None or course.life is None:
        return {"repeats_after_h": None, "people": 0, "periods": 0, "change": 0.0, "counterfactual": beside}
    mine = usual.repeats
    return {
        "repeats_after_h": course.life.period,
        "people": int(mine.sum()),
        "periods": int(np.max(usual.periods[mine], initial=0)),
        "change": float(np.max(usual.change[mine], initial=0.0)),
        "counterfactual": beside,
    }


def joined_lives(lives: Sequence[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """Return the same of several chunks as one."""
    told = [one for one in lives if one is not None]
    if not told:
        return None
    most = {name: max(one[name] for one in told) for name in ("periods", "change")}
    return {**told[0], "people": sum(one["people"] for one in told), **most}


def note_on_usual_life(lives: Mapping[str, Any] | None, people: int) -> Iterator[Note]:
    """Yield a note on people whose days are the same but do not repeat in them, where there are any.

    Parameters
    ----------
    lives : mapping or None
        As of `joined_lives`.
    people : int
        How many there are.
    """
    if lives is None or lives["repeats_after_h"] is None or lives["people"] == people:
        return
    text = (
        f"the usual days of {people - lives['people']} of {people} people do not come to repeat themselves; they live "
        "those of the run-in before time 0, and their usual life beside the plan is integrated"
    )
    yield Note(NoteCode.USUAL_LIFE_GOES_ON, text)
