"""Figures from Python: `run.plot`, `nf.plot.compare`, measured values over curves, and interactive ones."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import SimulationError, TableError, UnknownNameError, ValueOutOfRangeError
from nadflux.faces.plot.interactive import PlotlyMissingError
from nadflux.studies.experiments.assay import run_assay
from nadflux.studies.experiments.assay_design import preset_design

WHO = "woman, 62 y, 70 kg"
SHOWN = ["whole_blood_nad", "urine_mna"]
MEASURED = [{"day": 1, "quantity": "NAD+ in whole blood", "value": 90, "unit": "µM", "sd": 5}]


@pytest.fixture(scope="module")
def runs() -> tuple[nf.Run, nf.Run]:
    plans = ("NR chloride 500 mg oral daily for 6 days", "NMN 500 mg oral daily for 6 days")
    first, second = (nf.simulate(WHO, plan, n=3, outputs=SHOWN) for plan in plans)
    return first, second


def test_a_run_draws_a_panel_for_each_quantity_and_a_file(runs: tuple[nf.Run, nf.Run], tmp_path: Path) -> None:
    figure = runs[0].plot(path=str(tmp_path / "run.png"))
    assert len(figure.axes) == 2 and (tmp_path / "run.png").stat().st_size > 10_000
    assert figure._repr_png_().startswith(b"\x89PNG")  # notebooks show it without pyplot
    assert len(runs[0].plot("urine_mna").axes) == 1
    with pytest.raises(SimulationError, match="cannot draw"):
        runs[0].plot(path=str(tmp_path / "run.docx"))
    with pytest.raises(UnknownNameError, match="whole_blood_nad"):
        runs[0].plot("whole_blod_nad")


def test_measured_values_are_laid_over_and_make_room(runs: tuple[nf.Run, nf.Run]) -> None:
    panel = runs[0].plot("whole_blood_nad", observed=MEASURED).axes[0]
    points = [found for found in panel.collections if hasattr(found, "get_sizes") and len(found.get_offsets()) == 1]
    assert points[-1].get_offsets().tolist() == [[1.0, 90.0]]
    assert panel.get_ylim()[1] > 95.0
    with pytest.raises(TableError, match="row 2, column unit = 'kg'"):
        runs[0].plot("whole_blood_nad", observed=[{**MEASURED[0], "unit": "kg"}])


def test_arms_are_laid_over_each_other(runs: tuple[nf.Run, nf.Run]) -> None:
    figure = nf.plot.compare(*runs, observed=[{**MEASURED[0], "arm": "b"}], labels=["a", "b"])
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"] and legend.get_title().get_text() == WHO
    assert len(figure.axes) == 2 and len(figure.axes[1].lines) == 2
    older = nf.simulate("man, 70 y", "NMN 500 mg oral daily for 6 days", n=2, outputs=SHOWN)
    texts = [text.get_text() for text in nf.plot.compare(runs[0], older).legends[0].get_texts()]
    assert texts[1].startswith("man, 70 y: NMN")
    with pytest.raises(ValueOutOfRangeError, match="1 runs cannot be compared"):
        nf.plot.compare(runs[0])
    with pytest.raises(ValueOutOfRangeError, match="1 labels for 2 runs"):
        nf.plot.compare(*runs, labels=["a"])
    with pytest.raises(UnknownNameError, match="urine_mna"):
        nf.plot.compare(runs[0], nf.simulate(WHO, n=1, days=1, outputs=["whole_blood_nad"]))


def test_fluxes_and_assays_draw_what_their_commands_do(tmp_path: Path) -> None:
    assert len(nf.resting_fluxes(WHO, n=4).plot().axes) > 2
    path = tmp_path / "assay.svg"
    assert len(run_assay(preset_design("pbmc"), seed=1).plot(str(path)).axes) == 3 and path.exists()


def test_a_predictive_check_says_how_many_percentiles_fit(runs: tuple[nf.Run, nf.Run]) -> None:
    people = [{"id": k, "day": 3, "quantity": "whole_blood_nad", "value": 30 + k, "unit": "µM"} for k in range(8)]
    figure = runs[0].vpc(people)
    assert len(figure.axes) == 1 and "of 3 measured percentiles" in figure._supxlabel.get_text()


def test_without_plotly_the_remedy_is_named(runs: tuple[nf.Run, nf.Run], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    with pytest.raises(PlotlyMissingError, match="pip install"):
        runs[0].plot(interactive=True)


class Recorded:
    """What a plotly figure is asked for, and nothing drawn."""

    def __init__(self, **asked: Any) -> None:
        self.asked, self.traces, self.layout = asked, [], {}

    def add_trace(self, trace: dict[str, Any], row: int, col: int) -> None:
        self.traces.append(({**trace}, (row, col)))

    def update_layout(self, **given: Any) -> None:
        self.layout |= given

    def update_xaxes(self, **given: Any) -> None:
        self.layout["x"] = given

    update_yaxes = update_xaxes

    def add_annotation(self, **given: Any) -> None:
        self.layout["caption"] = given["text"]

    def to_html(self, include_plotlyjs: bool) -> str:
        return f"<html>{len(self.traces)}</html>"


def test_interactive_figures_have_band_median_and_measured_values(
    runs: tuple[nf.Run, nf.Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plotly, graph, subplots = (ModuleType(name) for name in ("plotly", "plotly.graph_objects", "plotly.subplots"))
    graph.Scatter = dict  # type: ignore[attr-defined]
    subplots.make_subplots = Recorded  # type: ignore[attr-defined]
    plotly.graph_objects = graph  # type: ignore[attr-defined]
    for name, module in (("plotly", plotly), ("plotly.graph_objects", graph), ("plotly.subplots", subplots)):
        monkeypatch.setitem(sys.modules, name, module)
    path = tmp_path / "run.html"
    figure = runs[0].plot(SHOWN, interactive=True, observed=MEASURED, path=str(path))
    bands = [trace for trace, _ in figure.traces if trace.get("fill") == "toself"]
    medians = [(trace, place) for trace, place in figure.traces if "customdata" in trace]
    assert len(bands) == len(medians) == 2 and {place for _, place in medians} == {(1, 1), (1, 2)}
    middle = np.median(runs[0]["whole_blood_nad"], axis=0)
    assert medians[0][0]["y"] == pytest.approx(middle[runs[0].times >= 0])
    (points,) = (trace for trace, _ in figure.traces if trace.get("mode") == "markers")
    assert points["x"] == [1.0] and points["y"].tolist() == [90.0]
    assert path.read_text() == f"<html>{len(figure.traces)}</html>" and "not medical advice" in figure.layout[
        "caption"
    ].replace("<br>", " ")
    both = nf.plot.compare(*runs, interactive=True, labels=["a", "b"])
    assert [trace["name"] for trace, _ in both.traces if trace.get("showlegend")] == ["a", "b"]
    with pytest.raises(SimulationError, match=r"\.html"):
        runs[0].plot(interactive=True, path="run.png")
