"""A new compound, added as CONTRIBUTING.md says: by text and rows alone, and nothing of it is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from nadflux.errors import TableError
from nadflux.network.assemble import Body, assemble
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.evaluate import initial_values, rates
from nadflux.network.names import to_id
from nadflux.plans.catalogue import Catalogue
from nadflux.shipped import BIOLOGY

MODULE = """// Dihydronicotinamide riboside (NRH) of the upper lumen becomes NR of the gut wall.
model nrh
  compartment upper, gut_wall
  upper has litre; gut_wall has litre
  species NRH in upper, $gut_wall__NR in gut_wall
  NRH is "NRH, upper lumen"; NRH identity "http://identifiers.org/kegg.compound/C03150"
  NRH_uptake is "NRH uptake"; NRH_uptake identity "http://identifiers.org/GO/GO:0050892"
  NRH_uptake: NRH => gut_wall__NR; NRH_uptake__k * NRH * upper
  NRH = 0 uM
  NRH_uptake__k has per_h
end
"""
ROWS = {
    "parameters/gut.csv": "NRH_uptake.k,gut_lumen,human,1.0,per_h,0.5,2.0,lognormal,0,assumed,recalled,",
    "moieties.csv": "gut_lumen.NRH,NAD,1,",
    "compounds.csv": "NRH,dihydronicotinamide riboside,free base,NRH,0.25625,mg/umol,derived,definition",
    "routes.csv": "NRH,oral,bolus,gut_lumen.NRH,1.0,none,assumed,recalled,no human data",
}


def _append(file: Path, row: str) -> None:
    file.write_text(f"{file.read_text().rstrip()}\n{row}\n")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compound") / "biology"
    shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
    (folder / "organ" / "nrh.ant").write_text(MODULE)
    plan = folder / "body.yaml"
    old = "modules: [organ/gut_lumen.ant, organ/tryptophan.ant"
    assert old in plan.read_text()
    plan.write_text(plan.read_text().replace(old, f"{old}, organ/nrh.ant"))
    for file, row in ROWS.items():
        _append(folder / file, row)
    return folder


@pytest.fixture(scope="module")
def body(copy: Path) -> Body:
    return assemble(copy)


def test_it_can_be_dosed_by_its_names(body: Body) -> None:
    catalogue = Catalogue.of(body.compounds, body.routes)
    assert catalogue.names["dihydronicotinamide riboside"] == "NRH"
    assert catalogue.route("NRH", "oral").target == "gut_lumen.NRH"


def test_the_text_has_units_and_the_resting_state_stays(body: Body) -> None:
    assert unit_diagnostics(body.model) == []
    before, after = initial_values(assemble().model), initial_values(body.model)
    assert all(np.array_equal(after[name], value) for name, value in before.items())
    assert after["gut_lumen__NRH"] == 0.0


def test_what_a_dose_brings_goes_on_and_is_not_lost(body: Body) -> None:
    rest = initial_values(body.model)
    uptake = rest["gut_lumen__NRH_uptake__k"] * 100.0 * rest["gut_lumen__upper"]
    changes = rates(body.model, {**rest, "gut_lumen__NRH": np.asarray(100.0), "gut_lumen__NRH_uptake": uptake})
    before = rates(body.model, rest)
    moved = {m.name: float(changes[to_id(m.name)] - before[to_id(m.name)]) * m.weight for m in body.moieties}
    assert moved["gut_lumen.NRH"] < 0 < moved["gut_wall.NR"]
    assert abs(sum(moved.values())) < 1e-9 * moved["gut_wall.NR"]


def test_a_route_that_leads_nowhere_is_refused(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "biology"
    shutil.copytree(copy, folder)
    file = folder / "routes.csv"
    file.write_text(file.read_text().replace("gut_lumen.NRH,", "gut_lumen.NHR,"))
    with pytest.raises(TableError, match=r"NRH oral \(bolus\) enters at 'gut_lumen\.NHR'"):
        assemble(folder)
