from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from nadflux.errors import RecordMismatchError, UnknownNameError, ValueOutOfRangeError
from nadflux.inference.posterior_file import write_posterior
from nadflux.people import posterior
from nadflux.people.posterior import Posterior, model_hash

NAMES = ("liver.NAMPT.Km", "all.NAD.Kd")
UNITS = {"liver.NAMPT.Km": "uM", "all.NAD.Kd": "uM", "other": "h"}
VALUES = np.exp(np.random.default_rng(0).standard_normal((50, 2)))


@dataclass(frozen=True)
class Row:
    key: str = "liver.NAMPT.Km"
    value: float = 0.1
    unit: str = "uM"
    low: float = 0.01
    high: float = 0.9
    distribution: str = "loguniform"
    between_cv: float = 0.0
    note: str = ""


def _write(path: Path, **changes: Any) -> str:
    options = {"model_hash": "abc", "record": {"seed": 3, "studies": ["Conze2019"]}, **changes}
    return write_posterior(path, NAMES, ("uM", "uM"), VALUES, **options)


def test_round_trip(tmp_path: Path) -> None:
    version = _write(tmp_path / "p.zarr")
    read = Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)
    assert (read.version, read.names, read.units) == (version, NAMES, ("uM", "uM"))
    assert read.record == {"seed": 3, "studies": ["Conze2019"]}
    np.testing.assert_array_equal(read.values, VALUES.astype("float32").astype(float))


def test_zarr_reads_the_same_numbers(tmp_path: Path) -> None:
    _write(tmp_path / "p.zarr")
    group = zarr.open_group(str(tmp_path / "p.zarr"), mode="r")
    read = Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)
    np.testing.assert_array_equal(np.asarray(group["values"]), read.values)
    assert group.attrs["names"] == list(NAMES)


@pytest.mark.parametrize(
    ("hash_", "units", "words"),
    [
        ("abd", UNITS, "fitted with model abc"),
        ("abc", {"all.NAD.Kd": "uM"}, "'liver.NAMPT.Km' is not in the loaded tables"),
        ("abc", {**UNITS, "all.NAD.Kd": "mM"}, "is in 'uM', the table has 'mM'"),
    ],
)
def test_another_model_is_refused(tmp_path: Path, hash_: str, units: dict[str, str], words: str) -> None:
    _write(tmp_path / "p.zarr")
    with pytest.raises(RecordMismatchError, match=words):
        Posterior.read(tmp_path / "p.zarr", model_hash=hash_, units=units)


def test_a_file_from_before_the_model_was_carried_over_still_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [{"from": "first", "to": "second"}, {"from": "second", "to": "third"}, {"from": "x", "to": "y"}]
    _write(tmp_path / "shipped.zarr", model_hash="third", record={"carried_over": steps})
    monkeypatch.setattr(posterior, "SHIPPED", tmp_path / "shipped.zarr")
    for held in ("first", "second"):
        _write(tmp_path / "p.zarr", model_hash=held)
        assert Posterior.read(tmp_path / "p.zarr", model_hash="third", units=UNITS).model_hash == "third"
    with pytest.raises(RecordMismatchError, match="fitted with model second"):
        Posterior.read(tmp_path / "p.zarr", model_hash="y", units=UNITS)


def test_another_schema_is_refused(tmp_path: Path) -> None:
    _write(tmp_path / "p.zarr")
    place = tmp_path / "p.zarr" / "zarr.json"
    content = json.loads(place.read_text())
    content["attributes"]["schema"] = 99
    place.write_text(json.dumps(content))
    with pytest.raises(RecordMismatchError, match="schema 99"):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)


def test_what_is_no_posterior_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordMismatchError, match="is missing"):
        Posterior.read(tmp_path / "nothing.zarr", model_hash="abc", units=UNITS)
    _write(tmp_path / "p.zarr")
    (tmp_path / "p.zarr" / "values" / "c" / "0" / "0").write_bytes(b"short")
    with pytest.raises(RecordMismatchError, match="no posterior file"):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)


def test_only_a_posterior_is_replaced(tmp_path: Path) -> None:
    _write(tmp_path / "p.zarr")
    _write(tmp_path / "p.zarr", model_hash="new")
    assert Posterior.read(tmp_path / "p.zarr", model_hash="new", units=UNITS).model_hash == "new"
    (tmp_path / "work.zarr").mkdir()
    (tmp_path / "work.zarr" / "thesis.txt").write_text("keep me")
    with pytest.raises(RecordMismatchError, match="no posterior"):
        _write(tmp_path / "work.zarr")
    assert (tmp_path / "work.zarr" / "thesis.txt").exists()


def test_bad_values_and_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueOutOfRangeError, match=r"end its name in \.zarr"):
        _write(tmp_path / "p.npz")
    with pytest.raises(ValueOutOfRangeError, match=r"all\.NAD\.Kd"):
        values = np.array([[1.0, np.nan]])
        write_posterior(tmp_path / "p.zarr", NAMES, ("uM", "uM"), values, model_hash="a", record={})
    with pytest.raises(ValueOutOfRangeError, match="1 names"):
        write_posterior(tmp_path / "p.zarr", NAMES[:1], ("uM",), VALUES, model_hash="a", record={})


def test_hash_follows_numbers_and_text_not_notes_or_order() -> None:
    first, second = Row(), Row(key="all.NAD.Kd", value=100.0)
    reference = model_hash("text", [first, second], {})
    assert model_hash("text", [second, replace(first, note="read again")], {}) == reference
    for change in ({"value": 0.2}, {"unit": "mM"}, {"low": 0.02}, {"high": 1.0}, {"between_cv": 0.1}):
        assert model_hash("text", [replace(first, **change), second], {}) != reference
    assert model_hash("other text", [first, second], {}) != reference
    assert model_hash("text", [first, second], {"red_cells.NA": "plasma"}) != reference


def test_samples_without_a_study_are_a_posterior_of_their_own(tmp_path: Path) -> None:
    record = {"studies": ["A", "B"], "left_out": {"A": {"measurement": {"x": [1, 2, 3]}}}}
    _write(tmp_path / "p.zarr", record=record, without={"A": VALUES[:7] + 1, "B": VALUES[:4] + 2})
    read = Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)
    without = read.without("A")
    np.testing.assert_allclose(without.values, VALUES[:7] + 1, rtol=1e-6)
    np.testing.assert_allclose(read.without("B").values, VALUES[:4] + 2, rtol=1e-6)
    assert without.record["studies"] == ["B"] and without.record["measurement"] == {"x": [1, 2, 3]}
    assert without.version != read.version
    with pytest.raises(UnknownNameError, match="left out"):
        read.without("C")


def test_samples_without_a_study_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueOutOfRangeError, match="without A"):
        _write(tmp_path / "p.zarr", without={"A": VALUES[:, :1]})
    _write(tmp_path / "p.zarr", without={"A": VALUES})
    (tmp_path / "p.zarr" / "without" / "zarr.json").unlink()
    with pytest.raises(RecordMismatchError, match="left out"):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)


@pytest.mark.parametrize(
    ("file", "path", "value", "says"),
    [
        ("zarr.json", ["attributes"], 3, r"zarr\.json\.attributes is 3, not a mapping; refit"),
        ("zarr.json", ["attributes", "schema"], True, "schema True"),
        ("zarr.json", ["attributes", "version"], None, "attributes.version is None, not a text"),
        ("zarr.json", ["attributes", "names", 0], 5, "attributes.names is"),
        ("zarr.json", ["attributes", "names", 0], "all.NAD.Kd", "1 names and 2 units"),
        ("zarr.json", ["attributes", "units"], ["uM"], "1 units for 2"),
        ("zarr.json", ["attributes", "record"], False, "attributes.record is False, not a mapping"),
        ("zarr.json", ["attributes", "record", "studies"], "Conze2019", "record.studies is 'Conze2019', not a list"),
        ("zarr.json", ["attributes", "record", "parameters"], "[1]", "record.parameters is"),
        ("zarr.json", ["attributes", "record", "parameters"], {"x": {"shrinkage": "a"}}, "x.shrinkage is 'a'"),
        ("zarr.json", ["attributes", "record", "rows"], ["a"], "record.rows is"),
        ("zarr.json", ["attributes", "record", "rows"], [{"row": {}, "kind": "value"}], r"rows\[0\].row is {}"),
        ("zarr.json", ["attributes", "record", "rows"], [{"row": "r", "kind": "k", "ways": 1}], r"rows\[0\].ways is 1"),
        ("zarr.json", ["attributes", "record", "left_out"], {"S": 1}, "left_out.S is 1"),
        ("zarr.json", ["attributes", "record", "measurement"], {"S": [1]}, "not a list of 3 finite numbers"),
        (
            "zarr.json",
            ["attributes", "record", "unexplained"],
            {"sd": {"a": "b"}, "pairs": {}},
            "unexplained.sd.a is 'b'",
        ),
        (
            "zarr.json",
            ["attributes", "record", "unexplained"],
            {"sd": {"a": -1}, "pairs": {}},
            "a is -1, not at least 0",
        ),
        ("zarr.json", ["attributes", "record", "unexplained"], {"sd": {}}, "unexplained.pairs"),
        ("zarr.json", ["attributes", "without"], {"S": "a"}, "without.S is 'a', not a number of draws"),
        ("values/zarr.json", ["shape"], [50, "2"], "values/zarr.json.shape is"),
        ("values/zarr.json", ["shape"], [10**12, 2], "at most"),
        ("values/zarr.json", ["data_type"], "int8", "data_type is 'int8', not one of float32, float64"),
        ("values/zarr.json", ["data_type"], "float64", "400 bytes, not 50 x 2 values of float64"),
        ("values/zarr.json", ["codecs"], None, "codecs is None"),
        ("values/zarr.json", ["codecs", 0, "name"], "zstd", "the values are compressed"),
        ("values/zarr.json", ["codecs", 0, "configuration"], {"endian": "big"}, "not little-endian"),
        ("values/zarr.json", ["chunk_grid", "configuration", "chunk_shape"], [25, 2], "not one chunk of"),
    ],
)
def test_a_field_that_does_not_fit_is_named(tmp_path: Path, file: str, path: list[Any], value: Any, says: str) -> None:
    _write(tmp_path / "p.zarr")
    place = tmp_path / "p.zarr" / file
    content = json.loads(place.read_text())
    parent = content
    for part in path[:-1]:
        parent = parent[part]
    parent[path[-1]] = value
    place.write_text(json.dumps(content))
    with pytest.raises(RecordMismatchError, match=says):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)


@pytest.mark.parametrize("text", ["", "[]", "null", "3", "{", "[" * 100_000])
@pytest.mark.parametrize("file", ["zarr.json", "values/zarr.json"])
def test_files_that_hold_no_fields_are_refused(tmp_path: Path, file: str, text: str) -> None:
    _write(tmp_path / "p.zarr")
    (tmp_path / "p.zarr" / file).write_text(text)
    with pytest.raises(RecordMismatchError, match="is no posterior file of nadflux"):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)


def test_draws_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    _write(tmp_path / "p.zarr")
    values = VALUES.astype("<f4")
    values[3, 1] = np.nan
    (tmp_path / "p.zarr" / "values" / "c" / "0" / "0").write_bytes(values.tobytes())
    _without_digests(tmp_path / "p.zarr")
    with pytest.raises(RecordMismatchError, match=r"draws of 'all\.NAD\.Kd' are not finite"):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(RecordMismatchError, match="posterior -1 is no path"):
        Posterior.read(-1, model_hash="abc", units=UNITS)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["values", "without"])
def test_draws_that_were_changed_are_refused(tmp_path: Path, name: str) -> None:
    _write(tmp_path / "p.zarr", without={"S": VALUES[:4]})
    file = tmp_path / "p.zarr" / name / "c" / "0" / "0"
    raw = bytearray(file.read_bytes())
    raw[0] ^= 1
    file.write_bytes(raw)
    with pytest.raises(RecordMismatchError, match=rf"{name}/c/0/0 was changed since it was written.*refit"):
        Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS)
    _without_digests(tmp_path / "p.zarr")
    assert Posterior.read(tmp_path / "p.zarr", model_hash="abc", units=UNITS).names == NAMES


def _without_digests(path: Path) -> None:
    """As a former version wrote it."""
    root = json.loads((path / "zarr.json").read_text())
    root["attributes"].pop("digests")
    (path / "zarr.json").write_text(json.dumps(root))
