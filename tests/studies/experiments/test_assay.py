"""The flux assay: words, pairs, verdicts, rules, and the truth beside them."""

from __future__ import annotations

import pytest

from nadflux.errors import PlanError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.kinds import Change, Flux
from nadflux.studies.experiments.assay import INCONCLUSIVE, INDETERMINATE, run_assay
from nadflux.studies.experiments.assay_design import preset_design, read_block, read_condition, read_design

BAFILOMYCIN = "bafilomycin 100 nM for 4 h"


@pytest.mark.parametrize(
    ("text", "drugs", "hours"),
    [
        (BAFILOMYCIN, (("bafilomycin", 0.1),), 4.0),
        ("CQ 30 µM for 90 min", (("chloroquine", 30.0),), 1.5),
        ("leupeptin 40 µM + E64d 30 µM for 2 h", (("leupeptin", 40.0), ("E64d", 30.0)), 2.0),
        ("BafA1", (("bafilomycin", 0.1),), 4.0),
    ],
)
def test_blocks_are_read(text: str, drugs: tuple, hours: float) -> None:
    block = read_block(text)
    assert [name for name, _ in block.drugs] == [name for name, _ in drugs]
    assert [c for _, c in block.drugs] == pytest.approx([c for _, c in drugs])
    assert block.hours == pytest.approx(hours)


@pytest.mark.parametrize(
    ("text", "names", "hours"),
    [
        ("fed", (), 0.0),
        ("starved 4 h", ("medium.AA.supplied", "medium.LEU.supplied", "medium.insulin.supplied"), 4.0),
        ("starved for 90 min", ("medium.AA.supplied", "medium.LEU.supplied", "medium.insulin.supplied"), 1.5),
        ("rapamycin", ("rapamycin",), 4.0),
        ("Torin 1 250 nM for 2 h", ("torin1",), 2.0),
        ("3-MA 5 mM", ("methyladenine",), 4.0),
    ],
)
def test_conditions_are_read(text: str, names: tuple, hours: float) -> None:
    condition = read_condition(text)
    assert tuple(name for name, _ in condition.settings) == names
    assert condition.hours == pytest.approx(hours)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("bafilomicin 100 nM", UnknownNameError, "bafilomycin"),
        ("bafilomycin 100 kg", UnitError, "'100 kg'.*µM"),
        ("bafilomycin 0 nM", ValueOutOfRangeError, "above 0"),
        ("bafilomycin 100 nM for 0 h", ValueOutOfRangeError, "more than 0"),
        ("bafilomycin 100 nM for 4 mg", UnitError, "h"),
    ],
)
def test_bad_blocks_are_refused(text: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read_block(text)


def test_an_assay_needs_distinct_conditions() -> None:
    for conditions in ((), ("fed", "fed")):
        with pytest.raises(PlanError):
            read_design("liver", "human", conditions, BAFILOMYCIN)


def test_starvation_reads_as_more_flux_where_noise_is_low() -> None:
    result = run_assay(read_design("liver", "mouse", ("fed", "starved 4 h"), BAFILOMYCIN), cv=0.02)
    starved = result.conditions[1]
    assert starved.assay_flux == starved.true_change.value == Change.UP.value
    assert not starved.misleads
    assert starved.achieved_block is not None
    assert 0.8 < starved.achieved_block < 1
    assert isinstance(starved.true_flux, Flux)
    assert starved.rate == pytest.approx(starved.difference / 4.0)


def test_without_a_pair_there_is_no_verdict() -> None:
    result = run_assay(read_design("muscle", "human", ("fed", "starved 4 h"), None))
    assert {one.assay_flux for one in result.conditions} == {INDETERMINATE}
    assert all(one.difference is None and one.achieved_block is None for one in result.conditions)
    assert {"pair", "biopsy"} <= dict(result.rules).keys()
    assert not any(one.misleads for one in result.conditions)


def test_a_weak_or_long_block_is_a_lower_bound() -> None:
    for text in ("chloroquine 3 µM for 2 h", "bafilomycin 100 nM for 12 h"):
        result = run_assay(read_design("fibroblast", "human", ("fed", "starved 4 h"), text), cv=0.02)
        assert "saturating" in dict(result.rules)
        assert any("lower bound" in warning for warning in result.conditions[0].warnings)


def test_p62_is_inconclusive_while_its_synthesis_changes() -> None:
    result = run_assay(read_design("fibroblast", "human", ("fed", "torin1 250 nM for 12 h"), BAFILOMYCIN))
    assert "p62" in dict(result.rules)


def test_a_verdict_says_whether_a_second_assay_bears_it_out() -> None:
    blocked = "chloroquine 150 µM for 1 h"
    conditions = ("fed", "rapamycin 100 nM for 4 h")
    both = run_assay(read_design("immune_cells", "human", conditions, blocked), cv=0.01).conditions[1]
    assert both.assay_flux == both.p62_flux == Change.UP.value
    assert both.verdict == "up, by two assays"
    assert "second" not in both.rules
    alone = run_assay(read_design("liver", "human", ("fed", "starved 4 h"), BAFILOMYCIN), cv=0.02).conditions[1]
    assert alone.p62_flux == INCONCLUSIVE
    assert alone.verdict == "up, by LC3-II alone"
    assert {"p62", "second"} <= set(alone.rules)


def test_two_assays_that_part_are_in_dispute() -> None:
    conditions = ("fed", "leucine + insulin for 1 h")
    one = run_assay(read_design("immune_cells", "human", conditions, "chloroquine 150 µM for 1 h"), cv=0.02).conditions[
        1
    ]
    assert one.p62_flux != one.assay_flux
    assert one.verdict.endswith("in dispute")
    assert "second" in one.rules


def test_rules_are_quoted_where_they_bite() -> None:
    design = read_design("liver", "human", ("fed", "starved 4 h"), "chloroquine 5 µM for 8 h")
    result = run_assay(design, cv=0.02)
    for one in result.conditions:
        assert "saturating" in one.rules
        assert any("(rule saturating)" in warning for warning in one.warnings)
        assert set(one.rules) <= dict(result.rules).keys()


def test_the_same_seed_gives_the_same_blots() -> None:
    design = read_design("liver", "human", ("fed", "starved 4 h"), BAFILOMYCIN)
    assert run_assay(design, seed=7) == run_assay(design, seed=7)
    assert run_assay(design, seed=7).conditions[0].lc3 != run_assay(design, seed=8).conditions[0].lc3


def test_noise_must_make_sense() -> None:
    design = read_design("liver", "human", ("fed",), BAFILOMYCIN)
    for wrong in ({"replicates": 1}, {"cv": -0.1}, {"cv": 5.0}):
        with pytest.raises(ValueOutOfRangeError):
            run_assay(design, **wrong)


def test_the_blood_preset() -> None:
    design = preset_design("pbmc")
    assert design.cell == "immune_cells"
    assert design.block is not None
    assert design.block.drugs[0][0] == "chloroquine"
    with pytest.raises(UnknownNameError, match="pbmc"):
        preset_design("pmbc")
