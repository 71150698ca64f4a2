"""A scenario says the whole question: it round-trips, it is what the record keeps, and it repeats a run bit for bit."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import nadflux as nf
from nadflux.errors import NadfluxError, RecordMismatchError, SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.simulation.scenario import Scenario, document_of
from nadflux.simulation.scenario_file import read_scenario, scenario_of
from nadflux.simulation.scenario_schema import ScenarioDocument, schema_json
from nadflux.simulation.tolerances import PLANS

ROOT = Path(__file__).resolve().parents[2]
WHO = "woman, 62 y, 70 kg"
PLAN = "NR chloride 500 mg oral twice daily for 2 d"
COHORT = nf.Cohort(8, nf.Distribution(51, 8), female=0.5, bmi=nf.Distribution(27, 2), habits=("sleep 23:00-7:00",))
EVERYTHING: dict[str, Any] = {
    "people": [7, 3], "seed": 5, "set": {"liver.NAMPT.Km": "0.3 µM", "kidney.NAMPT.Km": 0.25},
    "switches": {"red_cells.NA": "plasma"}, "body": "nad", "outputs": ["plasma_nam", "urine_mna"],
    "peaks": ("plasma_nam",), "times": np.array([0.0, 0.1, 24.0]), "days": 1.5, "uncertainty": False, "spread": True,
    "group": 2, "posterior": None, "rtol": 1e-5,
}  # fmt: skip
SMALL: dict[str, Any] = {"version": 1, "who": WHO}


@pytest.fixture(scope="module")
def run() -> nf.Run:
    return nf.simulate(WHO, PLAN, seed=2, people=np.array([5, 1]), outputs=["plasma_nam"], peaks=["plasma_nam"])


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario.of(WHO),
        Scenario.of("man, 45 y, sleeps 6 h, vegetarian", "16:8 eating window for 2 weeks + NR 500 mg oral daily", n=3),
        Scenario.of(nf.Person("man", 45.5, habits=("meals at 8:00, 13:00 and 19:00",))),
        Scenario.of(nf.Person("woman", 50, covariates={"bmi": 31.5})),
        Scenario.of(nf.Cohort(4, nf.Distribution(40, 3), covariates={"height": nf.Distribution(170, 5)})),
        Scenario.of(COHORT, PLAN, **EVERYTHING),
    ],
)
def test_json_reads_back_equal(scenario: Scenario) -> None:
    assert scenario_of(json.loads(json.dumps(document_of(scenario)))) == scenario


def test_python_and_document_name_the_same_fields() -> None:
    fields = {field.name for field in dataclasses.fields(Scenario)}
    assert ScenarioDocument.model_fields.keys() == fields | {"version"} == document_of(Scenario.of(WHO)).keys()
    least = scenario_of({**SMALL, "people": 1})
    assert least == Scenario(nf.Person("woman", 62.0, 70.0))
    assert scenario_of(SMALL) == Scenario.of(WHO)


def test_the_published_schema_is_current() -> None:
    """Write it anew with `python -c "from nadflux.simulation.scenario_schema import ...; print(schema_json())"`."""
    assert (ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8") == schema_json()


def test_the_record_holds_the_scenario_with_its_body_found(run: nf.Run) -> None:
    asked = Scenario.of(WHO, PLAN, seed=2, people=[5, 1], outputs=["plasma_nam"], peaks=["plasma_nam"])
    assert run.record["scenario"] == document_of(asked.changed(body="nad", rtol=PLANS["nad"]))
    assert scenario_of(run.record["scenario"]) == asked.changed(body="nad", rtol=PLANS["nad"])


def test_a_scenario_repeats_its_run_bit_for_bit(run: nf.Run) -> None:
    again = nf.simulate(scenario_of(run.record["scenario"]), threads=1)
    assert again.values.tobytes() == run.values.tobytes()
    assert again.peaks["plasma_nam"].tobytes() == run.peaks["plasma_nam"].tobytes()
    assert {**again.record} == {**run.record}


def test_a_file_of_it_runs_and_so_does_a_saved_run(run: nf.Run, tmp_path: Path) -> None:
    run.save(str(tmp_path / "run.zarr"))
    written, saved = tmp_path / "question.yaml", read_scenario(tmp_path / "run.zarr")
    written.write_text(yaml.safe_dump(document_of(saved)), encoding="utf-8")
    (tmp_path / "question.json").write_text(json.dumps(document_of(saved)), encoding="utf-8")
    assert read_scenario(written) == read_scenario(tmp_path / "question.json") == saved
    assert nf.simulate(saved).values.tobytes() == run.values.tobytes()


def test_an_interrupted_run_is_a_scenario_of_those_who_were_finished() -> None:
    def interrupt(fraction: float) -> None:
        if fraction > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(nf.SimulationInterruptedError) as caught:
        nf.simulate(WHO, PLAN, n=96, seed=1, outputs=["plasma_nam"], threads=1, progress=interrupt)
    kept = caught.value.run
    assert kept is not None and 0 < kept.persons < 96
    again = nf.simulate(scenario_of(kept.record["scenario"]))
    assert again.values.tobytes() == kept.values.tobytes()


def test_nothing_that_a_scenario_says_is_said_beside_it() -> None:
    scenario = Scenario.of(WHO, PLAN)
    with pytest.raises(ValueOutOfRangeError, match=r"seed is given beside a scenario.*scenario\.changed"):
        nf.simulate(scenario, seed=3)
    with pytest.raises(ValueOutOfRangeError, match="plan is given beside a scenario"):
        nf.simulate(scenario, PLAN)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"sed": 1}, SimulationError, r"sed = 1: unknown field; did you mean 'seed'\?"),
        ({"wherefore": 1}, SimulationError, r"wherefore = 1: unknown field; docs/scenario\.schema\.json"),
        ({"seed": "x"}, SimulationError, "seed = 'x': input should be a valid integer"),
        ({"people": 0}, SimulationError, "people = 0 will not do; give how many people, or the indices"),
        ({"people": [1, -2]}, SimulationError, r"people = \[1, -2\] will not do"),
        ({"who": 3}, SimulationError, "who = 3 will not do; give a sentence such as 'woman"),
        ({"who": {"sex": "woman"}}, SimulationError, r"who\.age = .*missing; add it"),
        ({"who": {"n": 3, "age": {"mean": 50}, "sd": 3}}, SimulationError, r"who\.sd = 3: unknown field"),
        ({"who": "woman"}, ValueOutOfRangeError, "gives no age"),
        ({"plan": "NR 500 mg orl"}, NadfluxError, "orl"),
        ({"settings": {"liver.NAMPT.Km": [1]}}, SimulationError, r"settings\.liver\.NAMPT\.Km = \[1\] will not do"),
        ({"times": [0, "a"]}, SimulationError, r"times\.1 = 'a'"),
        ({"body": "nadd"}, SimulationError, "body = 'nadd': input should be 'nad' or 'whole'"),
        ({"rtol": 2}, SimulationError, "rtol = 2"),
        ({"posterior": "in memory: fit"}, RecordMismatchError, "posterior = 'in memory: fit' was no file"),
        ({"version": 2}, RecordMismatchError, "version 2 of a scenario, nadflux reads 1; write 'version: 1'"),
        ({"version": True}, RecordMismatchError, "version True"),
    ],
)
def test_what_will_not_do_is_named_with_its_value_and_a_remedy(
    change: dict[str, Any], error: type[NadfluxError], says: str
) -> None:
    with pytest.raises(error, match=says):
        scenario_of({**SMALL, **change})


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("q.txt", "", r"name it \*\.yaml, \*\.yml, \*\.json, \*\.zarr"),
        ("q.yaml", "who: woman, 62 y", "must name version and who"),
        ("q.yaml", "a: [", "not valid YAML"),
        ("missing.zarr", None, "no run that nadflux saved"),
        ("missing.yaml", None, "cannot read"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, name: str, content: str | None, says: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(SimulationError, match=says):
        read_scenario(tmp_path / name)


def test_a_run_saved_without_a_scenario_says_so(run: nf.Run, tmp_path: Path) -> None:
    record = {name: value for name, value in run.record.items() if name != "scenario"}
    run.changed(record=record).save(str(tmp_path / "old.zarr"))
    with pytest.raises(RecordMismatchError, match="holds no scenario, an older version wrote it; simulate it again"):
        read_scenario(tmp_path / "old.zarr")


def test_an_unknown_name_in_a_scenario_is_told_when_it_runs() -> None:
    with pytest.raises(UnknownNameError, match="plasma_nam"):
        nf.simulate(scenario_of({**SMALL, "outputs": ["plasma_namm"], "body": "nad"}))
