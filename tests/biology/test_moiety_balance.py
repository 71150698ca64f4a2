"""The nicotinamide moiety is neither made nor lost: in = out + stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pytest
from body_bench import Bench, daily

from nadflux.network.model import Model
from nadflux.network.names import to_id


def _moiety(bench: Bench, run: dict[str, np.ndarray], people: np.ndarray) -> np.ndarray:
    """Σ weight·amount, shape (person, time), µmol; the ledger of what was eaten counts −1."""
    values = bench.values(people)
    total = np.zeros_like(next(iter(run.values())))
    for row in bench.body.moieties:
        name = to_id(row.name)
        size = np.broadcast_to(values[bench.body.model.species[name].compartment], (len(people),))
        total += row.weight * run[name] * size[:, None]
    return total


def _broken(model: Model, weights: Mapping[str, float]) -> list[str]:
    """Reactions that make or lose the moiety."""
    return [
        reaction.id
        for reaction in model.reactions.values()
        if sum(weights[r.species] for r in reaction.reactants) != sum(weights[r.species] for r in reaction.products)
    ]


def test_every_reaction_keeps_the_moiety_and_a_leak_would_be_seen(bench: Bench) -> None:
    model = bench.body.model
    weights = {to_id(row.name): row.weight for row in bench.body.moieties}
    assert _broken(model, weights) == []
    leaking = dataclasses.replace(model.reactions["liver__NAMPT"], products=())
    model = dataclasses.replace(model, reactions={**model.reactions, "liver__NAMPT": leaking})
    assert _broken(model, weights) == ["liver__NAMPT"]


@pytest.mark.parametrize(
    "species", ["gut_lumen.NR", "gut_lumen.NMN", "gut_lumen.NAM", "gut_lumen.NA", "gut_lumen.NA_ER"]
)
def test_balance_closes_under_dosing(bench: Bench, species: str) -> None:
    people = bench.people(8, seed=2)
    days, amount = 5, 2000.0
    run = bench.run(people, daily(species, amount, days), [0.0, 24.0 * days])
    total = _moiety(bench, run, people)
    values = bench.values(people)
    organs = ("liver", "gut_wall", "kidney", "muscle", "rest")
    turnover = sum(values[f"{o}__NAD__turnover"] for o in organs) * 24.0 * days
    error = np.abs(total[:, 1] - total[:, 0] - amount * days)
    assert np.all(error <= 1e-6 * turnover)
