"""NAD+ of mitochondria and NADP(H)."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench


def test_mitochondria_hold_their_share(bench: Bench) -> None:
    run = bench.run(bench.typical(), [], [0.0])
    share = {
        o: run[f"{o}__NAD_mito"][0, 0] / (run[f"{o}__NAD"] + run[f"{o}__NAD_mito"])[0, 0] for o in ("heart", "brain")
    }
    assert 0.6 <= share["heart"] <= 0.8
    assert 0.5 <= share["brain"] <= 0.75
    assert "red_cells__NAD_mito" not in bench.body.model.species


def test_mitochondria_keep_their_nad_when_damage_empties_the_nucleus(bench: Bench) -> None:
    """10.1016/j.cell.2007.07.035: genotoxic stress over some hours."""
    run = bench.run(bench.typical(muscle__PARP__activity=200.0), [], [0.0, 3.0])
    assert run["muscle__NAD"][0, 1] < 0.5 * run["muscle__NAD"][0, 0]
    assert run["muscle__NAD_mito"][0, 1] > 0.85 * run["muscle__NAD_mito"][0, 0]


def test_without_the_carrier_mitochondria_run_empty_and_the_cell_does_not(bench: Bench) -> None:
    """Compare with doi:10.1038/s41586-020-2741-7."""
    run = bench.run(bench.typical(liver__SLC25A51__activity=0.02), [], [0.0, 24.0 * 7])
    assert run["liver__NAD_mito"][0, 1] < 0.5 * run["liver__NAD_mito"][0, 0]
    assert run["liver__NAD"][0, 1] > 0.9 * run["liver__NAD"][0, 0]


def test_free_nad_of_the_matrix_is_that_of_the_table(bench: Bench) -> None:
    values = bench.values(bench.people(32, seed=4))
    for organ in ("liver", "muscle", "brain", "platelets"):
        assert values[f"{organ}__NAD_mito__free"] == pytest.approx(values[f"{organ}__NAD_mito__free_rest"], rel=1e-9)


def test_matrix_of_nobody_holds_less_than_is_free_in_it(bench: Bench) -> None:
    """Blood cells hold less in all than is free in cultured cells; else a drained pool would fall below nothing."""
    values = bench.values(bench.possible(512, seed=2))
    for organ in ("liver", "muscle", "platelets", "immune_cells"):
        assert np.all(values[f"{organ}__NAD_mito__sites"] > 0)
    people = bench.possible(256, seed=2)
    run = bench.run(bench._changed(people, {"drugs__FK866": 0.01}), [], [0.0, 24.0 * 60])
    for organ in ("platelets", "immune_cells", "brain"):
        assert np.all(run[f"{organ}__NAD_mito"] > 0)


def test_nadp_follows_nad_later_and_less(bench: Bench) -> None:
    times = np.arange(0.0, 24.0 * 21, 1.0).tolist()
    run = bench.run(bench.typical(liver__NAMPT__activity=6.0), [], times)
    nad, nadp = (run[f"liver__{s}"][0] / run[f"liver__{s}"][0, 0] for s in ("NAD", "NADP"))
    assert 1.0 < nadp[-1] < nad[-1]
    half = [np.argmax(rise > 1 + (rise[-1] - 1) / 2) for rise in (nad, nadp)]
    assert half[1] > half[0]
