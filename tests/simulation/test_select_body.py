"""Which body a question gets, and that a fit of the NAD body serves the whole one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nadflux.errors import UnknownNameError
from nadflux.inference.posterior_file import write_posterior
from nadflux.kernel import cache as store
from nadflux.simulation import compiled, prepare, simulate
from nadflux.simulation.compiled import names_of
from nadflux.simulation.select_body import prepare_for
from nadflux.simulation.select_posterior import find_posterior, hash_of

ME = "woman, 40 y, 65 kg, 168 cm"
HEALTHY = "woman, 28 y, 62.0928 kg, 168 cm"  # body mass index 22


def test_the_smallest_body_that_has_all_is_chosen() -> None:
    assert prepare_for(None, outputs=["whole_blood_nad"]).body.name == "nad"
    assert prepare_for(None, outputs=["liver_J_deg"]).body.name == "whole"
    assert prepare_for(None, settings=["liver.ATP.rest"]).body.name == "whole"
    assert prepare_for(None, settings=["all.NAMPT.Km"]).body.name == "nad"
    assert prepare_for(None, switches={"AMPK_ULK1": "activates"}).body.name == "whole"
    assert prepare_for("whole").body.name == "whole"


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="liver_J_deg"):
        simulate(ME, n=1, outputs=["liver_J_degg"])
    with pytest.raises(UnknownNameError, match="whole"):
        simulate(ME, n=1, body="wholee")


def test_a_posterior_of_the_nad_body_serves_the_whole_one(tmp_path: Path) -> None:
    whole, nad = prepare(body="whole").body, prepare().body
    assert hash_of(whole) == hash_of(nad) and whole.text_hash != nad.text_hash
    row = nad.table.row("red_cells.NAD.total")
    file = tmp_path / "p.zarr"
    write_posterior(file, (row.key,), (row.unit,), np.full((4, 1), row.value), model_hash=hash_of(nad), record={})
    assert find_posterior(whole, file)[0] is not None


def test_nad_of_the_healthy_reference_is_the_same_in_both_bodies() -> None:
    runs = [
        simulate(
            HEALTHY, n=4, days=1, outputs=["whole_blood_nad", "liver_nad"], body=body, spread=False, uncertainty=False
        )
        for body in ("nad", "whole")
    ]
    assert np.allclose(runs[0].values, runs[1].values, rtol=1e-6)


def test_nad_of_a_person_is_nearly_the_same_in_both_bodies() -> None:
    runs = [simulate(ME, n=8, days=1, outputs=["whole_blood_nad", "liver_nad"], body=body) for body in ("nad", "whole")]
    assert np.allclose(runs[0].values, runs[1].values, rtol=0.02)  # insulin of the whole body reaches NAMPT
    assert [run.record["body"] for run in runs] == ["nad", "whole"]


def test_what_is_kept_has_no_influence_on_its_bits() -> None:
    plan = "NR chloride 500 mg oral daily for 2 days"
    one = simulate(ME, plan, n=3, outputs=["liver_J_deg"])
    more = simulate(ME, plan, n=3, outputs=["plasma_nam", "liver_J_deg", "muscle_LC3_II"])
    assert np.array_equal(one["liver_J_deg"], more["liver_J_deg"])
    assert one.record["balance"]["NAD"] < 1e-6


def test_names_are_read_of_the_body_where_those_stored_are_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path))
    compiled._names.cache_clear()
    first = names_of()
    (stored,) = tmp_path.glob("*.names")
    store.write(stored.name, b"no names")
    compiled._names.cache_clear()
    assert names_of() == first and "liver.NAD" in first.targets and "whole_blood_nad" in first.outputs
    compiled._names.cache_clear()
