from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nadflux.errors import ModelError
from nadflux.network.capacities import add_capacities, resting_faults
from nadflux.network.evaluate import initial_values, rates
from nadflux.network.infix import parse_infix
from nadflux.network.model import Compartment, Model, Parameter, Reaction, Species, SpeciesReference


def _model(*laws: str, flux: float = 2.0) -> Model:
    names = ("V", "J", "Km", "activity")
    values = (None, flux, 3.0, 1.0)
    parameters = {f"E__{n}": Parameter(f"E__{n}", v, "umol_per_h") for n, v in zip(names, values, strict=True)}
    reactions = {
        f"r{i}": Reaction(f"r{i}", (SpeciesReference("S"),), (SpeciesReference("P"),), parse_infix(law))
        for i, law in enumerate(laws)
    }
    return Model(
        id="m",
        compartments={"c": Compartment("c", 1.0)},
        species={s: Species(s, "c", concentration=1.5) for s in "SP"},
        parameters=parameters,
        reactions=reactions,
    )


def test_the_capacity_carries_the_resting_flux() -> None:
    model = add_capacities(_model("E__V * S / (E__Km + S)"))
    values = initial_values(model)
    assert values["E__V"] == pytest.approx(2.0 * (3.0 + 1.5) / 1.5)
    assert rates(model, values)["P"] == pytest.approx(2.0)


def test_one_enzyme_on_two_substrates_shares_its_capacity() -> None:
    model = add_capacities(_model("E__V * S / (E__Km + S)", "E__V * 0.5 * P / (E__Km + P)"))
    values = initial_values(model)
    assert values["r0"] + values["r1"] == pytest.approx(2.0)
    assert values["r0"] / values["r1"] == pytest.approx(2.0)


def test_activity_moves_the_person_away_from_rest() -> None:
    model = add_capacities(_model("E__activity * E__V * S / (E__Km + S)"))
    values = initial_values(model, {"E__activity": np.array([1.0, 6.0])})
    assert values["r0"] == pytest.approx([2.0, 12.0])


@pytest.mark.parametrize("law", ["S / (E__V + S)", "E__V * S + E__V", "E__V * S / E__V"])
def test_a_capacity_that_is_no_factor_is_refused(law: str) -> None:
    with pytest.raises(ModelError, match="one factor"):
        add_capacities(_model(law))


def test_a_capacity_without_law_or_flux_is_refused() -> None:
    with pytest.raises(ModelError, match="occurs in no law"):
        add_capacities(_model("S / E__Km"))
    model = _model("E__V * S")
    parameters = {n: p for n, p in model.parameters.items() if n != "E__J"}
    with pytest.raises(ModelError, match="no resting flux"):
        add_capacities(dataclasses.replace(model, parameters=parameters))


def test_a_contradiction_is_named_and_never_a_negative_capacity() -> None:
    model = add_capacities(_model("E__V * S / (E__Km + S)"))
    values = initial_values(model, {"E__J": np.array([2.0, -1.0, 2.0])})
    assert np.isnan(values["E__V"][1]) and np.all(values["E__V"][[0, 2]] > 0)
    assert [person for person, _ in resting_faults(model, values)] == [1]
    assert "E.J would be -1" in resting_faults(model, values)[0][1]
