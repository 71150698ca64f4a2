"""Filling the lanes of a block: a person in each, their scales, the start of a run."""

from __future__ import annotations

import numpy as np

from nadflux.kernel.engine import Engine
from nadflux.kernel.layout import LANES, Block

_OF_PERSON = ("y", "hoisted", "inputs", "scale", "t", "h", "limit", "end", "peak", "peak_time", *LANES)
"""Arrays that hold what is known of a person between two rounds of the loop; the others are computed again in each."""
ZERO_SCALE = 1e-3  # scale of a state that starts at zero, relative to the largest


def load_person(engine: Engine, block: Block, parameters: np.ndarray, origin: float) -> None:
    """Evaluate what depends on parameters only, and the model's own initial state.

    Parameters
    ----------
    engine : Engine
    block : Block
        Memory of the group.
    parameters : ndarray, shape (person, parameter)
        In the order of the program and the units of the model.
    origin : float
        Time at which the initial assignments hold, in the unit of the model.
    """
    arrays = block.arrays
    arrays["parameters"][: parameters.shape[1]] = parameters.T
    arrays["time"][:] = origin
    names = ("time", "y", "hoisted", "parameters", "scratch", "hoisted", "y", "work")
    engine.prepare(*(block.places[name] for name in names))


def set_scale(engine: Engine, block: Block, scale: np.ndarray | None) -> None:
    """Set the magnitudes below which errors count as absolute.

    Parameters
    ----------
    engine : Engine
    block : Block
        Memory of the group.
    scale : ndarray, shape (state,), optional
        In the units of the states; without it the model's initial state decides.
    """
    states = len(engine.order)
    if scale is not None:
        block.arrays["scale"][:states] = np.abs(scale[engine.order])[:, None]
        return
    size = np.abs(block.arrays["y"][:states])
    largest = np.nanmax(size, axis=0, initial=0.0)
    largest = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    block.arrays["scale"][:states] = np.where(size > 0, size, ZERO_SCALE * largest)


def reset_lanes(block: Block, start: float, end: float) -> None:
    """Set the lanes to the start of a run, none of them active yet."""
    arrays = block.arrays
    for name in ("active", "hit", "shortened", "rejected", "accepted", "event", "event_end", "row", "steps",
                 "attempts", "failure", "worst", "pending", "unsolved", "person"):  # fmt: skip
        arrays[name][:] = 0
    arrays["fresh"][:] = 1
    arrays["t"][:], arrays["limit"][:], arrays["end"][:] = start, end, end
    arrays["h"][:], arrays["step"][:] = 0.0, 1.0
    arrays["time_slope"][:] = 0.0
    arrays["peak"][:], arrays["peak_time"][:] = np.nan, np.nan


def move_lanes(source: Block, target: Block, lanes: np.ndarray) -> None:
    """Move the people of the first lanes of a block into lanes of another.

    Parameters
    ----------
    source, target : Block
        Of the same engine.
    lanes : ndarray of int, shape (person,), dimensionless
        Where each goes.
    """
    for name in _OF_PERSON:
        target.arrays[name][..., lanes] = source.arrays[name][..., : lanes.size]
