"""The text itself: modules load alone, units are strict, every species and reaction carries a term."""

from __future__ import annotations

import re
import shutil

import pytest
from body_bench import Mistaken, make_bench

from nadflux.network.assemble import Body, assemble
from nadflux.network.body_spec import read_body_spec
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.read_module import read_module
from nadflux.shipped import BIOLOGY

BODY = read_body_spec(BIOLOGY, "nad")
MODULES = BODY.modules
SOURCE = re.compile(
    r"10\.\d{4,}/\S+|[a-z]{2,5}:[A-Z]\d{2,3}|PMC\d+|recalled|https?://|BRENDA|SABIO|biology\.md"
    r"|definition|test note|abstract"
)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_loads_alone(module: str) -> None:
    model = read_module(module)
    assert model.time_unit is not None
    assert all(p.unit for p in model.parameters.values())


@pytest.mark.parametrize("place", range(max(len(switch["options"]) for switch in BODY.switches.values())))
def test_units_are_strict(place: int) -> None:
    """Every option of every contested link stands in one of the bodies, the defaults all in the first."""
    chosen = {name: [*switch["options"]][place % len(switch["options"])] for name, switch in BODY.switches.items()}
    assert unit_diagnostics(make_bench(chosen if place else None).body.model) == []


# Mistakes of units, all in one copy of the biology (checking a body takes seconds), and what is blamed for each.
MISTAKES = [
    ("cell/nad.ant", "NAM_exchange__PS * (blood__NAM - NAM)", "NAM_exchange__PS * blood__NAM * NAM",
     r"NAM_exchange\b"),
    ("cell/nad.ant", "(NAMPT__Km + NAM)", "(NAMPT__Ki / NAMPT__Km + NAM)", r"__NAMPT(__V|__Ki)?\b"),
    ("cell/nad.ant", "ln(2 dimensionless)", "ln(2 uM)", r"'log\(2\)'"),
    ("organ/gut_lumen.ant", "transit__k * NR * upper", "transit__k * NR", r"gut_lumen__NR_(transit|colon)\b"),
    ("world/diet.ant", "offered) / molar_mass * (1 day / 24 h)", "offered) * molar_mass * (1 day / 24 h)",
     r"diet__supply\b"),
    ("organ/plasma.ant", "NAD__clearance * NAD__rest", "NAD__clearance + NAD__rest",
     r"plasma__NAD__clearance \+|plasma__NAD_release__J\b"),
]  # fmt: skip


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said of a body with all mistakes."""
    folder = tmp_path_factory.mktemp("mistaken") / "biology"
    shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
    for module, right, wrong, _ in MISTAKES:
        text = (folder / module).read_text()
        assert right in text
        (folder / module).write_text(text.replace(right, wrong, 1))
    return unit_diagnostics(assemble(folder).model)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[2])
def test_a_seeded_unit_mistake_is_caught(complaints: list[str], mistake: tuple[str, str, str, str]) -> None:
    assert any(re.search(mistake[3], complaint) for complaint in complaints)


def test_only_what_is_wrong_is_blamed(complaints: list[str]) -> None:
    blamed = re.compile("|".join(pattern for *_, pattern in MISTAKES))
    assert [complaint for complaint in complaints if not blamed.search(complaint)] == []


def test_a_seeded_unit_mistake_is_caught_in_a_module_alone(mistaken: Mistaken) -> None:
    module = "organ/urine.ant"
    folder = mistaken(module, "bladder = 1 litre", "bladder = 1 litre\n  x = 1 h + 1 uM\n  x has h")
    assert unit_diagnostics(read_module(module)) == []
    assert unit_diagnostics(read_module(module, folder)) != []


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
