"""Non-compartmental analysis of a run: intervals, baselines, accumulation by its names, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.analysis.dosing_intervals import dosing_intervals
from nadflux.analysis.nca import nca_of_run
from nadflux.analysis.nca_result import FIRST, LAST, PARAMETERS
from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.kinds import KindError
from nadflux.simulation import Quantity, Run

RATES = np.array([0.08, 0.1, 0.12])
TAU, DOSES, KA = 12.0, 20, 2.0


def repeated(baseline: float = 3.0) -> Run:
    """Oral doses every 12 h over a constant baseline, in three people: a sum of Bateman curves."""
    times = np.linspace(0.0, TAU * DOSES, 96 * DOSES + 1)
    doses = TAU * np.arange(DOSES)
    since, rates = np.maximum(times[None, :, None] - doses, 0.0), RATES[:, None, None]
    course = (10.0 * (np.exp(-rates * since) - np.exp(-KA * since))).sum(axis=2) + baseline
    record = {"doses_h": doses.tolist(), "who": "three people", "plan": "oral doses"}
    quantities = (
        Quantity("plasma_nam", "NAM", "uM", "plasma", "level", "assumed"),
        Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "assumed"),
    )
    return Run(np.stack([course, course], axis=-1), times, quantities, record)


def test_accumulation_has_each_ratio_by_its_name() -> None:
    found = nca_of_run(repeated(), "plasma_nam", baseline=3.0, lloq=0.0)
    first = -np.expm1(-RATES * TAU) / RATES + np.expm1(-KA * TAU) / KA
    assert found.of("plasma_nam", "AUCtau", FIRST) == pytest.approx(10.0 * first, rel=1e-3)
    assert found.of("plasma_nam", "AUCtau", LAST) == pytest.approx(10.0 * (1.0 / RATES - 1.0 / KA), rel=1e-3)
    assert found.of("plasma_nam", "Rac_AUC") == pytest.approx((1.0 / RATES - 1.0 / KA) / first, rel=1e-3)
    steady = 1.0 / -np.expm1(-RATES * TAU)
    assert found.of("plasma_nam", "Rac_Ctrough") == pytest.approx(steady, rel=1e-6)
    assert found.of("plasma_nam", "Rac_pred") == pytest.approx(steady, rel=1e-2)
    peak = found.of("plasma_nam", "Cmax", LAST) / found.of("plasma_nam", "Cmax", FIRST)
    assert found.of("plasma_nam", "Rac_Cmax") == pytest.approx(peak) and (peak > 1.1).all()
    assert found.intervals.tau_h == TAU and found.intervals.last_h == TAU * (DOSES - 1)


def test_baselines_are_subtracted_and_said() -> None:
    run = repeated()
    with_it = nca_of_run(run, "plasma_nam", baseline="none").of("plasma_nam", "AUCtau", LAST)
    without = nca_of_run(run, "plasma_nam", baseline=3.0).of("plasma_nam", "AUCtau", LAST)
    assert with_it - without == pytest.approx(3.0 * TAU, rel=1e-2)
    assert any("3.0 is subtracted" in rule for rule in nca_of_run(run, "plasma_nam", baseline=3.0).rules)
    with pytest.raises(ValueOutOfRangeError, match="usual life"):
        nca_of_run(run, "plasma_nam", baseline="usual life")
    with pytest.raises(UnknownNameError, match="start"):
        nca_of_run(run, "plasma_nam", baseline="strt")


def test_what_is_no_level_is_refused() -> None:
    with pytest.raises(KindError, match="urine_mna is a flux"):
        nca_of_run(repeated(), "urine_mna")
    with pytest.raises(ValueOutOfRangeError, match="lloq -1"):
        nca_of_run(repeated(), "plasma_nam", lloq=-1.0)


def test_tables_have_units_meaning_and_every_person() -> None:
    found = nca_of_run(repeated(), "plasma_nam", baseline=3.0)
    table = found.table().set_index(["interval", "parameter"])
    assert table.loc[(LAST, "AUCtau"), "unit"] == "µM h" and table.loc[(LAST, "lambda_z"), "unit"] == "1/h"
    assert table.loc[(LAST, "Cmax"), "persons"] == 3 and set(table["tier"]) == {"assumed"}
    assert set(found.people().columns) - {"id", "interval", "person"} <= set(PARAMETERS)
    assert "linear trapezoids" in str(found) and "<table>" in found._repr_html_()
    with pytest.raises(UnknownNameError, match="first interval"):
        found.of("plasma_nam", "Cmax")


@pytest.mark.parametrize(
    ("doses", "end", "tau", "last"),
    [
        ([0.0], 72.0, None, 0.0),
        ([], 72.0, None, 0.0),
        ([0.0, 12.0, 24.0, 36.0], 48.0, 12.0, 36.0),
        ([24.0 * d + h for d in range(3) for h in (0.0, 6.0, 12.0)], 72.0, 24.0, 48.0),
        ([24.0 * d + h for d in range(3) for h in (0.0, 6.0, 12.0)], 71.0, 24.0, 24.0),
        ([0.0, 5.0, 17.0], 48.0, None, 0.0),
        ([168.0 * w + 48.0 * d for w in range(3) for d in range(3)], 504.0, 168.0, 336.0),
    ],
)
def test_intervals_of_doses(doses: list[float], end: float, tau: float | None, last: float) -> None:
    found = dosing_intervals(doses, end)
    assert found.tau_h == tau and (tau is None or found.last_h == last)
