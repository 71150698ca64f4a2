"""Units with their scale: what libSBML's check lets pass is caught here."""

from __future__ import annotations

import pytest

from nadflux.network.assemble import assemble
from nadflux.network.check_scale import scale_diagnostics
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.read_antimony import read_antimony

TEXT = """
model m
  unit substance = 1e-6 mole
  unit extent = 1e-6 mole
  unit h = 3600 second
  unit day = 86400 second
  unit time_unit = 3600 second
  unit uM = 1e-6 mole / litre
  unit per_h = 1 / 3600 second
  unit per_day = 1 / 86400 second
  compartment c = 2 litre
  c has litre
  species S in c, P in c
  S = 1 uM; P = 0 uM
  k = 3 per_h
  slow = 3 per_day
  k has per_h; slow has per_day
  r: S => P; LAW
end
"""


@pytest.mark.parametrize(
    "law",
    [
        "k * S * c",
        "slow * (1 day / 24 h) * S * c",
        "k * S * c * sqrt(S / 4 uM)",
        "k * S * c * (S / P)^(2 dimensionless)",
    ],
)
def test_a_right_law_passes(law: str) -> None:
    assert scale_diagnostics(read_antimony(TEXT.replace("LAW", law))) == []


def test_a_rate_per_day_taken_for_one_per_hour_is_caught_here_alone() -> None:
    model = read_antimony(TEXT.replace("LAW", "slow * S * c"))
    assert unit_diagnostics(model) == []
    assert len(scale_diagnostics(model)) == 1
    assert scale_diagnostics(model)[0].startswith("r is in")


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        ("k * S", "its formula in"),
        ("(k + slow) * S * c", "add of"),
        ("k * S * c * exp(S)", "exp of"),
        ("piecewise(k, S > 1 h, k) * S * c", "gt of"),
        ("k * S * c * (S / P)^S", "pow of"),
    ],
)
def test_a_fault_names_its_place(law: str, fault: str) -> None:
    faults = scale_diagnostics(read_antimony(TEXT.replace("LAW", law)))
    assert faults and fault in faults[0] and faults[0].startswith("r")


@pytest.mark.parametrize("option", ["portal", "plasma"])
def test_the_body_has_no_fault(option: str) -> None:
    assert scale_diagnostics(assemble(switches={"red_cells.NA": option}).model) == []
