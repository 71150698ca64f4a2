"""The shape of figures with many panels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux.faces.plot.captions import caption_of, columns_for, title_of
from nadflux.simulation.run import Quantity, Run


@pytest.mark.parametrize(("panels", "columns"), [(1, 1), (2, 2), (3, 3), (9, 3), (20, 4), (90, 8)])
def test_three_columns_and_more_for_many_panels(panels: int, columns: int) -> None:
    assert columns_for(panels) == columns
    assert math.ceil(panels / columns) <= max(3, 2 * columns)


def _run(**record: object) -> Run:
    quantity = Quantity("whole_blood_nad", "NAD+", "µM", "whole blood", "level", "assumed")
    times = np.array([0.0, 24.0])
    said = {"who": "man, 60 y", "plan": "nothing taken", **record}
    return Run(np.ones((2, 2, 1)), times, (quantity,), said)


def test_the_title_names_what_was_set_by_hand() -> None:
    assert title_of(_run(set={}), 2) == "man, 60 y\nnothing taken"
    assert title_of(_run(set={"drugs.rapamycin": "0.01 µM"}), 3).endswith("set by hand: drugs.rapamycin = 0.01 µM")


@pytest.mark.parametrize("columns", [1, 1.5, 3])
def test_lines_of_the_caption_are_as_wide_as_the_panels(columns: float) -> None:
    lines = caption_of(_run(), columns, ["Grey marks: doses", *["a remark on the drawing"] * 20]).split("\n")
    assert max(map(len, lines)) <= 62 * columns
    assert max(map(len, lines)) > 62 * columns - 12


def test_a_figure_of_several_plans_says_what_each_run_must_say() -> None:
    import nadflux as nf
    from nadflux.faces.plot.plan_comparison import draw_plan_comparison

    plans = ["NR 300 mg daily for 2 d", "NR 4 g daily for 2 d"]
    found = nf.compare_plans("man, 40 y, 80 kg", plans, n=2, outputs=["whole_blood_nad"], research=True)
    caption = " ".join(str(draw_plan_comparison(found, ["whole_blood_nad"]).get_supxlabel()).split())
    assert "B: beyond data" in caption and "B: for research alone" in caption
