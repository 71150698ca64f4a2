"""People given what a mouse has per kg: its half-lives, its food, and 7.4 times a person's flow and filtration.

7.4 is (75 kg / 25 g) to a quarter. Mice eat some eighty times more per kg; a sixth of that is all that organs in the
proportions of people take without making more NAD+ from tryptophan than they use.
"""

from __future__ import annotations

import numpy as np
from body_bench import Bench

from nadflux.network.capacities import resting_faults

FLOW = 7.4
FOOD = 13.4


def as_mice(bench: Bench, people: np.ndarray) -> np.ndarray:
    """The same people with a mouse's supply, turnover and flows, shape (person, parameter); without impossible ones."""
    names = bench.engine.program.parameters
    mice = people.copy()
    more = {"diet__intake": FOOD, "liver__methyl_supply__rate": FOOD}
    flows = ("person__blood_flow_gut", "person__blood_flow_hepatic_artery", "person__filtration_per_surface")
    more |= dict.fromkeys(flows, FLOW)
    more |= {name: FLOW for name in names if name.endswith(("NAM_exchange__PS", "MNA_exchange__PS"))}
    for name, factor in more.items():
        mice[:, names.index(name)] *= factor
    for name in names:
        if name.startswith("person__NAD_slowness"):
            mice[:, names.index(name)] = 1.0
    faulty = {mouse for mouse, _ in resting_faults(bench.body.model, bench.values(mice))}
    assert len(faulty) <= len(mice) / 10, faulty
    return np.delete(mice, sorted(faulty), axis=0)
