"""Facts of ageing: each verdict follows from its tolerance, and a changed row of the tables flips it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from nadflux.errors import StudyError, UnknownNameError
from nadflux.shipped import BIOLOGY
from nadflux.studies.experiments.facts import MISSED, OUT_OF_SCOPE, SHOWN, Fact
from nadflux.studies.life.facts import check_ageing

PEOPLE = 48
WATCHED = ("A5", "A6", "A9", "A11", "A12")
# One mechanism each: a row, what it becomes, and a part that is then no longer shown.
MUTATIONS = [
    ("inflammation.csv", r"(IL6.rest,inflammation,human),1.2e-06,mg_per_litre,8e-07,1.8e-06",
     r"\1,6e-06,mg_per_litre,5e-06,7e-06",
     ("A6", "IL-6 at 30 y")),
    ("immune.csv", r"(killers.loss,immune,human),0.0035,per_year,0.001,0.008", r"\1,0.04,per_year,0.03,0.05",
     ("A11", "clearance at 80 y over 20 y")),
    ("living.csv", r"(decline,fitness,human),0.01,per_year,0.007,0.014", r"\1,0.001,per_year,0.0007,0.0014",
     ("A12", "of the sedentary, change a year, 25 to 65 y")),
    ("nad.csv", r"(NAMPT.by_inflammation,muscle,human),0.37,dimensionless,0.1,0.8",
     r"\1,0.0002,dimensionless,0.0001,0.0003",
     ("A9", "change a year, 25 to 75 y")),
    ("senescence.csv", r"(senescent.by_damage,skin,human),1.6,dimensionless,0.7,2.5",
     r"\1,0.002,dimensionless,0.001,0.003",
     ("A5", "skin at 75 y")),
]  # fmt: skip


def verdicts(found: tuple[Fact, ...]) -> dict[tuple[str, str], str]:
    return {(fact.id, part.name): part.verdict for fact in found for part in fact.parts}


@pytest.fixture(scope="module")
def shipped() -> tuple[Fact, ...]:
    return check_ageing(WATCHED, people=PEOPLE)


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], float | None]:
    folder = tmp_path_factory.mktemp("mutated") / "biology"
    shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
    for file, old, new, _ in MUTATIONS:
        table = folder / "life" / "parameters" / file
        text, count = re.subn(old, new, table.read_text())
        assert count == 1, (file, old)
        table.write_text(text)
    found = check_ageing(WATCHED, people=PEOPLE, biology=folder)
    return {(fact.id, part.name): part.simulated for fact in found for part in fact.parts}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation[3][1])
def test_a_changed_row_moves_the_figure_out_of_its_tolerance(
    shipped: tuple[Fact, ...], mutated: dict[tuple[str, str], float], mutation: tuple[str, str, str, tuple[str, str]]
) -> None:
    before = {(fact.id, part.name): part for fact in shipped for part in fact.parts}[mutation[3]]
    assert before.within is not None and before.simulated is not None
    low, high = before.within
    after = mutated[mutation[3]]
    assert not low <= after <= high
    assert abs(after / before.simulated - 1.0) > 0.1


def test_verdicts_follow_from_the_tolerance_and_misses_say_why(shipped: tuple[Fact, ...]) -> None:
    for fact in shipped:
        for part in fact.parts:
            if part.within is None:
                assert part.verdict == OUT_OF_SCOPE and part.note
            else:
                assert part.simulated is not None
                shown = part.within[0] <= part.simulated <= part.within[1]
                assert part.verdict == (SHOWN if shown else MISSED)
                assert bool(part.note) != shown


def test_hits_and_misses_of_both_uses_are_there(shipped: tuple[Fact, ...]) -> None:
    found = verdicts(shipped)
    assert set(found.values()) == {SHOWN, MISSED, OUT_OF_SCOPE}
    assert found["A11", "naive share of CD8 T cells, 75 over 25 y"] == SHOWN
    assert found["A12", "80 over 70 y"] == MISSED


def test_unknown_facts_and_measures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="A99"):
        check_ageing(("A99",))
    table = tmp_path / "facts.csv"
    text = (BIOLOGY / "life" / "facts.csv").read_text()
    table.write_text(text.replace(",cohort_median,", ",cohort_meadian,"))
    with pytest.raises(StudyError, match="cohort_meadian"):
        check_ageing(("A1",), file=table, people=2)
