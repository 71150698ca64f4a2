"""Figures say what they show: axis labels with unit, doses marked, missing people left out."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import SimulationError
from nadflux.faces.plot.paths import check_figure_path
from nadflux.faces.plot.time_course import draw_time_course
from nadflux.notes import Note, NoteCode
from nadflux.simulation import Quantity, Run


def a_run(hours: float, doses: int) -> Run:
    times = np.linspace(0.0, hours, 49)
    rising = 30.0 + np.linspace(0, 10, 49)
    values = np.stack([np.stack([rising, 2 * rising], -1), np.stack([rising + 5, rising], -1)])
    values[1, 20:] = np.nan
    quantities = (
        Quantity("whole_blood_nad", "NAD+", "uM", "whole blood", "level", "assumed"),
        Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "derived"),
    )
    record = {"who": "woman, 62 y", "plan": "NR chloride 1 g oral once", "doses_h": [12.0 * i for i in range(doses)]}
    return Run(values, times, quantities, record, notes=(Note(NoteCode.NOT_SCREENED, "not screened"),))


@pytest.mark.parametrize(("hours", "axis"), [(72.0, "time (hours)"), (1344.0, "time (days)")])
def test_labels_with_units(hours: float, axis: str) -> None:
    figure = draw_time_course(a_run(hours, 1), ["whole_blood_nad", "urine_mna"])
    first, second = figure.axes
    assert first.get_ylabel() == "NAD+ in whole blood (µM)"
    assert second.get_ylabel() == "MNA excretion (µmol/day)"
    assert first.get_xlabel() == axis


def test_days_before_time_0_are_on_the_axis_of_days() -> None:
    """A usual life without a plan has no second curve, and starts a day before."""
    run = a_run(168.0, 0)
    lived = run.changed(times=np.linspace(-24.0, 168.0, 49), record={**run.record, "run_in_h": 672.0})
    panel = draw_time_course(lived, ["whole_blood_nad"]).axes[0]
    assert panel.get_xlim() == (-1.0, 7.0)
    assert max(panel.get_xticks()) < 10.0  # days, not hours


def test_median_is_drawn_and_missing_people_left_out() -> None:
    run = a_run(72.0, 0)
    panel = draw_time_course(run, ["whole_blood_nad"]).axes[0]
    drawn = panel.lines[0].get_ydata()
    assert drawn == pytest.approx(np.nanmedian(run["whole_blood_nad"], axis=0))


@pytest.mark.parametrize("doses", [1, 6, 100])
def test_doses_are_marked(doses: int) -> None:
    panel = draw_time_course(a_run(1344.0, doses), ["whole_blood_nad"]).axes[0]
    marks = len(panel.lines[1].get_xdata()) if len(panel.lines) > 1 else len(panel.collections[-1].get_segments())
    assert marks == doses


@pytest.mark.filterwarnings("error")
def test_nobody_left_is_said_not_drawn() -> None:
    run = a_run(72.0, 1)
    run.values[:] = np.nan
    panel = draw_time_course(run, ["whole_blood_nad"]).axes[0]
    assert "no person" in panel.texts[0].get_text()


def a_bout(days: float, *, lived: bool) -> Run:
    """A threefold rise from hour 10 to 14 of a long run."""
    times = np.arange(-24.0 if lived else 0.0, 24.0 * days + 0.1, 0.5)
    usual = np.broadcast_to(2.0 + (np.sin(2 * np.pi * times / 24.0) if lived else 0.0), (3, times.size))[..., None]
    rise = np.interp(times, [10.0, 12.0, 14.0], [1.0, 3.0, 1.0])[None, :, None]
    quantity = Quantity("muscle_pAMPK", "AMPK phospho-Thr172", "of rest", "muscle", "marker", "assumed")
    record = {"who": "woman, 62 y", "plan": "endurance once", "plan_over_h": 11.0, "run_in_h": 72.0 if lived else 0.0}
    if lived:
        record["timeline"] = [[10.0, 11.0, "endurance", "70 % VO2max"], [15.0, 23.0, "sleep", "sleep"]]
    return Run(usual * rise, times, (quantity,), record, counterfactual=usual if lived else None)


@pytest.mark.parametrize("days", [2.0, 14.0])
@pytest.mark.parametrize("lived", [True, False])
def test_the_change_of_a_plan_of_a_few_days_fills_the_figure(days: float, lived: bool) -> None:
    run = a_bout(days, lived=lived)
    panel = draw_time_course(run, ["muscle_pAMPK"]).axes[0]
    left, right = panel.get_xlim()
    assert (left, right) == (9.0, 15.0)
    usual, plan = panel.lines[:2]
    assert usual.get_xdata() == pytest.approx(plan.get_xdata()) and usual.get_xdata()[0] >= left
    ratio = plan.get_ydata() / usual.get_ydata()
    assert ratio.max() == pytest.approx(3.0) and plan.get_xdata()[np.argmax(ratio)] == 12.0
    assert ratio[0] == ratio[-1] == pytest.approx(1.0)
    assert panel.get_ylim()[1] > plan.get_ydata().max()
    assert ("usual life" if lived else "at rest") in draw_time_course(run, ["muscle_pAMPK"]).get_supxlabel()


@pytest.mark.parametrize("path", ["f.bmp", "f", "no/such/folder/f.png"])
def test_paths_are_refused_before_the_run(path: str) -> None:
    with pytest.raises(SimulationError):
        check_figure_path(path)
