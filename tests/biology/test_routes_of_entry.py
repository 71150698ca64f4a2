"""Needle, skin and tryptophan: what arrives, in which form, and that nothing is made or lost."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation import Run, simulate

MAN = "man, 42 y, 80 kg"


def _run(plan: str, **options: object) -> Run:
    return simulate(MAN, plan, n=1, times=(0.0, 1.0, 4.0, 24.0, 96.0), uncertainty=False, spread=False, **options)  # type: ignore[arg-type]


def _column(run: Run, name: str) -> np.ndarray:
    return run.values[0, :, [q.id for q in run.quantities].index(name)]


def _recovered(run: Run) -> float:
    """µmol in urine over rest."""
    found = 0.0
    for name in ("mna", "2py", "4py", "nua", "na", "nam", "nad"):
        found += _column(run, f"urine_{name}_total")[-1] - _column(run, f"urine_{name}")[0] * 4.0
    return found


@pytest.mark.parametrize("compound", ["NAD+", "NR chloride"])
@pytest.mark.parametrize("route", ["subcutaneous", "intramuscular"])
def test_an_injection_arrives_in_part_and_keeps_the_moiety(compound: str, route: str) -> None:
    run = _run(f"{compound} 300 mg {route} once")
    assert run.record["balance"]["NAD"] < 1e-9
    assert _column(run, "plasma_nam")[1] > 1.2 * _column(run, "plasma_nam")[0]
    assert any("no PK data" in str(note) for note in run.notes)
    less = _run(f"{compound} 300 mg {route} once", set={f"{route}.available": 0.4})
    assert _column(less, "plasma_nam")[1] < _column(run, "plasma_nam")[1]


def test_muscle_gives_up_its_dose_sooner_than_the_skin_fold() -> None:
    early = [
        _column(
            simulate(MAN, f"NR chloride 300 mg {route} once", n=1, times=(0.0, 0.25), uncertainty=False, spread=False),
            "plasma_nr",
        )[1]
        for route in ("intramuscular", "subcutaneous")
    ]
    assert early[0] > 1.2 * early[1]


def test_topical_nicotinamide_stays_in_the_skin_and_hardly_moves_the_body() -> None:
    run = _run("NAM 4 % topical twice daily on 300 cm² for 4 d")
    assert run.record["balance"]["NAD"] < 1e-9
    assert _column(run, "treated_skin_nam")[2] > 0.3  # of 98 µmol applied
    nam = _column(run, "plasma_nam")
    assert np.all(np.abs(nam / nam[0] - 1) < 0.3)


def test_a_more_alkaline_product_lets_more_through() -> None:
    """10.1038/s41598-026-41992-4: about three times as much at pH 7.4 as at pH 5.0."""
    acid, neutral = (
        _column(_run("NAM 12 mg topical once", set={"topical.pH": pH}), "treated_skin_nam")[1] for pH in (5.0, 7.4)
    )
    assert neutral / acid == pytest.approx(3.2, rel=0.1)


def test_charged_compounds_hardly_pass_the_skin() -> None:
    for compound in ("NMN", "NAD+", "NR chloride"):
        run = _run(f"{compound} 100 mg topical once")
        nad = _column(run, "whole_blood_nad")
        assert abs(nad[-1] / nad[0] - 1) < 1e-3


def test_tryptophan_comes_out_as_its_niacin_equivalents() -> None:
    run = _run("tryptophan 3 g oral once")
    assert run.record["balance"]["NAD"] < 1e-9
    assert 0.3 * 50 / 0.12212 < _recovered(run) < 1.1 * 50 / 0.12212


@pytest.mark.parametrize("compound", ["NR chloride", "NMN"])
def test_infusions_keep_the_moiety_and_feed_blood_cells(compound: str) -> None:
    run = _run(f"{compound} 500 mg IV over 4 h once")
    assert run.record["balance"]["NAD"] < 1e-9
    assert _column(run, "plasma_nr")[1] > 2 * _column(run, "plasma_nr")[0]
    assert any("beyond data" in str(note) for note in run.notes)


def test_salts_are_told_apart_by_their_mass() -> None:
    chloride, malate = (_run(f"{c} 500 mg oral once") for c in ("NR chloride", "NR hydrogen malate"))
    rise = [_column(r, "urine_2py_total")[-1] - _column(r, "urine_2py")[0] * 4.0 for r in (chloride, malate)]
    assert rise[1] / rise[0] == pytest.approx(0.2907 / 0.38833, rel=0.1)
