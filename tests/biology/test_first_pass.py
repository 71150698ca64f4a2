"""Nicotinic acid: what first pass lets through, and muscle as it is biopsied, with its blood."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily

GRAM_NA = 1000.0 / 0.12311
GRAM_NR = 1000.0 / 0.2907
BIOPSY = {
    "muscle_nad": ("muscle__NAD + muscle__NAD_mito", "whole_blood_nad"),
    "muscle_naad": ("muscle__NaAD", "whole_blood_naad"),
    "muscle_mna": ("muscle__MNA", "plasma_mna"),
    "muscle_2py": ("muscle__PY2", "plasma_2py"),
    "muscle_4py": ("muscle__PY4", "plasma_4py"),
}


def _extraction(bench: Bench, run: dict[str, np.ndarray], people: np.ndarray) -> np.ndarray:
    """Share of the nicotinic acid reaching the liver that it takes, shape (person, time)."""
    values = bench.values(people)
    portal, artery = (values[f"person__{v}"][:, None] for v in ("portal_flow", "hepatic_artery_flow"))
    come: np.ndarray = (portal * run["portal__NA"] + artery * run["plasma__NA"]) / (portal + artery)
    taken: np.ndarray = 1 - run["portal__sinusoid__NA"] / come
    return taken


def test_the_liver_takes_nine_tenths_of_little_and_less_of_a_gram(bench: Bench) -> None:
    people = np.vstack([bench.typical(), bench.possible(48, seed=2)])
    run = bench.run(people, [(0.0, "gut_lumen.NA", GRAM_NA)], [0.0, 1.0])
    taken = _extraction(bench, run, people)
    assert taken[0, 0] > 0.9 and np.median(taken[:, 0]) > 0.88 and taken[:, 0].min() > 0.6
    assert np.all(taken[:, 1] < taken[:, 0]) and np.median(taken[:, 1]) < 0.6
    small = _extraction(bench, bench.run(people, daily("gut_lumen.NR", GRAM_NR, 7), [0.0, 7 * 24.0 - 12]), people)
    assert np.median(small[:, 1]) > 0.85  # what microbes make of a gram of NR does not saturate it


def test_systemic_nicotinic_acid_is_a_trace(bench: Bench) -> None:
    people = bench.possible(64, seed=2)
    values = bench.values(people)
    assert np.median(values["plasma__NA"]) < 0.002
    assert np.all(values["plasma__NA"] < 0.2 * values["portal__NA"])


def test_muscle_makes_nothing_from_tryptophan(bench: Bench) -> None:
    assert sorted(n for n in bench.body.model.reactions if n.endswith("__QPRT")) == ["kidney__QPRT", "liver__QPRT"]


@pytest.mark.parametrize("name", sorted(BIOPSY))
def test_a_biopsy_is_muscle_and_blood(bench: Bench, name: str) -> None:
    """Without blood it is the fibres alone, of blood alone it is blood: at rest and after a dose."""
    own, blood = BIOPSY[name]
    people = np.vstack([bench.typical(muscle__biopsy__blood=f) for f in (0.0, 0.03, 1.0)])
    run = bench.run(people, daily("gut_lumen.NR", GRAM_NR, 3), [0.0, 60.0])
    values = bench.values(people)
    per_tissue = (values["muscle__cell"] / values["person__muscle_volume"])[:, None]
    fibres = sum(run[part] for part in own.split(" + ")) * per_tissue
    assert run[name][0] == pytest.approx(fibres[0])
    assert run[name][2] == pytest.approx(run[blood][2])
    assert run[name][1] == pytest.approx(0.97 * fibres[1] + 0.03 * run[blood][1])


def test_every_analyte_of_muscle_holds_its_blood(bench: Bench) -> None:
    for observable in bench.body.observables:
        if observable.matrix == "skeletal muscle":
            assert "muscle__biopsy__blood" in observable.formula, observable.id


def _eaten(bench: Bench, people: np.ndarray) -> np.ndarray:
    """Nicotinic acid the gut absorbs in a day, usual and with a gram of NR on the 21st: shape (person, 2), µmol."""
    grid = np.arange(0.0, 24.01, 0.25)
    start = 20 * 24.0
    run = bench.run(people, daily("gut_lumen.NR", GRAM_NR, 21), [0.0, *(start + grid)])
    rate = run["gut_lumen__NA_absorption"] + run["gut_lumen__NA_colon_absorption"]
    return np.stack([24.0 * rate[:, 0], np.trapezoid(rate[:, 1:], grid, axis=1)], axis=1)


def test_naad_of_muscle_rises_with_nr_within_the_supply_of_nicotinic_acid(bench: Bench) -> None:
    """10.1016/j.celrep.2019.07.043: it rises (read), about two-fold (recalled); here about as the supply does."""
    people = np.vstack([bench.typical(), bench.possible(48, seed=2)])
    run = bench.run(people, daily("gut_lumen.NR", GRAM_NR, 21), [0.0, 21 * 24.0])
    fold = run["muscle_naad"][:, 1] / run["muscle_naad"][:, 0]
    values = _eaten(bench, people)
    supply = values[:, 1] / values[:, 0]
    assert np.all(fold > 1.0) and np.median(fold) < 1.5 * np.median(supply)
