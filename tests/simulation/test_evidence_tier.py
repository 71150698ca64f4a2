from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nadflux.network.expression import Expression, symbols
from nadflux.network.infix import parse_infix
from nadflux.people import Posterior
from nadflux.simulation import simulate
from nadflux.simulation.compiled import prepare
from nadflux.simulation.evidence_tier import answer_tier, tiers_of, weakest


def _posterior() -> Posterior:
    # fmt: off
    rows = [
        {
            "row": "A drug: NAD+, whole blood, change 56 d", "kind": "value", "observables": ["whole_blood_nad"],
            "ways": [["NR chloride", "oral"]],
        },
        {"row": "A drug: NMN, PBMC, sign 24 h", "kind": "value", "observables": ["pbmc_nmn"]},
        {"row": "A drug: NAD, brain (31P-MRS), sign 28 d", "kind": "at least", "observables": ["brain_nad_total"]},
    ]
    # fmt: on
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


def test_fitted_is_said_under_compounds_and_routes_of_the_fitted_studies_only() -> None:
    nr, iv = ("NR chloride", "oral"), ("NR chloride", "IV")
    assert answer_tier("whole_blood_nad", _posterior(), "assumed", [nr]) == "fitted"
    assert answer_tier("whole_blood_nad", _posterior(), "assumed", [iv]) == "assumed"
    assert answer_tier("whole_blood_nad", _posterior(), "assumed", [nr, ("NMN", "oral")]) == "assumed"


def test_a_fit_that_does_not_say_what_arms_took_is_told_by_the_shipped_studies() -> None:
    row = {
        "row": "Conze2019 NR300: NAD+, whole blood, change 14 d",
        "kind": "value",
        "observables": ["whole_blood_nad"],
    }
    other = {**row, "row": "Unknown2020 NR300: NAD+, whole blood, change 14 d"}
    made = replace(_posterior(), record={"rows": [row, other]})
    assert made.ways("whole_blood_nad") == {("NR chloride", "oral")}
    assert made.ways("liver_nad") == frozenset()


@pytest.mark.parametrize(
    ("plan", "options"),
    [
        ("tryptophan 500 mg oral daily for 2 days", {}),
        ("NAM 500 mg topical daily for 2 days", {}),
        ("NRPT 500 mg oral daily for 2 days", {}),
        ("NAD+ 90 g IV over 1 s", {"days": 1}),
        ("NR chloride 20 g oral daily for 2 days", {}),
        ("NR chloride 500 mg oral daily for 2 days", {"set": {"liver.NAMPT.Km": "0.3 uM"}}),
        ("NR chloride 500 mg oral daily for 1 day + sleep 23:00-7:00", {}),
    ],
)
def test_what_nobody_fitted_is_not_called_fitted(plan: str, options: dict[str, Any]) -> None:
    run = simulate(
        "woman, 50 y, 70 kg", plan, n=1, outputs=["whole_blood_nad"], posterior=_whole_fit(), research=True, **options,
    )  # fmt: skip
    assert run.quantity("whole_blood_nad").tier != "fitted"


def test_what_was_fitted_is_called_so() -> None:
    for plan in (None, "NR 500 mg oral daily for 2 days"):
        run = simulate("woman, 50 y, 70 kg", plan, n=1, days=2, outputs=["whole_blood_nad"], posterior=_whole_fit())
        assert run.quantity("whole_blood_nad").tier == "fitted"


def _whole_fit() -> Posterior:
    row = prepare().body.table.row("red_cells.NAD.total")
    made = _posterior()
    return Posterior("fit-x", (row.key,), (row.unit,), np.full((1, 1), row.value), made.model_hash, made.record)


def test_nothing_that_follows_from_a_predicted_state_is_called_measured() -> None:
    """States are what reactions change and what has a rate of its own, such as the activity of a kinase."""
    body = prepare(body="whole").body
    model = body.model
    changed = {r.species for reaction in model.reactions.values() for r in (*reaction.reactants, *reaction.products)}
    states = changed | set(model.rate_rules)
    grades = tiers_of(body)
    found = [o.id for o in body.observables if states & _all_behind(o.formula, model.assignment_rules)]
    assert len(found) > 500
    assert [name for name in found if grades[name] == "measured"] == []
    assert grades["liver_pAMPK"] == grades["liver_TFEB"] == "assumed"


def _all_behind(formula: str, rules: Mapping[str, Expression]) -> set[str]:
    found = set(symbols(parse_infix(formula)))
    while fresh := {name for rule in found & rules.keys() for name in symbols(rules[rule])} - found:
        found |= fresh
    return found
