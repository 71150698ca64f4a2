"""Tables of the usual day, meals and nutrients: what loads, what does not, and how food is counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nadflux.errors import TableError, UnknownNameError
from nadflux.plans.lifestyle_tables import read_lifestyle, shipped_lifestyle
from nadflux.shipped import BIOLOGY

FOLDER = BIOLOGY / "whole"


def test_energy_of_a_meal_is_that_of_its_parts() -> None:
    tables = shipped_lifestyle()
    for style in tables.styles:
        grams = tables.grams(600.0, style)
        assert 4 * grams["carbohydrate"] + 4 * grams["protein"] + 9 * grams["fat"] == pytest.approx(600)
    assert tables.grams(600.0, "high-protein")["protein"] > tables.grams(600.0, "usual")["protein"]


def test_grams_become_micromoles() -> None:
    """75 g glucose are 416 mmol; ten grams of leucine-rich essential amino acids hold 3.5 g (26.7 mmol) leucine."""
    tables = shipped_lifestyle()
    assert tables.amounts({"glucose": 75.0}) == {"stomach.glucose": pytest.approx(416_300, rel=1e-3)}
    assert tables.amounts({"leucine-rich essential amino acids": 10.0})["stomach.LEU"] == pytest.approx(
        26_700, rel=1e-3
    )
    protein = tables.amounts({"protein": 100.0})
    # A gram of protein holds about 9.1 mmol of residues.
    assert sum(protein.values()) == pytest.approx(909_000, rel=0.01)


def test_the_usual_day_is_whole() -> None:
    tables = shipped_lifestyle()
    assert sum(tables.number(meal, "share", "fraction") for meal in ("breakfast", "lunch", "dinner")) == 1.0


def test_unknown_names() -> None:
    tables = shipped_lifestyle()
    with pytest.raises(UnknownNameError, match="'fat'"):
        tables.amounts({"fatt": 1.0})
    with pytest.raises(UnknownNameError, match="'ketogenic'"):
        tables.grams(100.0, "ketogen")
    with pytest.raises(TableError, match="no row for colour of lunch"):
        tables.number("lunch", "colour", "h")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("meals.csv", "usual,mixed;standard,50,", "usual,mixed;standard,60,", "add up to 110%"),
        ("meals.csv", "ketogenic,keto,", "ketogenic,mixed,", "is listed twice"),
        ("nutrients.csv", ",0.18016,", ",0,", "molar mass"),
        ("nutrients.csv", "0.16214,mg/umol,derived", "0.16214,mg/umol,guessed", "unknown tier"),
        ("lifestyle.csv", "lunch,time,13,h", "lunch,time,16,h", "between low and high"),
        ("lifestyle.csv", "lunch,share,35", "lunch,time,35", "is listed twice"),
        ("lifestyle.csv", "lunch,share,35", "lunch,share,many", "not a number"),
        ("intake.csv", "energy,feeding.energy", "work,feeding.energy", "no row for energy"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    folder = tmp_path / "whole"
    folder.mkdir()
    for name in ("meals.csv", "nutrients.csv", "lifestyle.csv", "intake.csv", "bounds.csv"):
        shutil.copy(FOLDER / name, folder / name)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(TableError, match=says):
        read_lifestyle(folder)
