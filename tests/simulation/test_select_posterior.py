from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nadflux.errors import RecordMismatchError
from nadflux.inference.posterior_file import write_posterior
from nadflux.network.assemble import assemble
from nadflux.shipped import BIOLOGY
from nadflux.simulation import prepare, select_posterior, simulate
from nadflux.simulation.select_posterior import find_posterior, hash_of

BODY = prepare().body
KEY = "red_cells.NAD.total"


def _write(path: Path, **changes: Any) -> Path:
    row = BODY.table.row(KEY)
    values = np.linspace(row.low, row.high, 20)[:, None] / 4.0
    options = {
        "model_hash": hash_of(BODY),
        "record": {"studies": ["Yang2022"], "parameters": {KEY: {"shrinkage": 0.4}}},
        **changes,
    }
    write_posterior(path, (KEY,), (row.unit,), values, **options)
    return path


def _level(posterior: Any) -> float:
    run = simulate("woman, 40 y", n=24, seed=1, days=1, outputs=["red_cell_nad"], posterior=posterior)
    return float(np.median(run["red_cell_nad"][:, 0]))


def test_a_run_draws_from_the_posterior_and_says_so(tmp_path: Path) -> None:
    path = _write(tmp_path / "p.zarr")
    assert _level(path) == pytest.approx(BODY.table.row(KEY).value / 4.0, rel=0.25)
    assert _level("none") == pytest.approx(BODY.table.row(KEY).value, rel=0.25)
    run = simulate("woman, 40 y", n=2, days=1, outputs=["red_cell_nad"], posterior=path)
    assert run.record["posterior"].startswith("fit-")
    assert any("Yang2022" in str(note) for note in run.notes)


def test_a_file_of_another_model_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "p.zarr", model_hash="0" * 64)
    with pytest.raises(RecordMismatchError, match="refit"):
        find_posterior(BODY, path)


def test_the_shipped_one_is_left_aside_where_the_model_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select_posterior, "SHIPPED", _write(tmp_path / "p.zarr", model_hash="0" * 64))
    found, note = find_posterior(BODY)
    assert found is None
    assert "other equations, numbers or switches" in str(note)
    monkeypatch.setattr(select_posterior, "SHIPPED", _write(tmp_path / "q.zarr"))
    found, note = find_posterior(BODY)
    assert found is not None and found.version in str(note)


@pytest.mark.parametrize("name", ["nad", "whole"])
def test_the_shipped_one_fits_the_present_model(name: str) -> None:
    body = prepare(body=name).body
    found, note = find_posterior(body)
    assert found is not None and found.model_hash == hash_of(body) == hash_of(BODY)
    assert "are drawn from posterior" in str(note)
    for step in found.record.get("carried_over", ()):
        assert step.keys() == {"commit", "from", "to", "test"}


def test_an_edit_of_the_text_that_changes_no_equation_keeps_the_posterior(tmp_path: Path) -> None:
    folder = tmp_path / "biology"
    shutil.copytree(BIOLOGY, folder, ignore=shutil.ignore_patterns("posterior"))
    file = folder / "cell" / "nad.ant"
    text = file.read_text()
    law = "residual: NAD => NAM; residual__V * NAD__free"
    assert law in text
    file.write_text(f"// A remark.\n{text}")
    remarked = assemble(folder)
    assert remarked.text_hash != BODY.text_hash and hash_of(remarked) == hash_of(BODY)
    file.write_text(text.replace(law, f"{law} * NAD__free / NAD__Kd"))
    assert hash_of(assemble(folder)) != hash_of(BODY)


def test_switches_are_another_model() -> None:
    assert hash_of(prepare({"red_cells.NA": "plasma"}).body) != hash_of(BODY)


def test_only_what_data_narrowed_is_of_tier_fitted(tmp_path: Path) -> None:
    found, _ = find_posterior(BODY, _write(tmp_path / "p.zarr"))
    assert found is not None and found.fitted == {KEY}
    record = {"parameters": {KEY: {"shrinkage": 0.01}}}
    found, _ = find_posterior(BODY, _write(tmp_path / "p.zarr", record=record))
    assert found is not None and not found.fitted
