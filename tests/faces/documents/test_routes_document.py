"""Routes side by side: what is said of several routes is said once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from nadflux.faces.documents.routes import joined_notes, routes_document
from nadflux.notes import Note, NoteCode
from nadflux.studies.experiments.compare_routes import RouteComparison

FAILED = "1 of 4 people could not be simulated to the end and count as missing"
WAYS = ("NR chloride oral", "NMN oral", "NMN IV")


def comparison(*notes: Note) -> RouteComparison:
    nothing: Any = object()
    return RouteComparison("woman", "1 g", False, 2, np.zeros(1), (nothing,) * 23, notes)


def failed(way: str, text: str = FAILED) -> Note:
    return Note(NoteCode.PEOPLE_FAILED, f"{way}: {text}", way)


def test_people_who_fail_by_several_routes_are_named_once_with_how_many() -> None:
    (note,) = joined_notes(comparison(*map(failed, WAYS)))
    assert note == Note(NoteCode.PEOPLE_FAILED, f"by 3 of 23 routes: {FAILED}", ", ".join(WAYS))


def test_a_failure_of_one_route_names_it() -> None:
    other = failed("NMN IV", "2 of 4 people could not be simulated")
    notes = joined_notes(comparison(failed("NR chloride oral"), other))
    assert [str(note) for note in notes] == [str(failed("NR chloride oral")), str(other)]


def test_routes_without_human_doses_stand_in_one_line_before_the_rest() -> None:
    advice = Note(NoteCode.ADVICE, "no advice")
    notes = joined_notes(
        comparison(advice, *(Note(NoteCode.NO_HUMAN_DOSE, f"no human dose of {way}", way) for way in WAYS))
    )
    assert [note.code for note in notes] == [NoteCode.NO_HUMAN_DOSE, NoteCode.ADVICE]
    assert str(notes[0]).endswith("of NR chloride oral, NMN oral, NMN IV")


def test_json_says_a_failed_person_once_too() -> None:
    assert len(routes_document(replace(comparison(*map(failed, WAYS)), routes=()))["notes"]) == 1
