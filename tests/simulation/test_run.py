"""A run read by kind: a level gives no verdict on flux, autophagy stays three numbers."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import SimulationError, UnknownNameError
from nadflux.kinds import Change, Flux, KindError, Level, Marker
from nadflux.simulation import Quantity, Run
from nadflux.simulation.output_names import autophagy_names
from nadflux.simulation.summary import ranges, summarise

TIMES = np.arange(-24.0, 72.1, 0.5)


def lived() -> Run:
    """J_deg swings by half about 3 %/h, in usual life about 2; LC3-II doubles at time 0."""
    swing = 1.0 + 0.5 * np.sin(2 * np.pi * TIMES / 24.0)
    deg = np.where(TIMES <= 0, 2.0, 3.0) * swing
    lc3 = np.where(TIMES <= 0, 1.0, 2.0)
    quantities = [Quantity("liver_LC3_II", "LC3-II", "uM", "liver", "level", "assumed")]
    columns = [lc3]
    for name in autophagy_names():
        kind = "flux" if name.startswith("J_") else "marker"
        quantities.append(Quantity(f"liver_{name}", name, "%/h", "liver", kind, "assumed"))
        columns.append(deg)
    people = np.array([0.9, 1.0, 1.1])[:, None, None]
    values = np.stack(columns, axis=-1)[None] * people
    usual = np.stack([np.ones(TIMES.size), *[2.0 * swing] * len(autophagy_names())], axis=-1)[None] * people
    return Run(values, TIMES, tuple(quantities), {"run_in_h": 72.0}, counterfactual=usual)


def test_a_reading_has_the_type_of_its_kind() -> None:
    run = lived()
    assert isinstance(run.read("liver_LC3_II"), Level) and isinstance(run.read("liver_TFEB"), Marker)
    assert run.read("liver_J_deg").value.shape == (3, TIMES.size)
    assert run.read("liver_J_deg", 12.0).value.shape == (3,)
    with pytest.raises(KindError):
        run.read("liver_J_deg") - run.read("liver_LC3_II")


def test_a_level_gives_no_verdict_on_flux() -> None:
    run = lived()
    for name in ("liver_LC3_II", "liver_TFEB"):
        with pytest.raises(KindError, match=r"no verdict on flux .*pair"):
            run.verdict(name)
    assert run.verdict("liver_J_deg") == Change.UP
    assert run.verdict("liver_J_deg", 0.0) == Change.EQUAL
    assert run.without_plan.verdict("liver_J_deg") == Change.EQUAL


def test_autophagy_is_three_fluxes_and_markers() -> None:
    found = lived().autophagy("liver", 48.0)
    assert {type(flux) for flux in (found.J_init, found.J_seq, found.J_deg)} == {Flux}
    assert [marker.name for marker in found.markers] == [f"liver_{name}" for name in autophagy_names()[3:]]
    with pytest.raises(UnknownNameError, match="liver"):
        lived().autophagy("livr")


def test_a_plan_is_compared_with_usual_life() -> None:
    run = lived()
    deg, lc3 = summarise(run, ["liver_J_deg", "liver_LC3_II"])
    assert deg.baseline[0] == pytest.approx(2.0, rel=1e-3) and deg.end[0] == pytest.approx(3.0, rel=1e-3)
    assert deg.change_percent[0] == pytest.approx(50.0, rel=0.02)
    assert lc3.change_percent[0] == pytest.approx(100.0)
    ((low, _, _), (high, _, _)) = ranges(run, ["liver_J_deg"])["liver_J_deg"]
    assert low == pytest.approx(1.5, rel=1e-2) and high == pytest.approx(4.5, rel=1e-2)
    assert "usual life" in str(run)


def test_without_lifestyle_there_is_no_usual_life() -> None:
    run = lived()
    with pytest.raises(SimulationError, match="no lifestyle"):
        run.changed(counterfactual=None).without_plan  # noqa: B018
    assert run.without_plan["liver_LC3_II"][1, -1] == 1.0


def test_the_former_name_of_the_counterfactual_warns() -> None:
    run = lived()
    with pytest.warns(DeprecationWarning, match=r"use that name"):
        former = run.usual
    assert former is not None and np.array_equal(former, run.counterfactual)  # type: ignore[arg-type]
