"""Assembly: masks, switches, and refusal of what does not fit together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nadflux.errors import ModelError, TableError, UnknownNameError
from nadflux.network.assemble import Body, assemble
from nadflux.shipped import BIOLOGY


@pytest.fixture(scope="module")
def body() -> Body:
    return assemble()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(BIOLOGY, tmp_path / "biology")
    return tmp_path / "biology"


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_an_absent_reaction_leaves_no_trace(body: Body) -> None:
    for gone in ("PARP", "NAM_exchange", "PNP"):
        assert f"red_cells__{gone}" not in body.model.reactions
        assert f"red_cells__{gone}__V" not in body.model.parameters
        assert f"red_cells__{gone}__Km" not in body.model.parameters
    assert "liver__PARP" in body.model.reactions
    assert "red_cells__NR" not in body.model.species


def test_every_constant_has_a_row_or_is_structural(body: Body) -> None:
    determined = body.model.initial_assignments.keys() | body.model.assignment_rules.keys()
    from_table = body.table.values()
    for name, parameter in body.model.parameters.items():
        if name not in determined and name not in from_table:
            assert parameter.value in (0.0, 1.0), name


def test_a_row_for_all_organs_sets_each_organ_without_a_row_of_its_own(body: Body) -> None:
    targets = body.table.targets["all.NAMPT.Km"]
    assert "liver__NAMPT__Km" in targets and "red_cells__NAMPT__Km" not in targets
    assert body.table.targets["red_cells.NAMPT.Km"] == ("red_cells__NAMPT__Km",)
    assert body.table.row_of("liver__NAMPT__Km").key == "all.NAMPT.Km"


def test_inputs_routes_observables_and_moieties_name_what_exists(body: Body) -> None:
    from nadflux.network.expression import symbols
    from nadflux.network.infix import parse_infix
    from nadflux.network.names import to_id

    known = {*body.model.species, *body.model.parameters, *body.model.reactions, *body.model.compartments}
    assert set(body.inputs) <= set(body.model.parameters)
    for route in body.routes:
        home = body.model.species if route.kind == "bolus" else body.inputs
        assert to_id(route.target) in home
        assert route.compound in {c.compound for c in body.compounds}
    for observable in body.observables:
        assert symbols(parse_infix(observable.formula)) <= known, observable.id
    assert {to_id(m.name) for m in body.moieties} == set(body.model.species)


def test_a_switch_takes_the_other_option_and_says_so() -> None:
    other = assemble(switches={"red_cells.NA": "plasma"})
    assert other.switches["red_cells.NA"] == "plasma"
    assert "red_cells__NAPRT_portal" not in other.model.reactions
    with pytest.raises(UnknownNameError, match=r"red_cells\.NA"):
        assemble(switches={"red_cell.NA": "plasma"})
    with pytest.raises(UnknownNameError, match="portal"):
        assemble(switches={"red_cells.NA": "portl"})
    with pytest.raises(UnknownNameError, match="human"):
        assemble(species="humann")


def test_a_missing_row_is_named(copy: Path) -> None:
    file = copy / "parameters" / "enzymes.csv"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("SIRT.Km,")]
    file.write_text("\n".join(kept) + "\n")
    with pytest.raises(TableError, match=r"no parameter row for .*SIRT\.Km"):
        assemble(copy)


def test_a_row_that_sets_nothing_and_a_row_in_another_unit_are_refused(copy: Path) -> None:
    file = copy / "parameters" / "enzymes.csv"
    text = file.read_text()
    file.write_text(text.replace("SIRT.Km,all", "SIRTT.Km,all") + text.splitlines()[1].replace("Km,", "Kmm,") + "\n")
    with pytest.raises(TableError):
        assemble(copy)
    file.write_text(text.replace("SIRT.Km,all,human,94.0,uM", "SIRT.Km,all,human,94.0,per_h"))
    with pytest.raises(TableError, match="given in per_h, the text declares uM"):
        assemble(copy)
    line = next(r for r in text.splitlines() if r.startswith("SIRT.Km,"))
    file.write_text(text + line.replace("SIRT.Km", "SIRT.Kq") + "\n")
    with pytest.raises(TableError, match="sets nothing in the model"):
        assemble(copy)


def test_mistakes_in_the_plan_are_named(copy: Path) -> None:
    plan = copy / "body.yaml"
    text = plan.read_text()
    _edit(plan, "absent: [NAM_exchange,", "absent: [NAM_exchang,")
    with pytest.raises(UnknownNameError, match="NAM_exchange"):
        assemble(copy)
    plan.write_text(text.replace("world/diet.ant", "world/food.ant"))
    with pytest.raises(ModelError, match=r"world/food\.ant, which does not exist"):
        assemble(copy)
    plan.write_text(text.replace(", NA_uptake.J]\n", "]\n"))
    with pytest.raises(ModelError, match=r"liver\.NA_uptake\.J has two formulas"):
        assemble(copy)
    plan.write_text(text.replace("inputs: [diet.intake", "inputs: [diet.intak"))
    with pytest.raises(UnknownNameError, match=r"diet\.intake"):
        assemble(copy)
    plan.write_text("organs: [")
    with pytest.raises(ModelError, match="not valid YAML"):
        assemble(copy)


def test_a_law_with_an_unknown_name_is_refused(copy: Path) -> None:
    _edit(copy / "cell" / "riboside.ant", "NRK__V * NR / (NRK__Km + NR)", "NRK__V * NR / (plasma__NRR + NR)")
    with pytest.raises(ModelError):
        assemble(copy)


def test_hashes_follow_text_and_tables(copy: Path, body: Body) -> None:
    assert (assemble(copy).text_hash, assemble(copy).table_hash) == (body.text_hash, body.table_hash)
    with (copy / "parameters" / "diet.csv").open("a") as file:
        file.write("\n")
    changed = assemble(copy)
    assert changed.text_hash == body.text_hash and changed.table_hash != body.table_hash
