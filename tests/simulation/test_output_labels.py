"""Observables asked for by their labels, as tables print them."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError
from nadflux.network.body_spec import BODIES, read_body_spec
from nadflux.network.observables import read_body_observables
from nadflux.shipped import BIOLOGY
from nadflux.simulation import Scenario, settle
from nadflux.simulation.output_labels import id_of_label, ids_of, label_of


@pytest.mark.parametrize("body", BODIES)
def test_every_label_with_its_matrix_is_that_of_one_observable(body: str) -> None:
    observables = read_body_observables(BIOLOGY, read_body_spec(BIOLOGY, body))
    assert [id_of_label(label_of(o), observables) for o in observables] == [o.id for o in observables]


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("NAD+ in whole blood", "whole_blood_nad"),
        ("NAD+ in blood", "whole_blood_nad"),
        ("nad+ in the liver", "liver_nad"),
        ("NAD in liver", "liver_nad"),
        ("NAD+ in muscle", "muscle_nad"),
        ("plasma glucose", "plasma_glucose"),
        ("MNA excretion", "urine_mna"),
        ("whole_blood_nad", "whole_blood_nad"),
    ],
)
def test_ways_to_name_an_observable(name: str, identifier: str) -> None:
    assert ids_of([name]) == (identifier,)


def test_what_is_no_label_stays() -> None:
    names = ("autophagy of liver", "all", "NAD+ in brian")
    assert ids_of(names) == names


def test_a_label_of_several_names_them() -> None:
    with pytest.raises(UnknownNameError, match=r"'NAD\+ in whole blood' \(whole_blood_nad\)"):
        ids_of(["NAD+"])


def test_a_question_in_labels_is_the_question_in_ids() -> None:
    said, named = (
        Scenario.of("woman, 62 y", "NR 500 mg daily for 1 week", n=1, outputs=[name])
        for name in ("NAD+ in whole blood", "whole_blood_nad")
    )
    assert said == named
    assert settle(said).prepared.body.name == "nad"


def test_an_unknown_label_has_the_nearest() -> None:
    scenario = Scenario.of("woman, 62 y", n=1, outputs=["NAD+ in brian"])
    from nadflux.simulation.output_names import kept_outputs

    with pytest.raises(UnknownNameError, match=r"did you mean .*NAD\+ in"):
        kept_outputs(settle(scenario).prepared, scenario.outputs)
