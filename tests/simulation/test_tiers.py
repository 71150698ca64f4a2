from __future__ import annotations

import numpy as np

from nadflux.people import Posterior
from nadflux.simulation.prepared import prepare
from nadflux.simulation.tiers import answer_tier, tiers_of, weakest


def _posterior() -> Posterior:
    rows = [
        {"row": "A drug: NAD+, whole blood, change 56 d", "kind": "value", "observables": ["whole_blood_nad"]},
        {"row": "A drug: NMN, PBMC, sign 24 h", "kind": "value", "observables": ["pbmc_nmn"]},
        {"row": "A drug: NAD, brain (31P-MRS), sign 28 d", "kind": "at least", "observables": ["brain_nad_total"]},
    ]
    record = {"rows": rows, "parameters": {"a": {"shrinkage": 0.5}}}
    return Posterior("fit-x", ("a",), ("uM",), np.ones((1, 1)), "abc", record)


def test_weakest() -> None:
    assert weakest({"measured", "derived"}) == "derived"
    assert weakest({"fitted", "assumed", "measured"}) == "assumed"
    assert weakest(set()) == "derived"


def test_an_answer_is_graded_by_all_that_drives_it_and_not_by_its_resting_level() -> None:
    body = prepare().body
    grades = tiers_of(body)
    # Its resting level is a measured row; what a dose does to it goes through recalled affinities.
    assert body.table.row("plasma.NAD.rest").tier == "measured"
    assert grades["plasma_nad"] == "assumed"
    assert grades["urine_mna"] == "assumed"


def test_fitted_is_said_of_quantities_that_informed_the_fit_only() -> None:
    assert answer_tier("whole_blood_nad", _posterior(), "assumed") == "fitted"
    assert answer_tier("liver_nad", _posterior(), "assumed") == "assumed"
    # Whether something rose, or did not, says little of by how much.
    assert answer_tier("pbmc_nmn", _posterior(), "assumed") == "assumed"
    assert answer_tier("brain_nad_total", _posterior(), "assumed") == "assumed"
    assert answer_tier("whole_blood_nad", None, "assumed") == "assumed"
