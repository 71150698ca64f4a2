"""Rival structures: each rests like the default, and each changes what it is about."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily, make_bench

from nadflux.network.capacities import resting_faults
from nadflux.network.evaluate import rates

LEDGERS = ("urine__", "gut_lumen__lost", "diet__eaten")
RIVALS = {"gut.NA": "none", "gut.NMN": "none", "blood.pools": "two"}


@pytest.fixture(scope="module", params=sorted(RIVALS))
def rival(request: pytest.FixtureRequest) -> tuple[str, Bench]:
    return request.param, make_bench({request.param: RIVALS[request.param]})


def test_a_rival_rests_in_every_organ(rival: tuple[str, Bench]) -> None:
    _, bench = rival
    people = bench.people(256, seed=7)
    faulty = sorted({person for person, _ in resting_faults(bench.body.model, bench.values(people))})
    assert len(faulty) <= 2
    values = bench.values(np.delete(people, faulty, axis=0))
    change = rates(bench.body.model, values)
    for name, species in bench.body.model.species.items():
        if not name.startswith(LEDGERS):
            pool = np.abs(values[name] * values[species.compartment])
            assert np.all(24.0 * np.abs(change[name]) <= 1e-6 * pool), name


def test_a_rival_changes_what_it_is_about(rival: tuple[str, Bench], bench: Bench) -> None:
    switch, other = rival
    days = [0.0, 24.0 * 28]
    if switch == "gut.NA":
        dose = daily("gut_lumen.NR", 3440.0, 28)
        with_route, without = (b.run(b.typical(), dose, days)["whole_blood_nad"][0] for b in (bench, other))
        assert with_route[1] / with_route[0] > without[1] / without[0] + 0.1
    elif switch == "blood.pools":
        # the exchangeable pool is smaller for the same synthesis, so it is quicker
        dose = daily("gut_lumen.NR", 3440.0, 28)
        one, two = (b.run(b.typical(), dose, days)["red_cells__NAD"][0] for b in (bench, other))
        assert two[0] < one[0]
        assert two[1] / two[0] > one[1] / one[0]
    else:
        dose = daily("gut_lumen.NMN", 3440.0, 28)
        assert np.all(other.run(other.typical(), dose, days)["gut_lumen__NMN_absorption"] == 0)
        assert bench.run(bench.typical(), dose, days)["gut_lumen__NMN_absorption"][0, 1] > 0
