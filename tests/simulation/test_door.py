"""The door of screening: no plan is simulated that a rule stops, unless for research, which every output says."""

from __future__ import annotations

from pathlib import Path

import pytest

import nadflux as nf
from nadflux.faces.cli.app import main
from nadflux.inference.sensitivity import sensitivity
from nadflux.notes import NoteCode
from nadflux.plans import parse_plan
from nadflux.plans.language.person import read_person
from nadflux.plans.schedule import Schedule
from nadflux.plans.screening import ContraindicatedError
from nadflux.simulation import Scenario
from nadflux.simulation.door import pass_door
from nadflux.simulation.scenario import document_of
from nadflux.simulation.scenario_file import scenario_of
from nadflux.simulation.tracer.tracer import trace

PREGNANT, PLAN = "woman, 30 y, 65 kg, pregnant", "NR 300 mg oral daily for 1 days"


def test_a_stopped_plan_is_refused_by_simulate_and_trace() -> None:
    with pytest.raises(ContraindicatedError, match="S010 contraindicated: pregnancy"):
        nf.simulate(PREGNANT, PLAN, n=1)
    with pytest.raises(ContraindicatedError, match="S010"):
        trace(PREGNANT, PLAN, n=1)


def test_research_simulates_it_with_the_same_numbers_and_marks_the_run() -> None:
    run = nf.simulate(PREGNANT, PLAN, n=2, research=True, outputs=["whole_blood_nad"])
    plain = nf.simulate("woman, 30 y, 65 kg", PLAN, n=2, outputs=["whole_blood_nad"])
    assert (run["whole_blood_nad"] == plain["whole_blood_nad"]).all()
    said = {note.code: str(note) for note in run.notes}
    assert "S010" in said[NoteCode.RESEARCH]
    assert "pregnant" in said[NoteCode.CARRIED] and "without effect" in said[NoteCode.CARRIED]
    assert "no clearance" in said[NoteCode.SCREENED]
    assert NoteCode.RESEARCH not in {note.code for note in plain.notes}


def test_supervision_is_stated_and_not_verified() -> None:
    infusion = "NAD+ IV 600 mg over 5 h"
    with pytest.raises(ContraindicatedError, match="--supervised"):
        nf.simulate("man, 45 y, 80 kg", infusion, n=1, days=1)
    run = nf.simulate("man, 45 y, 80 kg", infusion, n=1, days=1, supervised=True, outputs=["plasma_nad"])
    assert "not verified" in {note.code: str(note) for note in run.notes}[NoteCode.SUPERVISED]


def test_a_scenario_keeps_health_and_how_the_door_was_passed() -> None:
    scenario = Scenario.of("woman, 30 y, 65 kg, BMI 24, type 2 diabetes on metformin", PLAN, research=True)
    back = scenario_of(document_of(scenario))
    assert back == scenario and back.who.health == {"type_2_diabetes": True, "on_metformin": True}  # type: ignore[union-attr]
    assert back.research and not back.supervised


@pytest.mark.parametrize(
    ("settings", "rule"),
    [({"drugs.metformin": "10 µM"}, "S081"), ({"plasma.infusion.NAD": "10 µmol/h"}, "S047")],
)
def test_what_is_set_by_hand_passes_the_door_too(settings: dict[str, str], rule: str) -> None:
    who = read_person("man, 50 y, eGFR 25")
    with pytest.raises(ContraindicatedError, match=rule):
        pass_door(who, None, Schedule(end_h=24.0), settings=settings)
    assert pass_door(who, None, Schedule(end_h=24.0), settings=dict.fromkeys(settings, 0.0)) is None
    found = pass_door(who, None, Schedule(end_h=24.0), settings=settings, research=True)
    assert found is not None and rule in {one.rule.rule for one in found.stopped}


def test_usual_life_alone_passes_the_door_too() -> None:
    with pytest.raises(ContraindicatedError, match="S014"):
        pass_door(read_person("woman, 30 y, anorexia, fast 24 h weekly"), None, Schedule(end_h=24.0))
    assert pass_door(read_person("man, 30 y, vegetarian"), None, Schedule(end_h=24.0)) is None


def test_sensitivity_passes_the_door_before_anything_runs() -> None:
    with pytest.raises(ContraindicatedError, match="S010"):
        sensitivity(read_person(PREGNANT), parse_plan(PLAN), "plasma_nam")


def test_event_tables_and_exported_models_are_marked_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "doses.csv"
    table.write_text("ID,TIME,AMT,CMT,EVID\n1,0,300,NR oral,1\n", encoding="utf-8")
    asked = {"n": 1, "days": 1, "outputs": ["whole_blood_nad"]}
    with pytest.raises(ContraindicatedError):
        nf.simulate_events(table, PREGNANT, **asked)  # type: ignore[arg-type]
    run = nf.simulate_events(table, PREGNANT, research=True, **asked)["1"]  # type: ignore[arg-type]
    assert NoteCode.RESEARCH in {note.code for note in run.notes}
    words = ["export", "--person", PREGNANT, "--plan", PLAN, "--sbml", str(tmp_path / "x.xml")]
    for more, code, said in (([], 2, "S010"), (["--research"], 0, "for research alone")):
        with pytest.raises(SystemExit) as done:
            main([*words, *more])
        assert (done.value.code or 0) == code and said in capsys.readouterr().err
