"""What neither parameters nor people nor the assay explain: its size, and what it is learned from."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from nadflux.studies import parse_study
from nadflux.studies.published.learn_unexplained import LeftOutFigure, honesty_of, judge, learn, transform
from nadflux.studies.published.measurement import read_measurement
from nadflux.studies.published.unexplained import FigureKind, Unexplained, compound_class

TABLE = read_measurement().table
PRIOR = Unexplained.prior(TABLE)
BLOOD_NR = FigureKind("ratio", "whole_blood_nad", "NR")


def _figure(study: str, observed: float, kind: FigureKind = BLOOD_NR, predicted: float = 0.7) -> LeftOutFigure:
    draws = predicted + 0.05 * np.linspace(-1.0, 1.0, 41)
    return LeftOutFigure(study, kind, observed, draws, 0.02**2)


def _world(heterogeneity: float, discrepancy: float, studies: int = 24) -> list[LeftOutFigure]:
    """Figures of studies of three compounds and four analytes with known errors."""
    random = np.random.default_rng(5)
    figures = []
    shared = discrepancy * random.standard_normal((4, 3))
    for study in range(studies):
        for analyte in range(4):
            own = heterogeneity * random.standard_normal()
            for _ in range(2):
                response = random.normal(0.5, 0.6)
                size = math.hypot(response, PRIOR.floor)
                seen = response + size * (own + shared[analyte, study % 3]) + 0.02 * random.standard_normal()
                kind = FigureKind("ratio", f"a{analyte}", f"c{study % 3}")
                figures.append(_figure(f"S{study}", seen, kind, response))
    return figures


def test_both_parts_are_found_again() -> None:
    figures = _world(0.3, 0.5)
    found = learn(figures, TABLE)
    assert found.learned
    assert found.sd["heterogeneity.ratio"] == pytest.approx(0.3, rel=0.2)
    assert found.sd["discrepancy.ratio"] == pytest.approx(0.5, rel=0.4)
    assert found.sd["heterogeneity.level"] == PRIOR.sd["heterogeneity.level"]
    assert len(found.pairs) == 12


def test_intervals_that_were_learned_are_honest_and_others_are_not() -> None:
    figures = _world(0.5, 0.5)
    honest, without = judge(figures, TABLE)
    assert 0.7 <= honest.sd <= 1.3 and not honest.too_narrow
    assert abs(honest.coverage[-1] - 90) < 8 and sum(honest.pit) == honest.figures == len(figures)
    assert set(without) == {figure.study for figure in figures}
    nothing = replace(PRIOR, sd=dict.fromkeys(PRIOR.sd, 0.0))
    narrow = honesty_of([transform(figure, nothing) for figure in figures], 24)
    assert narrow.sd > 1.5 and narrow.too_narrow and narrow.coverage[-1] < 75


def test_few_errors_refuse_nothing() -> None:
    assert honesty_of([0.001] * 9, 3).sd > 3 and not honesty_of([0.001] * 9, 3).too_narrow
    assert honesty_of([0.001] * 10, 3).too_narrow


def test_a_study_is_judged_by_the_others_alone() -> None:
    quiet = [_figure(f"S{k}", 0.7) for k in range(8)]
    _, without = judge([*quiet, _figure("Odd", 2.5)], TABLE)
    assert without["Odd"].sd == learn(quiet, TABLE).sd
    assert without["S0"].sd["heterogeneity.ratio"] > without["Odd"].sd["heterogeneity.ratio"]


def test_one_kind_of_figure_teaches_nothing_of_another_and_what_was_not_fitted_is_wider() -> None:
    found = learn([_figure(f"S{k}", 0.7 + 0.02 * k) for k in range(6)], TABLE)
    other = FigureKind("ratio", "whole_blood_nad", "NAM")
    assert found.variances(other, 0.7)["model"] > 1.5 * found.variances(BLOOD_NR, 0.7)["model"]
    assert found.variances(other, 0.7)["studies"] == found.variances(BLOOD_NR, 0.7)["studies"]
    assert learn([], TABLE) == PRIOR


def test_new_studies_have_wider_intervals_than_those_in_view() -> None:
    found = learn([_figure(f"S{k}", 0.7 + 0.02 * k) for k in range(6)], TABLE)
    for kind, more in ((BLOOD_NR, 1.0), (FigureKind("ratio", "whole_blood_nad", "NAM"), found.unfitted)):
        new, known = found.variances(kind, 0.7), found.of_study_in_view().variances(kind, 0.7)
        assert new["studies"] == pytest.approx(found.optimism["ratio"] ** 2 * known["studies"])
        assert new["model"] == pytest.approx((more * found.optimism["ratio"]) ** 2 * known["model"])


def test_where_nothing_happens_little_can_differ() -> None:
    still, large = (PRIOR.variances(BLOOD_NR, response) for response in (0.0, 2.0))
    smallest = PRIOR.floor * PRIOR.optimism["ratio"] * PRIOR.sd["heterogeneity.ratio"]
    assert still["studies"] == pytest.approx(smallest**2)
    assert large["studies"] / still["studies"] == pytest.approx((4 + PRIOR.floor**2) / PRIOR.floor**2)
    level = FigureKind("level", "plasma_na", "NA")
    assert PRIOR.variances(level, 0.0) == PRIOR.variances(level, 2.0)


def test_what_a_posterior_keeps_is_read_back() -> None:
    found = learn([_figure(f"S{k}", 0.9) for k in range(6)], TABLE)
    assert Unexplained.of({"unexplained": found.record()}, TABLE) == found
    assert Unexplained.of({}, TABLE) == PRIOR


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        ("none", "nothing"),
        ("NR chloride 1 g oral daily for 8 weeks", "NR"),
        ("NA ER 1 g oral daily for 8 weeks", "NA"),
        ("NMN 300 mg oral daily for 4 days + NAM 100 mg oral daily for 4 days", "NAM + NMN"),
        ("fast 36 h", "habits"),
    ],
)
def test_salts_and_forms_of_one_compound_are_one_class(plan: str, wanted: str) -> None:
    text = (
        "id: T\ncitation: {text: a test}\npopulation: {n: 5}\n"
        f"arms: [{{id: a, plan: {plan}}}]\nobservations:\n"
        "  - {arm: a, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: 30, unit: µM, tier: read}\n"
        "use: validation\n"
    )
    assert compound_class(parse_study(text).arms[0]) == wanted
