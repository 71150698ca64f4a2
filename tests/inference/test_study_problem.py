from __future__ import annotations

import csv

import numpy as np
import pytest

from nadflux.errors import StudyError
from nadflux.inference.study_problem import Settings, StudyProblem
from nadflux.people.posterior import ARMS
from nadflux.plans.plan import Plan
from nadflux.simulation.compiled import prepare
from nadflux.studies.published.published import shipped_calibration
from nadflux.studies.published.read import parse_study

STUDY = """
id: Toy2026
citation: {text: a made-up study}
population: {n: 40, age: {mean: 50, sd: 5}}
arms:
  - {id: none, plan: none, n: 40}
  - {id: NR, plan: NR chloride 1000 mg oral daily for 3 days, n: 10}
  - {id: surgery, intervention: an operation}
observations:
  - {arm: NR, observable: NAD+, matrix: whole blood, at: 3 d, kind: change, from: baseline,
     value: 20, unit: "%", tier: read}
  - {arm: NR, observable: NAD+, matrix: whole blood, at: 2 d, kind: change, from: baseline,
     value: 20, unit: "%", tier: read}
  - {arm: none, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 33, unit: µM, tier: read}
  - {arm: none, observable: 2PY, matrix: urine, at: 0 h, kind: value, value: 150, unit: µmol/d, tier: read}
  - {arm: NR, observable: NAD+, matrix: whole blood, at: 3 d, kind: sign, from: none, value: up, tier: read, band: 5}
  - {arm: NR, observable: NAD+, matrix: plasma, at: 3 d, kind: sign, from: baseline, value: none, tier: read}
  - {arm: NR, observable: MNA, matrix: plasma, at: 3 d, kind: bound, bound: at most, value: 9, unit: µM, tier: read}
  - {arm: surgery, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 33, unit: µM, tier: read}
  - {arm: none, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 40, unit: µM, tier: recalled}
  - {arm: none, observable: unobtainium, matrix: plasma, at: 0 h, kind: value, value: 1, unit: µM, tier: read}
use: calibration
"""


@pytest.fixture(scope="module")
def problem() -> StudyProblem:
    study = parse_study(STUDY)
    other = parse_study(STUDY.replace("Toy2026", "Held2026").replace("use: calibration", "use: validation"))
    return StudyProblem([study, other], prepare(), seed=1, settings=Settings(people=12))


def test_only_calibration_rows_that_are_modelled_and_scored(problem: StudyProblem) -> None:
    assert {row.study for row in problem.rows} == {"Toy2026"}
    assert len(problem.rows) == 7
    reasons = dict(problem.left_out)
    assert len(reasons) == 3
    assert any("not modelled" in reason for reason in reasons.values())
    assert any("recalled" in reason for reason in reasons.values())
    assert any("unobtainium" in reason for reason in reasons.values())


def test_rows_become_logarithms_with_their_kind(problem: StudyProblem) -> None:
    change, again, level, urine, up, null, bound = problem.rows
    assert (change.value, change.kind) == (pytest.approx(np.log(1.2)), "value")
    assert (change.repeats, again.repeats, level.repeats) == (2, 2, 1)
    assert (level.value, urine.value) == (pytest.approx(np.log(33)), pytest.approx(np.log(150)))
    assert (up.value, up.kind) == (pytest.approx(np.log(1.05)), "at least")
    assert (null.value, null.kind, null.band_sd) == (0.0, "value", pytest.approx(np.log(1.2) / 1.645, rel=1e-3))
    assert (bound.value, bound.kind) == (pytest.approx(np.log(9)), "at most")


def test_a_row_tells_what_its_people_took(problem: StudyProblem) -> None:
    assert problem.ways(problem.rows[0]) == (("NR chloride", "oral"),)
    assert {problem.ways(row) for row in problem.rows} == {(), (("NR chloride", "oral"),)}


def test_the_arms_beside_the_shipped_posterior_are_those_of_the_shipped_studies() -> None:
    plans = {(study.id, arm.id): arm for study in shipped_calibration() for arm in study.arms}
    given = {key: Plan.parse(arm.plan).ways for key, arm in plans.items() if arm.plan and not arm.untreated}
    with ARMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {(r["study"], r["arm"], r["compound"], r["route"]) for r in rows}
    assert told == {(*key, *way) for key, ways in given.items() for way in ways}


def test_figures_of_the_middle_of_the_prior_are_those_of_the_model(problem: StudyProblem) -> None:
    figures = np.exp(problem.figures(np.zeros((1, len(problem.names)))))[0]
    assert 1.0 < figures[1] < figures[0] < 2.5
    assert 25 < figures[2] < 42
    assert 100 < figures[3] < 250


def test_a_member_is_the_same_in_any_company(problem: StudyProblem) -> None:
    scores = np.random.default_rng(0).standard_normal((5, len(problem.names)))
    together = problem.figures(scores)
    alone = np.concatenate([problem.figures(scores[k : k + 1]) for k in range(5)])
    assert together.tobytes() == alone.tobytes()


def test_scores_are_quantiles_of_the_rows(problem: StudyProblem) -> None:
    low, high = (problem.values(np.full((1, len(problem.names)), z))[0] for z in (-1.6448536, 1.6448536))
    np.testing.assert_allclose(low, [row.low for row in problem.parameters], rtol=1e-6)
    np.testing.assert_allclose(high, [row.high for row in problem.parameters], rtol=1e-6)


def test_absolute_figures_share_a_laboratory_and_ratios_have_none(problem: StudyProblem) -> None:
    spread = problem.spread(np.zeros(len(problem.names)))
    measured = problem.nuisances(spread)
    names, matrix = measured.scales, measured.matrix
    assert "scale of Toy2026, whole blood" in names
    ratio, level = matrix[:, 0], matrix[:, 2]
    assert not ratio[: measured.laboratories].any()
    assert level[names.index("scale of Toy2026, whole blood")] == pytest.approx(0.275, rel=0.02)
    data = problem.data(spread, np.ones(len(problem.rows), dtype=bool))
    assert (data.sd > 0).all()
    # The same number printed twice is one piece of information between the two rows.
    assert data.sd[0] > Settings().ratio_error * np.sqrt(2)


def test_rows_of_one_study_and_analyte_share_its_effect_and_a_single_row_carries_it_as_noise(
    problem: StudyProblem,
) -> None:
    spread = problem.spread(np.zeros(len(problem.names)))
    measured = problem.nuisances(spread)
    change, _, level, *_ = problem.rows
    name = "effect of Toy2026 on whole_blood_nad, ratio"
    assert problem.kind(change).name == "ratio | whole_blood_nad | NR" and problem.kind(level).compound == "nothing"
    assert measured.scales[measured.laboratories :] == (name,)
    row = measured.matrix[-1]
    prior = problem.measurement.table.row("all.heterogeneity.ratio").value
    floor = problem.measurement.table.row("all.response.floor").value
    assert row[0] == row[1] == pytest.approx(prior * np.hypot(np.log(1.2), floor))
    assert row[4] > 0 and not row[[2, 3, 5, 6]].any()
    scores = np.random.default_rng(1).standard_normal((3, len(measured.names)))
    shift = measured.of_studies(scores)
    np.testing.assert_allclose(shift[:, 0], scores[:, measured.laboratories] * row[0])
    sd = problem.data(spread, np.ones(len(problem.rows), dtype=bool)).sd
    alone = problem.measurement.table.row("all.heterogeneity.level").value
    assert sd[3] ** 2 == pytest.approx(spread.variance[3] + Settings().model_error ** 2 + alone**2)
    assert sd[0] ** 2 == pytest.approx(2 * (spread.variance[0] + Settings().ratio_error ** 2))


def test_nothing_to_fit_is_refused() -> None:
    held_out = parse_study(STUDY.replace("use: calibration", "use: validation"))
    with pytest.raises(StudyError, match="no row of these studies"):
        StudyProblem([held_out], prepare(), seed=1)


def test_parameters_left_aside_stay_typical(problem: StudyProblem) -> None:
    kept = np.array([name.startswith("red_cells.") for name in problem.names])
    smaller = problem.restricted(kept)
    assert len(smaller.names) == kept.sum() and len(problem.names) == kept.size
    scores = np.zeros((1, kept.size))
    scores[0, kept] = 1.0
    # The middle of a log-uniform prior is near the typical value, not at it.
    np.testing.assert_allclose(smaller.figures(np.ones((1, kept.sum()))), problem.figures(scores), atol=0.03)
    assert smaller.fingerprint() != problem.fingerprint()


def test_probes_move_one_parameter_at_a_time(problem: StudyProblem) -> None:
    probes = problem.probes()
    assert len(probes) == 2 * len(problem.names) + 1
    assert ((probes != 0).sum(axis=1) <= 1).all()


FROZEN = """
id: Frozen2026
citation: {text: a made-up study}
population: {n: 10}
arms: [{id: sample, plan: none}]
observations:
  - {arm: sample, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 40, unit: µM, storage: fresh,
     tier: read}
  - {arm: sample, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 31, unit: µM,
     storage: "-80 °C", tier: read}
use: calibration
"""


def test_loss_in_storage_is_fitted_beside_the_scale_of_the_laboratory() -> None:
    problem = StudyProblem([parse_study(FROZEN)], prepare(), seed=1, settings=Settings(people=12))
    measured = problem.nuisances(problem.spread(np.zeros(len(problem.names))))
    key = "whole blood.storage.retained -80 °C"
    assert measured.names == ("scale of Frozen2026, whole blood", "effect of Frozen2026 on whole_blood_nad, level", key)
    low, high = (measured.effect(np.array([[0.0, 0.0, z]]))[0] for z in (-1.6448536, 1.6448536))
    assert low[0] == high[0] == 0.0
    row = measured.losses[0]
    np.testing.assert_allclose(np.exp([low[1], high[1]]) * row.value, [row.low, row.high], rtol=1e-6)
    np.testing.assert_allclose(measured.values(np.zeros((1, 3)))[0], [1.0, 1.0, row.value], rtol=1e-9)
    scaled = measured.effect(np.array([[1.0, 0.0, 0.0]]))[0]
    assert scaled[0] == scaled[1] > 0
