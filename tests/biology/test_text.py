"""The text itself: modules load alone, units are strict, every species and reaction carries a term."""

from __future__ import annotations

import re

import pytest
from body_bench import Mistaken

from nadflux.network.assemble import Body, assemble
from nadflux.network.body_spec import read_body_spec
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.read_module import read_module
from nadflux.shipped import BIOLOGY

MODULES = read_body_spec(BIOLOGY, "nad").modules
SOURCE = re.compile(
    r"10\.\d{4,}/\S+|[a-z]{2,5}:[A-Z]\d{2,3}|PMC\d+|recalled|https?://|BRENDA|SABIO|biology\.md"
    r"|definition|test note|abstract"
)


@pytest.fixture(scope="module")
def body() -> Body:
    return assemble()


@pytest.mark.parametrize("module", MODULES)
def test_each_module_loads_alone(module: str) -> None:
    model = read_module(module)
    assert model.time_unit is not None
    assert all(p.unit for p in model.parameters.values())


@pytest.mark.parametrize("option", ["portal", "plasma"])
def test_units_are_strict(option: str) -> None:
    assert unit_diagnostics(assemble(switches={"red_cells.NA": option}).model) == []


@pytest.mark.parametrize(
    ("module", "right", "wrong"),
    [
        ("cell/nad.ant", "NAM_exchange__PS * (blood__NAM - NAM)", "NAM_exchange__PS * blood__NAM * NAM"),
        ("cell/nad.ant", "(NAMPT__Km + NAM)", "(NAMPT__Ki / NAMPT__Km + NAM)"),
        ("cell/nad.ant", "ln(2 dimensionless)", "ln(2 uM)"),
        ("organ/gut_lumen.ant", "transit__k * NR * upper", "transit__k * NR"),
        ("world/diet.ant", "offered) / molar_mass * (1 day / 24 h)", "offered) * molar_mass * (1 day / 24 h)"),
        ("organ/plasma.ant", "NAD__clearance * NAD__rest", "NAD__clearance + NAD__rest"),
        ("organ/urine.ant", "bladder = 1 litre", "bladder = 1 litre\n  x = 1 h + 1 uM\n  x has h"),
    ],
)
def test_a_seeded_unit_mistake_is_caught(mistaken: Mistaken, module: str, right: str, wrong: str) -> None:
    folder = mistaken(module, right, wrong)
    if module == "organ/urine.ant":
        assert unit_diagnostics(read_module(module, folder)) != []
    else:
        assert unit_diagnostics(assemble(folder).model) != []


def test_every_species_and_reaction_has_a_term(body: Body) -> None:
    for item in (*body.model.species.values(), *body.model.reactions.values()):
        assert re.fullmatch(
            r"(kegg\.compound:C\d{5}|chebi:CHEBI:\d+|GO:GO:\d{7}|go:GO:\d{7}|ec-code:[\d.]+|ncit:C\d+)", item.term
        ), (
            item.id,
            item.term,
        )
        assert item.name


def test_every_number_names_a_source_and_recalled_ones_are_assumed(body: Body) -> None:
    for row in body.table.rows:
        assert SOURCE.search(row.source), (row.key, row.source)
        if row.source.startswith("recalled"):
            assert row.tier == "assumed", row.key
        if row.tier == "assumed" and row.distribution != "fixed":
            assert row.low < row.high, row.key


def test_no_number_of_biology_hides_in_a_law() -> None:
    """Literals in the text are structural (0, 1, 2, 4) or convert units (24 h, 100 cm)."""
    for module in MODULES:
        text = re.sub(r'//.*|".*?"|^\s*unit .*$', "", (BIOLOGY / module).read_text(), flags=re.M)
        for number in re.findall(r"(?<![\w.])\d+\.?\d*(?:e-?\d+)?(?![\w.])", text):
            assert float(number) in (0, 1, 2, 4, 24, 100), (module, number)
