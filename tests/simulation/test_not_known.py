"""What an answer says that it does not know, held against the body itself."""

from __future__ import annotations

import numpy as np
import pytest

import nadflux as nf
from nadflux.notes import Note, NoteCode
from nadflux.simulation import Run, settle
from nadflux.simulation.not_known import deciding_links, not_known, told_of, without_effect
from nadflux.simulation.scenario import Scenario

WHO = "woman, 62 y"
OUTPUTS = (
    "liver_J_deg",
    "muscle_J_init",
    "liver_nad",
    "whole_blood_nad",
    "muscle_pAMPK",
    "plasma_glucose",
    "urine_mna",
)


def note_in(run: Run) -> Note | None:
    return next((note for note in run.notes if note.code is NoteCode.NOT_KNOWN), None)


def resting(who: str, names: list[str]) -> np.ndarray:
    asked = {"times": [0.0], "outputs": names, "uncertainty": False, "spread": False, "posterior": "none"}
    return nf.simulate(who, n=1, body="whole", **asked).values[0, 0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trait", "one", "other"),
    [("age", "woman, 30 y, 70 kg, 165 cm", "woman, 75 y, 70 kg, 165 cm"),
     ("weight", "woman, 60 y, 60 kg, 165 cm", "woman, 60 y, 95 kg, 165 cm"),
     ("female", "woman, 60 y, 70 kg, 165 cm", "man, 60 y, 70 kg, 165 cm")],
)  # fmt: skip
def test_a_trait_without_a_way_into_a_quantity_does_not_move_it(trait: str, one: str, other: str) -> None:
    settled = settle(Scenario.of(one, None, body="whole"))
    known = settled.prepared.body.observables
    described = settled.scenario.who.described
    found = [o.id for o in without_effect(settled.prepared.body, trait, described, known)]
    moved = [o.id for o in known if o.id not in found]
    assert moved and (found or trait != "female")
    if found:
        assert np.allclose(resting(one, found), resting(other, found), rtol=1e-9)
    assert not np.allclose(resting(one, moved), resting(other, moved), rtol=1e-3)


def test_what_of_ageing_is_in_the_body_is_told() -> None:
    note = note_in(nf.simulate(WHO, "fast 36 h", n=1, outputs=["liver_J_deg"]))
    assert note is not None and "of ageing this body knows kidney filtration, fat and lean mass alone" in note.text
    assert "\n" not in note.text
    settled = settle(Scenario.of(WHO, None, body="nad"))
    levels = not_known(settled, ["liver_nad"])
    assert levels is not None and "kidney filtration alone" in levels.text


def test_contested_links_that_nobody_named() -> None:
    plan = "endurance 45 min at 70% VO2max once"
    asked = {"n": 1, "outputs": ["muscle_J_init"]}
    left = note_in(nf.simulate(WHO, plan, **asked))  # type: ignore[arg-type]
    named = note_in(nf.simulate(WHO, plan, switches={"AMPK_ULK1": "inhibits"}, **asked))  # type: ignore[arg-type]
    assert left is not None and "AMPK_ULK1 = inhibits" in left.text
    assert named is None or "AMPK_ULK1" not in named.text


def test_a_link_counts_where_the_plan_enters() -> None:
    nmn = settle(Scenario.of(WHO, "NMN 500 mg oral daily for 2 weeks", body="nad"))
    infusion = settle(Scenario.of(WHO, "NAD+ 500 mg IV over 4 h once", body="nad"))
    blood = [o for o in nmn.prepared.body.observables if o.id == "whole_blood_nad"]
    assert "gut.NMN" in deciding_links(nmn, blood) and "gut.NMN" not in deciding_links(infusion, blood)
    assert "blood.pools" in deciding_links(infusion, blood)


def test_a_table_is_told_of_what_it_shows() -> None:
    settled = settle(Scenario.of(WHO, None, body="whole", days=1, outputs=OUTPUTS))
    run = nf.simulate(settled.scenario)
    shown = note_in(told_of(run, settled, ["liver_J_deg"]))
    assert shown is not None and note_in(run) is not None and "of ageing this body knows" in shown.text


def test_fluxes_of_autophagy_are_not_measurable_in_the_clinic() -> None:
    from nadflux.faces.documents.summary import run_document

    run = nf.simulate(WHO, "fast 24 h", n=1, outputs=["autophagy of liver", "plasma_insulin"])
    rows = {row["id"]: row["clinic"] for row in run_document(run, [q.id for q in run.quantities])["rows"]}
    assert {name for name, clinic in rows.items() if clinic} == {"liver_J_init", "liver_J_seq", "liver_J_deg"}
    assert rows["plasma_insulin"] is None
