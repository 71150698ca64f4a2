"""Units of quantities: molar and mass, molar masses by their formulas, refusals."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nadflux.errors import UnitError, UnknownNameError
from nadflux.network.records import records
from nadflux.shipped import BIOLOGY
from nadflux.simulation import Quantity, Run
from nadflux.simulation.unit_of_quantity import COLUMNS, in_unit, units_in, with_units

# Standard atomic weights, abridged (IUPAC 2021, 10.1515/pac-2019-0603).
ATOMS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999, "P": 30.974, "S": 32.06}
NAD = Quantity("plasma_nad", "NAD+", "uM", "plasma", "level", "assumed")
MNA = Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "assumed")
FAT = Quantity("plasma_fatty_acids", "free fatty acids", "mM", "plasma", "level", "assumed")


def run() -> Run:
    values = np.stack([np.full((2, 3), 0.5), np.full((2, 3), 40.0), np.full((2, 3), 0.4)], axis=-1)
    peaks = {"plasma_nad": np.array([[0.6, 1.0], [0.7, 2.0]])}
    return Run(values, np.arange(3.0), (NAD, MNA, FAT), {"who": "two people"}, peaks=peaks, counterfactual=values)


def test_molar_masses_follow_from_the_formulas() -> None:
    rows = [row for _, row in records(BIOLOGY / "analytes.csv", COLUMNS)]
    assert len(rows) >= 20
    for row in rows:
        parts = re.findall(r"([A-Z])(\d*)", row["formula"])
        assert "".join(f"{atom}{count}" for atom, count in parts) == row["formula"]
        mass = sum(ATOMS[atom] * int(count or 1) for atom, count in parts)
        assert float(row["molar_mass"]) == pytest.approx(mass, abs=0.02), row["analyte"]


def test_molar_becomes_mass_and_back() -> None:
    assert units_in("ng/mL", NAD) == pytest.approx(663.43)
    assert units_in("nM", NAD) == 1000.0 and units_in("mg/L", NAD) == pytest.approx(0.66343)
    assert units_in("mg/day", MNA) == pytest.approx(0.13716) and units_in("mmol/h", MNA) == pytest.approx(1 / 24000)
    assert in_unit(663.43, "ng/mL", NAD) == pytest.approx(1.0)
    alcohol = Quantity("blood_ethanol", "ethanol", "g/L", "whole blood", "level", "assumed")
    assert units_in("mM", alcohol) == pytest.approx(1000 / 46.07, rel=1e-4)


def test_a_unit_for_all_is_used_where_it_fits() -> None:
    changed = with_units(run(), "ng/mL")
    assert [q.units for q in changed.quantities] == ["ng/mL", "umol/day", "mM"]
    assert changed["plasma_nad"] == pytest.approx(0.5 * 663.43) and changed["urine_mna"] == pytest.approx(40.0)
    assert changed.peaks["plasma_nad"] == pytest.approx(np.array([[0.6 * 663.43, 1.0], [0.7 * 663.43, 2.0]]))
    assert changed.counterfactual is not None and changed.counterfactual[0, 0, 0] == pytest.approx(0.5 * 663.43)
    assert changed.record["units"] == {"plasma_nad": "ng/mL"}
    both = run().in_units(["nM", "urine_mna=mg/day"])
    assert [q.units for q in both.quantities] == ["nM", "mg/day", "nM"]
    assert run().in_units({"NAD+ in plasma": "pM"})["plasma_nad"] == pytest.approx(5e5)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("kg", "fits none of the quantities"),
        ("plasma_nad=mg/day", "'mg/day' does not fit NAD+ "),
        ("plasma_fatty_acids=mg/L", "has no molar mass"),
        ("parsnip", "unknown unit"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(asked: str, says: str) -> None:
    with pytest.raises(UnitError, match=re.escape(says)):
        with_units(run(), asked)
    with pytest.raises(UnknownNameError, match="plasma_nad"):
        with_units(run(), {"plasma_nda": "nM"})
