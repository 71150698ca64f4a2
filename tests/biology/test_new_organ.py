"""A thirteenth organ, added as CONTRIBUTING.md says: by text and rows alone, and it rests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.network.assemble import Body, assemble
from nadflux.network.capacities import resting_faults
from nadflux.network.evaluate import initial_values, rates
from nadflux.shipped import BIOLOGY

LIKE = "skin"
ORGAN = """
  spleen:
    modules: [ageing_cell, organ/solid.ant]
    size: {cell: person.spleen_volume}
    joins: {blood: plasma}
    replaces: [CD38.weight, NAD.level, NAD.pool]
  tissues:
"""
VOLUME = """model person
  spleen_volume = weight * spleen_per_weight
  spleen_volume has litre; spleen_per_weight has litre_per_kg
"""
HEALTHY = """model healthy_composition
  healthy__spleen = healthy__weight * spleen_per_weight
  healthy__spleen has litre; spleen_per_weight has litre_per_kg
"""
ROW = "spleen_per_weight,person,human,0.002,litre_per_kg,0.0014,0.003,lognormal,0.2,assumed,recalled,\n"


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, (file.name, old)
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The biology with a spleen, whose rows are those of the skin."""
    folder = tmp_path_factory.mktemp("organ") / "biology"
    shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
    # 1: what it is made of, and the sums and inputs that it takes part in
    _edit(folder / "body.yaml", "\n  tissues:\n    modules", f"{ORGAN}    modules")
    _edit(folder / "body.yaml", "skin, adipose, rest]\n  # on", "skin, adipose, rest, spleen]\n  # on")
    _edit(folder / "body.yaml", "tissue_organs: [muscle,", "tissue_organs: [spleen, muscle,")
    _edit(folder / "body.yaml", "renewing_organs: [gut_wall,", "renewing_organs: [spleen, gut_wall,")
    _edit(folder / "whole.yaml", "rest: rest of body}", "rest: rest of body, spleen: spleen}")
    _edit(
        folder / "whole.yaml", "rest: person.healthy.rest}", "rest: person.healthy.rest, spleen: person.healthy.spleen}"
    )
    # 2: its size
    _edit(folder / "world" / "person.ant", "model person\n", VOLUME)
    _edit(folder / "world" / "healthy_composition.ant", "model healthy_composition\n", HEALTHY)
    with (folder / "parameters" / "person.csv").open("a") as file:
        file.write(ROW)
    # 3: its column of numbers
    for table in (*(folder / "parameters").glob("*.csv"), *(folder / "whole" / "parameters").glob("*.csv")):
        lines = table.read_text().splitlines()
        mine = [line.replace(f",{LIKE},", ",spleen,", 1) for line in lines if line.split(",")[1:2] == [LIKE]]
        table.write_text("\n".join([*lines, *mine]) + "\n")
    # 4: what its species carry
    table = folder / "moieties.csv"
    lines = table.read_text().splitlines()
    mine = [line.replace(LIKE, "spleen", 1) for line in lines if line.startswith(f"{LIKE}.")]
    table.write_text("\n".join([*lines, *mine]) + "\n")
    return folder


def _fastest(body: Body, organ: str) -> float:
    """The largest change of an amount of an organ in an hour, as a share of the amount and of what passes through."""
    values = initial_values(body.model)
    assert resting_faults(body.model, values) == []
    changes = rates(body.model, values)
    shares = []
    for species in (name for name in body.model.species if name.startswith(f"{organ}__")):
        amount = float(values[species]) * float(values[body.model.species[species].compartment])
        passing = sum(
            abs(float(values[reaction.id]))
            for reaction in body.model.reactions.values()
            for reference in (*reaction.reactants, *reaction.products)
            if reference.species == species
        )
        if passing > 0:
            shares.append(abs(float(changes[species])) / (passing + amount))
    return max(shares)


@pytest.mark.parametrize("name", ["nad", "whole"])
def test_a_new_organ_rests(copy: Path, name: str) -> None:
    body = assemble(copy, body=name)
    assert {"spleen__NAD", "spleen__NAM"} <= body.model.species.keys()
    assert "spleen__NAMPT__activity" in body.inputs
    for organ in ("spleen", LIKE, "plasma", "liver"):
        assert _fastest(body, organ) < 1e-9, organ


def test_the_new_organ_counts_in_the_sums(copy: Path) -> None:
    before, after = (initial_values(assemble(folder).model) for folder in (BIOLOGY, copy))
    assert float(after["tissues__NR_clearance"]) == pytest.approx(
        float(before["tissues__NR_clearance"]) + float(after["spleen__NR__clearance"]), rel=1e-12
    )
    whole = assemble(copy, body="whole")
    assert {"spleen_J_deg", "spleen_pAMPK"} <= {o.id for o in whole.observables}
    assert float(initial_values(whole.model)["spleen__AA_oxidation__scale"]) > 0


def test_without_its_rows_the_new_organ_is_refused_by_name(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "biology"
    shutil.copytree(copy, folder)
    table = folder / "parameters" / "organs.csv"
    kept = [line for line in table.read_text().splitlines() if not line.startswith("NAD.total,spleen,")]
    table.write_text("\n".join(kept) + "\n")
    with pytest.raises(TableError, match=r"no parameter row for spleen\.NAD\.total"):
        assemble(folder)
