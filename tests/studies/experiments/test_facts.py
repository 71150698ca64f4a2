"""Facts: measures, verdicts, and that those in reach are shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from nadflux.errors import StudyError, UnknownNameError
from nadflux.simulation.experiments.cell_experiment import CellRun
from nadflux.studies.experiments.cell_endpoints import measure
from nadflux.studies.experiments.facts import MISSED, OUT_OF_SCOPE, SHOWN, check_facts, read_facts


def known_run(name: str) -> CellRun:
    times = np.linspace(0.0, 4.0, 401)
    values = {"falling": np.exp(-times)[None, :], "line": (1 + 2 * times)[None, :] * (2.0 if name == "b" else 1.0)}
    return CellRun("liver", "rat", times, {}, values)


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"at": ["a", "line", 1.5]}, 4.0),
        ({"slope": ["a", "line", 0, 2]}, 2.0),
        ({"mean": ["a", "line", 0, 2]}, 3.0),
        ({"lowest": ["a", "line", 1, 2]}, 3.0),
        ({"straight": ["a", "line", 0, 4]}, 1.0),
        ({"halfway": ["a", "line", 0, 4]}, 2.0),
        ({"line": [["a", "b"], "line", "line", 1, "r2"]}, 1.0),
        ({"steepest": [["a", "b"], "line", "line", 1]}, 1.0),
    ],
)
def test_measures(spec: dict, value: float) -> None:
    assert measure(spec, known_run) == pytest.approx(value, rel=1e-6)


def test_half_life_of_an_exponential_fall() -> None:
    assert measure({"clearance": ["a", "falling", 0, 4]}, known_run) == pytest.approx(np.log(2), rel=0.06)


@pytest.mark.parametrize("spec", [{"att": ["a", "line", 1]}, {"at": ["a"]}, {"at": [1], "slope": [2]}])
def test_bad_measures_are_refused(spec: dict) -> None:
    with pytest.raises((StudyError, UnknownNameError)):
        measure(spec, known_run)


def test_unknown_fact_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown fact"):
        check_facts(("99",))


def test_a_part_needs_a_tolerance_or_a_reason(tmp_path: Path) -> None:
    content = read_facts()
    del content["facts"][0]["parts"][0]["within"]
    file = tmp_path / "facts.yaml"
    file.write_text(yaml.safe_dump(content))
    with pytest.raises(StudyError, match="within"):
        read_facts(file)


def test_a_fact_is_missed_where_the_tolerance_excludes_it(tmp_path: Path) -> None:
    content = read_facts()
    content["facts"] = [f for f in content["facts"] if f["id"] == "1"]
    content["facts"][0]["parts"][0]["within"] = [100, 200]
    file = tmp_path / "facts.yaml"
    file.write_text(yaml.safe_dump(content))
    (fact,) = check_facts(file=file)
    assert fact.verdict == MISSED
    assert [part.verdict for part in fact.parts].count(MISSED) == 1


def test_all_facts_are_listed_and_none_is_silent() -> None:
    ids = [str(f["id"]) for f in read_facts()["facts"]]
    assert [str(k) for k in range(1, 37)] == [i for i in ids if not i.startswith("M")]
    assert [f"M{k}" for k in range(1, 13)] == [i for i in ids if i.startswith("M")]


@pytest.mark.parametrize(
    "name",
    ["1", "2", "3", "4", "6", "7", "8", "9", "10", "15", "16", "19", "22", "24", *(f"M{k}" for k in range(1, 13))],
)
def test_facts_that_the_mechanism_shows(name: str) -> None:
    (fact,) = check_facts((name,))
    missed = [(part.name, part.simulated, part.within) for part in fact.parts if part.verdict == MISSED]
    assert fact.verdict == SHOWN, missed


def test_refeeding_is_shown_and_rapamycin_goes_beyond_the_fast_in_a_persons_liver() -> None:
    """A person's liver keeps most mTORC1 over a day's fast, so that only the lower bound is asked of it."""
    (fact,) = check_facts(("5",))
    assert not [part.name for part in fact.parts if part.verdict == MISSED]
    (undone,) = (part for part in fact.parts if part.name == "person: liver: share undone by rapamycin")
    assert undone.simulated is not None
    assert undone.simulated > 1.2


@pytest.mark.parametrize("name", ["14", "32", "36"])
def test_facts_out_of_scope_say_so(name: str) -> None:
    (fact,) = check_facts((name,))
    assert fact.verdict == OUT_OF_SCOPE
    assert all(part.note for part in fact.parts)


def test_a_miss_says_what_is_thought_to_be_behind_it() -> None:
    parts = [(part.name, part.verdict, part.note) for fact in check_facts() for part in fact.parts]
    assert all(note for _, verdict, note in parts if verdict == MISSED)
    assert not any(note for _, verdict, note in parts if verdict == SHOWN)
    listed = [part["name"] for fact in read_facts()["facts"] for part in fact["parts"] if "why" in part]
    assert sorted(listed) == sorted(name for name, verdict, _ in parts if verdict == MISSED)


def test_draws_tell_structure_from_chosen_numbers() -> None:
    (first,), (again,) = (check_facts(("M3",), draws=16, seed=2) for _ in range(2))
    assert first == again
    shares = [part.share for part in first.parts]
    assert all(share is not None and 0.8 <= share <= 1.0 for share in shares)
    (plain,) = check_facts(("M3",))
    assert [part.share for part in plain.parts] == [None, None]
    assert [part.simulated for part in plain.parts] == [part.simulated for part in first.parts]
