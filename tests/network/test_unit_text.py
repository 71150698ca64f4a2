"""Units in words: prefixes, quotients, times, and nothing where nothing is declared."""

from __future__ import annotations

import pytest

from nadflux.network.assemble import assemble
from nadflux.network.model import Compartment, Model, Parameter, Reaction, Species, UnitFactor
from nadflux.network.unit_text import amount_unit, quantity_unit, unit_text

MODEL = Model(
    id="m",
    compartments={"c": Compartment("c", unit="litre"), "sheet": Compartment("sheet", dimensions=2.0)},
    species={
        "S": Species("S", "c"),
        "A": Species("A", "c", only_substance_units=True, unit="item"),
        "B": Species("B", "sheet"),
    },
    parameters={"k": Parameter("k", unit="per_day"), "n": Parameter("n", unit="dimensionless"), "x": Parameter("x")},
    reactions={"J": Reaction("J", (), (), None)},
    units={
        "substance": (UnitFactor("mole", scale=-6),),
        "per_day": (UnitFactor("second", exponent=-1.0, multiplier=86400.0),),
        "odd": (UnitFactor("second", multiplier=7.0), UnitFactor("metre", exponent=-2.0, scale=-2)),
        "percent": (UnitFactor("dimensionless", scale=-2),),
    },
    substance_unit="substance",
    extent_unit="substance",
    time_unit="second",
)


@pytest.mark.parametrize(
    ("unit", "words"),
    [("substance", "umol"), ("per_day", "1/day"), ("odd", "(7 s)/cm^2"), ("percent", "0.01"), ("volt", "volt"),
     ("dimensionless", "dimensionless"), (None, "")],
)  # fmt: skip
def test_units_in_words(unit: str | None, words: str) -> None:
    assert unit_text(MODEL, unit) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [("S", "umol/L"), ("A", "items"), ("B", ""), ("c", "L"), ("J", "umol/s"), ("k", "1/day"), ("x", ""), ("?", "")],
)
def test_quantities(name: str, words: str) -> None:
    assert quantity_unit(MODEL, name) == words


def test_amount_and_concentration_of_a_species() -> None:
    assert amount_unit(MODEL, "S", concentration=False) == "umol"
    assert amount_unit(MODEL, "A", concentration=True) == "items/L"


def test_the_body_says_what_its_numbers_are() -> None:
    model = assemble().model
    assert quantity_unit(model, "plasma__NAM") == "umol/L"
    assert quantity_unit(model, "liver__NAMPT") == "umol/h"
    assert unit_text(model, model.time_unit) == "h"
