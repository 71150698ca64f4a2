"""Switches that somebody set are said beside the result, with where they act."""

from __future__ import annotations

import pytest

import nadflux as nf
from nadflux.notes import NoteCode


def said(switches: dict[str, str], who: str = "woman, 62 y") -> dict[str, str]:
    run = nf.simulate(
        who, None, n=1, times=[0.0], outputs=["muscle_nad"], posterior="none", switches=switches, body="nad"
    )
    return {note.about: note.text for note in run.notes if note.code is NoteCode.LINK_CHOSEN}


@pytest.mark.parametrize("who", ["man, 28 y, 68 kg, 176 cm", "woman, 80 y, 60 kg, 160 cm"])
def test_pools_that_fall_by_decree_are_said_with_their_organs(who: str) -> None:
    note = said({"NAD.age": "imposed"}, who)["NAD.age"]
    assert all(organ in note for organ in ("muscle", "liver", "brain", "skin")) and "imposed" in note


def test_defaults_are_not_said() -> None:
    assert said({}) == {}
    assert said({"NAD.age": "causes", "gut.NA": "none"}).keys() == {"gut.NA"}
