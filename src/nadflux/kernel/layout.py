"""The block of memory in which a group of people is integrated; shared by the generated code and its caller.

The context is an array of 64-bit slots: addresses of arrays, whole numbers and doubles. Arrays over the lanes
hold one element per lane; arrays over states hold one vector of lanes per state, in elimination order.
"""

from __future__ import annotations

import numpy as np

from nadflux.kernel import tableau
from nadflux.kernel.program import Program

VECTORS = (  # arrays of vectors of doubles over the lanes
    "time", "y", "hoisted", "inputs", "parameters", "scratch", "f", "jacobian", "time_slope", "factors",
    "shift", "stages", "new", "work", "dense", "observed", "scale", "t", "h", "step", "limit", "end", "error",
    "factor", "sunk", "peak", "peak_time", "peak_part", "theta",
)  # fmt: skip
LANES = (  # arrays of 64-bit integers over the lanes
    "active", "fresh", "hit", "shortened", "rejected", "accepted", "event", "event_end", "row", "steps",
    "attempts", "failure", "worst", "pending", "unsolved", "person",
)  # fmt: skip
POINTERS = ("event_time", "event_kind", "event_target", "event_value", "times", "outputs", "cancel", "wanted", "kept")
INTEGERS = ("count_times", "most_steps", "count_peaks", "count_kept")
DOUBLES = ("rtol", "largest_step", "peak_from", "peak_to", "deepest")
SLOTS = {name: k for k, name in enumerate((*VECTORS, *LANES, *POINTERS, *INTEGERS, *DOUBLES))}

FAILURES = {
    1: "the initial state or a parameter is not a finite number",
    2: "the rate of change is not a finite number",
    3: "the step became too small (a singularity, or a tolerance that cannot be met)",
    4: "more steps than allowed",
    5: "the linear equations of a step could not be solved accurately",
    6: "it grows beyond the largest number that a computer holds (1.8e308)",
    7: "its amount falls below zero by more than the solver can err",
}


def vector_sizes(program: Program, hoisted: int, scratch: int) -> dict[str, int]:
    """Return the number of vectors in each array."""
    n = len(program.states)
    sizes = dict.fromkeys(VECTORS, 1)
    for name in ("y", "f", "time_slope", "new", "work", "dense", "scale"):
        sizes[name] = max(n, 1)
    sizes["stages"] = max(n, 1) * tableau.STAGES
    sizes["hoisted"] = max(hoisted, 1)
    sizes["inputs"] = max(len(program.inputs), 1)
    sizes["parameters"] = max(len(program.parameters), 1)
    sizes["scratch"] = max(scratch, 1)
    sizes["jacobian"] = max(len(program.jacobian), 1)
    sizes["factors"] = max(program.sizes["factors"], 1)
    for name in ("observed", "peak", "peak_time", "peak_part"):
        sizes[name] = max(len(program.outputs), 1)
    return sizes


class Block:
    """Memory of one group of people.

    Attributes
    ----------
    arrays : dict of str to ndarray
        The arrays by name, shape (vectors, lane), or (lane,) for integers.
    places : dict of str to int
        Their addresses.
    context : ndarray
        The slots.
    address : int
        That of the context, the argument of the generated functions.
    """

    def __init__(self, program: Program, hoisted: int, scratch: int, width: int) -> None:
        sizes = vector_sizes(program, hoisted, scratch)
        total = sum(-(-count * width // 8) * 8 for count in sizes.values())
        total += len(LANES) * (-(-width // 8) * 8)
        memory = np.zeros(total + 8, dtype=np.float64)
        offset = (-memory.ctypes.data % 64) // 8
        self._memory = memory
        self.arrays: dict[str, np.ndarray] = {}
        self.places: dict[str, int] = {}
        self.context = np.zeros(len(SLOTS), dtype=np.int64)
        # Arrays follow each other in one block of memory, each from a multiple of 64 bytes on.
        for name in (*VECTORS, *LANES):
            count = sizes.get(name, 1)
            array = memory[offset : offset + count * width]
            offset += -(-count * width // 8) * 8
            self.arrays[name] = array.view(np.int64) if name in LANES else array.reshape(count, width)
            self.places[name] = self.context[SLOTS[name]] = array.ctypes.data
        self.address = int(self.context.ctypes.data)

    def point(self, name: str, array: np.ndarray) -> None:
        """Set an address to that of ``array``, of any shape and unit; the caller keeps the array alive."""
        self.context[SLOTS[name]] = array.ctypes.data

    def set_integer(self, name: str, value: int) -> None:
        """Set a whole number."""
        self.context[SLOTS[name]] = value

    def set_double(self, name: str, value: float) -> None:
        """Set a double."""
        self.context.view(np.float64)[SLOTS[name]] = value
