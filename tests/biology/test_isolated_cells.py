"""What a laboratory sees of cells that took an hour to isolate, beside what living cells hold."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench


def test_washed_cells_hold_what_their_nad_set_free(bench: Bench) -> None:
    values = bench.values(bench.typical())
    run = bench.run(bench.typical(), [], [0.0])
    lived = values["immune_cells__isolation__rate"] * values["immune_cells__isolation__time"]
    split = 1 - 0.5 ** (lived / values["immune_cells__NAD__half_life"])
    carried = values["immune_cells__isolation__carried"] * run["immune_cell_nam"][0, 0]
    assert run["pbmc_nam"][0, 0] == pytest.approx((split * run["pbmc_nad"][0, 0] + carried)[0], rel=1e-9)
    assert run["immune_cell_nam"][0, 0] == run["plasma_nam"][0, 0]


def test_most_nicotinamide_of_isolated_cells_is_not_that_of_blood(bench: Bench) -> None:
    """One subject: 4.5 (2.6 to 7.1) µM in PBMC, 10.1038/ncomms12948 (nad:A019), against 0.33 µM in plasma."""
    run = bench.run(bench.possible(256, seed=2), [], [0.0])
    ratio = run["pbmc_nam"][:, 0] / run["plasma_nam"][:, 0]
    assert np.quantile(ratio, 0.25) > 1.5
    low, high = np.quantile(run["pbmc_nam"][:, 0], [0.05, 0.95])
    assert low < 4.5 < high


def test_seeing_cells_changes_nothing_in_the_person(bench: Bench) -> None:
    people = np.vstack([bench.typical(), bench.typical(immune_cells__isolation__time=3.0)])
    run = bench.run(people, [(0.0, "gut_lumen.NR", 3440.0)], [0.0, 8.0])
    for name in ("plasma_nam", "pbmc_nad", "whole_blood_nad"):
        assert run[name][0, 1] == run[name][1, 1]
    assert run["pbmc_nam"][1, 1] > 2 * run["pbmc_nam"][0, 1]
