from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnknownNameError
from nadflux.people import Covariates, Draws, Person, draw, draw_covariates
from nadflux.plans import parse_plan
from nadflux.simulation import prepare, simulate
from nadflux.simulation.ensemble import simulate_members

TABLE = prepare().body.table


def _covariates(count: int) -> Covariates:
    described = {"age": 40.0, "weight": 70.0, "height": 170.0, "female": 1.0}
    return Covariates({name: np.full(count, value) for name, value in described.items()})


def test_given_numbers_give_what_simulate_gives_for_the_same_person() -> None:
    run = simulate(
        "woman, 40 y, 70 kg, 170 cm", n=3, seed=5, days=1, times=[0.0, 24.0], outputs=["plasma_nam"], posterior="none"
    )
    draws = draw(TABLE, 3, 5)
    times, values = simulate_members(draws, _covariates(3), times=[0.0, 24.0], days=1, outputs=["plasma_nam"])
    assert times.tolist() == [0.0, 24.0]
    assert values[:, :, 0].tobytes() == run["plasma_nam"].tobytes()


def test_rows_that_are_not_named_stay_typical_and_neighbours_do_not_matter() -> None:
    plan = parse_plan("NAM 500 mg oral once")
    levels = np.array([[200.0], [70.0], [100.0]])
    draws = Draws(("red_cells.NAD.total",), levels)
    _, together = simulate_members(
        draws, _covariates(3), plan, times=[0.0, 4.0], outputs=["red_cell_nad", "plasma_nam"]
    )
    alone = Draws(draws.names, levels[1:2])
    _, single = simulate_members(alone, _covariates(1), plan, times=[0.0, 4.0], outputs=["red_cell_nad", "plasma_nam"])
    assert together[1].tobytes() == single[0].tobytes()
    np.testing.assert_allclose(together[:, 0, 0] / together[1, 0, 0], levels[:, 0] / 70.0, rtol=0.05)


def test_unknown_output() -> None:
    with pytest.raises(UnknownNameError, match="plasma_nam"):
        simulate_members(Draws((), np.empty((1, 0))), _covariates(1), times=[0.0, 1.0], outputs=["plasma_nm"])


def test_lived_days_are_given_from_before_time_0() -> None:
    who, plan = Person.parse("man, 45 y, 80 kg, 178 cm"), parse_plan("fast 20 h")
    times = np.array([-24.0, -3.0, 0.0, 30.0])
    covariates = draw_covariates(who, np.arange(1), 0)
    _, found = simulate_members(
        Draws((), np.empty((1, 0))),
        covariates,
        plan,
        times=times,
        outputs=["plasma_ketone"],
        prepared=prepare(body="whole"),
    )
    run = simulate(
        who, plan, n=1, uncertainty=False, spread=False, posterior="none", times=times[2:], outputs=["plasma_ketone"]
    )
    assert found[0, 2:, 0] == pytest.approx(run["plasma_ketone"][0], rel=1e-6)
    assert found[0, 1, 0] != found[0, 2, 0]
