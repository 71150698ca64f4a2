"""What notebooks show of results, and their tables for pandas."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import UnknownNameError
from nadflux.faces.notebook.sparkline import sparkline
from nadflux.studies.experiments.assay import run_assay
from nadflux.studies.experiments.assay_design import preset_design

WHO = "woman, 62 y, 70 kg"


class Balanced(HTMLParser):
    """Counts of tags; those that are opened are closed in their order."""

    ALONE = ("polygon", "polyline", "path", "br", "meta")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count: dict[str, int] = {}
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in self.ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.ALONE:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def run() -> nf.Run:
    return nf.simulate(WHO, "NR chloride 500 mg oral daily for 2 days", n=3)


def test_a_run_shows_its_table_with_a_small_figure_in_each_row(run: nf.Run, tmp_path: Path) -> None:
    text = run._repr_html_()
    found = Balanced(text)
    assert found.count["svg"] == 6 and found.count["table"] == 2  # the second while the plan makes a difference
    for words in (WHO, "NR chloride 500 mg oral", "µM", "µmol/day", "tier", "not medical advice", "further quantities"):
        assert words in text
    assert len(text) < 60_000 and len(repr(run)) < 300 and WHO in repr(run)
    run.to_html(tmp_path / "run.html")
    assert (tmp_path / "run.html").read_text(encoding="utf-8").endswith(text)


def test_a_run_of_few_quantities_shows_all_of_them() -> None:
    few = nf.simulate(WHO, "NAM 500 mg oral once", n=2, days=1, outputs=["plasma_nam", "urine_nua"])
    assert few.table().index.tolist() == ["plasma_nam", "urine_nua"]
    assert few.nca().table()["id"].unique().tolist() == ["plasma_nam"]


def test_words_of_people_are_escaped(run: nf.Run) -> None:
    shown = run.changed(record={**run.record, "who": "<script>alert(1)</script>"})._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown


def test_a_small_figure_has_band_line_and_doses(run: nf.Run) -> None:
    drawn = sparkline(run, "whole_blood_nad")
    assert drawn.count("<polygon") == drawn.count("<polyline") == drawn.count("<path") == 1
    assert "NAD+, whole blood: 0 to" in drawn
    nothing = run.changed(values=np.full(run.values.shape, np.nan))
    assert sparkline(nothing, "whole_blood_nad") == ""


def test_tables_for_pandas_are_those_of_json(run: nf.Run) -> None:
    table = run.table()
    assert table.index.tolist()[:2] == ["whole_blood_nad", "pbmc_nad"]
    row = table.loc["pbmc_nad"]
    assert row["end_median"] == pytest.approx(np.median(run["pbmc_nad"][:, -1])) and row["unit"] == "µM"
    assert len(run.table("all")) == len(run.quantities)
    assert run.table("NAD+ in plasma", window=(10.0, 20.0)).index.tolist() == ["plasma_nad"]
    summary = run.summary("plasma_nad", time=10.0).loc["plasma_nad"]
    assert summary["mean"] == pytest.approx(run.at("plasma_nad", 10.0).mean()) and summary["persons"] == 3
    assert summary["5%"] <= summary["50%"] <= summary["95%"]
    with pytest.raises(UnknownNameError, match="plasma_nam"):
        run.table("plasma_nda")


def test_the_diagnosis_says_what_needs_a_look(run: nf.Run) -> None:
    found = run.diagnose()
    assert not found.well and str(found).startswith("look  interval: 3 people")
    assert "mass balance" in str(found) and "<pre>" in found._repr_html_()


def test_other_results_show_tables_too() -> None:
    fluxes = nf.resting_fluxes(WHO, n=4)
    trace = nf.trace(WHO, "NR chloride 500 mg oral once", n=2)
    plans = ["NAM 500 mg oral once", "nothing"]
    compared = nf.compare_plans(WHO, plans, n=2, days=1, outputs=["plasma_nam", "whole_blood_nad"])
    for result, least, columns in (
        (fluxes, 3, {"organ", "role", "pathway", "median", "unit", "tier"}),
        (trace, 1, {"name", "median", "unit", "tier", "built_in"}),
        (compared, 1, {"plan", "end_median", "difference_median", "unit"}),
    ):
        assert Balanced(result._repr_html_()).count["table"] >= least
        assert columns <= set(result.table().columns) and len(result.table()) >= 2
        assert len(repr(result)) < 200


def test_an_assay_shows_levels_and_verdicts() -> None:
    design = preset_design("pbmc")
    result = run_assay(design, seed=1)
    assert Balanced(result._repr_html_()).count["table"] == 2
    assert len(result.table()) == len(result.conditions) and "verdict" in result.table().columns
