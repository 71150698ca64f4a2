"""Figures of lived days: usual life and the plan, a timeline, and no axis for two kinds."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path

from nadflux.faces.plot.day import draw_day
from nadflux.faces.plot.style import STYLES, draw_band
from nadflux.faces.plot.time_course import draw_time_course
from nadflux.faces.plot.timeline import marks_of, rows_of
from nadflux.kinds import KindError
from nadflux.notes import Note, NoteCode
from nadflux.simulation import Quantity, Run

LC3 = Quantity("liver_LC3_II", "LC3-II", "uM", "liver", "level", "assumed")
DEG = Quantity("liver_J_deg", "autophagic degradation", "%/h", "liver", "flux", "assumed")
TFEB = Quantity("liver_TFEB", "nuclear TFEB", "of rest", "liver", "marker", "assumed")
NAMES = ("liver_LC3_II", "liver_J_deg", "liver_TFEB")


def lived(days: float) -> Run:
    times = np.arange(-24.0, 24.0 * days + 0.1, 0.5)
    swing = 1.0 + 0.3 * np.sin(2 * np.pi * times / 24.0) + (times > 0)
    values = np.stack([np.stack([swing * k] * 3, -1) for k in (0.9, 1.0, 1.1)])
    usual = [[24.0 * d + h, 24.0 * d + h, "meal", "33 % of a usual day"] for d in range(-1, int(days)) for h in (0, 5)]
    nights = [[24.0 * d + 15.0, 24.0 * d + 23.0, "sleep", "sleep"] for d in range(-1, int(days))]
    bout = [[24.0 * (days - 1) + 10.0, 24.0 * (days - 1) + 11.0, "endurance", "70 % VO2max"]]
    record = {
        "who": "man, 45 y", "plan": "three meals a day", "run_in_h": 72.0, "doses_h": [0.0],
        "timeline": [*usual, *nights, *bout],
    }  # fmt: skip
    usual = np.stack([np.stack([(swing - (times > 0)) * k] * 3, -1) for k in (0.9, 1.0, 1.1)])
    return Run(
        values,
        times,
        (LC3, DEG, TFEB),
        record,
        notes=(Note(NoteCode.NOT_SCREENED, "not screened"),),
        counterfactual=usual,
    )


def test_two_days_and_their_timelines() -> None:
    figure = draw_day(lived(14.0), NAMES)
    panels, strips = figure.axes[:3], figure.axes[3:]
    assert len(strips) == 6
    assert {strip.get_title(loc="left") for strip in strips} == {"usual life", "Day 14"}
    for panel in panels:
        usual, last = panel.lines
        assert usual.get_ydata()[0] == pytest.approx(1.0, abs=0.1) and last.get_ydata()[1] > 1.8
        assert "mean of the day +" in panel.get_title(loc="right")
    assert "not screened" in figure.get_supxlabel().lower()


def test_each_kind_has_its_line_and_glyph() -> None:
    panels = draw_day(lived(14.0), NAMES).axes[:3]
    drawn = [(panel.lines[1].get_marker(), panel.lines[1].get_color()) for panel in panels]
    assert drawn == [(STYLES[kind].glyph, STYLES[kind].colour) for kind in ("level", "flux", "marker")]
    assert (
        len({style.glyph for style in STYLES.values()})
        == len({str(style.line) for style in STYLES.values()})
        == len(STYLES)
    )


def test_a_short_course_has_one_timeline() -> None:
    figure = draw_time_course(lived(3.0), NAMES)
    strip = figure.axes[3]
    assert [label.get_text() for label in strip.get_yticklabels()] == ["sleep", "exercise", "food", "doses"]
    assert strip.get_xlim() == figure.axes[0].get_xlim() == (-24.0, 72.0)


def test_marks_are_cut_to_the_day() -> None:
    run = lived(14.0)
    marks = marks_of(run, 20.0, 40.0)
    assert [mark for mark in marks if mark[2] == "sleep"] == [
        (20.0, 23.0, "sleep", "sleep"),
        (39.0, 40.0, "sleep", "sleep"),
    ]
    assert rows_of(marks) == ["sleep", "food"]


def test_a_flux_shares_no_axis_with_a_level() -> None:
    panel = Figure().add_subplot()
    draw_band(panel, np.arange(3.0), np.ones((1, 3)), LC3)
    draw_band(panel, np.arange(3.0), np.ones((1, 3)), LC3, "grey")
    with pytest.raises(KindError, match="liver_J_deg is a flux in %/h; the axis holds a level in uM"):
        draw_band(panel, np.arange(3.0), np.ones((1, 3)), DEG)
    with pytest.raises(KindError, match="axis of its own"):
        draw_band(panel, np.arange(3.0), np.ones((1, 3)), Quantity("p62", "p62", "mM", "liver", "level", "assumed"))


@pytest.mark.parametrize("judged", [14 * 24.0, 13 * 24.0 + 12.0])
def test_the_clock_of_the_axis_is_that_of_the_data(judged: float) -> None:
    run = lived(14.0)
    run = Run(
        run.values, run.times, run.quantities, {**run.record, "judged_h": judged}, counterfactual=run.counterfactual
    )
    figure = draw_day(run, NAMES[:1])
    panel, usual_strip, plan_strip = figure.axes
    labels = [label.get_text() for label in plan_strip.get_xticklabels()]
    clock_at_left = (8.0 + judged - 24.0) % 24.0
    for tick, label in zip(plan_strip.get_xticks(), labels, strict=True):
        assert float(label[:2]) == (clock_at_left + tick) % 24.0
    for strip in (usual_strip, plan_strip):
        night = max((path for bars in strip.collections for path in bars.get_paths()), key=_width)
        start, stop = night.vertices[:, 0].min(), night.vertices[:, 0].max()
        assert ((clock_at_left + start) % 24.0, (clock_at_left + stop) % 24.0) == pytest.approx((23.0, 7.0))
    shaded = max(panel.patches, key=lambda patch: patch.get_width())
    assert (clock_at_left + shaded.get_x()) % 24.0 == pytest.approx(23.0)


def _width(path: Path) -> float:
    return float(np.ptp(path.vertices[:, 0]))
