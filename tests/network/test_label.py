"""A labelled moiety follows the molecules, keeps its sum and leaves the unlabelled model alone."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import ModelError, UnknownNameError
from nadflux.kernel import Batch, EventArrays, compile_program, integrate, lower
from nadflux.network.assemble import assemble
from nadflux.network.evaluate import evaluate, initial_values, rates
from nadflux.network.expression import Symbol
from nadflux.network.label import count_entries, label_moiety
from nadflux.network.model import Model
from nadflux.network.names import to_id
from nadflux.network.read_antimony import read_antimony


def course(model: Model, watch: list[str], doses: list[tuple[float, str, float]], times: list[float]) -> np.ndarray:
    """Watched quantities, shape (time, quantity), under doses (hour, species, amount)."""
    program = lower(model, {name: Symbol(name) for name in watch})
    events = EventArrays(
        offsets=np.array([0, len(doses)]),
        time=np.array([d[0] for d in doses], dtype=float),
        kind=np.zeros(len(doses), dtype=np.int64),
        target=np.array([program.states.index(d[1]) for d in doses], dtype=np.int64),
        value=np.array([d[2] for d in doses], dtype=float),
    )
    batch = Batch(program.defaults[None], 0.0, times[-1], np.array(times), events=events)
    return integrate(compile_program(program, cache=False), batch, rtol=1e-9).outputs[0]


def test_label_equilibrates_where_nothing_flows() -> None:
    model = read_antimony("A -> B; k*(A - B); k = 0.7; A = 2; B = 2;")
    labelled = label_moiety(model, {"A": 1, "B": 1}).model
    times = [0.1, 1.0, 30.0]
    values = course(labelled, ["A", "A__label", "B__label"], [(0.0, "A__label", 1.0)], times)
    assert values[:, 0] == pytest.approx(2.0)
    # exchange at k·A per pool: the difference of the two enrichments decays with 2k
    assert values[:, 1] == pytest.approx(0.5 + 0.5 * np.exp(-1.4 * np.array(times)), abs=1e-7)
    assert values.sum(axis=1) - values[:, 0] == pytest.approx(1.0, abs=1e-12)


def test_a_dose_into_an_empty_pool_is_all_label() -> None:
    model = read_antimony("A => B; V*A/(K + A); B => C; k*B; V = 2; K = 0.5; k = 0.3; A = 0; B = 0; C = 0;")
    labelled = label_moiety(model, {"A": 1, "B": 1, "C": 1}).model
    watch = ["A", "B", "C", "A__label", "B__label", "C__label"]
    values = course(labelled, watch, [(0.0, "A", 3.0), (0.0, "A__label", 3.0)], [0.5, 2.0, 9.0])
    assert values[:, :3] == pytest.approx(values[:, 3:], abs=1e-7)


def test_a_dimer_carries_two() -> None:
    model = read_antimony("2 A => D; k*A; D => 2 A; k*D; k = 0.4; A = 4; D = 2;")
    labelled = label_moiety(model, {"A": 1, "D": 2}).model
    values = course(labelled, ["A__label", "D__label"], [(0.0, "A__label", 1.0)], [0.3, 1.0, 40.0])
    assert values[:, 0] + 2 * values[:, 1] == pytest.approx(1.0, abs=1e-12)
    # at the end A = D = 8/3 and the enrichment is the same in both
    assert values[-1] == pytest.approx(1 / 3, abs=1e-6)


def test_the_unlabelled_body_is_left_alone_and_label_is_conserved() -> None:
    body = assemble()
    weights = {to_id(m.name): m.weight for m in body.moieties}
    labelled = label_moiety(body.model, weights, body.inputs)
    plain, values = initial_values(body.model), initial_values(labelled.model)
    marked = {**values, **{twin: 0.3 * values[name] for name, twin in labelled.twins.items()}}
    for reaction in labelled.model.reactions.values():
        if reaction.id not in body.model.reactions and reaction.law is not None:
            marked[reaction.id] = evaluate(reaction.law, marked)
    before, after = rates(body.model, plain), rates(labelled.model, marked)
    for name in body.model.species:
        assert after[name] == before[name]
    turnover = sum(abs(float(after[name])) for name in before)
    total = sum(w * float(after[labelled.twins[name]]) for name, w in labelled.weights.items())
    assert abs(total) < 1e-9 * turnover
    # at one enrichment everywhere, label moves as the molecules do but for what comes in unlabelled
    for name, twin in labelled.twins.items():
        sources = sum(
            float(values[t.reaction]) * dict(t.targets)[name]
            for t in labelled.transfers
            if t.source is None and name in dict(t.targets)
        )
        assert float(after[twin]) == pytest.approx(0.3 * (float(before[name]) - sources), abs=1e-6)


CELLS = """
  out_A => x__A; k*out_A; x__A => x__N; k*x__A; out_B => x__B; k*out_B; x__B => x__N; k*x__B
  x__N => x__A; k*x__N; x__A => out_A; k*x__A
  k = 0.5; out_A = 1; out_B = 1; x__A = 2; x__B = 1; x__N = 3
"""


def test_entries_count_once_until_the_label_leaves() -> None:
    model = read_antimony(CELLS)
    weights = dict.fromkeys(("out_A", "out_B", "x__A", "x__B", "x__N"), 1.0)
    labelled = label_moiety(model, weights)
    by_product = {r.products[0].species + r.reactants[0].species: r.id for r in model.reactions.values()}
    entries = {by_product["x__Nx__A"]: "A", by_product["x__Nx__B"]: "B"}
    within = {"x__A": "x", "x__B": "x", "x__N": "x"}
    counted = count_entries(labelled, entries, within)
    assert set(counted.built) == {("x", "A"), ("x", "B")}
    watch = ["out_A__label", "x__A__label", "x__B__label", "x__N__label", "x__N__A", "x__N__B", "x__A__B"]
    watch += ["x__built__A", "x__built__B"]
    values = course(counted.model, watch, [(0.0, "x__B__label", 1.0)], [0.5, 2.0, 60.0])
    of = {name: values[:, k] for k, name in enumerate(watch)}
    # what came as B is held as B although it cycles through A, and is counted once
    assert of["x__built__B"][-1] == pytest.approx(1.0, abs=1e-6)
    assert of["x__N__A"] + of["x__N__B"] == pytest.approx(of["x__N__label"], abs=1e-9)
    # only what has left the organ comes in as A
    assert of["x__built__A"][0] < 0.05 < of["x__built__A"][-1]
    assert np.all(of["x__A__B"] <= of["x__A__label"] + 1e-12)


def test_events_and_unknown_species_are_refused() -> None:
    with pytest.raises(ModelError, match="events"):
        label_moiety(read_antimony("A => B; A; at time > 1: A = 3; A=1; B=1;"), {"A": 1, "B": 1})
    with pytest.raises(UnknownNameError, match="'X'"):
        label_moiety(read_antimony("A => B; A; A=1; B=1;"), {"X": 1})


def test_inputs_get_a_labelled_part() -> None:
    model = read_antimony("=> A; 2*u; A => B; A; => A; k; u = 0; k = 1; A=1; B=1;")
    labelled = label_moiety(model, {"A": 1, "B": 1}, ["u"])
    assert labelled.inputs == {"u": "u__label"}
    assert labelled.model.parameters["u__label"].value == 0.0
    with pytest.raises(ModelError, match="not proportional"):
        label_moiety(read_antimony("=> A; 1 + u; u = 0; A=1;"), {"A": 1}, ["u"])
