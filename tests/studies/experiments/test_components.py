from __future__ import annotations

import math

import numpy as np
import pytest

import nadflux as nf
from nadflux.simulation.summary import summarise
from nadflux.studies.experiments.components import ComponentRow, components
from nadflux.studies.published.measurement import read_measurement

PLAN = "NR chloride 1000 mg oral daily for 3 days"
OPTIONS = {"n": 16, "seed": 2, "days": 3.0, "threads": 1}
NAMES = ("whole_blood_nad", "urine_2py")


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], ComponentRow]:
    found = components("woman, 50 y", PLAN, outputs=NAMES, **OPTIONS)
    return {(row.quantity.id, row.figure): row for row in found}


def test_a_row_for_every_figure(rows: dict[tuple[str, str], ComponentRow]) -> None:
    assert set(rows) == {(name, figure) for name in NAMES for figure in ("baseline", "end", "change_percent")}
    assert nf.components is components


def test_together_they_are_what_simulate_prints(rows: dict[tuple[str, str], ComponentRow]) -> None:
    run = nf.simulate("woman, 50 y", PLAN, outputs=NAMES, **OPTIONS)
    for row in summarise(run, NAMES):
        found = rows[row.quantity.id, "change_percent"]
        assert (found.median, *found.person) == row.change_percent


def test_what_is_not_known_and_how_people_differ_are_two_things(rows: dict[tuple[str, str], ComponentRow]) -> None:
    level = rows["whole_blood_nad", "baseline"]
    for low, high in (level.parameters, level.people, level.person):
        assert low < high
    certain = components("woman, 50 y", PLAN, outputs=NAMES[:1], **{**OPTIONS, "posterior": "none"})[0]
    assert certain.people == pytest.approx(level.people, rel=0.3)
    assert certain.parameters != level.parameters


def test_a_measurement_adds_its_repeat_error_and_for_levels_the_laboratory(
    rows: dict[tuple[str, str], ComponentRow],
) -> None:
    assay = read_measurement()
    level, change = rows["whole_blood_nad", "end"], rows["whole_blood_nad", "change_percent"]
    sd = math.hypot(assay.repeat_sd("whole blood"), assay.laboratory_sd("whole blood"))
    assert np.log(level.assay[1] / level.assay[0]) == pytest.approx(2 * 1.6449 * sd, rel=1e-3)
    ratio = (100 + change.assay[1]) / (100 + change.assay[0])
    assert np.log(ratio) == pytest.approx(2 * 1.6449 * math.sqrt(2) * assay.repeat_sd("whole blood"), rel=1e-3)
    assert level.measured[0] < level.person[0] and level.measured[1] > level.person[1]
