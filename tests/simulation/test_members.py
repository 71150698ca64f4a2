from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnknownNameError
from nadflux.people import Draws, Traits, draw
from nadflux.plans import parse_plan
from nadflux.simulation import prepare, simulate
from nadflux.simulation.members import simulate_members

TABLE = prepare().body.table


def _traits(count: int) -> Traits:
    return Traits(np.full(count, 40.0), np.full(count, 70.0), np.full(count, 170.0), np.full(count, 1.0))


def test_given_numbers_give_what_simulate_gives_for_the_same_person() -> None:
    run = simulate(
        "woman, 40 y, 70 kg, 170 cm", n=3, seed=5, days=1, times=[0.0, 24.0], outputs=["plasma_nam"], posterior="none"
    )
    draws = draw(TABLE, 3, 5)
    times, values = simulate_members(draws, _traits(3), times=[0.0, 24.0], days=1, outputs=["plasma_nam"])
    assert times.tolist() == [0.0, 24.0]
    assert values[:, :, 0].tobytes() == run["plasma_nam"].tobytes()


def test_rows_that_are_not_named_stay_typical_and_neighbours_do_not_matter() -> None:
    plan = parse_plan("NAM 500 mg oral once")
    levels = np.array([[200.0], [70.0], [100.0]])
    draws = Draws(("red_cells.NAD.total",), levels)
    _, together = simulate_members(draws, _traits(3), plan, times=[0.0, 4.0], outputs=["red_cell_nad", "plasma_nam"])
    alone = Draws(draws.names, levels[1:2])
    _, single = simulate_members(alone, _traits(1), plan, times=[0.0, 4.0], outputs=["red_cell_nad", "plasma_nam"])
    assert together[1].tobytes() == single[0].tobytes()
    np.testing.assert_allclose(together[:, 0, 0] / together[1, 0, 0], levels[:, 0] / 70.0, rtol=0.05)


def test_unknown_output() -> None:
    with pytest.raises(UnknownNameError, match="plasma_nam"):
        simulate_members(Draws((), np.empty((1, 0))), _traits(1), times=[0.0, 1.0], outputs=["plasma_nm"])
