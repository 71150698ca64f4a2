"""No decision rests on the words of a note: all are reworded, and nothing but the words changes."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import nadflux
from nadflux.faces.documents.routes import joined_notes
from nadflux.faces.documents.summary import run_document
from nadflux.faces.documents.tracer import trace_document
from nadflux.faces.plot.captions import captioned
from nadflux.inference.measured import simulate_measured
from nadflux.notes import Note, NoteCode, codes_of, read_notes
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.dose_limits import flags_of
from nadflux.plans.language.sentence import parse_plan
from nadflux.plans.schedule import schedule
from nadflux.simulation import Run, SimulationInterruptedError, simulate
from nadflux.simulation.resting_fluxes import resting_fluxes
from nadflux.simulation.tracer.tracer import trace
from nadflux.studies.experiments import compare_routes as routes
from nadflux.studies.experiments.rivals import compare_rivals

SOURCE = Path(nadflux.__file__).parent
WHO = "man, 40 y, 80 kg, 180 cm"
PLANS = (
    ("NR 500 mg daily with food for 1 d", None),
    ("diet of 150 g chicken breast daily for 2 weeks", None),
    ("NR chloride 5 g oral once", None),
    ("NMN 1 % topical daily on 300 cm² for 1 week", None),
    ("NR chloride 500 mg oral daily for 4 weeks + NR chloride 300 mg oral daily for 1 week", None),
    ("NAM 1 g oral daily for 8 weeks", 3.0),
    ("fast 36 h at 8:00 + fast 24 h at 12:00", None),
    ("fast 96 h", None),
    ("fast 48 h from day 1 + fast 48 h from day 3", None),
    ("overfeeding 30% for 2 d", None),
    ("NAM 8 g oral once", None),
    ("NA ER 2 g oral daily for 3 d", None),
    ("16:8 eating window for 13 weeks", None),
    ("glucose 75 g oral at 8:00", None),
    ("meal 600 kcal at 12:00 daily for 2 d", None),
    ("sleep 6 h irregular for 4 d", None),
)
WAYS = (("NAD+", "subcutaneous"), ("NMN", "IV"), ("NR chloride", "subcutaneous"), ("tryptophan", "oral"))


def reword(monkeypatch: pytest.MonkeyPatch) -> set[NoteCode]:
    """Give every note, those of modules included, words that nothing can search; returns the codes of those made."""
    original = Note.__init__
    made: set[NoteCode] = set()

    def reworded(self: Note, code: NoteCode, text: str, about: str = "") -> None:
        made.add(code)
        original(self, code, hashlib.sha256(text.encode()).hexdigest(), about)

    monkeypatch.setattr(Note, "__init__", reworded)
    for name, module in list(sys.modules.items()):
        if not name.startswith("nadflux"):
            continue
        for constant, value in list(vars(module).items()):
            if isinstance(value, tuple) and value and all(isinstance(note, Note) for note in value):
                other = tuple(Note(note.code, note.text, note.about) for note in value)
                monkeypatch.setattr(module, constant, other)
    return made


def of_schedules() -> list[Any]:
    planned = [schedule(parse_plan(sentence), days=days) for sentence, days in PLANS]
    planned.append(schedule(parse_plan("NR 500 mg oral daily for 2 d"), usual=parse_plan("sleep 6 h").lifestyle))
    return [
        (flags_of(one.notes), codes_of(one.notes), codes_of(captioned(one.notes, flags_of(one.notes))))
        for one in planned
    ]


def of_run(run: Run) -> list[Any]:
    printed = run_document(run, [quantity.id for quantity in run.quantities])
    assert len(printed.pop("notes")) == len(printed["note_codes"])
    return [printed, codes_of(captioned(run.notes, run.record["flags"]))]


def of_runs() -> list[Any]:
    asked: dict[str, Any] = {"n": 2, "outputs": ["whole_blood_nad", "urine_mna"], "days": 1}
    plan = "NR chloride 500 mg oral once"
    return [
        of_run(simulate(who, taken, **{**asked, **more}))
        for who, taken, more in (
            (WHO, plan, {}),
            ("woman, 62 y", "NAD+ 20 mg subcutaneous once", {}),
            (WHO, plan, {"n": 1, "posterior": "none"}),
            (WHO, plan, {"switches": {"red_cells.NA": "plasma"}}),
            (WHO, plan, {"set": {"liver.NAMPT.Km": "1e9 µM"}}),
            (WHO, None, {"set": {"plasma.NAM.fasting": "35 uM"}, "n": 4, "posterior": "none"}),
            ("woman, 62 y, sleeps 6 h", None, {"days": 2}),
            ("woman, 62 y, trains 3 times a week", None, {"days": 2, "outputs": ["muscle_LC3_II"]}),
            (WHO, "fast 24 h", {"outputs": ["whole_blood_nad", "kidney_leucine_release"], "days": 3}),
            (WHO, "NR chloride 4 g oral once", {"research": True, "supervised": True}),
            (f"{WHO}, type 2 diabetes", plan, {}),
            (WHO, None, {"body": "whole", "set": {"drugs.rapamycin": "0.1 µM"}, "outputs": ["whole_blood_nad"]}),
        )
    ]  # fmt: skip


def of_tracers() -> list[Any]:
    asked: dict[str, Any] = {"hours": 2.0, "posterior": "none"}
    found = [
        trace(WHO, "tryptophan 500 mg oral once", n=1, **asked),
        trace(WHO, "NAD+ 2000 mg IV over 1 h daily for 4 weeks", n=1, research=True, **asked),
        trace(WHO, "NR chloride 500 mg oral once", n=4, set={"plasma.NAM.fasting": "35 uM"}, **asked),
    ]
    printed = [trace_document(one) for one in found]
    assert all(len(one.pop("notes")) == len(one["note_codes"]) for one in printed)
    return printed


def of_comparisons() -> list[Any]:
    whole = shipped()
    few = Catalogue(whole.compounds, {way: whole.routes[way] for way in WAYS}, whole.names)
    compared = routes.compare_routes("100 mg", WHO, n=2, days=2, catalogue=few, posterior="none")
    rivals = compare_rivals(WHO, "NAD+ 20 mg subcutaneous once", days=1, n=2, switches=["red_cells.NA"])
    asked: dict[str, Any] = {"n": 2, "draws": 200, "days": 1, "outputs": ["whole_blood_nad"]}
    measured = simulate_measured(WHO, "whole blood NAD+ 30 uM", **asked)
    rest = resting_fluxes(WHO, n=4, set={"plasma.NAM.fasting": "35 uM"}, posterior="none")
    return [
        [(route.label, route.flags, route.refused) for route in compared.routes],
        [route.outcomes["whole_blood_nad"].rise.tier for route in compared.routes],
        of_run(measured),
        codes_of(compared.notes),
        codes_of(joined_notes(compared)),
        (rivals.flags, codes_of(rivals.notes)),
        (codes_of(rest.notes), codes_of(captioned(rest.notes))),
    ]


def of_troubles() -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nadflux.simulation.collect.BALANCE", -1.0)
        run = simulate(WHO, n=1, outputs=["whole_blood_nad"], days=1)
    stopped = SimulationInterruptedError(run, 3)
    assert stopped.run is not None
    return [of_run(run), of_run(stopped.run), stopped.progress]


def test_rewording_every_note_changes_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (of_schedules, of_runs, of_tracers, of_comparisons, of_troubles)
    before = [json.dumps(decide(), default=str) for decide in asked]
    made = reword(monkeypatch)
    assert Note(NoteCode.ADVICE, "research model").text != "research model"
    for decide, as_decided in zip(asked, before, strict=True):
        assert json.dumps(decide(), default=str) == as_decided
    # Of the fit, which one there is decides; a file alone holds notes without a code.
    elsewhere = {NoteCode.FROM_POSTERIOR, NoteCode.POSTERIOR_LEFT_ASIDE, NoteCode.UNKNOWN, NoteCode.NOT_SCREENED}
    elsewhere.add(NoteCode.USUAL_LIFE_GOES_ON)  # of the rare people whose day does not come to repeat itself
    assert set(NoteCode) - made <= elsewhere


def test_every_code_is_made_somewhere() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    made = {NoteCode[name] for name in re.findall(r"\bNote\(\s*NoteCode\.(\w+)", text)}
    assert set(NoteCode) - made == {NoteCode.UNKNOWN, NoteCode.NOT_SCREENED}


def test_what_is_said_of_one_route_names_it_whatever_its_words() -> None:
    failed = Note(NoteCode.PEOPLE_FAILED, "words")
    assert routes._of_route(failed, "NMN IV") == Note(NoteCode.PEOPLE_FAILED, "NMN IV: words", "NMN IV")
    advice = Note(NoteCode.ADVICE, "2 people could not be simulated")
    assert routes._of_route(advice, "NMN IV") is advice


def test_notes_read_back_from_a_file() -> None:
    notes = (Note(NoteCode.ADVICE, "no advice"), Note(NoteCode.NO_KINETICS, "wide", "NMN topical"))
    texts = [str(note) for note in notes]
    assert read_notes(texts, json.loads(json.dumps(codes_of(notes)))) == notes
    assert read_notes(texts) == tuple(Note(NoteCode.UNKNOWN, text) for text in texts)
    later = [["advice", ""], ["of a later version", "x"]]
    assert read_notes(texts, later) == (notes[0], Note(NoteCode.UNKNOWN, "wide", "x"))
    with pytest.raises(ValueError, match="argument"):
        read_notes(texts, later[:1])


def test_a_figure_keeps_what_it_may_not_lack() -> None:
    kept = [NoteCode.INTERVAL, NoteCode.NOT_SCREENED, NoteCode.ADVICE, NoteCode.UNKNOWN]
    beyond = Note(NoteCode.DOSE_BEYOND, "words")
    notes = [*(Note(code, "words") for code in kept), Note(NoteCode.TIER, "tier, no advice is over it"), beyond]
    assert captioned(notes) == notes[:4]
    assert captioned(notes, ("beyond data",)) == [*notes[:4], beyond]
    assert captioned(notes, ("no PK data",)) == notes[:4]
