"""Which inputs decide initiation and which completion."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import StudyError, UnknownNameError
from nadflux.inference.cell_sensitivity import cell_sensitivity

pytest.importorskip("SALib")


def test_what_acts_behind_sealing_decides_completion_not_initiation() -> None:
    found = cell_sensitivity("liver", base=128, seed=2)
    totals = {output: dict(zip(i.names, i.total, strict=True)) for output, i in found.indices.items()}
    assert totals["J_init"]["medium.insulin.supplied"] > 0.2
    assert totals["J_init"]["medium.AA.supplied"] + totals["J_init"]["medium.LEU.supplied"] > 0.2
    assert totals["J_init"]["conjugation.activity"] < 0.05
    assert totals["J_deg"]["conjugation.activity"] > 2 * totals["J_init"]["conjugation.activity"]
    assert totals["J_deg"]["SIRT1.expression"] > 2 * totals["J_init"]["SIRT1.expression"]
    assert all(i.failed == 0 for i in found.indices.values())


def test_the_same_seed_gives_the_same_indices() -> None:
    first, again = (cell_sensitivity("liver", outputs=("J_deg",), base=16, seed=3) for _ in range(2))
    assert list(first.indices["J_deg"].total) == list(again.indices["J_deg"].total)


def test_bad_ranges_and_outputs_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ranges.yaml"
    file.write_text("hours: 1\noutputs: [J_deg]\ninputs: {nutrients: {range: [1, 0.5], says: fuel}}\n")
    with pytest.raises(StudyError, match="increasing"):
        cell_sensitivity("liver", base=8, file=file)
    with pytest.raises(UnknownNameError, match="J_deg"):
        cell_sensitivity("liver", outputs=("J_dge",), base=8)
