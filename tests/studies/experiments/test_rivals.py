"""Rivals side by side: every option of every contested link, the same people, and differences where they belong."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnknownNameError
from nadflux.network.assemble import assemble
from nadflux.studies.experiments.rivals import Rivals, compare_rivals, options_of

PLAN = "NR chloride 500 mg oral twice daily for 2 weeks"


@pytest.fixture(scope="module")
def rivals() -> Rivals:
    return compare_rivals("woman, 62 y, 70 kg", PLAN, switches=["gut.NA", "blood.age"], n=8)


def test_options_are_those_of_the_body() -> None:
    options = options_of()
    defaults = {option.switch: option.option for option in options if option.default}
    assert defaults == dict(assemble().switches)
    assert all(option.question and option.says and option.source for option in options)
    assert {option.switch for option in options if not option.default} == defaults.keys()


def test_each_rival_differs_where_it_should(rivals: Rivals) -> None:
    default, *others = rivals.rivals
    assert default.option is None
    named = {(r.option.switch, r.option.option): r for r in others if r.option is not None}
    assert named.keys() == {("gut.NA", "none"), ("blood.age", "popular")}
    blood = {key: rival.rows[0] for key, rival in named.items()}
    base = default.rows[0]
    assert base.quantity.id == "whole_blood_nad"
    assert blood["gut.NA", "none"].change_percent[0] < 0.5 * base.change_percent[0]
    # The quiet years of her age move what microbes get by a little.
    np.testing.assert_allclose(blood["gut.NA", "none"].baseline, base.baseline, rtol=1e-3)
    assert blood["blood.age", "popular"].baseline[0] < 0.95 * base.baseline[0]  # she is older than the reference


def test_all_draw_from_the_priors(rivals: Rivals) -> None:
    assert any("tables' priors" in str(note) for note in rivals.notes)


def test_an_unknown_link_is_named() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'gut\.NA'"):
        compare_rivals("woman, 62 y, 70 kg", PLAN, switches=["gut.NAA"], n=2)
