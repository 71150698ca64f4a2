"""The world of the whole body by itself: text, units, rest, balance of carbon, signs, limits and sampled people."""

from __future__ import annotations

import numpy as np
import pytest
from test_observable_units import fits
from world_bench import FAT, GLUCOSE, LEUCINE, PLACES, RESIDUES, World, assemble_world, make_world

from nadflux.network.capacities import resting_faults
from nadflux.network.check_scale import scale_diagnostics
from nadflux.network.check_units import unit_diagnostics
from nadflux.network.evaluate import evaluate, rates
from nadflux.network.read_module import read_module

FASTED = [(0.0, "feeding__constant", 0.0)]
MEAL = {"glucose": 75 * GLUCOSE, "AA": 23 * RESIDUES, "LEU": 2 * RESIDUES, "fat": 20 * FAT}
WORK = [(12.0, "exercise__intensity", 0.7), (13.0, "exercise__intensity", 0.0)]
# Glucose, or what becomes glucose, entering and leaving blood, stores and gut, umol/h
GAINED = "stomach__glucose_eaten + fuels__amino_gluconeogenesis + fuels__glycerol_gluconeogenesis"
SPENT = (
    "fuels__peripheral_oxidation + fuels__brain_use + fuels__exercise_uptake + fuels__renal_loss"
    " + fuels__muscle_use + fuels__muscle_work + fuels__lactate_oxidation / 2"
)
POOLS = {
    "stomach__glucose": 1.0,
    "stomach__gut_glucose": 1.0,
    "fuels__glucose": 1.0,
    "fuels__liver_glycogen": 1.0,
    "fuels__muscle_glycogen": 1.0,
    "fuels__lactate": 0.5,
}


@pytest.fixture(scope="module")
def world() -> World:
    return make_world({"person__gained": GAINED, "person__spent": SPENT})


@pytest.fixture(scope="module")
def crowd(world: World) -> np.ndarray:
    """256 people of both sexes and many ages and sizes whose numbers do not contradict each other."""
    people = world.people(256, seed=11)
    faulty = [person for person, _ in resting_faults(world.model, world.start(people))]
    assert len(faulty) <= 2
    return np.delete(people, faulty, axis=0)


@pytest.mark.parametrize("module", [m for place in PLACES.values() for m in place])
def test_each_module_loads_alone_with_units_and_terms(module: str) -> None:
    model = read_module(module)
    assert all(p.unit for p in model.parameters.values())
    assert all(r.term for r in model.reactions.values())
    assert all(s.term for s in model.species.values() if not s.boundary)


def test_units_are_strict_in_kind_and_scale() -> None:
    model, _ = assemble_world()
    assert unit_diagnostics(model) == []
    assert scale_diagnostics(model) == []


def test_every_row_names_a_source_and_recalled_ones_are_assumed_or_derived(world: World) -> None:
    for row in world.rows:
        assert row.source, row.key
        if row.source.startswith("recalled"):
            assert row.tier in ("assumed", "derived"), row.key


def test_observables_have_the_unit_of_their_formula(world: World) -> None:
    assert {o.id for o in world.observables} >= {
        "plasma_glucose", "plasma_insulin", "plasma_leucine", "plasma_amino_acids", "plasma_fatty_acids",
        "plasma_ketone", "plasma_lactate", "blood_ethanol", "liver_glycogen", "muscle_glycogen",
    }  # fmt: skip
    assert [o.id for o in world.observables if not fits(world, o)] == []


def test_nothing_changes_while_food_comes_evenly(world: World, crowd: np.ndarray) -> None:
    values = world.start(crowd)
    change = rates(world.model, values)
    for name, species in world.model.species.items():
        pool = np.abs(values[name] * values[species.compartment])
        assert np.all(24.0 * np.abs(change[name]) <= 1e-6 * pool), name
    for name, law in world.model.rate_rules.items():
        if not name.startswith("person__"):
            assert np.all(24.0 * np.abs(evaluate(law, values)) <= 1e-6 * np.abs(values[name])), name


@pytest.mark.parametrize("hungry", [True, False])
def test_glucose_carbon_in_equals_out_and_stored(world: World, hungry: bool) -> None:
    steps = [*(FASTED if hungry else []), *WORK]
    who = world.people(8, seed=4)
    run = world.run(np.linspace(0, 36, 19), who, steps, [(14.0, MEAL)])
    sizes = world.start(who)
    places = {name: world.model.species[name].compartment for name in POOLS}
    stored = sum(weight * run[name] * sizes[places[name]][:, None] for name, weight in POOLS.items())
    eaten = np.where(np.linspace(0, 36, 19) > 14.0, MEAL["glucose"], 0.0)
    gained, spent = run["person__gained"], run["person__spent"]
    missing = stored - stored[:, :1] - gained + spent - eaten
    assert np.max(np.abs(missing)) <= 1e-6 * np.max(np.abs(spent))


def test_body_fat_pays_for_a_fast_and_gains_from_overeating(world: World) -> None:
    fast = world.run([0.0, 72.0], None, FASTED)["fuels__body_fat"][0]
    glut = world.run([0.0, 24.0], None, (), [(1.0, {"fat": 100 * FAT})])["fuels__body_fat"][0]
    volume, mass = world.start()["person__adipose_volume"][0], world.start()["fuels__fat__molar_mass"][0]
    assert 0.25 < (fast[0] - fast[1]) * volume * mass < 0.75  # kg in three days without food
    assert (glut[1] - glut[0]) * volume * mass == pytest.approx(0.1, rel=0.2)


@pytest.mark.parametrize(
    ("change", "what", "sign"),
    [
        ({"meal": {"glucose": 50 * GLUCOSE}}, "fuels__insulin", 1),
        ({"meal": {"LEU": 3.5 * LEUCINE}}, "fuels__insulin", 1),
        ({"meal": {"LEU": 3.5 * LEUCINE}}, "fuels__LEU", 1),
        ({"meal": {"glucose": 50 * GLUCOSE}}, "fuels__FFA", -1),
        ({"meal": {"glucose": 50 * GLUCOSE}}, "fuels__endogenous_output", -1),
        ({"meal": {"glucose": 50 * GLUCOSE}}, "fuels__LEU", -1),
        ({"meal": {"fat": 30 * FAT}}, "fuels__chylomicron", 1),
        ({"work": 0.6}, "fuels__insulin", -1),
        ({"work": 0.6}, "fuels__endogenous_output", 1),
        ({"work": 0.6}, "fuels__muscle_glycogen", -1),
        ({"work": 0.6}, "fuels__lactate", 1),
        ({"work": 0.6}, "exercise__muscle_demand", 1),
        ({"sleep": 1.0}, "fuels__energy_used", -1),
        ({"sleep": 1.0}, "fuels__peripheral_oxidation", -1),
    ],
)
def test_signs(world: World, change: dict, what: str, sign: int) -> None:
    steps, meals = list(FASTED), []
    if "meal" in change:
        meals = [(12.0, change["meal"])]
    if "work" in change:
        steps.append((12.0, "exercise__intensity", change["work"]))
    if "sleep" in change:
        steps.append((12.0, "sleep__asleep", change["sleep"]))
    at = 13.0
    with_it, without = world.run([at], None, steps, meals)[what], world.run([at], None, FASTED)[what]
    assert np.sign(with_it - without)[0, 0] == sign


def test_people_without_food_or_drink_stay_without_them(world: World) -> None:
    run = world.run([0.0, 24.0, 72.0], None, FASTED)
    assert np.all(run["fuels__ethanol"] == 0)
    assert run["stomach__energy"][0, -1] < 1e-6
    assert run["fuels__chylomicron"][0, -1] < 1e-6


def test_resistance_leaves_a_trace_that_halves_in_a_day(world: World) -> None:
    steps = [(0.0, "exercise__resistance", 1.0), (1.0, "exercise__resistance", 0.0)]
    trace = world.run([1.0, 25.0, 49.0], None, steps)["exercise__loading"][0]
    assert trace[0] > 1.5
    assert trace[1:] / trace[:-1] == pytest.approx([0.5, 0.5], rel=1e-3)


def test_too_little_secretion_raises_glucose_and_resistance_raises_insulin(world: World) -> None:
    healthy, mild, resistant, severe, diabetic = (
        {name: values[:, -1] for name, values in world.run([0.0, 8766.0], None, steps).items()}
        for steps in ((), _now(0.8, 1.0), _now(0.4, 1.0), _now(0.2, 1.0), _now(0.4, 0.2))
    )
    # Secretion grows as sensitivity falls and makes up for little of that, not for all; a fifth of it does not.
    glucose, insulin = ([run[f"fuels__{name}"][0] for run in (healthy, mild, resistant, severe, diabetic)]
                        for name in ("glucose", "insulin"))  # fmt: skip
    assert glucose[1] == pytest.approx(glucose[0], rel=0.01)
    assert 1.01 < glucose[2] / glucose[0] < 1.1
    assert glucose[2] < glucose[3] < glucose[4]
    assert 2 * insulin[0] < insulin[2] < insulin[3]
    assert 7500 < glucose[4] < 12000
    assert diabetic["fuels__FFA"][0] > healthy["fuels__FFA"][0]


def _now(sensitivity: float, beta: float) -> list[tuple[float, str, float]]:
    """Return the steps of inputs that make people resistant, with a share of their beta cells, at the fat they have."""
    asked = 1 / sensitivity
    met = ((1 + 4**-3) / (1 + (asked / 4) ** 3)) ** (1 / 3)  # compensation.most and .n of the typical person
    inputs = {"sensitivity": sensitivity, "secretory": asked * met, "beta_cells": beta,
              "output_set": (beta * met) ** -0.3, "fat_counted": 0.0}  # fmt: skip
    return [(0.0, f"fuels__{name}", value) for name, value in inputs.items()]


# What may be seen in anybody: mM, pM (insulin) or µM (leucine), with 1 % of people allowed outside in the middle band.
RANGES = {
    "fuels__glucose": (1e-3, 0.8, 30.0),
    "fuels__insulin": (1e6, 1e-3, 3000.0),
    "fuels__FFA": (1e-3, 0.005, 12.0),
    "fuels__ketone": (1e-3, 0.001, 30.0),
    "fuels__lactate": (1e-3, 0.005, 30.0),
    "fuels__LEU": (1.0, 15.0, 1200.0),
    "fuels__AA": (1e-3, 0.1, 15.0),
    "fuels__liver_glycogen": (1e-3, 0.0, 700.0),
    "fuels__muscle_glycogen": (1e-3, 1.0, 250.0),
}
# In the healthy, 95 of 100 stay here: fed, after a meal, fasted for 72 h and at work.
USUAL = {"fuels__glucose": (2.3, 12.5), "fuels__FFA": (0.02, 4.0), "fuels__ketone": (0.005, 12.0)}
STATES = {
    "fed": ((), ()),
    "after a meal": (FASTED, [(12.0, MEAL)]),
    "fasted": (FASTED, ()),
    "at work": ([*FASTED, *WORK], ()),
}


@pytest.mark.parametrize("diabetic", [False, True])
@pytest.mark.parametrize("state", STATES)
def test_sampled_people_stay_within_what_people_show(
    world: World, crowd: np.ndarray, state: str, diabetic: bool
) -> None:
    steps, meals = STATES[state]
    quiet = 8766.0 if diabetic else 0.0
    times = quiet + np.linspace(0, 72 if state == "fasted" else 18, 145)
    held = (*_now(0.4, 0.2), (quiet, "fuels__fat_counted", 1.0)) if diabetic else ()
    later = [(quiet + hour, name, value) for hour, name, value in steps]
    run = world.run(times, crowd, [*held, *later], [(quiet + hour, meal) for hour, meal in meals])
    for name in (n for n in world.engine.program.states if n in run):
        assert np.min(run[name]) >= -1e-9 * np.max(run[name]), f"{name} below zero"
    for name, (factor, low, high) in RANGES.items():
        seen = run[name] * factor
        assert np.min(seen) >= low, (name, np.min(seen))
        assert np.max(seen) <= high, (name, np.max(seen))
    for name, (low, high) in ({} if diabetic else USUAL).items():
        seen = run[name] * RANGES[name][0]
        inside = np.mean((np.min(seen, axis=1) >= low) & (np.max(seen, axis=1) <= high))
        assert inside >= 0.95, (name, inside)


def test_whole_protein_arrives_later_than_whey_and_whey_than_free_amino_acids(world: World) -> None:
    times = np.linspace(0.0, 24.0, 289)
    peaks, ends, tops = [], [], []
    free = {"AA": 18 * RESIDUES, "LEU": 2 * RESIDUES}
    for meal in (free, {"whey": 20 * RESIDUES}, {"protein": 20 * RESIDUES}):
        run = world.run(times, meals=[(12.0, meal)], steps=FASTED)
        course = run["fuels__LEU"][0]
        peaks.append(times[np.argmax(course[145:]) + 145] - 12.0)
        tops.append(np.max(course[145:]))
        ends.append(run["stomach__gut_LEU"][0, -1] + run["stomach__gut_whey"][0, -1])
    assert peaks[0] < peaks[1] < peaks[2]
    assert tops[0] > tops[1] > tops[2]
    assert np.all(np.abs(ends) < 1e-3 * 2 * RESIDUES)  # all but a thousandth is absorbed within twelve hours
