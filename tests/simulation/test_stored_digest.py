"""A stored run of which a file is missing or was changed is refused; older ones without digests are read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nadflux.errors import RecordMismatchError
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.stored_digest import DIGESTS

PEOPLE = 300


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    generator = np.random.default_rng(1)
    values = generator.normal(size=(PEOPLE, 50, 2))
    values[3:90, :, 1] = np.nan  # people who failed
    run = Run(
        values=values,
        times=np.arange(50.0),
        quantities=(
            Quantity("whole_blood_nad", "NAD+", "uM", "whole blood", "level", "derived"),
            Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "measured"),
        ),
        record={"seed": 1},
        peaks={"urine_mna": generator.normal(size=(PEOPLE, 2))},
        counterfactual=generator.normal(size=(PEOPLE, 50, 2)),
    )
    place = tmp_path / "run.zarr"
    run.save(str(place))
    assert Run.load(str(place)).values.tobytes() == values.tobytes()
    return place


def chunks(place: Path, name: str) -> list[Path]:
    return sorted(path for path in (place / name / "c").rglob("*") if path.is_file())


def turned(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name", ["whole_blood_nad", "urine_mna", "urine_mna_peak", "urine_mna_usual", "time", "person"]
)
@pytest.mark.parametrize("damage", [Path.unlink, turned])
def test_file_of_numbers_that_is_gone_or_changed(stored: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(chunks(stored, name)[0])
    with pytest.raises(RecordMismatchError, match=r"run\.zarr.*simulate it again"):
        Run.load(str(stored))


def test_missing_file_is_named(stored: Path) -> None:
    chunks(stored, "whole_blood_nad")[0].unlink()
    with pytest.raises(RecordMismatchError, match=r"run\.zarr/whole_blood_nad does not hold the numbers"):
        Run.load(str(stored))


def test_missing_array_that_a_run_may_lack(stored: Path) -> None:
    shutil.rmtree(stored / "urine_mna_usual")
    with pytest.raises(RecordMismatchError, match=r"urine_mna_usual is missing, although it was saved"):
        Run.load(str(stored))


def change(place: Path, digests: object) -> None:
    root = json.loads((place / "zarr.json").read_text(encoding="utf-8"))
    root["attributes"].pop(DIGESTS)
    if digests is not None:
        root["attributes"][DIGESTS] = digests
    (place / "zarr.json").write_text(json.dumps(root), encoding="utf-8")


def test_run_of_a_former_version_is_read(stored: Path) -> None:
    change(stored, None)
    assert Run.load(str(stored)).persons == PEOPLE


@pytest.mark.parametrize("digests", [3, "", "[]", "[" * 100_000, '{"a": 1}', {"a": "b"}])
def test_damaged_digests(stored: Path, digests: object) -> None:
    change(stored, digests)
    with pytest.raises(RecordMismatchError, match=r"attributes\.digests is no mapping of texts"):
        Run.load(str(stored))


def test_store_that_was_divided_anew_is_read(stored: Path, tmp_path: Path) -> None:
    import xarray as xr

    other = tmp_path / "other.zarr"
    with xr.open_zarr(stored, consolidated=False) as data:
        for variable in data.variables.values():
            variable.encoding.clear()
        chunks = {"encoding": {"whole_blood_nad": {"chunks": (7, 9)}}}
        data.load().to_zarr(other, consolidated=False, **chunks)
    assert Run.load(str(other)).values.tobytes() == Run.load(str(stored)).values.tobytes()
