"""Values of people in pieces: the same bits in memory and in files, and nothing left behind."""

from __future__ import annotations

import gc
import pickle
from pathlib import Path

import numpy as np
import pytest

import nadflux as nf
from nadflux.simulation import pieces as module
from nadflux.simulation.long_table import to_table
from nadflux.simulation.pieces import Folder, Pieces, Spilled
from nadflux.simulation.run import Run, joined
from nadflux.simulation.storage import RunFile

WHO, LIVED = "woman, 62 y, 70 kg, 168 cm", "fast 20 h"
VALUES = np.random.default_rng(1).normal(size=(5, 4, 3))


def spilled(folder: Folder) -> Pieces:
    return Pieces([Spilled(VALUES[:2], folder), Spilled(VALUES[2:], folder)])


def test_a_file_holds_the_bits_quantity_by_quantity() -> None:
    found = spilled(Folder())
    assert found.shape == (5, 4, 3)
    for quantity in range(3):
        assert found.column(quantity).tobytes() == np.ascontiguousarray(VALUES[:, :, quantity]).tobytes()
        assert found.between(1, 4).column(quantity).tobytes() == found.column(quantity)[1:4].tobytes()
    assert found.people(slice(1, 3)).tobytes() == np.moveaxis(VALUES[1:3], 1, 2).tobytes()
    assert found.whole().tobytes() == VALUES.tobytes()


def test_the_folder_goes_with_the_last_that_needs_it() -> None:
    folder = Folder()
    place, found = folder.path, spilled(folder)
    del folder
    gc.collect()
    assert len(list(place.iterdir())) == 2
    found.whole()  # from here on in memory
    gc.collect()
    assert not place.exists()


def test_a_pickle_holds_the_values_and_no_file() -> None:
    found = pickle.loads(pickle.dumps(spilled(Folder())))
    assert found.whole().tobytes() == VALUES.tobytes()


@pytest.fixture(scope="module")
def two() -> tuple[Run, Run]:
    """The same run held in memory and in files of two people each."""
    patch = pytest.MonkeyPatch()
    held = nf.simulate(WHO, LIVED, n=5, seed=1, outputs=["plasma_ketone", "urine_mna", "urine_mna_total"])
    patch.setattr("nadflux.simulation.forward.CHUNK", 2)
    patch.setattr("nadflux.simulation.collect.HELD", 0)
    filed = nf.simulate(WHO, LIVED, n=5, seed=1, outputs=["plasma_ketone", "urine_mna", "urine_mna_total"])
    patch.undo()
    return held, filed


def test_a_run_in_files_answers_like_one_in_memory(two: tuple[Run, Run]) -> None:
    held, filed = two
    assert all(isinstance(part, Spilled) for part in filed.pieces._parts)
    assert filed.persons == 5 and filed.lived
    for name in ("plasma_ketone", "urine_mna"):
        assert filed[name].tobytes() == np.ascontiguousarray(held[name]).tobytes()
        assert filed.without_plan[name].tobytes() == np.ascontiguousarray(held.without_plan[name]).tobytes()
    assert str(filed) == str(held) and filed.record == held.record and filed.failures == held.failures
    copy = pickle.loads(pickle.dumps(joined([filed])))
    assert (
        copy.values.tobytes() == held.values.tobytes()
        and copy.counterfactual.tobytes() == held.counterfactual.tobytes()
    )


@pytest.mark.parametrize("ending", ["csv", "parquet", "zarr"])
def test_files_of_both_are_the_same(
    two: tuple[Run, Run], tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, filed = two
    monkeypatch.setattr("nadflux.simulation.zarr_file.HELD_AT_ONCE", 1)
    for name, run in (("held", held), ("filed", filed)):
        run.save(str(tmp_path / f"{name}.{ending}"))
    if ending == "zarr":
        one, other = (Run.load(str(tmp_path / f"{name}.zarr")) for name in ("held", "filed"))
        assert one.values.tobytes() == other.values.tobytes() == held.values.tobytes()
        assert other.counterfactual is not None and other.counterfactual.tobytes() == held.counterfactual.tobytes()
    else:
        assert (tmp_path / f"held.{ending}").read_bytes() == (tmp_path / f"filed.{ending}").read_bytes()


@pytest.mark.parametrize("ending", ["csv", "parquet", "zarr"])
def test_a_file_that_grows_is_the_one_that_is_written_at_once(
    two: tuple[Run, Run], tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nadflux.simulation.zarr_file.HELD_AT_ONCE", 1)
    monkeypatch.setattr("nadflux.simulation.parquet_file.ROW_GROUP", 1)
    held, filed = two
    held.save(str(tmp_path / f"held.{ending}"))
    with RunFile(str(tmp_path / f"grown.{ending}"), 5) as file:
        for some in filed.apart(2):
            file.add(some)
        file.finish(filed)
    if ending == "zarr":
        one, other = (Run.load(str(tmp_path / f"{name}.zarr")) for name in ("held", "grown"))
        assert (
            one.values.tobytes() == other.values.tobytes()
            and one.counterfactual.tobytes() == other.counterfactual.tobytes()
        )
        assert one.record == other.record and one.notes == other.notes and one.failures == other.failures
    else:
        assert (tmp_path / f"held.{ending}").read_bytes() == (tmp_path / f"grown.{ending}").read_bytes()


def test_tables_are_written_as_pandas_writes_them(two: tuple[Run, Run], tmp_path: Path) -> None:
    import pandas as pd

    table = to_table(two[0])
    table.to_csv(tmp_path / "all.csv", index=False)
    table.to_parquet(tmp_path / "all.parquet", index=False)
    two[1].save(str(tmp_path / "run.csv"))
    two[1].save(str(tmp_path / "run.parquet"))
    assert (tmp_path / "run.csv").read_bytes() == (tmp_path / "all.csv").read_bytes()
    one, other = (pd.read_parquet(tmp_path / name) for name in ("all.parquet", "run.parquet"))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one.attrs == other.attrs == table.attrs


def test_a_run_within_what_is_held_makes_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda **_: pytest.fail("a folder was made"))
    assert nf.simulate(WHO, n=3, days=1, outputs=["plasma_nam"]).persons == 3
