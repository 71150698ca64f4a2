"""A run on disk is the run in memory: names and bits."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from nadflux.errors import NadfluxError, RecordMismatchError, SimulationError, UnknownNameError
from nadflux.notes import Note, NoteCode, read_notes
from nadflux.simulation import simulate
from nadflux.simulation.long_table import to_table
from nadflux.simulation.run import PersonFailure, Quantity, Run, joined
from nadflux.simulation.summary import significant, summarise


@pytest.fixture
def run() -> Run:
    """Two people, three times, two quantities; the second person failed after the first time."""
    values = np.array([[[30.0, 0.1], [31.0, np.pi], [45.0, 1e-310]], [[28.0, 0.2], [np.nan, np.nan], [np.nan, np.nan]]])
    return Run(
        values=values,
        times=np.array([0.0, 24.0, 48.0]),
        quantities=(
            Quantity("whole_blood_nad", "NAD+", "uM", "whole blood", "level", "derived"),
            Quantity("urine_mna", "MNA excretion", "umol/day", "urine", "flux", "measured"),
        ),
        record={"seed": 1, "text_hash": "abc", "plan": "NR chloride 500 mg oral"},
        failures=(PersonFailure(1, 3.5, "liver.NAD", "step too small"),),
        notes=(Note(NoteCode.NOT_SCREENED, "not screened"), Note(NoteCode.NO_KINETICS, "wide", "NMN topical")),
        peaks={"urine_mna": np.array([[3.2, 30.0], [np.nan, np.nan]])},
    )


def test_zarr_round_trip_keeps_names_and_bits(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "run.zarr")
    run.save(path)
    back = Run.load(path)
    assert back.values.tobytes() == run.values.tobytes()
    assert back.times.tobytes() == run.times.tobytes()
    assert back.quantities == run.quantities
    assert back.record == run.record
    assert back.failures == run.failures
    assert back.notes == run.notes
    assert back.peaks["urine_mna"].tobytes() == run.peaks["urine_mna"].tobytes()


def test_a_store_that_does_not_read_back_is_reported(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import xarray as xr

    whole = xr.Dataset.to_zarr

    def lossy(self: xr.Dataset, *args: object, **kwargs: object) -> object:
        return whole(self.drop_vars("urine_mna"), *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(xr.Dataset, "to_zarr", lossy)
    with pytest.raises(SimulationError, match="urine_mna"):
        run.save(str(tmp_path / "run.zarr"))


def test_a_run_replaces_a_store_and_nothing_else(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import xarray as xr

    other = tmp_path / "other.zarr"
    other.mkdir()
    (other / "notes.txt").write_text("precious")
    with pytest.raises(NadfluxError, match="would be lost"):
        run.save(str(other))
    assert (other / "notes.txt").read_text() == "precious"

    import zarr

    zarr.open_group(tmp_path / "fit.zarr", mode="w").attrs["model_hash"] = "0"
    with pytest.raises(SimulationError, match="something else than a run"):
        run.save(str(tmp_path / "fit.zarr"))

    def interrupted(self: xr.Dataset, *args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    run.save(str(tmp_path / "run.zarr"))
    run.save(str(tmp_path / "run.zarr"))
    monkeypatch.setattr(xr.Dataset, "to_zarr", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.save(str(tmp_path / "run.zarr"))
    assert Run.load(str(tmp_path / "run.zarr")).values.tobytes() == run.values.tobytes()


def test_long_tables_hold_every_number(run: Run, tmp_path: Path) -> None:
    import pandas as pd

    run.save(str(tmp_path / "run.csv"))
    run.save(str(tmp_path / "run.parquet"))
    for table in (pd.read_csv(tmp_path / "run.csv"), pd.read_parquet(tmp_path / "run.parquet")):
        assert len(table) == run.values.size
        row = table.query("person == 0 and time_h == 24 and quantity == 'urine_mna'").iloc[0]
        assert row["value"] == np.pi
        assert (row["unit"], row["matrix"], row["kind"]) == ("umol/day", "urine", "flux")


def test_notes_read_back_from_every_file_that_has_a_place_for_them(run: Run, tmp_path: Path) -> None:
    import pandas as pd

    run.save(str(tmp_path / "run.parquet"))
    about = pd.read_parquet(tmp_path / "run.parquet").attrs
    assert read_notes(about["notes"], about["note_codes"]) == run.notes
    data = run.data
    del data.attrs["note_codes"]
    data.to_zarr(tmp_path / "earlier.zarr", consolidated=False)
    earlier = Run.load(str(tmp_path / "earlier.zarr")).notes
    assert list(map(str, earlier)) == list(map(str, run.notes))
    assert {note.code for note in earlier} == {NoteCode.UNKNOWN}


@pytest.mark.parametrize("name", ["run.xls", "missing/run.zarr"])
def test_a_path_that_cannot_be_written_is_named(run: Run, tmp_path: Path, name: str) -> None:
    with pytest.raises(SimulationError, match=r"cannot write"):
        run.save(str(tmp_path / name))


def test_a_store_of_another_schema_is_refused(run: Run, tmp_path: Path) -> None:
    data = run.data.assign_attrs(schema=99)
    data.to_zarr(tmp_path / "old.zarr", consolidated=False)
    with pytest.raises(RecordMismatchError, match="99"):
        Run.load(str(tmp_path / "old.zarr"))


def test_dataset_says_what_each_variable_is(run: Run) -> None:
    variable = run.data["whole_blood_nad"]
    assert variable.dims == ("person", "time")
    assert variable.attrs == {
        "long_name": "NAD+", "units": "uM", "matrix": "whole blood", "kind": "level", "tier": "derived"
    }  # fmt: skip


def test_joined_runs_keep_whose_failure_it_was(run: Run) -> None:
    both = joined([run, run])
    assert both.persons == 4
    assert [failure.person for failure in both.failures] == [1, 3]
    assert both.peaks["urine_mna"].shape == (4, 2)


def test_summary_leaves_failed_people_out(run: Run) -> None:
    row = summarise(run, ["whole_blood_nad"])[0]
    assert row.persons == 1
    assert row.change_percent[0] == pytest.approx(50.0)
    assert "not screened" in str(run)


def test_the_end_of_a_flux_is_the_mean_of_its_last_day() -> None:
    quantities = tuple(Quantity(kind, kind, "1", "urine", kind, "derived") for kind in ("level", "flux"))
    course = np.array([1.0, 1.0, 9.0, 5.0])
    run = Run(np.stack([course, course], axis=-1)[None], np.array([0.0, 24.0, 36.0, 48.0]), quantities, {})
    level, flux = summarise(run)
    assert level.end[0] == 5.0
    assert flux.end[0] == pytest.approx((5.0 + 7.0) / 2)


def test_an_unknown_quantity_raises_with_the_nearest(run: Run) -> None:
    with pytest.raises(UnknownNameError, match="whole_blood_nad"):
        run["whole_blod_nad"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (1234.5, "1234"), (0.01234, "0.0123"), (2.5e-7, "2.50e-07"), (np.nan, "–")],
)
def test_significant_digits(value: float, shown: str) -> None:
    assert significant(value) == shown


def test_every_file_says_the_kind_of_a_number(tmp_path: Path) -> None:
    import pandas as pd
    import pyarrow.parquet as parquet

    run = simulate("woman, 62 y, 70 kg", "NR 500 mg oral once", n=2, peaks=("plasma_mna",), days=1)
    kinds = {quantity.id: quantity.kind for quantity in run.quantities}
    assert {"level", "flux"} <= set(kinds.values())
    assert all(run.data[name].attrs["kind"] == kind for name, kind in kinds.items())
    assert run.data["plasma_mna_peak"].attrs["kind"] == "level"
    for ending in ("csv", "parquet"):
        run.save(str(tmp_path / f"run.{ending}"))
    table = pd.read_csv(tmp_path / "run.csv")
    assert dict(zip(table["quantity"], table["kind"], strict=True)) == kinds
    assert b'"urine_mna": "flux"' in parquet.read_metadata(tmp_path / "run.parquet").metadata[b"PANDAS_ATTRS"]


def test_usual_life_reads_back(tmp_path: Path) -> None:
    run = simulate("woman, 62 y, 70 kg", "NR 500 mg oral once", n=2, outputs=("plasma_mna", "urine_mna"), days=1)
    lived = run.changed(counterfactual=2.0 * run.values)
    lived.save(str(tmp_path / "run.zarr"))
    again = Run.load(str(tmp_path / "run.zarr"))
    assert again.counterfactual is not None and np.array_equal(again.counterfactual, lived.counterfactual)
    assert again.data["urine_mna_usual"].attrs["kind"] == "flux"
    assert np.array_equal(to_table(lived)["usual"], 2.0 * to_table(lived)["value"])
    assert "usual" not in to_table(run) and Run.load(str(tmp_path / "run.zarr")).without_plan.record["doses_h"] == []


def test_what_a_clinic_cannot_measure_reads_back(run: Run, tmp_path: Path) -> None:
    hidden = dataclasses.replace(run.quantities[0], clinic="not measurable")
    run.changed(quantities=(hidden, *run.quantities[1:])).save(str(tmp_path / "run.zarr"))
    assert [quantity.clinic for quantity in Run.load(str(tmp_path / "run.zarr")).quantities][:2] == [
        "not measurable",
        "",
    ]
