"""Study files with mistakes: file, line, field and remedy in every message."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import StudyError
from nadflux.studies import parse_study, read_studies

GOOD = """\
id: Example2020
citation: {doi: 10.1000/example}
population: {n: 20, age: {mean: 50, sd: 8}}
arms:
  - {id: NR, plan: NR chloride 500 mg oral daily for 4 weeks}
  - {id: placebo, plan: none}
observations:
  - arm: NR
    observable: NAD+
    matrix: whole blood
    at: 28 d
    kind: change
    from: baseline
    value: 40
    unit: "%"
    tier: read
use: validation
"""


def test_a_good_file_reads() -> None:
    study = parse_study(GOOD)
    row = study.observations[0]
    assert (study.id, row.value, row.reference, row.is_scored) == ("Example2020", 40.0, "baseline", True)
    assert study.people(row) == 10


MISTAKES = [
    ("tier: read", "tier: read\n    sd: 3\n    se: 1", 8, "observations[0]", "say the same"),
    ("tier: read", "tier: read\n    ci: [3, 1]", 8, "observations[0]", "is empty"),
    ("kind: change", "kind: change\n    window: 0 h to 4 h\n    of: tmax", 8, "observations[0]", "not defined"),
    ("kind: change", "kind: change\n    of: auc", 8, "observations[0]", "needs a window"),
    ("kind: change", "kind: correlation", 8, "observations[0]", "between -1 and 1"),
    ("tier: read", "tier: read\n    against: {observable: age}", 8, "observations[0]", "goes with kind correlation"),
    ("value: 40", "valu: 40", 14, "observations[0].valu", "did you mean 'value'"),
    ("    value: 40\n", "", 8, "observations[0].value", "is missing; add it"),
    ("kind: change", "kind: chnge", 12, "observations[0].kind", "not one of"),
    ("at: 28 d", "at: 28 µM", 11, "observations[0].at", "not a time"),
    ("at: 28 d", "at: -3 d", 11, "observations[0].at", "between 0 and 50 years"),
    ("kind: change", "kind: correlation\n    against: {observable: age}", 8, "observations[0]", "between -1 and 1"),
    ('unit: "%"', "unit: parsec/blorb", 15, "observations[0].unit", "unknown unit"),
    ("value: 40", "value: -120", 8, "observations[0]", "leaves nothing"),
    ("value: 40", "value: .nan", 14, "observations[0].value", "not a finite number"),
    ("value: 40", "value: yes", 14, "observations[0].value", "write a number"),
    ("value: 40", "value: up", 8, "observations[0]", "belongs to kind sign"),
    ("from: baseline", "from: placbo", 13, "observations[0].from", "neither baseline"),
    ("from: baseline", "from: NR", 13, "observations[0].from", "cannot be compared with itself"),
    ("    from: baseline\n", "", 8, "observations[0]", "needs from"),
    ("arm: NR\n", "arm: NMN\n", 8, "observations[0].arm", "unknown arm 'NMN'"),
    ("kind: change", "kind: peak", 8, "observations[0]", "needs a window"),
    ("tier: read", "tier: recalled\n    scored: true", 8, "observations[0]", "never scored"),
    ("tier: read", "tier: read\n    scored: false", 8, "observations[0]", "needs a reason"),
    ("id: placebo, plan: none", "id: NR, plan: none", 1, "study", "occurs twice"),
    ("plan: none", "note: nothing", 6, "arms[1]", "exactly one of plan and intervention"),
    ("use: validation", "use: both", 17, "use", "not one of"),
    ("use: validation", "use: validation\nuse: calibration", 18, "use", "given twice"),
    ("sd: 8", "sd: -8", 3, "population.age.sd", "greater than or equal to 0"),
    ("doi: 10.1000/example", "{}", 2, "", "must be a word"),
    ("{doi: 10.1000/example}", "{}", 2, "citation", "give doi"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "remedy"), MISTAKES, ids=[m[1][:30] for m in MISTAKES])
def test_a_mistake_is_named(old: str, new: str, line: int, field: str, remedy: str, tmp_path: Path) -> None:
    assert old in GOOD
    file = tmp_path / "bad.yaml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_studies(file)
    message = str(caught.value)
    assert f"bad.yaml:{line}: " in message, message
    assert f"{field}: " in message
    assert remedy in message


def test_all_mistakes_of_all_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        GOOD.replace("kind: change", "kind: no").replace("use: ", "use: x"), encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text("", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_studies(tmp_path)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert "b.yaml:1: the file is empty" in lines[2]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"at least one \.yaml file"):
        read_studies(tmp_path)


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="does not exist"):
        read_studies(tmp_path / "nothing")


def test_one_id_in_two_files_is_an_error(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(StudyError, match=r"b.yaml:1: id: study id 'Example2020' is in .*a.yaml too"):
        read_studies(tmp_path)


def test_text_that_is_no_yaml_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(StudyError, match="UTF-8"):
        read_studies(file)
    file.write_text("id: [unclosed\n", encoding="utf-8")
    with pytest.raises(StudyError, match="not valid YAML"):
        read_studies(file)
    file.write_text("id: &a [*a]\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"bad.yaml:1: "):
        read_studies(file)
    file.write_text("- a list\n", encoding="utf-8")
    with pytest.raises(StudyError, match="one mapping"):
        read_studies(file)
