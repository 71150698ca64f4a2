"""The figure of Sobol indices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nadflux.faces.cli.app import main
from nadflux.faces.plot.indices import draw_indices, shares_of
from nadflux.inference.sobol import Indices


def indices() -> Indices:
    return Indices(
        ("small", "large", "unsettled"),
        np.array([0.1, 0.6, 0.2]), np.array([0.02, 0.03, 0.2]), np.array([0.1, 0.7, 0.3]), np.array([0.01, 0.05, 0.3]),
        0.95, 1.0, 100, 0,
    )  # fmt: skip


def test_inputs_stand_by_falling_total_index_with_their_bars() -> None:
    shares = shares_of(indices(), ("a", "b", "c"))
    assert [share.label for share in shares] == ["b", "c", "a"]
    axis = draw_indices([("an output", shares)], most=2).axes[0]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["b", "c"]
    totals = [line.get_xdata()[0] for line in axis.lines if len(line.get_xdata()) == 1][::2]
    assert totals == [0.7, 0.3]
    colours = {
        line.get_color() for line in axis.lines if len(line.get_xdata()) == 1 and line.get_xdata()[0] in (0.7, 0.3)
    }
    assert len(colours) == 2  # what is not settled looks otherwise


def test_the_cell_command_draws_what_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "decides.png"
    with pytest.raises(SystemExit) as end:
        main(["cell", "--decides", "--base", "16", "--plot", str(picture)])
    assert not end.value.code and picture.stat().st_size > 10_000
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main(["cell", "--plot", str(picture)])
    assert end.value.code == 2 and "--decides" in capsys.readouterr().err
