"""Writing SBML, Antimony and OMEX: what is written reads back as the same model."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import pytest

from nadflux.errors import ModelError, UnitError
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.model import Model, Parameter, UnitFactor
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_sbml import read_sbml
from nadflux.network.write_antimony import write_antimony
from nadflux.network.write_omex import write_omex
from nadflux.network.write_sbml import write_sbml

TEXT = """
model example()
  unit substance = 1e-6 mole; unit extent = 1e-6 mole; unit time_unit = 3600 second; unit volume = litre;
  unit uM = 1e-6 mole/litre; unit umol_per_h = 1e-6 mole/(3600 second); unit hour = 3600 second;
  compartment liver = 1.5 litre;
  species S in liver = 3 uM; species P in liver = 0 uM; species $B in liver = 1 uM;
  S identity "http://identifiers.org/chebi/CHEBI:15846";
  J: S + B => 2 P; V * S / (S + 0.3 uM);
  J identity "http://identifiers.org/kegg.reaction/R01271";
  V = 2 umol_per_h;
  k = 1 dimensionless;
  k' = 0.1 dimensionless / 1 hour;
  total := S + P; total has uM;
  P0 = 1 uM; S = 3 dimensionless * P0;
  E: at 1 hour after time > 2 hour, priority = 3 dimensionless, t0 = false, persistent = false:
    S = 2 dimensionless * S, P = 0 uM;
end
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read_antimony(TEXT)


def test_sbml_round_trip_is_exact(model: Model) -> None:
    assert read_sbml(write_sbml(model)) == model


def test_antimony_round_trip(model: Model) -> None:
    again = read_antimony(write_antimony(model))
    for field in ("compartments", "species", "parameters", "events", "assignment_rules", "rate_rules"):
        assert dict(getattr(again, field)) == dict(getattr(model, field)), field


def test_terms_are_kept(model: Model) -> None:
    text = write_sbml(model)
    assert "http://identifiers.org/chebi/CHEBI:15846" in text
    assert model.species["S"].term == "chebi:CHEBI:15846"
    assert model.reactions["J"].term == "kegg.reaction:R01271"


def test_units_agree_and_a_seeded_mistake_is_caught(model: Model) -> None:
    assert unit_diagnostics(model) == []
    wrong = dataclasses.replace(model.parameters["V"], unit="uM")
    seeded = dataclasses.replace(model, parameters={**model.parameters, "V": wrong})
    assert any("J" in line or "kinetic" in line.lower() for line in unit_diagnostics(seeded))


def test_a_bare_literal_is_caught() -> None:
    assert unit_diagnostics(read_antimony(TEXT.replace("0.3 uM", "0.3"))) != []


def test_bad_unit_and_bad_id() -> None:
    with pytest.raises(UnitError, match="furlong"):
        write_sbml(Model("m", units={"f": (UnitFactor("furlong"),)}))
    with pytest.raises(ModelError, match=r"liver\.Km"):
        write_sbml(Model("m", parameters={"liver.Km": Parameter("liver.Km", 1.0)}))


def test_omex_holds_both_texts_and_is_reproducible(model: Model, tmp_path: Path) -> None:
    first = write_omex(model, tmp_path / "a.omex", "an example & more")
    second = write_omex(model, tmp_path / "b.omex", "an example & more")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert read_sbml(archive.read("model.xml").decode()) == model
        assert read_antimony(archive.read("model.ant").decode()).species == model.species
        assert "sbml.level-3.version-2" in archive.read("manifest.xml").decode()
