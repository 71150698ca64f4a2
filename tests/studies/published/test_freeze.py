"""The lock file: what is validation, and what ends it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nadflux.errors import RecordMismatchError
from nadflux.studies import parse_study, published_folder, read_studies
from nadflux.studies.published.freeze import LOCK, Frozen, Lock, freeze, lock_of, read_lock, standing
from nadflux.studies.published.schema import Study

NOW = Frozen("text", "tables", "draws")
TEXT = """\
id: {id}
citation: {{text: a test}}
population: {{n: 20}}
arms: [{{id: all, plan: none}}]
observations:
  - {{arm: all, observable: NAD+, matrix: whole blood, at: 0 h, kind: value, value: {value}, unit: µM, tier: read}}
use: {use}
"""


def _study(name: str, use: str = "validation", value: float = 30) -> Study:
    return parse_study(TEXT.format(id=name, use=use, value=value))


def test_a_study_is_validation_of_one_freeze_only(tmp_path: Path) -> None:
    place = tmp_path / LOCK
    first = freeze(place, [_study("Old", "calibration"), _study("New")], NOW, "2026-11-30")
    assert (set(first.validation), dict(first.seen)) == ({"New"}, {"Old": "2026-11-30"})
    assert read_lock(place) == first
    second = freeze(place, [_study("New"), _study("Newer")], NOW, "2026-12-24")
    assert set(second.validation) == {"Newer"}
    assert dict(second.seen) == {"New": "2026-11-30", "Old": "2026-11-30"}
    assert second.why_not(_study("New"), NOW) == "seen before the freeze of 2026-12-24 (since 2026-11-30)"


def test_a_study_under_another_name_is_the_same_study(tmp_path: Path) -> None:
    shipped = next(study for study in read_studies(published_folder()) if study.id == "Martens2018")
    copied = shipped.model_copy(update={"id": "New2027", "use": "validation"})
    lock = freeze(tmp_path / LOCK, [copied, _study("New")], NOW, "2026-11-30", [shipped])
    assert "New2027" in lock.seen and "New2027" not in lock.validation


@pytest.mark.parametrize(
    ("study", "now", "said"),
    [
        (_study("New"), NOW, ""),
        (_study("New", value=31), NOW, "its file was changed"),
        (_study("Other"), NOW, "does not list it"),
        (_study("New"), replace(NOW, text="x"), "equations"),
        (_study("New"), replace(NOW, tables="x"), "numbers of the tables"),
        (_study("New"), replace(NOW, posterior="x"), "posterior"),
        (_study("New", "calibration"), NOW, ""),
    ],
)
def test_any_change_after_the_freeze_ends_the_validation(tmp_path: Path, study: Study, now: Frozen, said: str) -> None:
    lock = freeze(tmp_path / LOCK, [_study("New")], NOW, "2026-11-30")
    found = standing(lock, now)(study)
    assert said in found and bool(found) is bool(said)
    assert not found or found.startswith("seen before the freeze")


def test_without_a_lock_file_nothing_is_validation(tmp_path: Path) -> None:
    assert read_lock(tmp_path / LOCK) is None
    assert standing(None, NOW)(_study("New")) == "seen before the freeze: there is no lock file"
    assert lock_of(tmp_path / "one.yaml") == lock_of(tmp_path) == tmp_path / LOCK


@pytest.mark.parametrize("text", ["{", "[]", '{"date": "2026-11-30"}', '{"date": 3, "frozen": {}}'])
def test_a_file_that_is_no_lock_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(RecordMismatchError, match=r"frozen\.json"):
        read_lock(tmp_path / LOCK)


def test_every_shipped_study_is_listed_or_seen() -> None:
    lock = read_lock(lock_of(published_folder()))
    assert isinstance(lock, Lock)
    known = {*lock.validation, *lock.seen}
    assert [study.id for study in read_studies(published_folder()) if study.id not in known] == []


def test_the_hashes_follow_numbers_of_the_measurement_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from nadflux.studies.published import freeze as module

    before = Frozen.of(None)
    read = module.read_measurement
    kept = replace(read(), table=replace(read().table, rows=read().table.rows[1:]))
    monkeypatch.setattr(module, "read_measurement", lambda: kept)
    after = Frozen.of(None)
    assert (after.text, after.posterior) == (before.text, "none") and after.tables != before.tables
