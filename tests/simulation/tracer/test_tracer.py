"""Labelled-tracer runs of the body."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import PlanError, SimulationError, ValueOutOfRangeError
from nadflux.simulation.simulate import simulate
from nadflux.simulation.tracer.tracer import Trace, trace

WHO = "woman, 62 y, 70 kg, 165 cm"


@pytest.fixture(scope="module")
def oral() -> Trace:
    return trace(WHO, "NR chloride 300 mg oral once", n=4, seed=3, rtol=1e-6)


def test_label_is_conserved(oral: Trace) -> None:
    assert oral.balance < 1e-9
    assert oral.where.sum(axis=2)[:, -1] == pytest.approx(1.0, abs=1e-9)
    assert oral.what.sum(axis=2) == pytest.approx(oral.where.sum(axis=2), abs=1e-12)
    assert oral.where.min() > -1e-9


def test_most_of_an_oral_riboside_dose_arrives_as_nicotinamide(oral: Trace) -> None:
    liver = oral.organs.index("liver")
    built = {form: oral.built[:, -1, liver, k] for k, form in enumerate(oral.forms)}
    assert np.all(built["NAM"] > built["NR"])
    assert np.all(built["NR"] > 0)
    # built in only grows; what is held is never more than was built in
    assert np.all(np.diff(oral.built, axis=1) > -1e-9)
    assert np.all(oral.held <= oral.built + 1e-9)


def test_without_microbes_nothing_arrives_as_nicotinic_acid() -> None:
    none = {f"gut_lumen.microbes.k_{name}": 1e-9 for name in ("NR", "NMN", "NAM")}
    result = trace(WHO, "NR chloride 300 mg oral once", n=1, set=none, uncertainty=False, spread=False)
    share = result.built[0, -1, :, result.forms.index("NA")]
    assert share.max() < 1e-6


def test_an_infusion_is_labelled_too() -> None:
    result = trace(WHO, "NAD+ 500 mg IV over 4 h once", hours=8, n=2, seed=1)
    assert result.given[4] == pytest.approx(1.0)
    assert result.given[2] == pytest.approx(0.5)
    assert result.balance < 1e-9
    plasma, lumen = (result.places.index(p) for p in ("plasma", "gut_lumen"))
    assert np.all(result.where[:, 2, plasma] > result.where[:, 2, lumen])


def test_the_molecules_are_those_of_the_plain_body() -> None:
    """Urine of the traced body at a full label: what the label adds to excretion is what the dose adds, nearly."""
    plan = "NAM 500 mg oral once"
    result = trace(WHO, plan, hours=24, n=1, uncertainty=False, spread=False)
    with_dose = simulate(WHO, plan, n=1, uncertainty=False, spread=False, times=[0.0, 24.0])
    names = [q.id for q in with_dose.quantities if q.id.startswith("urine_") and q.id.endswith("_total")]
    excreted = sum(with_dose[name][0, -1] for name in names)
    dose = 500 / 0.12212
    labelled = result.where[0, -1, result.places.index("urine")] * dose
    assert 0.5 * excreted < labelled < excreted


def test_the_labelled_compound_is_chosen() -> None:
    plan = "NR chloride 300 mg oral once + NAM 100 mg oral once"
    assert trace(WHO, plan, "nicotinamide", hours=2, n=1).compound == "NAM"
    with pytest.raises(PlanError, match="say which is labelled"):
        trace(WHO, plan, hours=2, n=1)
    with pytest.raises(PlanError, match="'NMN' is not in the plan"):
        trace(WHO, plan, "NMN", hours=2, n=1)


def test_bad_times_are_refused() -> None:
    plan = "NR chloride 300 mg oral once"
    for hours in (0, -1, float("nan"), 1e9):
        with pytest.raises(ValueOutOfRangeError, match="tracer run"):
            trace(WHO, plan, hours=hours, n=1)
    with pytest.raises(ValueOutOfRangeError, match="times"):
        trace(WHO, plan, times=[2.0, 1.0], n=1)
    with pytest.raises(ValueOutOfRangeError, match="threads = 0"):
        trace("woman, 62 y, 70 kg", "NR 300 mg oral once", n=1, threads=0)
    with pytest.raises(PlanError, match="no dose"):
        trace(WHO, "NR chloride 300 mg oral daily for 3 days from day 2", hours=24, n=1)


def test_numbers_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(SimulationError, match="no person could be traced"):
        trace(WHO, "NR chloride 300 mg oral once", n=2, set={"diet.intake": 0.01})


def test_food_with_the_dose_is_no_label() -> None:
    fasted, fed = (trace(WHO, f"NR 300 mg oral once {food}", n=2, hours=2.0) for food in ("fasted", "with food"))
    assert fed.balance < 1e-9
    lumen = fed.places.index("gut_lumen")
    assert np.all(fed.where[:, 1, lumen] > fasted.where[:, 1, lumen])


def test_a_tracer_run_has_no_lifestyle() -> None:
    with pytest.raises(PlanError, match="leave the lifestyle out"):
        trace(WHO, "NR chloride 300 mg oral once + fast 36 h", n=1)


def test_more_people_and_hours_than_can_be_done_are_refused() -> None:
    with pytest.raises(ValueOutOfRangeError, match="people = 1000000"):
        trace(WHO, "NR chloride 300 mg oral once", n=1_000_000, hours=8760)
