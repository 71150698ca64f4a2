"""Starts of the periods of usual life that repeat, kept in memory for later runs with the same people.

What is kept is where the search ended, by all that it depends on; the period itself is integrated again from there.
So a run has the same bits whether its people are known or not.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from nadflux.simulation.compiled import Prepared
from nadflux.simulation.usual_life import UsualLife

MOST = 4096
"""People whose start is kept, about 7 kB each; those used least recently go."""


@dataclass(frozen=True, eq=False)
class Start:
    """The start of the period that repeats, of one person.

    Attributes
    ----------
    state : ndarray, shape (state,), in the units of the states
    step : float, h
        Step with which to go on.
    inputs : ndarray, shape (input,), each in its own unit
    periods : int
        Simulated to find it.
    change : float
        By how much it departs from where the period repeats, relative to each state.
    """

    state: np.ndarray
    step: float
    inputs: np.ndarray
    periods: int
    change: float


_KNOWN: OrderedDict[bytes, Start] = OrderedDict()


def keys_of(compiled: Prepared, life: UsualLife, rows: np.ndarray, rtol: float) -> list[bytes]:
    """Return what identifies the usual life of each person.

    Parameters
    ----------
    compiled : Prepared
    life : UsualLife
    rows : ndarray, shape (person, parameter), each in its own unit
    rtol : float
    """
    asked = repr((compiled.program.hash, life.start, life.period, life.events, rtol)).encode()
    common = hashlib.sha256(asked)
    keys = []
    for row in rows:
        own = common.copy()
        own.update(np.ascontiguousarray(row).tobytes())
        keys.append(own.digest())
    return keys


def known(key: bytes) -> Start | None:
    """Return the start of a person's period, or None if it is not kept."""
    start = _KNOWN.get(key)
    if start is not None:
        _KNOWN.move_to_end(key)
    return start


def keep(key: bytes, start: Start) -> None:
    """Keep the start of a person's period, and let go of those used least recently."""
    _KNOWN[key] = start
    # One goes for one that came.
    while len(_KNOWN) > MOST:
        _KNOWN.popitem(last=False)


def forget() -> None:
    """Remove all starts, as for measurements of a first run."""
    _KNOWN.clear()
