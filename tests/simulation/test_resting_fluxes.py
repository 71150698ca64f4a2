"""Fluxes of NAD+ at rest."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.assemble import assemble
from nadflux.network.tables import ParameterRow, ParameterTable
from nadflux.notes import NoteCode
from nadflux.people import Draws
from nadflux.simulation import simulate
from nadflux.simulation.resting_fluxes import RestingFluxes, drivers, resting_fluxes, tier_at_rest
from nadflux.simulation.tracer.tracer import trace

WHO = "man, 40 y, 80 kg, 178 cm"


@pytest.fixture(scope="module")
def drawn() -> RestingFluxes:
    return resting_fluxes(WHO, n=128, seed=2)


def test_what_is_made_is_used(drawn: RestingFluxes) -> None:
    for organ in drawn.organs:
        made = [f.values for f in drawn.fluxes if f.organ == organ.organ and f.role == "synthesis"]
        if made:
            whole = np.isfinite(organ.turnover)
            assert np.sum(made, axis=0)[whole] == pytest.approx(organ.turnover[whole], rel=1e-9)


def test_half_life_is_that_of_the_table() -> None:
    typical = resting_fluxes(WHO, n=1, uncertainty=False, spread=False, posterior="none")
    rows = {row.key: row for row in assemble().table}
    for organ in typical.organs:
        row, mouse = (rows.get(f"{organ.organ}.NAD.{name}") for name in ("half_life", "mouse_half_life"))
        if (row or mouse) and not any(f.organ == organ.organ and f.role == "release" for f in typical.fluxes):
            kind = "renewing" if organ.organ in ("gut_wall", "skin", "rest") else "metabolic"
            hours = row.value if row else mouse.value * rows[f"person.NAD_slowness.{kind}"].value
            assert organ.half_life[0] == pytest.approx(hours, rel=1e-9)


def test_turnover_is_the_sum_of_what_is_used(drawn: RestingFluxes) -> None:
    used = np.sum([f.values for f in drawn.fluxes if f.role == "use"], axis=0) / 1000.0
    assert drawn.turnover == pytest.approx(used, nan_ok=True)
    low, high = np.nanquantile(drawn.turnover, [0.05, 0.95])
    assert 0 < low < high


def test_what_comes_back_is_no_flux(drawn: RestingFluxes) -> None:
    assert {f.role for f in drawn.fluxes} <= {"synthesis", "use", "release"}


def test_drivers_are_what_the_spread_goes_with(drawn: RestingFluxes) -> None:
    shares = [d.share for d in drawn.drivers]
    assert shares == sorted(shares, reverse=True)
    first = drawn.drivers[0]
    known = resting_fluxes(WHO, n=128, seed=2, set={first.key: (first.low * first.high) ** 0.5})
    assert np.nanstd(np.log(known.turnover)) < np.nanstd(np.log(drawn.turnover))


def test_drivers_move_the_turnover_and_say_what_knowing_them_leaves(drawn: RestingFluxes) -> None:
    """A row that correlates by chance, as those of kidney and lumen do over repeated samples, is left out."""
    low, high = np.nanquantile(drawn.turnover, [0.05, 0.95])
    first = drawn.drivers[0]
    assert first.key.startswith("person.NAD_slowness.")
    assert first.known[1] / first.known[0] < 0.8 * high / low
    half = resting_fluxes(WHO, n=2, seed=2, uncertainty=False, spread=False)
    for driver in drawn.drivers:
        moved = resting_fluxes(WHO, n=2, seed=2, uncertainty=False, spread=False, set={driver.key: driver.high})
        assert abs(moved.turnover[0] / half.turnover[0] - 1.0) > 1e-4, driver.key


def test_a_chance_correlation_is_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    from nadflux.simulation import resting_fluxes as resting

    chance = resting.Driver("kidney.NR_excretion.share", 0.9, 0.81, "dimensionless", 0.02, 0.8, 0.2, "assumed", "s")
    monkeypatch.setattr(resting, "drivers", lambda *_, **__: (chance,))
    assert resting_fluxes(WHO, n=24, seed=2).drivers == ()


def test_rank_correlation_finds_the_row_and_leaves_noise() -> None:
    rng = np.random.default_rng(0)
    rows = tuple(
        ParameterRow(name, "all", "human", 1.0, "uM", 0.5, 2.0, "lognormal", 0.0, "assumed", "s", "")
        for name in ("a", "b", "c")
    )
    values = np.exp(rng.normal(size=(400, 3)))
    found = drivers(ParameterTable(rows), Draws(("all.a", "all.b", "all.c"), values), values[:, 0] ** 2 / values[:, 1])
    assert [d.key for d in found] == ["all.a", "all.b"]
    assert found[0].correlation > 0 > found[1].correlation
    assert drivers(ParameterTable(rows), Draws(("all.a",), values[:, :1]), np.ones(400)) == ()


def test_a_tier_is_the_weakest_below() -> None:
    body = assemble()
    tiers = {row.key: row.tier for row in body.table}
    assert tier_at_rest(body.model, body.table, "plasma__NAD") == tiers["plasma.NAD.rest"]
    assert tier_at_rest(body.model, body.table, "liver__NAD") == "assumed"
    assert tier_at_rest(body.model, body.table, "liver__SIRT") == "assumed"


def test_impossible_people_are_left_out_and_said() -> None:
    result = resting_fluxes(WHO, n=4, set={"diet.intake": 0.01})
    assert np.isnan(result.turnover).all()
    assert any("contradict" in str(note) for note in result.notes)


def test_who_contradicts_himself_at_rest_hears_the_same_reason_everywhere() -> None:
    asked = {"n": 4, "seed": 0, "set": {"plasma.NAM.fasting": "35 uM"}, "posterior": "none"}
    rest = resting_fluxes(WHO, **asked)
    run = simulate(WHO, "NR chloride 500 mg oral once", days=1, **asked)
    failed = {failure.person for failure in run.failures}
    assert failed == set(np.flatnonzero(np.isnan(rest.turnover))) and 0 < len(failed) < 4
    (said,) = (note for note in rest.notes if note.code == NoteCode.NO_RESTING_STATE)
    first = run.failures[0]
    assert first.state == "the resting state" and "liver.NNMT.J" in first.reason
    assert f"{first.state}: {first.reason}" in str(said)
    assert np.isnan(run.values[sorted(failed)]).all()
    with pytest.raises(SimulationError, match="the resting state"):
        trace(WHO, "NR chloride 500 mg oral once", n=1, set={"diet.intake": 0.01})


def test_unknown_setting() -> None:
    with pytest.raises(UnknownNameError, match="liver"):
        resting_fluxes(WHO, n=2, set={"liver.NADD.total": 3.0})


def test_more_people_than_memory_holds_are_refused() -> None:
    with pytest.raises(ValueOutOfRangeError, match="people = 1000000: give a whole number from 1 to 50000"):
        resting_fluxes(WHO, n=1_000_000)
