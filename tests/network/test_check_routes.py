"""Wrong targets of routes.csv are refused on loading, with file, line and nearest name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.network.assemble import assemble
from nadflux.shipped import BIOLOGY


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("gut_lumen.NMN,", "gut_lumen.NMNN,", r"routes.csv line 3: NMN oral \(bolus\).*no species.*'gut_lumen.NMN'"),
        ("plasma.infusion.NAD,", "plasma.infusion.NADH,", r"NAD\+ IV \(infusion\).*no input.*'plasma.infusion.NAD'"),
        ("diet.offered,", "gut_lumen.NA,", r"diet food \(diet\) enters at 'gut_lumen.NA', which is no input"),
    ],
)
def test_a_target_that_does_not_exist(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    folder = tmp_path / "biology"
    shutil.copytree(BIOLOGY, folder)
    table = folder / "routes.csv"
    text = table.read_text(encoding="utf-8")
    assert right in text
    table.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(TableError, match=says):
        assemble(folder)
